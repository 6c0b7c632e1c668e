"""Exact counts of persons by cells, which stay secret: by one value, by two and by three.

Only recorded values are counted. Where persons are kept to a cap, a row with more recorded fields loses some,
chosen by the row itself: the same row loses the same fields on every machine, whoever else is in the table.
A person then changes at most C(cap, k) cells of k values, each by one.
"""

import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numba import njit
from numpy.typing import NDArray

from palermo.prevention.release.cells import Cells
from palermo.prevention.release.guarded import Secret
from palermo.prevention.release.opening import opened
from palermo.prevention.release.persons import Persons

Codes = NDArray[np.int16]
Integers = NDArray[np.int64]

BLOCK = 1 << 22
"""Cells of a set of columns up to which each has a counter; beyond, cells asked are looked up."""

_KEY = 0x70616C65726D6F31 - (1 << 63)
_STEP = 0x9E3779B97F4A7C15 - (1 << 64)
_FIRST, _SECOND = 0xBF58476D1CE4E5B9 - (1 << 64), 0x94D049BB133111EB - (1 << 64)


def persons(secret: Secret[Persons]) -> Secret[Integers]:
    """How many persons there are."""
    return Secret(np.array([opened(secret).weights.sum()], dtype=np.int64))


def recorded(secret: Secret[Persons]) -> Secret[Integers]:
    """How many persons have 0, 1 and up to all fields recorded."""
    table = opened(secret)
    found = np.zeros(len(table.sizes) + 1, dtype=np.int64)
    _recorded(table.codes, table.weights, found)
    return Secret(found)


def ones(secret: Secret[Persons], cap: int | None = None) -> Secret[Integers]:
    """How many persons have each value of each field, in the order of fields and values; no cap keeps all."""
    table = opened(secret)
    codes = table.codes if cap is None else capped(table.codes, cap)
    starts = np.cumsum([0, *table.sizes])
    found = np.zeros(int(starts[-1]), dtype=np.int64)
    for place, start in enumerate(starts[:-1]):
        _ones(codes[:, place], table.weights, found[int(start) :])
    return Secret(found)


def pairs(secret: Secret[Persons], cells: Cells, cap: int) -> Secret[Integers]:
    """How many persons, kept to the cap, are in each of some cells of two values."""
    return _counted(secret, cells, cap=cap, ways=2)


def triples(secret: Secret[Persons], cells: Cells, cap: int) -> Secret[Integers]:
    """How many persons, kept to the cap, are in each of some cells of three values."""
    return _counted(secret, cells, cap=cap, ways=3)


def digest(*tables: Secret[Integers]) -> Secret[str]:
    """A name for counts, the same wherever they were made; secret, as a name of few can be guessed from."""
    told = hashlib.sha256()
    for table in tables:
        told.update(np.ascontiguousarray(opened(table), dtype="<i8").tobytes())
    return Secret(told.hexdigest())


def _counted(secret: Secret[Persons], cells: Cells, *, cap: int, ways: int) -> Secret[Integers]:
    if cells.ways != ways:
        raise ValueError(f"Cells of {cells.ways} values were given where {ways} are counted.")
    table = opened(secret)
    codes = capped(table.codes, cap)
    found = np.zeros(len(cells), dtype=np.int64)
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as threads:
        for block, counts in threads.map(lambda one: _block(codes, table, one), _blocks(cells, table.sizes)):
            found[block.start : block.end] = counts
    return Secret(found)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Block:
    """The cells from `start` to `end`, all of the same columns; `keys` number them among all cells there."""

    columns: tuple[int, ...]
    start: int
    end: int
    keys: Integers
    room: int


def _blocks(cells: Cells, sizes: tuple[int, ...]) -> Iterator[_Block]:
    changes = np.flatnonzero((cells.columns[1:] != cells.columns[:-1]).any(axis=1)) + 1
    edges = [0, *changes.tolist(), len(cells)] if len(cells) else []
    for start, end in pairwise(edges):
        columns = tuple(int(one) for one in cells.columns[start])
        keys, room = np.zeros(end - start, dtype=np.int64), 1
        for place, column in enumerate(columns):
            keys, room = keys * sizes[column] + cells.values[start:end, place] - 1, room * sizes[column]
        yield _Block(columns=columns, start=start, end=end, keys=keys, room=room)


def _block(codes: Codes, table: Persons, block: _Block) -> tuple[_Block, Integers]:
    first, second, *third = (codes[:, column] for column in block.columns)
    sizes = [table.sizes[column] for column in block.columns]
    last = third[0] if third else np.ones(1, dtype=np.int16)
    if block.room > BLOCK:
        found = np.zeros(len(block.keys), dtype=np.int64)
        _sought(first, second, last, sizes[1], sizes[2] if third else 1, table.weights, block.keys, found)
        return block, found
    counters = np.zeros(block.room, dtype=np.int64)
    if third:
        _triples(first, second, last, sizes[1], sizes[2], table.weights, counters)
    else:
        _pairs(first, second, sizes[1], table.weights, counters)
    return block, counters[block.keys]


def capped(codes: Codes, cap: int) -> Codes:
    """The rows with at most `cap` fields recorded, column by column in memory."""
    if cap >= codes.shape[1]:
        return np.asfortranarray(codes)
    kept = np.array(codes, order="F")
    _cap(kept, cap)
    return kept


@njit(cache=True, nogil=True)
def _mixed(value: np.int64) -> np.int64:
    """The finaliser of splitmix64 (Steele, Lea and Flood 2014)."""
    state = np.uint64(value)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(_FIRST)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(_SECOND)
    return np.int64(state ^ (state >> np.uint64(31)))


@njit(cache=True, nogil=True)
def _cap(codes: Codes, cap: int) -> None:
    """Of rows with more recorded fields, keep those of the smallest marks that the row gives its fields."""
    width = codes.shape[1]
    marks = np.empty(width, dtype=np.int64)
    for row in range(len(codes)):
        held, name = 0, np.int64(_KEY)
        for place in range(width):
            held += codes[row, place] != 0
            name = _mixed(name + np.int64(_STEP) + codes[row, place])
        if held <= cap:
            continue
        for place in range(width):
            marks[place] = _mixed(name + (place + 1) * np.int64(_STEP))
        while held > cap:
            worst = -1
            for place in range(width):
                if codes[row, place] != 0 and (worst < 0 or marks[place] >= marks[worst]):
                    worst = place
            codes[row, worst] = 0
            held -= 1


@njit(cache=True, nogil=True)
def _recorded(codes: Codes, weights: Integers, found: Integers) -> None:
    for row in range(len(codes)):
        held = 0
        for place in range(codes.shape[1]):
            held += codes[row, place] != 0
        found[held] += weights[row]


@njit(cache=True, nogil=True)
def _ones(column: Codes, weights: Integers, found: Integers) -> None:
    for row in range(len(column)):
        if column[row] != 0:
            found[column[row] - 1] += weights[row]


@njit(cache=True, nogil=True)
def _pairs(first: Codes, second: Codes, size: int, weights: Integers, found: Integers) -> None:
    for row in range(len(first)):
        if first[row] != 0 and second[row] != 0:
            found[(np.int64(first[row]) - 1) * size + second[row] - 1] += weights[row]


@njit(cache=True, nogil=True)
def _triples(
    first: Codes, second: Codes, third: Codes, middle: int, last: int, weights: Integers, found: Integers
) -> None:
    for row in range(len(first)):
        if first[row] != 0 and second[row] != 0 and third[row] != 0:
            pair = (np.int64(first[row]) - 1) * middle + second[row] - 1
            found[pair * last + third[row] - 1] += weights[row]


@njit(cache=True, nogil=True)
def _sought(
    first: Codes, second: Codes, third: Codes, middle: int, last: int, weights: Integers, keys: Integers,
    found: Integers,
) -> None:  # fmt: skip
    """As `_triples`, for cells with ascending keys among too many; of pairs, `third` is a single 1."""
    alone = len(third) == 1
    for row in range(len(first)):
        value = third[0] if alone else third[row]
        if first[row] != 0 and second[row] != 0 and value != 0:
            key = ((np.int64(first[row]) - 1) * middle + second[row] - 1) * last + value - 1
            at = np.searchsorted(keys, key)
            if at < len(keys) and keys[at] == key:
                found[at] += weights[row]
