"""The bars of the commands of prevention, and what an interrupt of compiled code becomes."""

import sys
from io import StringIO

import pytest

from palermo.cli.prevention_progress import note, progress, steps


def torn(first):
    """What is told of compiled code that ended with this error."""
    try:
        try:
            raise SystemError("unpickle returned a result with an exception set") from first
        except SystemError as error:
            raise SystemError("hold returned a result with an exception set") from error
    except SystemError as error:
        return error


def test_an_interrupt_of_compiled_code_is_an_interrupt():
    with pytest.raises(KeyboardInterrupt), progress(1):
        raise torn(KeyboardInterrupt())


def test_another_fault_of_compiled_code_stays_what_it_is():
    with pytest.raises(SystemError), progress(1):
        raise torn(ValueError())


class Terminal(StringIO):
    def isatty(self):
        return True


def a_terminal(monkeypatch):
    """Standard error as a terminal, from now on: what a fixture sets is put back before the test."""
    found = Terminal()
    monkeypatch.setattr(sys, "stderr", found)
    return found


def test_a_bar_on_a_terminal_names_each_step_and_never_goes_back(monkeypatch):
    terminal = a_terminal(monkeypatch)
    with steps() as reach:
        for name, part in (("Reading", 0.1), ("Fitting", 0.5), ("Fitting", 0.4), ("Writing", 0.9)):
            reach(name, part)

    shown = terminal.getvalue()
    assert all(f"{name} " in shown for name in ("Reading", "Fitting", "Writing"))
    assert "50%" in shown
    assert "40%" not in shown
    assert "90%" in shown


def test_without_a_terminal_each_step_is_one_line(capsys):
    with steps() as reach:
        for name, part in (("Reading", 0.1), ("Fitting", 0.5), ("Fitting", 0.6)):
            reach(name, part)

    assert capsys.readouterr().err == "Reading ...\nFitting ...\n"


def test_a_note_stands_on_a_line_of_its_own(monkeypatch):
    terminal = a_terminal(monkeypatch)
    note("Something to know.")

    assert terminal.getvalue() == "\n! Something to know.\n"
