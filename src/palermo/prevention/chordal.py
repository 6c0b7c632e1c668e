"""Decomposable graphs on a few vertices: which graphs they are, and how a table factorises over one.

A graph is one whole number: bit `e` says that the `e`-th pair of vertices, in the order (0,1), (0,2), ...,
(1,2), ..., is joined. A graph is decomposable (chordal) when no cycle longer than a triangle goes without a
chord. Then a maximum-cardinality search meets each vertex v with a complete set M of neighbours met before,
and a density factorises as the product of f(M and v) / f(M); what is left after cancelling is one numerator
for each clique and one denominator for each separator (Tarjan and Yannakakis, SIAM J. Comput. 13, 1984).
"""

from functools import cache
from itertools import combinations

import numpy as np
import numpy.typing as npt
from numba import njit

from palermo.errors import WrongState

Integers = npt.NDArray[np.int64]
ENUMERABLE = 6
LARGEST = 10


def pairs(vertices: int) -> list[tuple[int, int]]:
    """The pairs of vertices in the order of a graph's bits."""
    return list(combinations(range(vertices), 2))


def complete(vertices: int) -> int:
    """The graph in which every two vertices are joined."""
    return (1 << vertices * (vertices - 1) // 2) - 1


def decomposable(graph: int, *, vertices: int) -> bool:
    """Whether every cycle longer than a triangle has a chord."""
    return bool(factors(graph, vertices, np.empty(vertices, np.int64), np.empty(vertices, np.int64)) >= 0)


def cliques(graph: int, *, vertices: int) -> tuple[int, ...]:
    """The maximal complete sets of a decomposable graph, as bitmasks in increasing order."""
    above, below = np.zeros(vertices, np.int64), np.zeros(vertices, np.int64)
    count = factors(graph, vertices, above, below)
    if count < 0:
        raise WrongState(f"graph {graph}: it has a long cycle without a chord. Join two of its vertices.")
    return tuple(sorted(int(clique) for clique in above[:count]))


@cache
def graphs(vertices: int) -> Integers:
    """Every decomposable graph on labelled vertices, in increasing order: 8, 61, 822, 18,154 for 3 to 6."""
    if vertices > ENUMERABLE:
        raise WrongState(f"{vertices} vertices: graphs are listed up to {ENUMERABLE}. Sample them instead.")
    found = _listed(vertices, 1 << len(pairs(vertices)))
    found.flags.writeable = False
    return found


@njit(cache=True, nogil=True)
def _listed(vertices: int, end: int) -> Integers:
    above, below = np.empty(vertices, np.int64), np.empty(vertices, np.int64)
    found = np.empty(end, np.int64)
    count = 0
    for graph in range(end):
        if factors(graph, vertices, above, below) >= 0:
            found[count] = graph
            count += 1
    return found[:count].copy()


@njit(cache=True, nogil=True)
def factors(graph: int, vertices: int, above: Integers, below: Integers) -> int:
    """Writes the sets of the numerator and the denominator after cancelling; how many of each, or -1.

    Empty sets below stand for the separators between parts that no path joins.
    """
    near = _neighbours(graph, vertices)
    met = 0
    for place in range(vertices):
        vertex = _next(near, met, vertices)
        before = near[vertex] & met
        if not _joined(near, before, vertices):
            return -1
        above[place] = before | (1 << vertex)
        below[place] = before
        met |= 1 << vertex
    return _cancelled(above, below, vertices)


@njit(cache=True, nogil=True)
def _neighbours(graph: int, vertices: int) -> Integers:
    near = np.zeros(vertices, np.int64)
    edge = 0
    for one in range(vertices):
        for other in range(one + 1, vertices):
            if (graph >> edge) & 1:
                near[one] |= 1 << other
                near[other] |= 1 << one
            edge += 1
    return near


@njit(cache=True, nogil=True)
def _next(near: Integers, met: int, vertices: int) -> int:
    """The vertex not met yet that has most neighbours among the met."""
    best, most = -1, -1
    for vertex in range(vertices):
        if not (met >> vertex) & 1:
            seen, size = near[vertex] & met, 0
            while seen:
                seen &= seen - 1
                size += 1
            if size > most:
                best, most = vertex, size
    return best


@njit(cache=True, nogil=True)
def _joined(near: Integers, members: int, vertices: int) -> bool:
    """Whether every two of the members are neighbours."""
    for vertex in range(vertices):
        if (members >> vertex) & 1:
            others = members & ~(1 << vertex)
            if near[vertex] & others != others:
                return False
    return True


@njit(cache=True, nogil=True)
def _cancelled(above: Integers, below: Integers, count: int) -> int:
    """Takes away each set that stands both above and below; the first set below is always empty and stays."""
    place = 0
    while place < count:
        twin = -1
        for other in range(count):
            if below[other] == above[place]:
                twin = other
                break
        if twin < 0:
            place += 1
            continue
        count -= 1
        above[place] = above[count]
        below[twin] = below[count]
        place = 0
    return count
