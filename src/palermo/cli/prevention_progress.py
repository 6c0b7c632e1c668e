"""The bars of commands that compute for long, and their end by an interrupt."""

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


Reach = Callable[[str, float], None]
"""Called with the name of what is being done, and the part of all that is done, from 0 to 1."""


@contextmanager
def steps() -> Iterator[Reach]:
    """A bar on a terminal that names each step; without a terminal, a line when each begins."""
    shown, named = sys.stderr.isatty(), ""
    with typer.progressbar(length=100, file=sys.stderr, hidden=not shown) as bar:

        def reach(name: str, part: float) -> None:
            nonlocal named
            if name != named and not shown:
                typer.echo(f"{name} ...", err=True)
            named, bar.label = name, f"{name:<10}"
            bar.update(max(0, round(100 * part) - bar.pos))
            bar.render_progress()

        yield reach


def note(text: str) -> None:
    """Something to know, on a line of its own also where a bar is being drawn."""
    start = "\n" if sys.stderr.isatty() else ""
    typer.echo(f"{start}! {text}", err=True)


def _first(error: BaseException) -> BaseException:
    """What the error began with."""
    while error.__cause__:
        error = error.__cause__
    return error
