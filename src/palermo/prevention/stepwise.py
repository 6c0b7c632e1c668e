"""Forward stepwise choice of pairs by Poisson p-values (Chan, Silverman and Vincent, JASA 116, 2021).

From main effects on, the absent pair whose count is least likely under the present fit is added while its
one-sided p-value is under the threshold and the larger model can be estimated. Existence is asked only of a
fit that drifts: the compiled climb stops there, the referee answers, and the climb is replayed with the
answer.
"""

from itertools import combinations
from math import exp, lgamma, log

import numba
import numpy as np
from numba import njit
from numpy.typing import NDArray

from palermo import __version__
from palermo.prevention import bootstrap, cells, existence, loglinear
from palermo.prevention.cells import Masks, Reals
from palermo.prevention.estimate import Estimate, refused
from palermo.prevention.existence import WHY, Code
from palermo.prevention.overlap import Counts, Overlap
from palermo.prevention.saying import say

METHOD = "stepwise"
THRESHOLD = 0.02

_DONE, _ASK, _FAILED = 0, 1, 2
_UNASKED = -1
_NEAR = 1 - 1e-9  # p-values nearer than this are equal: rounding must not choose between two alike pairs

Answers = NDArray[np.int8]


def estimate(
    table: Overlap,
    *,
    threshold: float = THRESHOLD,
    replicates: int = 1000,
    level: float = 0.95,
    seed: int = 1,
    threads: int = 1,
    batch: int = bootstrap.BATCH,
) -> Estimate:
    """Choose a model, and bootstrap with the choice made anew in each replicate."""
    terms = chosen(table, threshold=threshold)
    fit = loglinear.fit(table, terms)
    if fit.total is None:
        return refused(METHOD, table, say("not-this-model", reason=WHY[fit.code]), code=fit.code)
    spread = bootstrap.spread(
        table,
        lambda where, rows: totals(where, rows, lists=len(table.lists), threshold=threshold),
        replicates=replicates,
        seed=seed,
        threads=threads,
        batch=batch,
    )
    interval, warnings = spread.interval(level) if replicates else (None, ())
    return Estimate(
        method=METHOD,
        lists=table.lists,
        observed=table.observed,
        table=table.hash,
        estimable=True,
        total=fit.total,
        hidden=fit.hidden,
        interval=interval,
        model=table.model(terms),
        aic=fit.aic,
        bic=fit.bic,
        acceleration=spread.acceleration,
        replicates=replicates,
        failed=spread.failed,
        warnings=warnings,
        seed=seed,
        versions={"palermo": __version__, "numpy": np.__version__, "numba": numba.__version__},
        details={"threshold": threshold},
        drawn=spread.totals,
    )


def chosen(table: Overlap, *, threshold: float = THRESHOLD) -> tuple[int, ...]:
    """The pairs of the chosen model as bitmasks, in list order."""
    where = np.flatnonzero(table.counts)
    _, (model,) = _climbs(where, table.counts[where][None], len(table.lists), threshold)
    return tuple(_pairs(len(table.lists))[model].tolist())


def totals(where: Counts, rows: Counts, *, lists: int, threshold: float = THRESHOLD) -> Reals:
    """The total of each row of counts over the cells `where`, each with its own choice of model."""
    hidden, _ = _climbs(where, rows, lists, threshold)
    return np.asarray(rows.sum(axis=1) + hidden)


def _climbs(where: Counts, rows: Counts, lists: int, threshold: float) -> tuple[Reals, cells.Flags]:
    """Hidden number (nan: none) and model of each row; the referee answers between the compiled climbs."""
    pairs = _pairs(lists)
    status = np.full(len(rows), _ASK, dtype=np.int64)
    hidden = np.full(len(rows), np.nan)
    models = np.zeros((len(rows), pairs.size), dtype=np.bool_)
    answers = np.full((len(rows), 4), _UNASKED, dtype=np.int8)
    while (waiting := np.flatnonzero(status == _ASK)).size:
        _climb_all(waiting, where, rows, lists, threshold, pairs, answers, status, hidden, models)
        for row in np.flatnonzero(status == _ASK).tolist():
            answers = _answered(answers, row, _referee(where, rows[row], lists, pairs[models[row]]))
    return hidden, models


def _pairs(lists: int) -> Masks:
    """Every two lists as a bitmask, in list order."""
    return np.array([1 << i | 1 << j for i, j in combinations(range(lists), 2)], dtype=np.int64)


def _referee(where: Counts, people: Counts, lists: int, model: Masks) -> Code:
    counts = np.zeros(1 << lists, dtype=np.int64)
    counts[where] = people
    return existence.code(counts, tuple(model.tolist()))


def _answered(answers: Answers, row: int, code: Code) -> Answers:
    """The answers with one more for this row, made wider when there is no room."""
    if answers[row, -1] != _UNASKED:
        answers = np.hstack([answers, np.full_like(answers, _UNASKED)])
    answers[row, np.argmax(answers[row] == _UNASKED)] = code
    return answers


@njit(cache=True, nogil=True)
def tail(count: float, mean: float, best: float) -> float:
    """The smaller of P(X <= count) and P(X >= count) for a Poisson X, or 1 once it is seen to pass `best`.

    Terms fall from the count outwards, so the sum stops as soon as it is over `best` or no longer grows.
    """
    term = exp(count * log(mean) - mean - lgamma(count + 1.0))
    total, j = term, count
    while total < best and term > total * 1e-17:
        if count < mean:
            term *= j / mean
            j -= 1.0
        else:
            j += 1.0
            term *= mean / j
        total += term
    return total if total < best else 1.0


@njit(cache=True, nogil=True)
def _likeliest(
    pairs: Masks, margins: Reals, margin: Reals, model: cells.Flags, banned: cells.Flags, threshold: float
) -> int:
    """The absent pair with the smallest p-value under the threshold, the first of equals; -1 for none."""
    best, pick = threshold, -1
    for j in range(pairs.size):
        mean = margin[pairs[j]]
        if not model[j] and not banned[j] and mean > 0.0:
            p = tail(margins[pairs[j]], mean, best)
            if p < best * _NEAR:
                best, pick = p, j
    return pick


@njit(cache=True, nogil=True)
def _climb(
    margins: Reals, lists: int, threshold: float, pairs: Masks, answers: Answers, model: cells.Flags
) -> tuple[int, float]:
    """Status and log of the hidden number; `model` holds the pairs chosen, or asked about."""
    size, most, asked = 1 << lists, 1 + lists + pairs.size, 0
    terms, theta, step = np.zeros(most, dtype=np.int64), np.zeros(most), np.zeros(most)
    linear, margin, hessian = np.empty(size), np.empty(size), np.empty((most, most))
    alive, banned = np.ones(size, dtype=np.bool_), np.zeros(pairs.size, dtype=np.bool_)
    before, count, pick = np.zeros(most), 1, -1
    model[:] = False
    for i in range(lists):
        if margins[1 << i] > 0.0:
            terms[count] = 1 << i
            count += 1
        else:
            cells.kill(alive, 1 << i)
    cells.start(terms, count, margins, theta)
    while True:
        alone = cells.newton(terms, count, margins, alive, lists, theta, linear, margin, hessian, step)
        code = 0
        if alone == cells.SUSPECT:
            if asked == answers.size or answers[asked] == _UNASKED:
                return _ASK, 0.0
            code = answers[asked]
            asked += 1
        if code == 0:
            banned[:] = False
        elif pick < 0:
            return _FAILED, 0.0
        else:
            count = _withdrawn(pick, count, pairs, model, margins, alive, lists)
            banned[pick] = True
            theta[:] = before
            cells.expected(terms, count, theta, alive, lists, linear, margin)
        pick = _likeliest(pairs, margins, margin, model, banned, threshold)
        if pick < 0:
            return _DONE, theta[0]
        before[:] = theta
        model[pick] = True
        if margins[pairs[pick]] > 0.0:
            # one step of proportional fitting: the new pair's own margin is met from the start
            terms[count], theta[count] = pairs[pick], log(margins[pairs[pick]] / margin[pairs[pick]])
            count += 1
        else:
            cells.kill(alive, pairs[pick])


@njit(cache=True, nogil=True)
def _withdrawn(
    pick: int, count: int, pairs: Masks, model: cells.Flags, margins: Reals, alive: cells.Flags, lists: int
) -> int:
    """Take the last pair back; how many finite terms are left."""
    model[pick] = False
    if margins[pairs[pick]] > 0.0:
        return count - 1
    alive[:] = True
    for i in range(lists):
        if margins[1 << i] == 0.0:
            cells.kill(alive, 1 << i)
    for j in range(pairs.size):
        if model[j] and margins[pairs[j]] == 0.0:
            cells.kill(alive, pairs[j])
    return count


@njit(cache=True, nogil=True)
def _climb_all(
    waiting: Masks,
    where: Masks,
    rows: Counts,
    lists: int,
    threshold: float,
    pairs: Masks,
    answers: Answers,
    status: Masks,
    hidden: Reals,
    models: cells.Flags,
) -> None:
    margins = np.empty(1 << lists)
    for row in waiting:
        margins[:] = 0.0
        for cell in range(where.size):
            margins[where[cell]] = rows[row, cell]
        cells.superset_sum(margins, lists)
        status[row], value = _climb(margins, lists, threshold, pairs, answers[row], models[row])
        hidden[row] = exp(value) if status[row] == _DONE else np.nan
