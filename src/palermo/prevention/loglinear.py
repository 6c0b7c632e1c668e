"""One log-linear model fitted to an overlap table by extended maximum likelihood.

log mu_w = sum of a_t over the terms t within cell w; the hidden number is exp(a_0). A term whose lists
share nobody has a_t = minus infinity: the cells that contain it are deleted and the term still counts as a
parameter (Chan, Silverman and Vincent, JASA 116, 2021).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, lgamma, log

import numpy as np
from numba import njit
from numpy.typing import ArrayLike

from palermo.prevention import cells, existence
from palermo.prevention.cells import Masks, Reals
from palermo.prevention.existence import Code
from palermo.prevention.overlap import Counts, Overlap, array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fit:
    """A fitted model; `total` and `hidden` are None unless the code is 0 (existing and identifiable).

    `terms` are the interactions asked for, as bitmasks; `infinite` those with coefficient minus infinity.
    AIC and BIC hold the log n! terms; the sample size of BIC is the people observed.
    """

    terms: tuple[int, ...]
    infinite: tuple[int, ...]
    code: Code
    total: float | None
    hidden: float | None
    aic: float
    bic: float
    deviance: float
    log_likelihood: float
    parameters: int
    fitted: Reals
    """Expected count by cell; `fitted[0]` is the hidden number, nan where it cannot be estimated."""


def fit(table: Overlap | ArrayLike, terms: Iterable[int] = ()) -> Fit:
    """Fit main effects and the interactions `terms` (bitmasks) to a table or its counts by cell."""
    counts = array(table)
    asked = tuple(terms)
    status, fitted, infinite = _solution(counts, asked)
    code = existence.code(counts, asked) if status == cells.SUSPECT else Code.OK
    hidden = float(fitted[0]) if code is Code.OK else None
    if hidden is None:
        fitted[0] = np.nan
    return _summary(counts, asked, infinite, code=code, hidden=hidden, fitted=fitted)


def _solution(counts: Counts, terms: tuple[int, ...]) -> tuple[int, Reals, tuple[int, ...]]:
    lists = counts.size.bit_length() - 1
    every = np.array([0, *(1 << i for i in range(lists)), *terms], dtype=np.int64)
    status, fitted, margins = _fitted(counts, every, lists)
    return status, fitted, tuple(t for t in terms if margins[t] == 0)


@njit(cache=True, nogil=True)
def _fitted(counts: Counts, terms: Masks, lists: int) -> tuple[int, Reals, Reals]:
    """Status, expected counts by cell (cell 0: the hidden number) and observed margins."""
    size = 1 << lists
    margins = counts.astype(np.float64)
    cells.superset_sum(margins, lists)
    alive = np.ones(size, dtype=np.bool_)
    finite = np.empty(terms.size, dtype=np.int64)
    count = 0
    for t in terms:
        if margins[t] > 0:
            finite[count] = t
            count += 1
        else:
            cells.kill(alive, t)
    theta, step = np.empty(count), np.empty(count)
    linear, margin = np.empty(size), np.empty(size)
    cells.start(finite, count, margins, theta)
    status = cells.newton(
        finite, count, margins, alive, lists, theta, linear, margin, np.empty((count, count)), step
    )
    for w in range(size):
        linear[w] = exp(linear[w]) if alive[w] else 0.0
    return status, linear, margins


def _summary(
    counts: Counts,
    terms: tuple[int, ...],
    infinite: tuple[int, ...],
    *,
    code: Code,
    hidden: float | None,
    fitted: Reals,
) -> Fit:
    observed, people = int(counts.sum()), counts[counts > 0]
    log_likelihood = float((people * np.log(fitted[counts > 0])).sum() - fitted[1:].sum())
    saturated = float((people * np.log(people)).sum()) - observed
    factorials = sum(map(lgamma, (people + 1.0).tolist()))
    parameters = counts.size.bit_length() + len(terms)
    return Fit(
        terms=terms,
        infinite=infinite,
        code=code,
        total=None if hidden is None else observed + hidden,
        hidden=hidden,
        aic=2 * parameters - 2 * (log_likelihood - factorials),
        bic=log(observed) * parameters - 2 * (log_likelihood - factorials),
        deviance=2 * (saturated - log_likelihood),
        log_likelihood=log_likelihood - factorials,
        parameters=parameters,
        fitted=fitted,
    )
