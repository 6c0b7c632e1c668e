"""Which cells are worth asking: combinations of values whose own counts, noised already, are not doubtful.

Everything here is chosen from what is public. A table that would have more candidates than the limit keeps
those made of the highest counts, and says how many it left out.
"""

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from palermo.prevention.release.cells import Cells
from palermo.prevention.release.tables import Table

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


def ones(sizes: tuple[int, ...]) -> Cells:
    """Every value of every column."""
    columns = np.repeat(np.arange(len(sizes), dtype=np.int16), sizes)
    values = np.concatenate([np.arange(1, size + 1, dtype=np.int16) for size in sizes])
    return Cells(columns=columns[:, None], values=values[:, None])


def candidates(sizes: tuple[int, ...], tables: Sequence[Table], *, most: int) -> tuple[Cells, int]:
    """The cells of one column more than those of the last table, and how many the limit left out."""
    if not tables:
        return ones(sizes), 0
    return pairs(tables[0], most=most) if len(tables) == 1 else triples(tables[0], tables[1], most=most)


def pairs(first: Table, *, most: int) -> tuple[Cells, int]:
    """Pairs of sure values of two columns."""
    kept, beyond = _within(first.noisy, first.sure, most, lambda sure: _pairs(first.cells, sure))
    columns, values = first.cells.columns[kept, 0], first.cells.values[kept, 0]
    left, right = np.triu_indices(len(columns), 1)
    apart = columns[left] != columns[right]
    return _cells(columns, values, np.stack([left[apart], right[apart]], axis=1)), beyond


def triples(first: Table, second: Table, *, most: int) -> tuple[Cells, int]:
    """Triples of values whose three pairs are sure."""
    used, flat = np.unique(_places(first.cells, second.cells), return_inverse=True)
    places = flat.reshape(-1, 2)
    kept, beyond = _within(
        second.noisy, second.sure, most, lambda sure: int(_count(_joined(places[sure], len(used))))
    )
    joined = _joined(places[kept], len(used))
    found = np.empty((int(_count(joined)), 3), dtype=np.int64)
    _fill(joined, found)
    return _cells(first.cells.columns[used, 0], first.cells.values[used, 0], found), beyond


def _within(noisy: Integers, sure: Flags, most: int, count: Callable[[Flags], int]) -> tuple[Flags, int]:
    """The sure ones, or the highest of them that make no more than `most`; and how many the rest make."""
    whole = count(sure)
    if whole <= most:
        return sure, 0
    order = np.flatnonzero(sure)[np.argsort(-noisy[sure], kind="stable")]
    fits, over = 0, len(order)
    while over - fits > 1:
        middle = (fits + over) // 2
        fits, over = (middle, over) if count(_flags(order[:middle], len(sure))) <= most else (fits, middle)
    kept = _flags(order[:fits], len(sure))
    return kept, whole - count(kept)


def _flags(places: NDArray[np.intp], length: int) -> Flags:
    found = np.zeros(length, dtype=np.bool_)
    found[places] = True
    return found


def _pairs(cells: Cells, sure: Flags) -> int:
    by_column = np.bincount(cells.columns[sure, 0])
    return sum(int(one) * int(other) for one, other in combinations(by_column, 2))


def _places(ones: Cells, pairs: Cells) -> Integers:
    """The two places of each pair among the single values."""
    starts = np.searchsorted(ones.columns[:, 0], np.arange(int(ones.columns[-1, 0]) + 1))
    return np.asarray(starts[pairs.columns] + pairs.values - 1, dtype=np.int64)


def _joined(places: Integers, values: int) -> Flags:
    joined = np.zeros((values, values), dtype=np.bool_)
    joined[places[:, 0], places[:, 1]] = True
    return joined


def _cells(columns: NDArray[np.int16], values: NDArray[np.int16], places: Integers) -> Cells:
    order = np.lexsort((*values[places].T[::-1], *columns[places].T[::-1]))
    return Cells(columns=columns[places[order]], values=values[places[order]])


@njit(cache=True, nogil=True)
def _count(joined: Flags) -> int:
    found, values = 0, len(joined)
    for one in range(values):
        for other in range(one + 1, values):
            if joined[one, other]:
                for third in range(other + 1, values):
                    found += joined[one, third] and joined[other, third]
    return found


@njit(cache=True, nogil=True)
def _fill(joined: Flags, triangles: Integers) -> None:
    at, values = 0, len(joined)
    for one in range(values):
        for other in range(one + 1, values):
            if joined[one, other]:
                for third in range(other + 1, values):
                    if joined[one, third] and joined[other, third]:
                        triangles[at, 0], triangles[at, 1], triangles[at, 2] = one, other, third
                        at += 1
