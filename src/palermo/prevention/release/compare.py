"""What was published beside what the real table holds: how far counts lie apart, and how many of 20 agree.

This is a query of the real records and no noise covers it: it stays inside the State, is asked by name and
written into the audit, and nothing that makes or packs a release may import it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from palermo.errors import Unknown
from palermo.prevention.release import counts
from palermo.prevention.release.cells import Cells
from palermo.prevention.release.figure import Figure
from palermo.prevention.release.guarded import Secret
from palermo.prevention.release.opening import opened
from palermo.prevention.release.persons import Persons
from palermo.prevention.release.schema import Schema
from palermo.prevention.release.share import Share

Integers = NDArray[np.int64]
Cell = tuple[tuple[int, ...], tuple[int, ...]]
"""The fields of a count and their values, both by number."""

EDGES = (0, 10, 50, 100, 500, 1_000)
"""Where sizes of real counts begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One published count of one value, and how many persons there really are."""

    figure: Figure
    real: int

    @property
    def within(self) -> bool:
        """Whether its interval holds the real number."""
        return self.figure.low <= self.real <= self.figure.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Counts of so many values whose real size is from `start` to below `end`: how wrong the mean one is.

    `relative` is the mean of error over real count; `within` says how many intervals hold the real number.
    """

    ways: int
    start: int
    end: int | None
    cells: int
    error: float
    relative: float
    within: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Of counts of so many values: combinations that `nobody` has among those published, and those `lost`.

    A lost combination is of one person or more and was not published.
    """

    ways: int
    nobody: Share
    lost: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A release beside the real table."""

    releasable: ClassVar[bool] = False
    persons: int
    ones: tuple[Beside, ...]
    apart: tuple[Apart, ...]
    found: tuple[Found, ...]


def compared(secret: Secret[Persons], figures: Sequence[Figure], schema: Schema) -> Comparison:
    """Count the real persons of every published count, and look for those that have none."""
    places, pairs = _places(schema), dict[int, list[Beside]]()
    for ways in sorted({one.ways for one in figures}):
        told = [(one, _cell(one, places)) for one in figures if one.ways == ways]
        real = _real(secret, [cell for _, cell in told], ways)
        pairs[ways] = [Beside(figure=one, real=real[cell]) for one, cell in told]
    persons = opened(secret)
    return Comparison(
        persons=int(persons.weights.sum()),
        ones=tuple(pairs.get(1, ())),
        apart=tuple(one for ways, known in pairs.items() for one in _apart(known, ways)),
        found=tuple(_found(known, ways, _standing(persons, ways)) for ways, known in pairs.items()),
    )


def _places(schema: Schema) -> Mapping[tuple[str, str], tuple[int, int]]:
    """The field and the value of each fact."""
    return {
        (field.column, code): (place, value)
        for place, field in enumerate(schema.fields)
        for value, code in enumerate(field.codes, start=1)
    }


def _cell(one: Figure, places: Mapping[tuple[str, str], tuple[int, int]]) -> Cell:
    if missing := next((fact for fact in one.facts if fact not in places), None):
        raise Unknown(f"The schema has no code {missing[1]} of {missing[0]}. Give the release's own schema.")
    found = sorted(places[fact] for fact in one.facts)
    return tuple(field for field, _ in found), tuple(value for _, value in found)


def _real(secret: Secret[Persons], cells: Sequence[Cell], ways: int) -> Mapping[Cell, int]:
    """How many persons are in each cell; nobody is capped."""
    order = sorted(set(cells))
    asked = Cells(
        columns=np.array([columns for columns, _ in order], dtype=np.int16),
        values=np.array([values for _, values in order], dtype=np.int16),
    )
    return dict(zip(order, _counted(secret, asked, ways).tolist(), strict=True))


def _counted(secret: Secret[Persons], asked: Cells, ways: int) -> Integers:
    sizes = opened(secret).sizes
    if ways == 1:
        starts = np.cumsum([0, *sizes])
        return opened(counts.ones(secret))[starts[asked.columns[:, 0]] + asked.values[:, 0] - 1]
    return opened((counts.pairs if ways == 2 else counts.triples)(secret, asked, len(sizes)))


def _standing(persons: Persons, ways: int) -> int:
    """How many different combinations of so many recorded values persons have."""
    found, recorded = 0, persons.codes > 0
    for fields in combinations(range(persons.codes.shape[1]), ways):
        held = np.flatnonzero(recorded[:, fields].all(axis=1))
        keys = np.zeros(len(held), dtype=np.int64)
        for field in fields:
            keys = keys * (persons.sizes[field] + 1) + persons.codes[held, field]
        found += len(np.unique(keys))
    return found


def _apart(pairs: Sequence[Beside], ways: int) -> Iterator[Apart]:
    ends = (*EDGES[1:], None)
    for start, end in zip(EDGES, ends, strict=True):
        here = [one for one in pairs if start <= one.real and (end is None or one.real < end)]
        if here:
            errors = [abs(one.figure.count - one.real) for one in here]
            yield Apart(
                ways=ways,
                start=start,
                end=end,
                cells=len(here),
                error=sum(errors) / len(here),
                relative=sum(e / max(one.real, 1) for e, one in zip(errors, here, strict=True)) / len(here),
                within=Share(hits=sum(one.within for one in here), of=len(here)),
            )


def _found(pairs: Sequence[Beside], ways: int, standing: int) -> Found:
    held = sum(one.real > 0 for one in pairs)
    return Found(
        ways=ways,
        nobody=Share(hits=len(pairs) - held, of=len(pairs)),
        lost=Share(hits=standing - held, of=standing),
    )
