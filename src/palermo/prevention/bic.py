"""The model with the lowest BIC among all hierarchical models, and the average of them all by their weight.

The catalogue is gone through whole up to five lists (six with pairs only); past that a downhill search from
several starts gives the models. Intervals repeat the choice in each replicate among the `top` best models of
the observed table, and the stability curve shows what fewer would have given (Silverman, Chan & Vincent,
Statistics and Computing 34:44, 2024). The average weighs each model by exp(-BIC/2).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numba
import numpy as np

from palermo import __version__
from palermo.prevention import bootstrap, contest, downhill, existence, hierarchy, loglinear, sweep
from palermo.prevention.bootstrap import Spread
from palermo.prevention.cells import Flags, Masks, Reals
from palermo.prevention.estimate import Estimate, Interval, refused
from palermo.prevention.hierarchy import Terms
from palermo.prevention.overlap import Counts, Overlap
from palermo.prevention.saying import Saying, say

BEST, AVERAGE = "bic", "bic-average"
ORDER = 2
TOP = 1000  # models that compete in each replicate of a table of six lists or fewer
FEWEST = 20  # and at least of a wider one, where each model costs more
NESTED = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)
BATCH = 32  # replicates fitted in one compiled call
SHOWN = 10  # models named in the details
GAP = 1e-9
LONE = 0.5  # a winner under this weight is no clear winner


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ranking:
    """The models that can be estimated from a table, the lowest BIC first; equals keep the catalogue's order.

    `terms` are the parameters as bitmasks and a row of `models` says which of them a model has. `considered`
    counts the models that cannot be estimated too; `searched` says that others were never looked at.
    """

    lists: int
    observed: int
    terms: Masks
    models: Flags
    bic: Reals
    hidden: Reals
    thetas: Reals
    considered: int
    searched: bool

    def __len__(self) -> int:
        return len(self.bic)

    @property
    def weights(self) -> Reals:
        """What each model weighs in the average; together 1."""
        shares = np.exp((self.bic[0] - self.bic) / 2)
        return np.asarray(shares / shares.sum())

    @property
    def averaged(self) -> float:
        """The hidden number over all models by their weight."""
        return float(self.weights @ self.hidden)

    def interactions(self, rank: int) -> Terms:
        """The interactions of a model, as bitmasks."""
        first = 1 + self.lists
        return tuple(self.terms[first:][self.models[rank, first:]].tolist())


def rank(table: Overlap, *, order: int = ORDER) -> Ranking:
    """Fit every hierarchical model, or those that a search comes by, and order them by BIC."""
    lists, counts = len(table.lists), table.counts.astype(np.float64)
    searched = not hierarchy.listable(lists, order)
    if searched:
        found = downhill.search(counts, lists=lists, order=order)
        terms, models = found.terms, found.rows(list(found.places))
        columns = zip(*found.found, strict=True)
        bic, hidden, status, thetas = (np.concatenate(column) for column in columns)
    else:
        known = hierarchy.catalogue(lists, order)
        terms = np.array([0, *(1 << one for one in range(lists)), *known.interactions], dtype=np.int64)
        models = hierarchy.table(known)
        bic, hidden, status, thetas = sweep.whole(counts, lists, terms, models, GAP)
    bic, hidden = _refereed(table.counts, terms[1 + lists :], models[:, 1 + lists :], bic, hidden, status)
    good = np.flatnonzero(np.isfinite(bic))
    good = good[np.argsort(np.round(bic[good], 7), kind="stable")]
    return Ranking(
        lists=lists,
        observed=table.observed,
        terms=terms,
        models=models[good],
        bic=bic[good],
        hidden=hidden[good],
        thetas=thetas[good],
        considered=len(models),
        searched=searched,
    )


def _refereed(
    counts: Counts, terms: Masks, models: Flags, bic: Reals, hidden: Reals, status: sweep.Statuses
) -> tuple[Reals, Reals]:
    """An infinite BIC for what has no estimate; the linear program answers where the sweep is not certain."""
    bic, hidden = bic.copy(), hidden.copy()
    for place in np.flatnonzero((status == sweep.UNSETTLED) | (status == sweep.SINGULAR)):
        fit = loglinear.fit(counts, tuple(terms[models[place]].tolist()))
        bic[place] = fit.bic if fit.hidden is not None else np.inf
        hidden[place] = fit.hidden if fit.hidden is not None else np.nan
    bic[status == sweep.DRIFTED] = np.inf
    return bic, hidden


def estimate(
    table: Overlap,
    *,
    averaged: bool = False,
    order: int = ORDER,
    top: int | None = None,
    replicates: int = 1000,
    level: float = 0.95,
    seed: int = 1,
    threads: int = 1,
) -> Estimate:
    """The best model's answer or the average's, with the interval of the `top` best models.

    Without `top` as many compete as `affordable` says; 0 lets all of them.
    """
    method = AVERAGE if averaged else BEST
    ranking = rank(table, order=order)
    if not len(ranking):
        code = loglinear.fit(table).code
        return refused(method, table, say("no-model", reason=existence.WHY[code]), code=code)
    among = affordable(len(table.lists)) if top is None else top or len(ranking)
    tops = nested(min(among, len(ranking)))
    contests = held(
        table, ranking, tops=tops, averaged=averaged, replicates=replicates, seed=seed, threads=threads
    )
    spread, found = contests.spreads[-1], _answer(table, ranking, averaged=averaged)
    interval, doubts = spread.interval(level) if replicates else (None, ())
    curve = contests.curve(level) if replicates else []
    return replace(
        found,
        replicates=replicates,
        seed=seed,
        interval=interval,
        acceleration=spread.acceleration,
        failed=spread.failed,
        warnings=(*found.warnings, *doubts, *contests.doubts),
        details={**found.details, "order": order, "top": int(tops[-1]), "curve": curve},
        drawn=spread.totals,
    )


def affordable(lists: int) -> int:
    """How many models compete unless told: fewer on wide tables, whose every fit takes longer."""
    return max(FEWEST, min(TOP, TOP * 64 >> lists))


def nested(top: int) -> Masks:
    """The numbers of best models at which the stability curve is drawn."""
    return np.array([*(number for number in NESTED if number < top), top], dtype=np.int64)


def totals(ranking: Ranking, tables: Counts, *, tops: Masks, averaged: bool) -> tuple[Reals, Masks, Masks]:
    """The total of each table (row) among the best models (column), the rank of its winner, and how many
    contenders it left out because neither an estimate nor its absence was certain.
    """
    size = int(tops[-1])
    warm = np.isfinite(ranking.thetas[:size, 0])
    places, hidden, mean, unsettled = contest.hold(
        tables.astype(np.float64),
        ranking.lists,
        ranking.terms,
        ranking.models[:size],
        ranking.thetas[:size],
        warm,
        tops,
        contest.REACH if averaged else 0.0,
    )
    return tables.sum(axis=1)[:, None] + (mean if averaged else hidden), places, unsettled


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Held:
    """One spread for each number of best models, from the same replicates, and each replicate's winner."""

    tops: Masks
    spreads: tuple[Spread, ...]
    winners: Masks
    unsettled: int = 0

    @property
    def doubts(self) -> tuple[Saying, ...]:
        """A warning where replicates left out a model that might have won."""
        if not self.unsettled:
            return ()
        return (say("unsettled-replicates", number=self.unsettled),)

    def curve(self, level: float) -> list[dict[str, Any]]:
        """The stability curve: what the best 1, 2, 5 ... models would have given, and who wins among all."""
        points = zip(self.tops.tolist(), self.spreads, strict=True)
        return [self._point(top, spread.interval(level)[0]) for top, spread in points]

    def _point(self, top: int, interval: Interval | None) -> dict[str, Any]:
        within = float((self.winners < top).mean())
        if interval is None:
            return {"top": top, "winners_within": within}
        limits = {"kind": interval.kind, "low": interval.low, "high": interval.high}
        return {"top": top, "winners_within": within, **limits}


def held(
    table: Overlap,
    ranking: Ranking,
    *,
    tops: Masks,
    averaged: bool,
    replicates: int,
    seed: int = 1,
    threads: int = 1,
) -> Held:
    """Hold the contest in the table, in the table less one person, and in each replicate."""
    cells, people = bootstrap.occupied(table)
    source = bootstrap.source(table, seed=seed)

    def contested(rows: Counts) -> tuple[Reals, Masks, Masks]:
        tables = np.zeros((len(rows), len(table.counts)), dtype=np.int64)
        tables[:, cells] = rows
        return totals(ranking, tables, tops=tops, averaged=averaged)

    given = np.vstack([people, people - np.eye(people.size, dtype=np.int64)])
    parts = bootstrap.batches(len(given), batch=BATCH, threads=threads)
    replicated = bootstrap.batches(replicates, batch=BATCH, threads=threads)
    jobs = [
        *(partial(contested, given[part.start : part.stop]) for part in parts),
        *(partial(lambda numbers: contested(source.rows(numbers)), numbers) for numbers in replicated),
    ]
    found, ranks, left = map(np.concatenate, zip(*bootstrap.together(jobs, threads=threads), strict=True))
    first = len(given)
    return Held(
        tops=tops,
        spreads=tuple(
            Spread(
                total=float(found[0, at]), totals=found[first:, at], lowered=found[1:first, at], people=people
            )
            for at in range(len(tops))
        ),
        winners=ranks[first:, -1],
        unsettled=int((left[first:] > 0).sum()),
    )


def _answer(table: Overlap, ranking: Ranking, *, averaged: bool) -> Estimate:
    best = loglinear.fit(table, ranking.interactions(0))
    hidden = ranking.averaged if averaged else float(ranking.hidden[0])
    return Estimate(
        method=AVERAGE if averaged else BEST,
        lists=table.lists,
        observed=table.observed,
        table=table.hash,
        estimable=True,
        total=table.observed + hidden,
        hidden=hidden,
        model=() if averaged else table.model(ranking.interactions(0)),
        aic=None if averaged else best.aic,
        bic=None if averaged else float(ranking.bic[0]),
        warnings=tuple(_warnings(ranking, averaged=averaged)),
        versions={"palermo": __version__, "numpy": np.__version__, "numba": numba.__version__},
        details=_details(table, ranking),
    )


def _warnings(ranking: Ranking, *, averaged: bool) -> Iterable[Saying]:
    weight = float(ranking.weights[0])
    if weight < LONE and not averaged:
        yield say("lone-winner", weight=weight)
    if ranking.searched:
        yield say("downhill", considered=ranking.considered)


def _details(table: Overlap, ranking: Ranking) -> dict[str, Any]:
    return {
        "weight_of_best": float(ranking.weights[0]),
        "admissible": len(ranking),
        "considered": ranking.considered,
        "searched": ranking.searched,
        "models": [
            {
                "model": [list(term) for term in table.model(ranking.interactions(rank))],
                "total": table.observed + float(ranking.hidden[rank]),
                "bic": float(ranking.bic[rank]),
                "weight": float(ranking.weights[rank]),
            }
            for rank in range(min(SHOWN, len(ranking)))
        ],
    }
