"""Arithmetic on the cells of an overlap table, compiled: transforms over bitmasks and Newton's method.

No design matrix is ever built. With w for a cell, t for a term and a for its coefficient, the log of the
expected count is log mu_w = sum of a_t over t within w (a subset sum); what the likelihood equations compare
are the margins m_t = sum of mu_w over w containing t (a superset sum); and the Hessian of two terms is the
margin of their union. One step costs k 2^k additions, 2^k exponentials and p^3 / 6 for the factorisation.
"""

from math import exp, log

import numpy as np
from numba import njit
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Masks = NDArray[np.int64]
Flags = NDArray[np.bool_]

CONVERGED = 0
SUSPECT = 1
"""The fit drifts to infinity or its terms cannot be told apart: ask `existence` before using it."""

GAP = 1e-9
_LONGEST_STEP = 3.0
_DRIFT = 0.1
_SINGULAR = 1e-11
_MOST_STEPS = 200
_NOISE = 1e-11
_REORDERED = {"reassoc", "contract"}
"""Sums may be taken in another order; infinities and nan keep their meaning."""


@njit(cache=True, nogil=True, fastmath=True)
def subset_sum(values: Reals, lists: int) -> None:
    """In place: each cell becomes the sum over the sets within it."""
    size, bit = 1 << lists, lists & 1
    if bit:
        for w in range(0, size, 2):
            values[w + 1] += values[w]
    while bit < lists:
        half = 1 << bit
        for start in range(0, size, 4 * half):
            for w in range(start, start + half):
                first = values[w]
                second, third = values[w + half] + first, values[w + 2 * half] + first
                values[w + 3 * half] += values[w + 2 * half] + second
                values[w + half], values[w + 2 * half] = second, third
        bit += 2


@njit(cache=True, nogil=True, fastmath=True)
def superset_sum(values: Reals, lists: int) -> None:
    """In place: each cell becomes the sum over the sets that contain it."""
    size, bit = 1 << lists, lists & 1
    if bit:
        for w in range(0, size, 2):
            values[w] += values[w + 1]
    while bit < lists:
        half = 1 << bit
        for start in range(0, size, 4 * half):
            for w in range(start, start + half):
                last = values[w + 3 * half]
                second, third = values[w + half] + last, values[w + 2 * half] + last
                values[w] += values[w + half] + third
                values[w + half], values[w + 2 * half] = second, third
        bit += 2


@njit(cache=True, nogil=True)
def expected(
    terms: Masks, count: int, theta: Reals, alive: Flags, lists: int, linear: Reals, margin: Reals
) -> None:
    """Fill `linear` with log mu by cell and `margin` with the expected margins."""
    linear[:] = 0.0
    for i in range(count):
        linear[terms[i]] = theta[i]
    subset_sum(linear, lists)
    margin[0] = 0.0
    for w in range(1, 1 << lists):
        margin[w] = exp(linear[w]) if alive[w] else 0.0
    superset_sum(margin, lists)


@njit(cache=True, nogil=True)
def kill(alive: Flags, term: int) -> None:
    """Delete every cell that contains the term: its coefficient is minus infinity."""
    for w in range(alive.size):
        if w & term == term:
            alive[w] = False


@njit(cache=True, nogil=True, fastmath=_REORDERED)
def _factor(terms: Masks, count: int, margin: Reals, hessian: Reals) -> bool:
    """Cholesky factor of the Hessian; a term that repeats others is held where it is (pivot infinite)."""
    regular = True
    for i in range(count):
        for j in range(i + 1):
            value = margin[terms[i] | terms[j]]
            for m in range(j):
                value -= hessian[i, m] * hessian[j, m]
            if i > j:
                hessian[i, j] = value / hessian[j, j]
            elif value <= _SINGULAR * margin[terms[i]]:
                regular = False
                hessian[i, i] = 1e150
            else:
                hessian[i, i] = np.sqrt(value)
    return regular


@njit(cache=True, nogil=True, fastmath=_REORDERED)
def _solve(count: int, hessian: Reals, step: Reals) -> float:
    """Solve in place for the Newton step; returns its longest component."""
    for i in range(count):
        value = step[i]
        for m in range(i):
            value -= hessian[i, m] * step[m]
        step[i] = value / hessian[i, i]
    longest = 0.0
    for i in range(count - 1, -1, -1):
        step[i] /= hessian[i, i]
        for m in range(i):
            step[m] -= hessian[i, m] * step[i]
        longest = max(longest, abs(step[i]))
    return longest


@njit(cache=True, nogil=True)
def newton(
    terms: Masks,
    count: int,
    margins: Reals,
    alive: Flags,
    lists: int,
    theta: Reals,
    linear: Reals,
    margin: Reals,
    hessian: Reals,
    step: Reals,
) -> int:
    """Maximise the Poisson likelihood over the first `count` terms, from and into `theta`.

    `margins` are the observed superset counts, `alive` the cells not deleted, `terms` bitmasks with 0 for the
    intercept first. `linear`, `margin` (2^k), `hessian` (p x p) and `step` (p) are room to work in; on return
    `margin` holds the fitted margins. Returns CONVERGED or SUSPECT.
    """
    best, longest, regular = -np.inf, 0.0, True
    for _ in range(_MOST_STEPS):
        expected(terms, count, theta, alive, lists, linear, margin)
        value, gap = -margin[0], 0.0
        for i in range(count):
            wanted = margins[terms[i]]
            value += theta[i] * wanted
            gap = max(gap, abs(wanted - margin[terms[i]]) / max(wanted, 1.0))
        if gap < GAP:
            return CONVERGED if regular and longest <= _DRIFT else SUSPECT
        if value < best - _NOISE * abs(best):
            for i in range(count):
                step[i] *= 0.5
                theta[i] -= step[i]
            continue
        best = value
        regular = _factor(terms, count, margin, hessian)
        for i in range(count):
            step[i] = margins[terms[i]] - margin[terms[i]]
        longest = _solve(count, hessian, step)
        shrink = min(1.0, _LONGEST_STEP / longest) if longest > 0.0 else 1.0
        for i in range(count):
            step[i] *= shrink
            theta[i] += step[i]
        longest *= shrink
    return SUSPECT


@njit(cache=True, nogil=True)
def start(terms: Masks, count: int, margins: Reals, theta: Reals) -> None:
    """First guess: four people hidden for each observed, lists independent, no interaction."""
    for i in range(count):
        theta[i] = 0.0
        if terms[i] & (terms[i] - 1) == 0:
            theta[i] = log(margins[terms[i]] / (5.0 * margins[0]))
    theta[0] = log(4.0 * margins[0])
