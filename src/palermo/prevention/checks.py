"""What to look at beside an estimate: sizes, pairs, a lower bound, and people whose number is known.

No model of all lists together is needed for Chapman's estimate (1951) of each two lists and for Chao's lower
bound (1987). A method is tried by leaving out each list in turn, and by internal consistency: the people of
one list are taken as the population to be found from the other lists.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from itertools import combinations
from math import exp, log, sqrt
from statistics import NormalDist
from typing import Any

import numpy as np

from palermo.prevention.estimate import Estimate, Interval
from palermo.prevention.fault import Fault, fault
from palermo.prevention.overlap import Overlap
from palermo.prevention.saying import Saying, say

FEWEST_LISTS = 3
SMALLEST_LIST = 1
MANY_ALONE = 0.9  # a share of people in one list only over which little is known of the overlaps

Estimator = Callable[[Overlap], Estimate]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A number of people in all with its standard error and log-normal interval."""

    total: float
    error: float
    interval: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """One list taken as the known population, and what its people in the other lists say of its number."""

    name: str
    truth: int
    seen: int
    answer: Estimate | None
    reasons: tuple[Saying, ...] = ()

    @property
    def covered(self) -> bool | None:
        """Does the interval hold the known number? None where there is no interval."""
        if self.answer is None or self.answer.interval is None:
            return None
        return self.answer.interval.low <= self.truth <= self.answer.interval.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """All checks of one table; `problems` are the minimum sizes it does not reach."""

    sizes: dict[str, int]
    alone: float
    chapman: dict[tuple[str, str], Bound]
    chao: Bound
    problems: tuple[Fault, ...]
    warnings: tuple[Saying, ...]

    def document(self) -> dict[str, Any]:
        """The checks as the command writes them."""
        return {
            "sizes": dict(self.sizes),
            "alone": self.alone,
            "chapman": [{"lists": list(pair), **asdict(one)} for pair, one in self.chapman.items()],
            "chao": asdict(self.chao),
            "problems": [str(problem) for problem in self.problems],
            "warnings": [str(warning) for warning in self.warnings],
        }


def check(table: Overlap, *, level: float = 0.95, smallest: int = SMALLEST_LIST) -> Checks:
    """Every check that needs no estimate of all lists together."""
    return Checks(
        sizes=table.sizes,
        alone=alone(table),
        chapman=chapman(table, level=level),
        chao=chao(table, level=level),
        problems=against(table, smallest=smallest),
        warnings=tuple(_warnings(table)),
    )


def against(table: Overlap, *, smallest: int = SMALLEST_LIST) -> tuple[Fault, ...]:
    """What is missing: `smallest` people on each list, three such lists, and two that share someone."""
    short = [name for name, people in table.sizes.items() if people < smallest]
    found = [_short(name, smallest) for name in short]
    few = [_FEW] if len(table.lists) - len(short) < FEWEST_LISTS else []
    return (*found, *few, *([] if any(table.pairs.values()) else [_NO_OVERLAP]))


def alone(table: Overlap) -> float:
    """The share of people who are in one list only."""
    singles = sum(int(table.counts[1 << one]) for one in range(len(table.lists)))
    return singles / table.observed if table.observed else float("nan")


def chapman(table: Overlap, *, level: float = 0.95) -> dict[tuple[str, str], Bound]:
    """Two-list estimates (n1 + 1)(n2 + 1)/(m + 1) - 1 for all pairs; Seber's (1970) variance."""
    sizes = table.sizes
    return {
        (one, other): _two(sizes[one], sizes[other], both, level=level)
        for (one, other), both in table.pairs.items()
    }


def chao(table: Overlap, *, level: float = 0.95) -> Bound:
    """A lower bound when people differ in how easily they are found: f1 and f2 are in one and in two lists.

    The bias-corrected form for a number of lists t: N >= n + (t-1)/t f1 (f1-1) / (2 (f2+1)).
    """
    times = np.bitwise_count(np.arange(len(table.counts)))
    once, twice = (int(table.counts[times == number].sum()) for number in (1, 2))
    share = (len(table.lists) - 1) / len(table.lists)
    unseen = share * once * (once - 1) / (2 * (twice + 1))
    variance = (
        unseen
        + share**2 * once * (2 * once - 1) ** 2 / (4 * (twice + 1) ** 2)
        + share**2 * once**2 * twice * (once - 1) ** 2 / (4 * (twice + 1) ** 4)
    )
    return _bound(table.observed + unseen, variance, floor=table.observed, level=level)


def without_each(table: Overlap, estimator: Estimator) -> dict[str, Estimate]:
    """The estimate with each list left out in turn: how much the answer hangs on it."""
    return {
        name: estimator(table.project([other for other in table.lists if other != name]))
        for name in table.lists
    }


def hidden_lists(table: Overlap, estimator: Estimator) -> tuple[Hidden, ...]:
    """Internal consistency: for each list, how many of its people the other lists alone would say there are.

    Other lists that know none of them, or all of them, are left out; with fewer than three left there is no
    answer.
    """
    return tuple(_hidden(table, name, estimator) for name in table.lists)


def consistency(found: Iterable[Hidden]) -> float | None:
    """The share of known numbers inside their interval; None where no list gave an interval."""
    verdicts = [one.covered for one in found if one.covered is not None]
    return sum(verdicts) / len(verdicts) if verdicts else None


def within(table: Overlap, name: str) -> Overlap:
    """The other lists among the people of one list; those of them in no other list are hidden."""
    bit = 1 << table.lists.index(name)
    cells = np.arange(len(table.counts))
    members = Overlap(lists=table.lists, counts=np.where(cells & bit, table.counts, 0))
    inside = members.project([other for other in table.lists if other != name])
    kept = [other for other, people in inside.sizes.items() if 0 < people < inside.observed]
    return inside.project(kept) if len(kept) > 1 else inside


def _hidden(table: Overlap, name: str, estimator: Estimator) -> Hidden:
    truth, inside = table.sizes[name], within(table, name)
    useful = [people for people in inside.sizes.values() if 0 < people < inside.observed]
    if len(useful) < FEWEST_LISTS:
        reasons = (say("few-others", fewest=FEWEST_LISTS, name=name),)
        return Hidden(name=name, truth=truth, seen=inside.observed, answer=None, reasons=reasons)
    answer = estimator(inside)
    return Hidden(name=name, truth=truth, seen=inside.observed, answer=answer, reasons=answer.warnings)


def _two(first: int, second: int, both: int, *, level: float) -> Bound:
    total = (first + 1) * (second + 1) / (both + 1) - 1
    variance = (first + 1) * (second + 1) * (first - both) * (second - both) / ((both + 1) ** 2 * (both + 2))
    return _bound(total, variance, floor=first + second - both, level=level)


def _bound(total: float, variance: float, *, floor: int, level: float) -> Bound:
    """The hidden part is taken as log-normal (Burnham 1987), so that no limit falls under the people seen."""
    unseen, error = total - floor, sqrt(variance)
    limits = (total, total)
    if unseen > 0:
        spread = NormalDist().inv_cdf((1 + level) / 2) * sqrt(log(1 + variance / unseen**2))
        limits = (floor + unseen * exp(-spread), floor + unseen * exp(spread))
    interval = Interval(level=level, kind="log-normal", low=limits[0], high=limits[1])
    return Bound(total=total, error=error, interval=interval)


def _warnings(table: Overlap) -> Iterable[Saying]:
    share = alone(table)
    if share > MANY_ALONE:
        yield say("mostly-alone", share=share)
    pairs = table.pairs
    for one, two, three in combinations(table.lists, 3):
        if all(pairs[pair] for pair in ((one, two), (one, three), (two, three))):
            return
    yield say("no-triangle")


def _short(name: str, smallest: int) -> Fault:
    return fault("small-list", say("at-list", name=name), smallest=smallest)


_NO_OVERLAP = fault("no-overlap", say("at-lists"))
_FEW = fault("few-large-lists", say("at-lists"), fewest=FEWEST_LISTS)
