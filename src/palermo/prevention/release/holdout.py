"""Persons who are alone in the real table: how often released rows show them, and how often chance does.

The persons are parted in two halves by lot, and a release is made from one. A row that only one person of the
whole table has is in that half or in the other, which the release never saw. How often the rows of the other
half appear is what chance and the patterns of the population explain; what the first half has more is owed to
having been in the table. Testing generated rows against held-out records is common practice (see Yale and
others, Neurocomputing 416, 2020; Platzer and Reutterer, Front. Big Data 4, 2021); this is its plainest form.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from palermo.prevention.release.alike import alike, collapsed, totals
from palermo.prevention.release.guarded import Secret
from palermo.prevention.release.persons import Persons
from palermo.prevention.release.share import Share, Span, difference

Codes = NDArray[np.int16]
Integers = NDArray[np.int64]
Make = Callable[[Secret[Persons], int], Codes]
"""A release of rows from persons, with a public seed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """`released` of the rows that one person has; in trials, of those `inside` the half that was released."""

    released: Share
    inside: Share
    outside: Share
    trials: int

    @property
    def excess(self) -> Span:
        """How much oftener a row appears if its person was in the table."""
        return difference(self.inside, self.outside)


def alone(
    persons: Persons, rows: Codes, make: Make, *, columns: Sequence[int], trials: int, seed: int
) -> Alone:
    """The rows of single persons in a release, and in trials on halves of the persons."""
    single, shown = _shown(persons, rows, columns)
    inside, outside = [0, 0], [0, 0]
    for trial in range(trials):
        first = halves(persons.weights, seed=seed, trial=trial)
        half = collapsed(persons.codes, first, persons.sizes)
        _, seen = _shown(persons, make(Secret(half), seed + trial), columns)
        for found, chosen in ((inside, single & _of(first, persons, columns)), (outside, single)):
            found[0] += int(seen[chosen].sum())
            found[1] += int(chosen.sum())
    return Alone(
        released=Share(hits=int(shown[single].sum()), of=int(single.sum())),
        inside=Share(hits=inside[0], of=inside[1]),
        outside=Share(hits=outside[0] - inside[0], of=outside[1] - inside[1]),
        trials=trials,
    )


def halves(weights: Integers, *, seed: int, trial: int) -> Integers:
    """Of so many persons with each row, how many a fair lot puts into the first half."""
    key = int.from_bytes(sha256(repr(("half", seed, trial)).encode()).digest()[:16], "little")
    lots = np.random.Philox(key=key).random_raw(int(weights.sum())) >> np.uint64(63)
    whose = np.repeat(np.arange(len(weights)), weights)
    return np.bincount(whose[lots == 1], minlength=len(weights)).astype(np.int64)


def _shown(
    persons: Persons, rows: Codes, columns: Sequence[int]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which distinct rows are of a single person in these columns, and which of them stand among `rows`."""
    groups = alike(np.concatenate([persons.codes, rows]), columns)
    real, given = groups[: len(persons.codes)], groups[len(persons.codes) :]
    many = np.zeros(int(groups.max(initial=-1)) + 1, dtype=np.int64)
    there = np.zeros(len(many), dtype=np.bool_)
    there[given] = True
    np.add.at(many, real, persons.weights)
    return many[real] == 1, there[real]


def _of(first: Integers, persons: Persons, columns: Sequence[int]) -> NDArray[np.bool_]:
    groups = alike(persons.codes, columns)
    return totals(groups, first)[groups] > 0
