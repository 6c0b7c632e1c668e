"""How far a release is: what a bar on a terminal, or the page of a job, is told while it is made."""

from collections.abc import Callable, Iterator
from enum import StrEnum


class Stage(StrEnum):
    """What is being done, in the order it is done."""

    MEASURING = "measuring"
    FITTING = "fitting"
    SPREAD = "spread"


Told = Callable[[float, Stage], None]
"""Called with the part of the whole that is done, from 0 to 1 and never less than before, and what is next.

Always called in the thread that asked for the release; what it raises ends the release.
"""

BEGINS = {Stage.MEASURING: 0.0, Stage.FITTING: 0.08, Stage.SPREAD: 0.54}
"""Where each stage begins; it ends where the next begins."""


def nobody(part: float, stage: Stage) -> None:
    """Tell nobody."""


def within(told: Told, stage: Stage) -> Callable[[float], None]:
    """Tell of the part of one stage that is done."""
    begin, end = BEGINS[stage], next(_after(stage), 1.0)
    return lambda part: told(begin + (end - begin) * part, stage)


def _after(stage: Stage) -> Iterator[float]:
    return (begin for begin in BEGINS.values() if begin > BEGINS[stage])
