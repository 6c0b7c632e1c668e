"""A k-anonymous table for one use inside a State: no row is of fewer than k persons, and counts are rounded.

This is no differential privacy and does not compose: two such tables of overlapping persons, or one beside a
release, can show a person whom each of them hides, and what is recorded in columns that were not chosen is
not protected at all (Ganta, Kasiviswanathan and Smith, KDD 2008). So it is labelled, is made once, and is
never put into a pack.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from palermo.errors import Disclosive, InvalidRecord, Unknown
from palermo.prevention.release.alike import alike, totals
from palermo.prevention.release.exposure import LEAST
from palermo.prevention.release.figure import lines
from palermo.prevention.release.guarded import Secret
from palermo.prevention.release.opening import opened
from palermo.prevention.release.persons import Persons
from palermo.prevention.release.risk_words import LANGUAGES, named, problem, told
from palermo.prevention.release.schema import Schema
from palermo.prevention.release.suppression import suppressed

FEWEST = 3
"""The smallest k that is taken: among two, each knows the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """Of one field, or of all: how many cells were recorded, and how many of them are no longer."""

    recorded: int
    cells: int

    @property
    def share(self) -> float:
        """The part that was lost."""
        return self.cells / self.recorded if self.recorded else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounded:
    """`count` persons or up to k - 1 more have these values of these fields."""

    fields: tuple[int, ...]
    values: tuple[int, ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Anonymous:
    """Rows of at least k persons each, alike in the chosen fields, and what making them cost."""

    releasable: ClassVar[bool] = False
    k: int
    ways: int
    chosen: tuple[int, ...]
    kept: Persons
    persons: int
    lost: tuple[Lost, ...]

    @property
    def rows_lost(self) -> int:
        """Persons of whom no row is left."""
        return self.persons - int(self.kept.weights.sum())

    @property
    def whole(self) -> Lost:
        """The loss of all fields together."""
        return Lost(
            recorded=sum(one.recorded for one in self.lost), cells=sum(one.cells for one in self.lost)
        )

    def rows(self) -> NDArray[np.int16]:
        """The rows, one a person, in an order that tells nothing."""
        return np.repeat(self.kept.codes, self.kept.weights, axis=0)

    def counts(self) -> Iterator[Rounded]:
        """How many persons have each combination of recorded values, rounded down to a multiple of k."""
        for way in range(1, self.ways + 1):
            for fields in combinations(self.chosen, way):
                yield from self._counted(fields)

    def _counted(self, fields: tuple[int, ...]) -> Iterator[Rounded]:
        values = self.kept.codes[:, list(fields)]
        held = (values > 0).all(axis=1)
        values, weights = values[held], self.kept.weights[held]
        groups = alike(values, range(len(fields)))
        first = np.unique(groups, return_index=True)[1]
        for row, count in zip(values[first].tolist(), totals(groups, weights).tolist(), strict=True):
            yield Rounded(fields=fields, values=tuple(row), count=count - count % self.k)


def insist(k: int) -> None:
    """Refuse a k that hides nobody; to be asked before a table is read."""
    if k < FEWEST:
        raise Disclosive(f"A group of {k} hides nobody. Ask for k = {FEWEST} or more; {LEAST} is usual.")


def made(
    secret: Secret[Persons], *, k: int = LEAST, ways: int = 3, chosen: Sequence[int] | None = None
) -> Anonymous:
    """The persons, blanked until all are of k or more in the chosen fields (all, if none are named)."""
    persons = opened(secret)
    width = len(persons.sizes)
    places = tuple(range(width)) if chosen is None else tuple(sorted(set(chosen)))
    if not places or not 0 <= places[0] <= places[-1] < width:
        raise ValueError(f"Fields are numbered from 0 to {width - 1}. Choose at least one of them.")
    if ways < 1:
        raise ValueError(f"Counts of {ways} values are none. Ask for 1 or more.")
    insist(k)
    if int(persons.weights.sum()) < k:
        raise Disclosive(f"The table has fewer than {k} persons, so nothing can be shown of any of them.")
    kept = suppressed(persons, k=k, columns=places)
    return Anonymous(
        k=k,
        ways=min(ways, len(places)),
        chosen=places,
        kept=kept,
        persons=int(persons.weights.sum()),
        lost=tuple(_lost(persons, kept, place) for place in range(width)),
    )


def _lost(persons: Persons, kept: Persons, place: int) -> Lost:
    before, after = (int(one.weights[one.codes[:, place] > 0].sum()) for one in (persons, kept))
    return Lost(recorded=before, cells=before - after)


def chosen(schema: Schema, names: Sequence[str]) -> tuple[int, ...]:
    """The numbers of the fields of some columns."""
    if not names:
        raise InvalidRecord("columns", [problem("none-chosen", path="columns")])
    known = [column.name for column in schema.columns]
    if missing := [name for name in names if name not in known]:
        raise Unknown(f"The schema has no column {', '.join(missing)}. Use some of: {', '.join(known)}.")
    return tuple(place for place, field in enumerate(schema.fields) if field.column in names)


def label(found: Anonymous, schema: Schema, language: str) -> str:
    """What must be read with the table: what it may be used for, and what is lost, by field."""
    whole = found.whole
    cost = told(
        "anonymous-lost",
        language,
        cells=whole.cells,
        recorded=whole.recorded,
        share=whole.share,
        rows=found.rows_lost,
        persons=found.persons,
        k=found.k,
        more=found.k - 1,
    )
    fields = [
        told(
            "anonymous-column",
            language,
            column=named(schema, place, language),
            cells=lost.cells,
            recorded=lost.recorded,
            share=lost.share,
        )
        for place, lost in enumerate(found.lost)
    ]
    return "\n".join([told("anonymous", language, k=found.k), cost, *fields])


def written(found: Anonymous, schema: Schema) -> Mapping[str, str]:
    """The texts of its files by name; the label goes with the rows, in every language."""
    labels = "\n\n".join(label(found, schema, language) for language in LANGUAGES)
    rows = [[column.name for column in schema.columns]]
    for values, weight in zip(found.kept.codes.tolist(), found.kept.weights.tolist(), strict=True):
        rows += [list(schema.row(values))] * weight
    counts = [["columns", "values", "count"]]
    counts += [[*schema.named(one.fields, one.values), str(one.count)] for one in found.counts()]
    return {
        "NOT-FOR-PUBLICATION.txt": labels + "\n",
        "rows.csv": lines(rows),
        "counts.csv": lines(counts),
    }
