"""One sweep of Newton fits over many log-linear models of one overlap table, compiled.

There is no design matrix. With log mu(w) = sum of theta(t) over the terms t inside the cell w, the linear
predictor is a subset sum, the fitted margins are superset sums of mu, and the Hessian at (a, b) is the fitted
margin of a|b. A term whose margin is zero is minus infinity: its cells leave the table, and it still counts
among the parameters (extended maximum likelihood; Fienberg & Rinaldo 2012, Chan, Silverman & Vincent 2021).
"""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from palermo.prevention import cells
from palermo.prevention.cells import Flags, Masks, Reals

Statuses = NDArray[np.int8]

FITTED, DRIFTED, SINGULAR, UNSETTLED, LEFT = 0, 1, 2, 3, 4
STEPS = 80  # a fit that drifts settles its margins in about thirty
CAP = 3.0  # the longest step of one parameter
DRIFT = 0.1  # a parameter that still moves so far once its margins fit is on its way to infinity
NEAR, SLACK = 0.5, 0.5  # Newton may be believed so near; and log-likelihood given away to be sure
PIVOT = 1e-11  # a pivot under this share of its diagonal is none


@njit(cache=True, nogil=True)
def solve(terms: Masks, fitted: Reals, hessian: Reals, gradient: Reals, step: Reals) -> bool:
    """Newton's step by Cholesky, the Hessian read from the fitted margins; False where a pivot vanishes."""
    size = len(terms)
    for row in range(size):
        for column in range(row + 1):
            total = fitted[terms[row] | terms[column]]
            for inner in range(column):
                total -= hessian[row, inner] * hessian[column, inner]
            if row > column:
                hessian[row, column] = total / hessian[column, column]
            elif total <= PIVOT * fitted[terms[row]]:
                return False
            else:
                hessian[row, row] = math.sqrt(total)
    for row in range(size):
        total = gradient[row]
        for inner in range(row):
            total -= hessian[row, inner] * step[inner]
        step[row] = total / hessian[row, row]
    for row in range(size - 1, -1, -1):
        total = step[row]
        for inner in range(row + 1, size):
            total -= hessian[inner, row] * step[inner]
        step[row] = total / hessian[row, row]
    return True


@njit(cache=True, nogil=True)
def recedes(counts: Reals, alive: Flags, move: Reals) -> bool:
    """Does the last step lower empty cells for ever and leave the others where they are?"""
    falls = False
    for cell in range(1, len(counts)):
        if not alive[cell]:
            continue
        if move[cell] > 1e-3 or (counts[cell] > 0 and move[cell] < -1e-3):
            return False
        falls = falls or move[cell] < -DRIFT
    return falls


@njit(cache=True, nogil=True)
def starting(margins: Reals, observed: float, terms: Masks, theta: Reals) -> None:
    """Nobody depends on anybody, and four in five are unseen."""
    for place in range(len(terms)):
        term = terms[place]
        theta[place] = 0.0
        if term == 0:
            theta[place] = math.log(4.0 * observed)
        elif term & (term - 1) == 0 and margins[term] > 0:
            theta[place] = math.log(margins[term] / (5.0 * observed))


@njit(cache=True, nogil=True)
def fit(
    counts: Reals,
    margins: Reals,
    lists: int,
    terms: Masks,
    chosen: Flags,
    theta: Reals,
    tolerance: float,
    enough: float,
) -> tuple[int, float, int]:
    """Fit the chosen terms from `theta`, in place: the status, the log-likelihood, the parameters counted.

    The log-likelihood leaves out the factorials. A fit whose log-likelihood cannot reach `enough`, even if it
    gained twice what Newton's step promises, is left.
    """
    finite, values = np.empty(len(terms), dtype=np.int64), np.empty(len(terms))
    alive = np.ones(len(counts), dtype=np.bool_)
    size, counted = 0, 0
    for place in range(len(terms)):
        counted += chosen[place]
        if chosen[place] and margins[terms[place]] > 0:
            finite[size], values[size] = terms[place], theta[place]
            size += 1
        elif chosen[place]:
            cells.kill(alive, terms[place])
    status, likelihood = climb(counts, margins, lists, finite[:size], alive, values, tolerance, enough)
    size = 0
    for place in range(len(terms)):
        if chosen[place] and margins[terms[place]] > 0:
            theta[place] = values[size]
            size += 1
    return status, likelihood, counted


@njit(cache=True, nogil=True)
def climb(
    counts: Reals,
    margins: Reals,
    lists: int,
    terms: Masks,
    alive: Flags,
    theta: Reals,
    tolerance: float,
    enough: float,
) -> tuple[int, float]:
    """Newton's method on the finite terms, from and into `theta`: the status and the log-likelihood."""
    size = len(terms)
    linear, fitted = np.empty(len(counts)), np.empty(len(counts))
    hessian, gradient, step = np.empty((size, size)), np.empty(size), np.zeros(size)
    longest, likelihood = 0.0, 0.0
    for _ in range(STEPS):
        cells.expected(terms, size, theta, alive, lists, linear, fitted)
        likelihood, gap = -fitted[0], 0.0
        for one in range(size):
            margin = margins[terms[one]]
            gradient[one] = margin - fitted[terms[one]]
            gap = max(gap, abs(gradient[one]) / margin)
            likelihood += margin * theta[one]
        if gap <= tolerance:
            return settled(counts, lists, terms, alive, step, longest, linear), likelihood
        if not solve(terms, fitted, hessian, gradient, step):
            return SINGULAR, likelihood
        promised, longest = 0.0, 0.0
        for one in range(size):
            promised += step[one] * gradient[one]
            longest = max(longest, abs(step[one]))
        if longest < NEAR and likelihood + promised + SLACK < enough:
            return LEFT, likelihood
        shrink = min(1.0, CAP / longest)
        for one in range(size):
            theta[one] += shrink * step[one]
    return UNSETTLED, likelihood


@njit(cache=True, nogil=True)
def settled(
    counts: Reals, lists: int, terms: Masks, alive: Flags, step: Reals, longest: float, linear: Reals
) -> int:
    """The margins fit: is it an estimate, a drift to infinity, or neither for certain?"""
    if longest <= DRIFT:
        return FITTED
    linear[:] = 0.0
    for one in range(len(terms)):
        linear[terms[one]] = step[one]
    cells.subset_sum(linear, lists)
    return DRIFTED if recedes(counts, alive, linear) else UNSETTLED


@njit(cache=True, nogil=True)
def factorials(counts: Reals) -> float:
    """The sum of log n! that the likelihood takes off."""
    total = 0.0
    for count in counts:
        total += math.lgamma(count + 1.0)
    return total


@njit(cache=True, nogil=True)
def whole(
    counts: Reals, lists: int, terms: Masks, models: Flags, tolerance: float
) -> tuple[Reals, Reals, Statuses, Reals]:
    """Fit every model, a row that says which terms it has: its BIC, hidden count, status and parameters."""
    bic, hidden = np.empty(len(models)), np.empty(len(models))
    status, thetas = np.empty(len(models), dtype=np.int8), np.zeros((len(models), len(terms)))
    margins = counts.copy()
    cells.superset_sum(margins, lists)
    observed, constant = margins[0], 2.0 * factorials(counts)
    for model in range(len(models)):
        starting(margins, observed, terms, thetas[model])
        found, likelihood, counted = fit(
            counts, margins, lists, terms, models[model], thetas[model], tolerance, -math.inf
        )
        status[model] = found
        bic[model] = constant - 2.0 * likelihood + counted * math.log(observed)
        hidden[model] = math.exp(thetas[model, 0])
    return bic, hidden, status, thetas
