"""Totals by sex, age, form, year ... from one model of all strata together, with margins that add up.

A Poisson log-linear model crosses the lists with the covariates and, if there is one, a polynomial of the
year (van Dijk, Cruyff, van der Heijden & Kragten-Heerdink 2017). Pairs of lists, lists by covariates and
covariates by covariates enter by BIC. Each replicate of the parametric bootstrap is one draw of all strata
from the fitted table, hidden people included and then dropped, and the terms are selected anew in it: what is
not known about the model is in the interval, and the strata of a replicate sum to its total.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations, product
from math import log

import numba
import numpy as np

from palermo import __version__
from palermo.errors import Unknown
from palermo.prevention import bootstrap, draw, joint, sweep
from palermo.prevention.cells import Flags, Masks, Reals
from palermo.prevention.estimate import Estimate, Interval, refused
from palermo.prevention.saying import say
from palermo.prevention.sheet import Sheet, Stratum

METHOD = "covariates"
DEGREE = 2  # of the polynomial in the year
BATCH = 16


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layout:
    """The parameters that a model of a sheet may have: parameter j is `masks[j]` times column `columns[j]`.

    `design` has one row a stratum. Parameters enter in blocks, each named by its lists or covariates; the
    first `always` blocks are in every model.
    """

    strata: tuple[Stratum, ...]
    design: Reals
    masks: Masks
    columns: Masks
    blocks: Masks
    names: tuple[tuple[str, ...], ...]
    always: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """The people of some strata together."""

    observed: int
    total: float
    interval: Interval | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stratified:
    """The answer for everyone and by stratum; replicates are kept by stratum so that margins add up."""

    whole: Estimate
    columns: tuple[str, ...]
    strata: tuple[Stratum, ...]
    observed: tuple[int, ...]
    totals: tuple[float, ...]
    replicates: Reals
    level: float
    kind: str = "percentile"

    def by(self, *columns: str) -> dict[Stratum, Margin]:
        """The margin over all other columns: totals of its values, which sum to the whole."""
        missing = sorted({*columns} - {*self.columns})
        if missing:
            raise Unknown(f"column {', '.join(missing)}: it is no stratum. Use {', '.join(self.columns)}.")
        places = [self.columns.index(column) for column in columns]
        keys = [tuple(stratum[place] for place in places) for stratum in self.strata]
        return {key: self._margin([other == key for other in keys]) for key in dict.fromkeys(keys)}

    def _margin(self, inside: Sequence[bool]) -> Margin:
        rows = np.flatnonzero(inside)
        return Margin(
            observed=int(np.array(self.observed)[rows].sum()),
            total=float(np.array(self.totals)[rows].sum()),
            interval=_percentiles(self.replicates[:, rows].sum(axis=1), self.level, kind=self.kind),
        )


def estimate(
    sheet: Sheet,
    *,
    year: str | None = None,
    replicates: int = 500,
    level: float = 0.95,
    seed: int = 1,
    threads: int = 1,
) -> Stratified:
    """Select one model of all strata, and the joint spread of their totals; `year` is a column of numbers."""
    plan, lists = layout(sheet, year=year), len(sheet.whole.lists)
    counts = _counts(sheet, plan)
    hidden, chosen = _selected(plan, counts[None])
    observed = counts.sum(axis=1)
    if np.isnan(hidden).any():
        whole = refused(METHOD, sheet.whole, say("strata-unfitted"))
        drawn, hidden = np.empty((0, len(observed))), np.full((1, len(observed)), np.nan)
    else:
        drawn = _replicates(plan, chosen[0], counts, number=replicates, seed=seed, threads=threads)
        used = joint.member(plan.blocks, chosen[0])
        whole = _whole(
            sheet, plan, hidden=hidden[0], chosen=chosen[0], drawn=drawn, level=level, seed=seed,
            bic=_bic(plan, counts, used, lists),
        )  # fmt: skip
    return Stratified(
        whole=whole,
        columns=sheet.columns,
        strata=plan.strata,
        observed=tuple(observed.astype(int).tolist()),
        totals=tuple((observed + hidden[0]).tolist()),
        replicates=drawn,
        level=level,
    )


def layout(sheet: Sheet, *, year: str | None = None, degree: int = DEGREE) -> Layout:
    """Every stratum that the values allow, and the parameters a model may have."""
    values = [sorted({stratum[place] for stratum in sheet.strata}) for place in range(len(sheet.columns))]
    strata = tuple(product(*values))
    functions = {
        column: _polynomial(strata, place, degree) if column == year else _dummies(sheet, strata, place)
        for place, column in enumerate(sheet.columns)
    }
    crossed = {
        (one, other): np.einsum("si,sj->sij", functions[one], functions[other]).reshape(len(strata), -1)
        for one, other in combinations(sheet.columns, 2)
    }
    return _laid_out(sheet.whole.lists, strata, functions, crossed)


def _laid_out(
    lists: Sequence[str],
    strata: tuple[Stratum, ...],
    functions: dict[str, Reals],
    crossed: dict[tuple[str, str], Reals],
) -> Layout:
    """In order: constant, lists, covariates; then pairs of lists, lists by covariates, covariates."""
    blocks: list[tuple[tuple[str, ...], int, Reals]] = [((), 0, np.ones((len(strata), 1)))]
    constant = np.ones((len(strata), 1))
    blocks += [((name,), 1 << bit, constant) for bit, name in enumerate(lists)]
    blocks += [((column,), 0, some) for column, some in functions.items() if some.shape[1]]
    always = len(blocks)
    numbered = list(enumerate(lists))
    blocks += [((a, b), 1 << i | 1 << j, constant) for (i, a), (j, b) in combinations(numbered, 2)]
    blocks += [
        ((name, column), 1 << bit, some)
        for bit, name in numbered
        for column, some in functions.items()
        if some.shape[1]
    ]
    blocks += [(pair, 0, some) for pair, some in crossed.items() if some.shape[1]]
    widths = [some.shape[1] for _, _, some in blocks]
    # Column 0 is the constant: blocks of a constant all use it.
    first = np.cumsum([0, *widths[:-1]])
    places = [
        np.zeros(1) if some.shape[1] == 1 and (some == 1).all() else start + np.arange(some.shape[1])
        for start, (_, _, some) in zip(first, blocks, strict=True)
    ]
    return Layout(
        strata=strata,
        design=np.hstack([some for _, _, some in blocks]),
        masks=np.repeat([mask for _, mask, _ in blocks], widths).astype(np.int64),
        columns=np.concatenate(places).astype(np.int64),
        blocks=np.repeat(np.arange(len(blocks)), widths).astype(np.int64),
        names=tuple(name for name, _, _ in blocks),
        always=always,
    )


def _dummies(sheet: Sheet, strata: Sequence[Stratum], place: int) -> Reals:
    """One column a value but the one with most people."""
    people: dict[str, int] = {}
    for stratum, table in sheet.strata.items():
        people[stratum[place]] = people.get(stratum[place], 0) + table.observed
    others = sorted(people, key=lambda value: (-people[value], value))[1:]
    return np.array([[float(stratum[place] == value) for value in others] for stratum in strata])


def _polynomial(strata: Sequence[Stratum], place: int, degree: int) -> Reals:
    """Orthogonal polynomials of a number, each at most 1 in size; fewer where there are few numbers."""
    numbers = np.array([float(stratum[place]) for stratum in strata])
    distinct = np.unique(numbers)
    powers = np.vander(distinct - distinct.mean(), min(degree, len(distinct) - 1) + 1, increasing=True)
    smooth = np.linalg.qr(powers)[0][:, 1:]
    return np.asarray((smooth / np.abs(smooth).max(axis=0))[np.searchsorted(distinct, numbers)])


def _counts(sheet: Sheet, plan: Layout) -> Reals:
    """People by stratum and cell; a stratum that nobody is known of has zeros."""
    empty = np.zeros(len(sheet.whole.counts))
    rows = [sheet.strata[key].counts if key in sheet.strata else empty for key in plan.strata]
    return np.array(rows, dtype=np.float64)


def _selected(plan: Layout, tables: Reals) -> tuple[Reals, Flags]:
    found: tuple[Reals, Flags] = joint.select_each(
        tables, plan.masks, plan.columns, plan.design, plan.blocks, plan.always, len(plan.names)
    )
    return found


def _fitted(plan: Layout, counts: Reals, used: Flags) -> tuple[Reals, float]:
    """The expected people by stratum and cell, the hidden ones in cell 0, and the log-likelihood."""
    margins, fitted = _summed(counts, 1), np.empty(counts.shape)
    theta = np.zeros(len(plan.masks))
    joint.begin(margins, plan.masks, plan.columns, theta)
    _, likelihood, hidden = joint.fit(
        margins, plan.masks, plan.columns, plan.design, used.copy(), theta, fitted
    )
    expected = _summed(fitted, -1)
    expected[:, 0] = hidden
    return np.maximum(expected, 0.0), float(likelihood)


def _summed(cells: Reals, sign: int) -> Reals:
    """Superset sums of each row, or with sign -1 the cells that have these sums."""
    found = cells.copy()
    size = found.shape[1]
    for bit in range(size.bit_length() - 1):
        without = np.flatnonzero(~np.arange(size) >> bit & 1)
        found[:, without] += sign * found[:, without | 1 << bit]
    return found


def _bic(plan: Layout, counts: Reals, used: Flags, lists: int) -> float:
    _, likelihood = _fitted(plan, counts, used)
    constant = sum(sweep.factorials(row) for row in counts)
    return float(2 * (constant - likelihood) + used.sum() * log(counts.sum()))


def _replicates(plan: Layout, chosen: Flags, counts: Reals, *, number: int, seed: int, threads: int) -> Reals:
    """Totals by replicate and stratum, nan where none of its models could be fitted."""
    expected, _ = _fitted(plan, counts, joint.member(plan.blocks, chosen))
    name = (METHOD, counts.tolist(), seed)
    source = draw.Source.named(*name, people=round(float(expected.sum())), weights=expected.ravel())

    def totals(numbers: range) -> Reals:
        tables = source.rows(numbers).astype(np.float64).reshape(len(numbers), *counts.shape)
        tables[:, :, 0] = 0.0
        return np.asarray(tables.sum(axis=2) + _selected(plan, tables)[0])

    jobs = [partial(totals, part) for part in bootstrap.batches(number, batch=BATCH, threads=threads)]
    return np.concatenate([np.empty((0, len(counts))), *bootstrap.together(jobs, threads=threads)])


def _whole(
    sheet: Sheet,
    plan: Layout,
    *,
    hidden: Reals,
    chosen: Flags,
    drawn: Reals,
    level: float,
    seed: int,
    bic: float,
) -> Estimate:
    names = [plan.names[block] for block in range(plan.always, len(chosen)) if chosen[block]]
    return Estimate(
        method=METHOD,
        lists=sheet.whole.lists,
        observed=sheet.whole.observed,
        table=sheet.whole.hash,
        estimable=True,
        total=sheet.whole.observed + float(hidden.sum()),
        hidden=float(hidden.sum()),
        interval=_percentiles(drawn.sum(axis=1), level),
        model=tuple(names),
        bic=bic,
        replicates=len(drawn),
        failed=int(np.isnan(drawn).any(axis=1).sum()),
        seed=seed,
        versions={"palermo": __version__, "numpy": np.__version__, "numba": numba.__version__},
    )


def _percentiles(totals: Reals, level: float, *, kind: str = "percentile") -> Interval | None:
    reached = totals[~np.isnan(totals)]
    if not reached.size:
        return None
    low, high = np.quantile(reached, [(1 - level) / 2, (1 + level) / 2], method="median_unbiased")
    return Interval(level=level, kind=kind, low=float(low), high=float(high))
