"""Whole-number tables that agree with what is published: is there one in which a cell has this value?

The question is a mixed-integer program (HiGHS). An answer is used only after it was rounded and checked in
whole numbers, so that a fault of the solver can make us hide too much and never too little.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, eye_array, hstack, vstack

from palermo.prevention.linked import Key, Relation

Counts = NDArray[np.int64]
Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class System:
    """The cells in a fixed order, and the relations between them as a matrix with bounds."""

    keys: tuple[Key, ...]
    matrix: csr_array
    low: Reals
    high: Reals

    @classmethod
    def of(cls, keys: Sequence[Key], relations: Sequence[Relation]) -> "System":
        place = {key: number for number, key in enumerate(keys)}
        terms = [
            (row, place[key], factor)
            for row, relation in enumerate(relations)
            for key, factor in relation.terms.items()
        ]
        rows, columns, factors = (list(part) for part in zip(*terms, strict=True))
        return cls(
            tuple(keys),
            csr_array((factors, (rows, columns)), shape=(len(relations), len(keys)), dtype=float),
            np.array([relation.low for relation in relations], dtype=float),
            np.array([relation.high for relation in relations], dtype=float),
        )

    def holds(self, counts: Counts) -> bool:
        sums = self.matrix @ counts
        return bool(np.all((self.low <= sums) & (sums <= self.high)))


def witness(
    system: System, *, low: Reals, high: Reals, near: Reals | None = None, weights: Reals | None = None
) -> Counts | None:
    """Whole numbers between `low` and `high` that keep every relation; None when there are none.

    Of several, one with the least sum of `weights` times the distance from `near`.
    """
    free = np.flatnonzero(low < high)
    fixed = np.where(low < high, 0.0, low)
    known = system.matrix @ fixed
    matrix = system.matrix[:, free]
    cost = np.zeros(len(free)) if weights is None else weights[free]
    target = np.zeros(len(free)) if near is None else near[free]
    found = _solved(
        matrix,
        (system.low - known, system.high - known),
        (low[free], high[free]),
        target=target,
        cost=cost,
    )
    if found is None:
        return None
    counts = np.rint(fixed).astype(np.int64)
    counts[free] = found
    inside = np.all((low <= counts) & (counts <= high))
    return counts if inside and system.holds(counts) else None


def _solved(
    matrix: csr_array, sums: tuple[Reals, Reals], bounds: tuple[Reals, Reals], *, target: Reals, cost: Reals
) -> Counts | None:
    """The free cells, from a program over them and the distance of each that costs something."""
    count, priced = matrix.shape[1], np.flatnonzero(cost)
    if count == 0:
        return np.zeros(0, dtype=np.int64) if np.all((sums[0] <= 0) & (sums[1] >= 0)) else None
    one = eye_array(count, format="csr")[priced]
    distance = eye_array(len(priced), format="csr")
    empty = csr_array((matrix.shape[0], len(priced)))
    whole = vstack(
        [hstack([matrix, empty]), hstack([one, -distance]), hstack([-one, -distance])], format="csr"
    )
    none = np.full(len(priced), -np.inf)
    answer = milp(
        np.concatenate([np.zeros(count), cost[priced]]),
        constraints=LinearConstraint(
            whole,
            np.concatenate([sums[0], none, none]),
            np.concatenate([sums[1], target[priced], -target[priced]]),
        ),
        bounds=Bounds(
            np.concatenate([bounds[0], np.zeros(len(priced))]),
            np.concatenate([bounds[1], np.full(len(priced), np.inf)]),
        ),
        integrality=np.concatenate([np.ones(count), np.zeros(len(priced))]),
        options={"node_limit": 5_000},
    )
    return None if answer.x is None else np.rint(answer.x[:count]).astype(np.int64)


def bounded(system: System, ranges: Mapping[Key, tuple[int, int]]) -> tuple[Reals, Reals]:
    """The two ends of every cell's range, in the system's order."""
    pairs = np.array([ranges[key] for key in system.keys], dtype=float)
    return pairs[:, 0].copy(), pairs[:, 1].copy()
