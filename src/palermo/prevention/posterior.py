"""Draws from the posterior of a log-linear model with normal priors, compiled.

The log posterior is concave, so there is one mode; Newton finds it. Hamiltonian Monte Carlo then moves in the
coordinates where the curvature at the mode is the identity, in which a posterior close to normal needs few
steps a draw (Neal 2011). Means, gradients and curvature come from subset and superset sums over cells.
"""

import math
from dataclasses import dataclass

import numpy as np
from numba import njit

from palermo.prevention import cells
from palermo.prevention.cells import Masks, Reals

LEAPS = 6  # leapfrog steps a draw
STRIDE = 0.35  # their length at most, in standard deviations of the normal approximation
WARM = 500  # draws thrown away
NEWTON = 200
FLAT = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draws:
    """Parameters by draw (rows) and term (columns), and the share of proposals accepted."""

    thetas: Reals
    accepted: float


def draws(
    counts: Reals, *, terms: Masks, precision: Reals, number: int, stream: np.random.Generator
) -> Draws:
    """Draw from the posterior of all cells but the hidden one; `precision` is the prior's, by term."""
    lists = len(counts).bit_length() - 1
    margins = counts.copy()
    cells.superset_sum(margins, lists)
    mode, curvature = peak(margins, lists, terms, precision)
    scale = np.linalg.inv(np.linalg.cholesky(curvature)).T.copy()
    thetas, accepted = walk(
        margins,
        lists,
        terms,
        precision,
        mode,
        scale,
        stream.standard_normal((number + WARM, len(terms))),
        stream.random((number + WARM, 2)),
    )
    return Draws(thetas=thetas[WARM:], accepted=float(accepted[WARM:].mean()))


@njit(cache=True, nogil=True)
def slope(
    margins: Reals, lists: int, terms: Masks, precision: Reals, theta: Reals, gradient: Reals, fitted: Reals
) -> float:
    """The log posterior at theta; its gradient and the fitted margins are filled in."""
    linear, alive = np.empty(len(margins)), np.ones(len(margins), dtype=np.bool_)
    cells.expected(terms, len(terms), theta, alive, lists, linear, fitted)
    value = -fitted[0]
    for one in range(len(terms)):
        pull = precision[one] * theta[one]
        gradient[one] = margins[terms[one]] - fitted[terms[one]] - pull
        value += theta[one] * (margins[terms[one]] - 0.5 * pull)
    return float(value)


@njit(cache=True, nogil=True)
def peak(margins: Reals, lists: int, terms: Masks, precision: Reals) -> tuple[Reals, Reals]:
    """The mode and the curvature there (minus the second derivatives), by Newton with halved steps."""
    size = len(terms)
    theta, gradient, fitted = np.zeros(size), np.empty(size), np.empty(len(margins))
    cells.start(terms, size, margins, theta)
    curvature = np.empty((size, size))
    value = slope(margins, lists, terms, precision, theta, gradient, fitted)
    for _ in range(NEWTON):
        for row in range(size):
            for column in range(size):
                curvature[row, column] = fitted[terms[row] | terms[column]]
            curvature[row, row] += precision[row]
        step = np.linalg.solve(curvature, gradient)
        promised = (step * gradient).sum()
        if promised < FLAT:
            break
        step *= min(1.0, 3.0 / np.abs(step).max())
        higher = slope(margins, lists, terms, precision, theta + step, gradient, fitted)
        while not higher >= value and np.abs(step).max() > FLAT:
            step *= 0.5
            higher = slope(margins, lists, terms, precision, theta + step, gradient, fitted)
        theta += step
        value = higher
    return theta, curvature


@njit(cache=True, nogil=True)
def walk(
    margins: Reals,
    lists: int,
    terms: Masks,
    precision: Reals,
    mode: Reals,
    scale: Reals,
    kicks: Reals,
    chances: Reals,
) -> tuple[Reals, Reals]:
    """Hamiltonian draws with the given standard-normal kicks; where each went, and if it was accepted."""
    size = len(terms)
    gradient, fitted = np.empty(size), np.empty(len(margins))
    place, theta = np.zeros(size), mode.copy()
    thetas, accepted = np.empty((len(kicks), size)), np.zeros(len(kicks))
    value = slope(margins, lists, terms, precision, theta, gradient, fitted)
    pull = scale.T @ gradient
    for draw in range(len(kicks)):
        stride = STRIDE * (0.5 + 0.5 * chances[draw, 0])
        speed = kicks[draw].copy()
        there, force, height = place.copy(), pull.copy(), value
        before = value - 0.5 * (speed * speed).sum()
        for _ in range(LEAPS):
            speed += 0.5 * stride * force
            there += stride * speed
            height = slope(margins, lists, terms, precision, mode + scale @ there, gradient, fitted)
            force = scale.T @ gradient
            speed += 0.5 * stride * force
        after = height - 0.5 * (speed * speed).sum()
        if math.log(chances[draw, 1]) < after - before:
            place, pull, value, accepted[draw] = there, force, height, 1.0
            theta = mode + scale @ place
        thetas[draw] = theta
    return thetas, accepted
