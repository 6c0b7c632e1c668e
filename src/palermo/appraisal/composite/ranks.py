"""Ranks, and what many draws say of them: intervals, pairs that keep their order, the mean shift."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from palermo.appraisal.composite.cells import Values, Whole

DIGITS = 10
LEVEL = 0.90
KEPT = 0.95


def competition(scores: ArrayLike) -> Whole:
    """Rank 1 for the highest of the last axis; equal scores share their best place (1, 2, 2, 4).

    Scores are compared to ten digits of the largest, so that rounding breaks no tie.
    """
    given = np.asarray(scores, float)
    rounded = _rounded(given)
    order = np.argsort(-rounded, axis=-1, kind="stable")
    down = np.take_along_axis(rounded, order, axis=-1)
    places = np.broadcast_to(np.arange(given.shape[-1]), given.shape)
    new = np.ones(given.shape, bool)
    new[..., 1:] = down[..., 1:] != down[..., :-1]
    first = np.maximum.accumulate(np.where(new, places, 0), axis=-1)
    ranks = np.empty(given.shape, np.int64)
    np.put_along_axis(ranks, order, first + 1, axis=-1)
    return ranks


def _rounded(scores: Values) -> Values:
    largest = np.max(np.abs(scores), axis=-1, keepdims=True)
    rounded: Values = np.round(scores / np.where(largest > 0, largest, 1), DIGITS)
    return rounded


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spread:
    """What the draws say of the nominal ranks; arrays in the order of the units.

    `low` and `high` hold 90 % of the draws. `stable_pairs` is the share of pairs of units that keep the order
    of the nominal index in at least 95 % of the draws.
    """

    low: Whole
    high: Whole
    median: Whole
    mean_shift: float
    stable_pairs: float

    @property
    def median_width(self) -> float:
        """How many places the middle unit's interval spans."""
        return float(np.median(self.high - self.low))


def spread(ranks: Whole, nominal: Whole) -> Spread:
    """Intervals, stability and shift of ranks (draws down, units across) against the nominal ones."""
    tail = (1 - LEVEL) / 2
    ordered = np.sort(ranks, axis=0)
    last = len(ranks) - 1
    return Spread(
        low=ordered[int(np.floor(tail * last))],
        high=ordered[int(np.ceil((1 - tail) * last))],
        median=ordered[last // 2],
        mean_shift=float(np.abs(ranks - nominal).mean()),
        stable_pairs=stable_pairs(ranks, nominal),
    )


def stable_pairs(ranks: Whole, nominal: Whole) -> float:
    """The share of pairs in the nominal order in at least 95 % of the draws; a tie keeps no order."""
    units = len(nominal)
    small = np.ascontiguousarray(ranks.T.astype(np.int32))
    kept = 0
    for one in range(units):
        below = nominal[one] < nominal
        kept += int(((small[one] < small[below]).mean(axis=1) >= KEPT).sum())
    return kept / (units * (units - 1) / 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The quarters of the ranks that a unit's interval touches, 1 the highest scores; one where it allows."""

    first: int
    last: int

    @property
    def sure(self) -> bool:
        return self.first == self.last

    def __str__(self) -> str:
        return str(self.first) if self.sure else f"{self.first} to {self.last}"


def standings(found: Spread) -> tuple[Standing, ...]:
    """The quarters of each unit; a unit whose interval reaches into the next belongs to both."""
    units = len(found.low)
    quarters = [np.minimum((ends - 1) * 4 // units + 1, 4) for ends in (found.low, found.high)]
    return tuple(Standing(first=int(low), last=int(high)) for low, high in zip(*quarters, strict=True))
