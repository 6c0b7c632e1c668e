"""Where each measured cell is kept: in a block of its columns where that is small, else in a hash table.

One array holds a number for every cell of the blocks, every other measured cell and, last, one for all that
nobody measured. A cell's place is a sum of its columns' block and its values, or is looked up by its key.
"""

from collections.abc import Sequence
from itertools import combinations
from math import prod
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from palermo.prevention.release.cells import Cells

Integers = NDArray[np.int64]
Whole = int | np.int64

HASHED = -(1 << 62)
"""Stands for the block of columns that have none."""

_EMPTY = -1
_MIX = 0x9E3779B97F4A7C15 - (1 << 64)


class Places(NamedTuple):
    """`ones[a]`, `pairs[a, b]` and `triples[a, b, c]` are where blocks of columns a < b < c begin.

    `keys` and `slots` are the hash table, whose keys have the digits `nodes` of their values to the base
    `base`; `nobody` is the place of cells that nobody measured, the last.
    """

    sizes: Integers
    ones: Integers
    pairs: Integers
    triples: Integers
    nodes: Integers
    keys: Integers
    slots: Integers
    base: int
    nobody: int

    def of(self, cells: Cells) -> Integers:
        """The place of each cell."""
        found = np.empty(len(cells), dtype=np.int64)
        _each(self, cells.columns.astype(np.int64), cells.values.astype(np.int64), found)
        return found


def places(sizes: tuple[int, ...], tables: Sequence[Cells], *, dense: int) -> Places:
    """Places for the cells of some tables, at most `dense` numbers in blocks; small blocks come first."""
    starts, at = _blocks(sizes, max(cells.ways for cells in tables), dense)
    base = sum(sizes) + 1
    nodes = np.cumsum((0, *sizes[:-1]), dtype=np.int64)
    hashed = [cells.chosen(_without(cells, starts, len(sizes))) for cells in tables]
    keys, slots, length = _hashed(hashed, nodes, base, at)
    return Places(
        sizes=np.array(sizes, dtype=np.int64),
        ones=_starts(starts, len(sizes), 1),
        pairs=_starts(starts, len(sizes), 2),
        triples=_starts(starts, len(sizes), 3),
        nodes=nodes,
        keys=keys,
        slots=slots,
        base=base,
        nobody=length,
    )


def _blocks(sizes: tuple[int, ...], ways: int, dense: int) -> tuple[dict[tuple[int, ...], int], int]:
    """Where the block of each set of columns has its cell of values 0, and the length of all blocks."""
    together = [columns for way in range(2, ways + 1) for columns in combinations(range(len(sizes)), way)]
    together.sort(key=lambda columns: (prod(sizes[column] for column in columns), columns))
    starts, at = {}, 0
    for columns in [*((column,) for column in range(len(sizes))), *together]:
        size = prod(sizes[column] for column in columns)
        if len(columns) > 1 and at + size > dense:
            break
        starts[columns], at = at - _first(sizes, columns), at + size
    return starts, at


def _first(sizes: tuple[int, ...], columns: tuple[int, ...]) -> int:
    """How far the block's first cell, of values 1, lies from where values 0 would be."""
    stride, distance = 1, 0
    for column in reversed(columns):
        distance, stride = distance + stride, stride * sizes[column]
    return distance


def _starts(starts: dict[tuple[int, ...], int], count: int, ways: int) -> Integers:
    found = np.full((count,) * ways, HASHED, dtype=np.int64)
    for columns, start in starts.items():
        if len(columns) == ways:
            found[columns] = start
    return found


def _without(cells: Cells, starts: dict[tuple[int, ...], int], count: int) -> NDArray[np.bool_]:
    blocks = _starts(starts, count, cells.ways)
    return np.asarray(blocks[tuple(cells.columns.T.astype(np.intp))] == HASHED)


def _hashed(
    tables: Sequence[Cells], nodes: Integers, base: int, start: int
) -> tuple[Integers, Integers, int]:
    total = sum(len(cells) for cells in tables)
    room = 1 << max(2 * total, 1).bit_length()
    keys, slots = np.full(room, _EMPTY, dtype=np.int64), np.zeros(room, dtype=np.int64)
    for cells in tables:
        marks = nodes[cells.columns] + cells.values
        digits = [marks[:, way] if way < cells.ways else 0 for way in range(3)]
        _insert(keys, slots, np.asarray((digits[0] * base + digits[1]) * base + digits[2]), start)
        start += len(cells)
    return keys, slots, start


@njit(cache=True, nogil=True)
def _insert(keys: Integers, slots: Integers, new: Integers, start: int) -> None:
    for number in range(len(new)):
        at = _slot(keys, new[number])
        keys[at], slots[at] = new[number], start + number


@njit(cache=True, nogil=True)
def _slot(keys: Integers, key: Whole) -> Whole:
    """Where the key stands in the hash table, or the empty room where it would."""
    room = len(keys) - 1
    at = (key * _MIX >> 20) & room
    while keys[at] not in (_EMPTY, key):
        at = (at + 1) & room
    return at


@njit(cache=True, nogil=True)
def pair(here: Places, a: Whole, va: Whole, b: Whole, vb: Whole) -> Whole:
    """The place of a pair of values; columns ascend."""
    start: Whole = here.pairs[a, b]
    if start != HASHED:
        place: Whole = start + va * here.sizes[b] + vb
        return place
    found: Whole = _looked_up(here, here.nodes[a] + va, here.nodes[b] + vb, 0)
    return found


@njit(cache=True, nogil=True)
def triple(here: Places, a: Whole, va: Whole, b: Whole, vb: Whole, c: Whole, vc: Whole) -> Whole:
    """The place of a triple of values; columns ascend."""
    start: Whole = here.triples[a, b, c]
    if start != HASHED:
        place: Whole = start + (va * here.sizes[b] + vb) * here.sizes[c] + vc
        return place
    found: Whole = _looked_up(here, here.nodes[a] + va, here.nodes[b] + vb, here.nodes[c] + vc)
    return found


@njit(cache=True, nogil=True)
def _looked_up(here: Places, one: Whole, other: Whole, third: Whole) -> Whole:
    at = _slot(here.keys, (one * here.base + other) * here.base + third)
    return here.slots[at] if here.keys[at] != _EMPTY else here.nobody


@njit(cache=True, nogil=True)
def _each(here: Places, columns: Integers, values: Integers, found: Integers) -> None:
    for number in range(len(columns)):
        which, what = columns[number], values[number]
        if len(which) == 1:
            found[number] = here.ones[which[0]] + what[0]
        elif len(which) == 2:
            found[number] = pair(here, which[0], what[0], which[1], what[1])
        else:
            found[number] = triple(here, which[0], what[0], which[1], what[1], which[2], what[2])
