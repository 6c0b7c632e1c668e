"""The command as a whole: its table, its laziness, its exit codes."""

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from palermo import __version__, errors
from palermo.cli import main

HEAVY = ("django", "duckdb", "numpy", "scipy", "pandas", "typst", "vl_convert", "granian", "cryptography")
KINDS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, errors.PalermoError) and kind is not errors.InvalidRecord
]


def raising(monkeypatch, error):
    def refuse(name):
        raise error

    monkeypatch.setattr(main, "loaded", refuse)
    monkeypatch.setattr(sys, "argv", ["palermo", "doctor"])


@pytest.fixture
def said(capsys):
    """Runs the whole command with arguments; returns its exit code and all that it printed."""

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main.tree().main(list(arguments), prog_name="palermo")
        printed = capsys.readouterr()
        return ended.value.code, printed.out + printed.err

    return run


def exit_of_run():
    with pytest.raises(SystemExit) as ended:
        main.run()
    return ended.value.code


@pytest.mark.parametrize("name", main.COMMANDS)
def test_every_command_of_the_table_loads_and_has_help(name, said):
    code, printed = said(name, "--help")

    assert code == 0, printed
    assert printed.startswith(f"Usage: palermo {name}")


@pytest.mark.parametrize("name", [name for name in main.COMMANDS if name not in main.ALONE])
def test_a_noun_keeps_its_verbs_even_when_it_has_one(name):
    assert main.loaded(name).commands


def test_every_module_of_the_command_line_is_in_the_table():
    modules = {path.stem for path in Path(main.__file__).parent.glob("[a-z]*.py")}

    groups = {stem for stem in modules if hasattr(importlib.import_module(f"palermo.cli.{stem}"), "app")}

    assert groups - {"main"} - set(main.COMMANDS) == {stem for stem in groups if "_" in stem}


def test_help_names_every_command_in_one_unbroken_line(said):
    _, printed = said("--help")

    for name, line in main.COMMANDS.items():
        assert any(row.split() == [name, *line.split()] for row in printed.splitlines()), name


def test_help_reads_no_heavy_package():
    code = (
        "import sys, json\nfrom palermo.cli import main\n"
        "try: main.tree().main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    )

    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert not set(json.loads(printed.splitlines()[-1])) & set(HEAVY)


def test_the_version_is_printed(said):
    assert said("--version") == (0, f"palermo {__version__}\n")


def test_an_unknown_command_is_refused_with_the_nearest_name(said):
    code, printed = said("docter")

    assert code == 2
    assert "Did you mean 'doctor'?" in printed


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_an_error_raised_on_purpose_ends_with_its_exit_code_and_no_trace(kind, monkeypatch, capsys):
    raising(monkeypatch, kind("case A-17: no such list. Name one of: shelter, border."))

    code = exit_of_run()

    assert code == kind.exit_code
    assert capsys.readouterr().err == "palermo: case A-17: no such list. Name one of: shelter, border.\n"


def test_an_invalid_record_prints_every_problem(monkeypatch, capsys):
    problem = errors.Problem(rule="R01", path="person.sex", wrong="Not a code.", remedy="Use FEMALE.")
    raising(monkeypatch, errors.InvalidRecord("line 3", [problem, problem]))

    assert exit_of_run() == errors.InvalidRecord.exit_code
    assert capsys.readouterr().err.count("person.sex: Not a code. Use FEMALE.") == 2


def test_every_kind_of_error_has_an_exit_code_that_is_not_the_shells():
    codes = {kind.exit_code for kind in KINDS}

    assert codes == {2, 3, 4, 5, 6, 7}


def test_an_interrupt_ends_with_130(monkeypatch):
    raising(monkeypatch, KeyboardInterrupt())

    assert exit_of_run() == main.INTERRUPTED


def test_a_fault_of_ours_is_not_hidden(monkeypatch):
    raising(monkeypatch, ZeroDivisionError())

    with pytest.raises(ZeroDivisionError):
        main.run()
