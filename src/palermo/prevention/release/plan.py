"""What a budget buys: which tables are measured with how much noise, known before anything is spent.

Persons are counted first, then how many fields they have recorded, which decides two caps: one for single
values, one for pairs and triples. Then every value of every column is counted, then pairs and triples of
recorded values. A person who comes or goes changes the number of persons, one count of recorded fields and at
most C(cap, k) cells of k values, by one each: so these are the squared sensitivities, exactly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import ceil, comb, sqrt

import numpy as np
from numpy.typing import NDArray

from palermo.prevention.release import budget, noise

SHARES: Mapping[str, int] = {"persons": 10, "recorded": 5, "ones": 345, "pairs": 270, "triples": 370}
"""Of a thousand parts of rho, what each query gets; of a plan with fewer ways, the rest is shared alike."""

WAYS = ("ones", "pairs", "triples")
FEWEST = 1_000
"""Persons, as counted with noise, under whom only counts are released."""

LEFT_OF_NOISE = 0.3, 0.8
"""Mean error of a fitted cell in standard deviations of its noise: of sparse tables, and of dense ones."""

LIMITS = 2.0, 1.0, 0.75
"""The part of a standard deviation of its noise, by ways, under which a count is not reported.

About half the width of its interval: of a smaller count nobody could say whether it is anybody's. Where the
bootstrap finds wider intervals, the limit is higher: `spread.limited`.
"""

_SURE = 10  # deviations over a noisy number: that more persons exist has no probability to speak of
_ONE_LEVEL, _TAIL = 3.2, 3.5  # deviations that noise hardly reaches, though it has a try at each level
_KNOWN = 1_000
_BIAS = 3.0  # what the cap leaves out is wrong in one direction, and pulls at the tables it is fitted with


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """Tables of `ways` columns to expect: noise of `sigma`, a mean error from `low` to `high`.

    So it is if the cap is found to be `cap`: it may be less, never more where it is the number of columns.
    """

    ways: int
    cap: int
    sigma: float
    low: float
    high: float

    @property
    def limit(self) -> int:
        """About the least count that will be reported."""
        return ceil(LIMITS[self.ways - 1] * self.sigma)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The queries of a release of a table of `sizes` values a column, at (epsilon, delta).

    `cut` is the part of a standard deviation under which a noisy count is doubtful; `most` the number of
    pairs, and of triples, that are asked at most. `persons` is the public bound that delta was made of, none
    where delta was chosen; `counted` the micro-rho with which persons were counted before this plan was made.
    """

    sizes: tuple[int, ...]
    epsilon: float
    delta: float
    persons: int | None = None
    counted: int = 0
    ways: int = 3
    cut: float = 0.5
    most: int = 1_000_000
    shares: Mapping[str, int] = field(default_factory=lambda: SHARES)

    def __post_init__(self) -> None:
        if not 1 <= self.ways <= len(WAYS):
            raise ValueError(f"{self.ways}-way tables are not counted. Ask for 1, 2 or 3.")
        if not self.sizes or min(self.sizes) < 1:
            raise ValueError("A table to release has a column, and each column a value.")
        if min(self.parts.values()) < 1:
            raise ValueError(f"Epsilon {self.epsilon} is too little to divide among the tables. Take more.")

    @cached_property
    def rho(self) -> int:
        """All micro-rho that the release charges."""
        return budget.rho(self.epsilon, self.delta)

    @cached_property
    def parts(self) -> dict[str, int]:
        """The micro-rho of each query."""
        asked = {"recorded", *WAYS[: self.reach], *(() if self.counted else ("persons",))}
        shares = {name: part for name, part in self.shares.items() if name in asked}
        before = {"persons": self.counted} if self.counted else {}
        return before | budget.divided(self.rho - self.counted, shares)

    def of_people(self, people: int) -> "Plan":
        """The plan to go on with once so many persons were counted.

        If they are more than the bound, delta becomes theirs, which is smaller: epsilon stays, and less is
        spent than was reserved. Both follow from the noisy count, which was paid for.
        """
        if self.persons is None or people <= self.persons:
            return self
        spent = self.parts["persons"]
        most = people + ceil(_SURE * noise.sigma(1, spent))
        delta = budget.delta(most)
        return replace(self, delta=delta, persons=most, counted=spent) if delta < self.delta else self

    @property
    def reach(self) -> int:
        """The most columns a cell can have: the ways asked, or fewer columns."""
        return min(self.ways, len(self.sizes))

    def sigma(self, ways: int, cap: int) -> float:
        """The standard deviation of the noise of a cell of so many columns, for persons kept to the cap."""
        return noise.sigma(comb(cap, ways), self.parts[WAYS[ways - 1]])

    def predicted(self, cap: int | None = None) -> tuple[Prediction, ...]:
        """The error to expect by number of columns, if combinations count so many fields of a person.

        Where no cap is given, nobody is capped: the error at most. A public guess of how many fields a case
        has recorded, say one a column of the form, comes nearer; with more, persons are counted less exactly.
        """
        kept = len(self.sizes) if cap is None else min(cap, len(self.sizes))
        return tuple(self._prediction(ways, max(kept, ways)) for ways in range(1, self.reach + 1))

    def _prediction(self, ways: int, cap: int) -> Prediction:
        sigma = self.sigma(ways, cap)
        low, high = LEFT_OF_NOISE
        return Prediction(ways=ways, cap=cap, sigma=sigma, low=low * sigma, high=high * sigma)

    def first_cap(self, recorded: NDArray[np.int64]) -> int:
        """The cap of single values of least expected error, from noisy counts of persons by recorded fields.

        Noise grows with the cap; a lower cap leaves out values of persons who recorded more, a bias spread
        over the cells there are.
        """
        return self._least(self._sure(recorded), {1: float(sum(self.sizes))})

    def cap(self, recorded: NDArray[np.int64], ones: NDArray[np.int64]) -> int:
        """The one cap of pairs and triples; cells are those that independent columns of `ones` would fill."""
        people = self._sure(recorded)
        filled = _filled(np.split(np.maximum(ones, 0), np.cumsum(self.sizes)[:-1]), sum(people.values()))
        return self._least(people, {ways: filled[ways] for ways in range(2, self.reach + 1)})

    def _sure(self, recorded: NDArray[np.int64]) -> dict[int, int]:
        """Persons by recorded fields, without the most fields: as many as noise alone might have counted."""
        sigma, most, tail = noise.sigma(1, self.parts["recorded"]), len(recorded), 0
        for levels, count in enumerate(reversed(recorded.tolist()), start=1):
            tail += count
            if count > _ONE_LEVEL * sigma or tail > _TAIL * sigma * sqrt(levels):
                break
            most -= 1
        return {fields: max(int(recorded[fields]), 0) for fields in range(most)}

    def _least(self, people: Mapping[int, int], cells: Mapping[int, float]) -> int:
        caps = range(max(cells), len(self.sizes) + 1)
        return min(caps, key=lambda cap: sum(self._loss(people, cap, ways, cells[ways]) for ways in cells))

    def _loss(self, people: Mapping[int, int], cap: int, ways: int, cells: float) -> float:
        """Noise left in a fitted cell, and how many of the persons over the cap the mean cell misses."""
        missed = sum(
            count * (comb(fields, ways) - comb(cap, ways)) for fields, count in people.items() if fields > cap
        )
        return LEFT_OF_NOISE[ways == 1] * self.sigma(ways, cap) + _BIAS * missed / max(1.0, cells)


def _filled(columns: Sequence[NDArray[np.int64]], people: int) -> dict[int, float]:
    """About how many pairs and triples of values have a person, were columns independent.

    Only the `_KNOWN` most frequent values are looked at; values of one column are not told apart.
    """
    shares = np.sort(np.concatenate(columns) / max(people, 1))[::-1][:_KNOWN]
    pairs = np.outer(shares, shares)[np.triu_indices(len(shares), 1)]
    pairs = pairs[pairs * people >= 1.0]
    thirds = np.searchsorted(-shares, -1.0 / np.maximum(pairs * people, 1.0), side="right")
    return {2: float(len(pairs)), 3: float(thirds.sum()) / 3}
