"""Compiled sums over decomposable graphs: one posterior of the total, and a walk where graphs are too many.

`rows[A]` holds log F of the lists A at each point of the grid of hidden numbers, `shared` what every graph
has in common there; a graph's log probability at a point is `shared` plus the rows of its cliques less the
rows of its separators.
"""

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from palermo.prevention import chordal

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

_BLOCK: Final = 1_024
_NEGLIGIBLE: Final = -46.0


@njit(cache=True, nogil=True)
def summed(graphs: Integers, lists: int, rows: Reals, shared: Reals) -> tuple[Reals, Reals]:
    """Running log-sum-exp: the log mass of each grid point over graphs and of each graph over grid points.

    A graph whose highest point lies e^-46 under the highest of its block is left out of that block.
    """
    points = len(shared)
    above, below = np.empty(lists, np.int64), np.empty(lists, np.int64)
    line, running = np.empty(_BLOCK), np.empty(_BLOCK)
    log_mass = np.full(points, -np.inf)
    peaks, sums = np.full(len(graphs), -np.inf), np.zeros(len(graphs))
    for start in range(0, points, _BLOCK):
        size = min(_BLOCK, points - start)
        highest = -np.inf
        running[:] = 0.0
        for place in range(len(graphs)):
            count = chordal.factors(graphs[place], lists, above, below)
            peak = _line(rows, shared, start, size, above, below, count, line)
            if peak < highest + _NEGLIGIBLE:
                continue
            if peak > highest:
                running[:size] *= np.exp(highest - peak)
                highest = peak
            weight = 0.0
            for point in range(size):
                share = np.exp(line[point] - highest)
                running[point] += share
                weight += share
            _raise(peaks, sums, place, highest, weight)
        log_mass[start : start + size] = highest + np.log(running[:size])
    return log_mass, peaks + np.log(sums)


@njit(cache=True, nogil=True, fastmath={"nnan", "nsz"})
def _line(
    rows: Reals,
    shared: Reals,
    start: int,
    size: int,
    above: Integers,
    below: Integers,
    count: int,
    line: Reals,
) -> float:
    """One graph's log probability at the grid points of a block; returns the highest."""
    for point in range(size):
        line[point] = shared[start + point]
    for place in range(count):
        upper = rows[above[place], start : start + size]
        lower = rows[below[place], start : start + size]
        for point in range(size):
            line[point] += upper[point] - lower[point]
    highest = line[0]
    for point in range(1, size):
        highest = max(highest, line[point])
    return float(highest)


@njit(cache=True, nogil=True)
def _raise(peaks: Reals, sums: Reals, place: int, peak: float, weight: float) -> None:
    """Adds weight x e^peak to one running sum that is kept as sum x e^peak."""
    if peak > peaks[place]:
        sums[place] = sums[place] * np.exp(peaks[place] - peak) + weight
        peaks[place] = peak
    else:
        sums[place] += weight * np.exp(peak - peaks[place])


@njit(cache=True, nogil=True)
def walk(
    rng: np.random.Generator, lists: int, rows: Reals, shared: Reals, graph: int, visited: Integers
) -> None:
    """Fills `visited` by a Metropolis walk from `graph`: each step offers to join or part one pair.

    An offer that is not decomposable is declined, so the walk settles on the graphs by their weight.
    """
    above, below = np.empty(lists, np.int64), np.empty(lists, np.int64)
    line = np.empty(len(shared))
    edges = lists * (lists - 1) // 2
    count = chordal.factors(graph, lists, above, below)
    held = _log_sum(rows, shared, above, below, count, line)
    for step in range(len(visited)):
        offer = graph ^ (1 << int(rng.random() * edges))
        count = chordal.factors(offer, lists, above, below)
        if count >= 0:
            offered = _log_sum(rows, shared, above, below, count, line)
            if np.log(rng.random()) < offered - held:
                graph, held = offer, offered
        visited[step] = graph


@njit(cache=True, nogil=True)
def _log_sum(rows: Reals, shared: Reals, above: Integers, below: Integers, count: int, line: Reals) -> float:
    """The log of a graph's probability, summed over the grid."""
    peak = _line(rows, shared, 0, len(shared), above, below, count, line)
    return float(peak + np.log(np.sum(np.exp(line - peak))))
