"""The bar of a command that computes for long, and its end by an interrupt."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer


@contextmanager
def progress(length: int) -> Iterator[Callable[[], None]]:
    """A bar of so many steps on a terminal; what it yields says that one is done.

    Compiled code that is interrupted tells of a SystemError; here it is the interrupt again.
    """
    hidden = not sys.stderr.isatty()
    with typer.progressbar(length=length, label="Estimating", file=sys.stderr, hidden=hidden) as bar:
        try:
            yield lambda: bar.update(1)
        except SystemError as torn:
            if isinstance(_first(torn), KeyboardInterrupt):
                raise KeyboardInterrupt from None
            raise


def _first(error: BaseException) -> BaseException:
    """What the error began with."""
    while error.__cause__:
        error = error.__cause__
    return error
