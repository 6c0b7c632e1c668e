"""A release: rows and counts of persons, from one privacy budget, with the error of each figure."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from palermo import __version__
from palermo.prevention.release import budget, fit, measure, spread
from palermo.prevention.release.fit import Fit
from palermo.prevention.release.guarded import Secret
from palermo.prevention.release.persons import Persons
from palermo.prevention.release.plan import FEWEST, LIMITS, Plan
from palermo.prevention.release.spread import Bucket
from palermo.prevention.release.stage import Stage, Told, nobody, within
from palermo.prevention.release.tables import Measured, Query, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How many fits the counts are the mean of, and how many moves a row each may try."""

    fits: int = 3
    moves: int = fit.EFFORT


ROWS, COUNTS = Effort(), Effort(fits=2, moves=200)
"""What is spent on a release with rows, and on one of counts alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedCell:
    """About `count` persons have these values (1 is the first); 95 % of intervals hold the truth."""

    columns: tuple[int, ...]
    values: tuple[int, ...]
    count: int
    sd: float
    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Release:
    """All that a release lets out. `rows` are None where counts alone were asked or persons are too few.

    `people` was counted with noise of `deviation`; `limits` are the counts, by ways, below which none is
    reported; `errors` tell how far counts lie from the truth; `left_out` cells, by ways, were never asked.
    """

    rows: NDArray[np.int16] | None
    counts: tuple[PublishedCell, ...]
    people: int
    deviation: float
    limits: tuple[int, ...]
    errors: tuple[Bucket, ...]
    queries: tuple[Query, ...]
    caps: tuple[int, ...]
    left_out: tuple[int, ...]
    plan: Plan
    effort: Effort
    seed_public: int
    version: str = __version__
    unit: str = "person"

    @property
    def rho_micro(self) -> int:
        """The micro-rho that was charged."""
        return sum(query.rho for query in self.queries)

    @property
    def epsilon(self) -> float:
        """The epsilon that was charged, at the plan's delta; never more than the plan's."""
        return budget.epsilon(self.rho_micro, self.plan.delta)

    @property
    def delta(self) -> float:
        """The delta that epsilon goes with."""
        return self.plan.delta

    @property
    def cap(self) -> int:
        """The most recorded fields of a person that pairs and triples count."""
        return self.caps[-1]


def make(
    persons: Secret[Persons],
    plan: Plan,
    *,
    seed: int,
    rows: bool = True,
    effort: Effort | None = None,
    told: Told = nobody,
) -> Release:
    """Measure persons as planned and fit to what noise let out; the caller has charged the budget.

    `told(part, stage)` hears how far it is, in this thread: see `stage.Told`.
    """
    told(0.0, Stage.MEASURING)
    return of(measure.measured(persons, plan), plan, seed=seed, rows=rows, effort=effort, told=told)


def of(
    measured: Measured,
    plan: Plan,
    *,
    seed: int,
    rows: bool = True,
    effort: Effort | None = None,
    told: Told = nobody,
) -> Release:
    """The release of what was measured. Asks nothing of persons: made again, it costs nothing.

    `told(part, stage)` hears how far it is, in this thread: see `stage.Told`.
    """
    spent = effort or (ROWS if rows else COUNTS)
    fits = fit.fitted(
        measured, seed=seed, fits=spent.fits, effort=spent.moves, told=within(told, Stage.FITTING)
    )
    least = tuple(map(_limit, measured.tables))
    drawn = spread.buckets(
        measured, fits, limits=least, seed=seed, effort=spent.moves, told=within(told, Stage.SPREAD)
    )
    limits, errors = spread.limited(drawn, least)
    return Release(
        rows=fit.agreed(measured, fits, seed=seed) if rows and measured.people >= FEWEST else None,
        counts=tuple(_published(measured, fits, limits, errors)),
        people=measured.people,
        deviation=measured.deviation,
        limits=limits,
        errors=errors,
        queries=measured.queries,
        caps=measured.caps,
        left_out=measured.left_out,
        plan=plan.of_people(measured.people),
        effort=spent,
        seed_public=seed,
    )


def _limit(table: Table) -> int:
    """The least count that may be reported: of the noise alone, whatever was counted."""
    return ceil(LIMITS[table.cells.ways - 1] * table.sigma)


def _published(
    measured: Measured, fits: tuple[Fit, ...], limits: tuple[int, ...], errors: tuple[Bucket, ...]
) -> Iterator[PublishedCell]:
    for table, mean, limit in zip(measured.tables, fit.means(fits), limits, strict=True):
        counts = np.rint(mean).astype(np.int64)
        kept = np.flatnonzero(counts >= limit)
        known = [bucket for bucket in errors if bucket.ways == table.cells.ways]
        places = np.searchsorted([bucket.start for bucket in known], counts[kept], side="right") - 1
        for cell, place in zip(kept, places, strict=True):
            yield _cell(table.cells.columns[cell], table.cells.values[cell], int(counts[cell]), known[place])


def _cell(columns: NDArray[np.int16], values: NDArray[np.int16], count: int, about: Bucket) -> PublishedCell:
    """A count and its interval: the truth is the count less its error, and nobody is less than nobody."""
    return PublishedCell(
        columns=tuple(columns.tolist()),
        values=tuple(values.tolist()),
        count=count,
        sd=about.sd,
        low=min(max(floor(count - about.high), 0), count),
        high=max(ceil(count - about.low), count),
    )
