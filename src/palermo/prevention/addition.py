"""Strata estimated apart and added up: the same replicate of each, so that the sums have joint intervals.

Strata are independent, so replicate r of a sum is the sum of the replicates r of its strata. Sums of any
grouping of the strata then add up, replicate by replicate, to that of everyone.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from math import fsum
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from palermo.prevention import bootstrap
from palermo.prevention.estimate import Estimate, Interval
from palermo.prevention.saying import Saying, say

Reals = NDArray[np.float64]
Key = TypeVar("Key", bound=Hashable)

ROUNDING = 1e-7  # replicates are kept in four bytes: one that near the total is not below it


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sum:
    """The total of the strata that have a number; `refused` others have none, with `left_out` people seen.

    `observed` are the people seen in the `strata` of the total, `drawn` its replicates.
    """

    strata: int
    observed: int
    total: float | None
    interval: Interval | None
    refused: int
    left_out: int
    warnings: tuple[Saying, ...] = ()
    drawn: Reals


NOTHING = Sum(
    strata=0, observed=0, total=None, interval=None, refused=0, left_out=0, drawn=np.empty(0), warnings=()
)


def sums(parts: Iterable[tuple[Key, Estimate]], *, level: float) -> dict[Key, Sum]:
    """The sums of the answers that have the same key; each answer is let go once it was added."""
    seen: Counter[bytes] = Counter()
    running: defaultdict[Key, _Running] = defaultdict(_Running)
    for key, answer in parts:
        running[key].add(answer, _joint(answer, seen))
    return {key: one.sum(level) for key, one in running.items()}


def filled(drawn: Reals) -> Reals:
    """The replicates, where one that failed is stood in for by the next of the same stratum that did not.

    A sum must not fail with each of its many strata; a stratum's own interval leaves its failures out too.
    """
    good = np.flatnonzero(~np.isnan(drawn))
    if good.size in {0, drawn.size}:
        return drawn
    return drawn[good[np.searchsorted(good, np.arange(drawn.size)) % good.size]]


def _joint(answer: Estimate, seen: Counter[bytes]) -> Reals | None:
    """The replicates to add: where an equal table came before, they are moved on by one, two, three ...

    Equal tables have equal replicates, as their draws are named by what they hold; added number by number
    they would vary together, though one stratum knows nothing of the other.
    """
    if answer.drawn is None:
        return None
    drawn, name = filled(answer.drawn), answer.drawn.tobytes()
    seen[name] += 1
    return np.roll(drawn, 1 - seen[name])


class _Running:
    """What is known so far of one sum."""

    def __init__(self) -> None:
        self.totals: list[float] = []
        self.observed = self.refused = self.left_out = 0
        self.drawn: Reals | None = None
        self.whole, self.credible = True, True
        self.spread = self.skew = 0.0

    def add(self, answer: Estimate, drawn: Reals | None) -> None:
        if answer.total is None:
            self.refused += 1
            self.left_out += answer.observed
            return
        self.totals.append(answer.total)
        self.observed += answer.observed
        if answer.interval is None or drawn is None:
            self.whole = False
            return
        self.credible &= answer.interval.kind == "credible"
        self.drawn = drawn if self.drawn is None else self.drawn + drawn
        variance = float(drawn.var())
        self.spread += variance
        self.skew += (answer.acceleration or 0.0) * variance**1.5

    def sum(self, level: float) -> Sum:
        total = fsum(self.totals) if self.totals else None
        drawn = self.drawn if self.whole and self.drawn is not None else np.empty(0)
        interval, doubts = (None, ()) if total is None else self._interval(total, drawn, level)
        left = (
            (say("sum-left-out", strata=self.refused, people=self.left_out),)
            if self.refused and self.totals
            else ()
        )
        return Sum(
            strata=len(self.totals),
            observed=self.observed,
            total=total,
            interval=interval,
            refused=self.refused,
            left_out=self.left_out,
            warnings=(*left, *doubts),
            drawn=drawn,
        )

    def _interval(
        self, total: float, drawn: Reals, level: float
    ) -> tuple[Interval | None, tuple[Saying, ...]]:
        """Percentiles of draws of a posterior; of replicates, bias-corrected and accelerated ones.

        The acceleration of a sum of independent parts is made of theirs as skewness is: each counts with the
        1.5th power of its variance. For one stratum alone it is its own. Where chance cancels out in a sum of
        many and bias does not, the total leaves its own replicates behind, and no limits would hold.
        """
        tails = ((1 - level) / 2, (1 + level) / 2)
        if not drawn.size:
            return None, (say("sum-without-replicates"),)
        if self.credible:
            return _limits(drawn, tails, level=level, kind="credible"), ()
        below = float((drawn < total * (1 - ROUNDING)).mean())
        if len(self.totals) > 1 and not tails[0] <= below <= tails[1]:
            return None, (say("sum-biased"),)
        if below in {0.0, 1.0}:
            return _limits(drawn, tails, level=level, kind="percentile"), (say("one-sided"),)
        acceleration = self.skew / self.spread**1.5
        moved = bootstrap.bca_levels(tails, below=below, acceleration=acceleration)
        return _limits(drawn, moved, level=level, kind="bca"), ()


def _limits(drawn: Reals, levels: Iterable[float], *, level: float, kind: str) -> Interval:
    low, high = np.quantile(drawn, [*levels], method="median_unbiased")
    return Interval(level=level, kind=kind, low=float(low), high=float(high))
