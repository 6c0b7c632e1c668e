"""The bar of the commands of estimation, and what an interrupt of compiled code becomes."""

import pytest

from palermo.cli.prevention_progress import progress


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
