"""The compiled walk of a fit: one field of one row after another takes another value, or keeps its own.

Everything is whole numbers, drawn from the counter-based stream of `draw.philox`, so the same seed ends in
the same rows on every machine. `gaps` holds for each place the rows that stand in its cell less those wanted,
in sixteenths of a row; moving one row in or out changes weight x gap^2 by weight x (16 +- 2 gap) sixteenths.
A place that nobody measured has the gap `UNASKED` and costs each row that stands there the same.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from palermo.prevention.draw import philox
from palermo.prevention.release.places import Places, Whole, pair, triple

Integers = NDArray[np.int64]
Gaps = NDArray[np.int32]
Rows = NDArray[np.int16]

GRAIN = 16
UNASKED = 1 << 30

_ASKED = 1 << 29
_WORD = 0xFFFFFFFF
_HALF = 0x80000000


@njit(cache=True, nogil=True)
def walk(
    rows: Rows, here: Places, gaps: Gaps, weights: Integers, penalty: Whole, heat: int, hurdles: Integers,
    key: tuple[int, int], sweep: int, moves: int,
) -> int:  # fmt: skip
    """Try so many moves at one heat; how many were made. `hurdles` are exponential numbers in 1 / 1024."""
    people, width = rows.shape
    others = np.empty(width, np.int64)
    made = 0
    old: Whole
    new: Whole
    change: Whole
    for move in range(moves):
        which, what, other, luck = philox(key, (move & _WORD, move >> 32, sweep, 0))
        row = which * people >> 32
        column = (what & (_HALF - 1)) * width >> 31
        old = np.int64(rows[row, column])
        if what & _HALF:
            new = np.int64(rows[other * people >> 32, column])
        else:
            new = other * (here.sizes[column] + 1) >> 32
        if new == old:
            continue
        count = _recorded(rows, row, column, others)
        change = 0
        if old:
            change += _change(rows, here, gaps, weights, penalty, row, column, old, others, count, -1)
        if new:
            change += _change(rows, here, gaps, weights, penalty, row, column, new, others, count, 1)
        if change <= 0 or change * 1024 <= heat * hurdles[luck >> 20]:
            if old:
                _shift(rows, here, gaps, row, column, old, others, count, -GRAIN)
            if new:
                _shift(rows, here, gaps, row, column, new, others, count, GRAIN)
            rows[row, column] = new
            made += 1
    return made


@njit(cache=True, nogil=True)
def stand(rows: Rows, here: Places, gaps: Gaps) -> None:
    """Count every row into the gaps of the cells it stands in."""
    people, width = rows.shape
    others = np.empty(width, np.int64)
    for row in range(people):
        for column in range(width):
            value = np.int64(rows[row, column])
            if value:
                count = 0
                for other in range(column):
                    if rows[row, other]:
                        others[count] = other
                        count += 1
                _shift(rows, here, gaps, row, column, value, others, count, GRAIN)


@njit(cache=True, nogil=True)
def _recorded(rows: Rows, row: int, column: int, others: Integers) -> int:
    """Put down the other columns that the row has recorded."""
    count = 0
    for other in range(rows.shape[1]):
        if rows[row, other] != 0 and other != column:
            others[count] = other
            count += 1
    return count


@njit(cache=True, nogil=True)
def _change(
    rows: Rows, here: Places, gaps: Gaps, weights: Integers, penalty: Whole,
    row: int, column: int, value: Whole, others: Integers, count: Whole, way: Whole,
) -> Whole:  # fmt: skip
    """What the objective changes by, in sixteenths, when a row takes (way 1) or leaves (-1) a value."""
    change = _cost(gaps[here.ones[column] + value], weights[0], penalty, way)
    for one in range(count if weights[1] else 0):
        a = others[one]
        va = np.int64(rows[row, a])
        if a < column:
            change += _cost(gaps[pair(here, a, va, column, value)], weights[1], penalty, way)
        else:
            change += _cost(gaps[pair(here, column, value, a, va)], weights[1], penalty, way)
        for other in range(one + 1, count if weights[2] else 0):
            b = others[other]
            vb = np.int64(rows[row, b])
            if column < a:
                at = triple(here, column, value, a, va, b, vb)
            elif column < b:
                at = triple(here, a, va, column, value, b, vb)
            else:
                at = triple(here, a, va, b, vb, column, value)
            change += _cost(gaps[at], weights[2], penalty, way)
    return change


@njit(cache=True, nogil=True)
def _cost(gap: Whole, weight: Whole, penalty: Whole, way: Whole) -> Whole:
    if gap > _ASKED:
        return way * penalty
    return weight * (GRAIN + 2 * way * np.int64(gap))


@njit(cache=True, nogil=True)
def _shift(
    rows: Rows, here: Places, gaps: Gaps, row: int, column: int, value: Whole, others: Integers, count: Whole,
    by: int,
) -> None:  # fmt: skip
    """Count a value of a row into, or out of, the gaps of the cells it makes with the others."""
    gaps[here.ones[column] + value] += by
    for one in range(count):
        a = others[one]
        va = np.int64(rows[row, a])
        if a < column:
            _add(gaps, pair(here, a, va, column, value), by)
        else:
            _add(gaps, pair(here, column, value, a, va), by)
        for other in range(one + 1, count):
            b = others[other]
            vb = np.int64(rows[row, b])
            if column < a:
                at = triple(here, column, value, a, va, b, vb)
            elif column < b:
                at = triple(here, a, va, column, value, b, vb)
            else:
                at = triple(here, a, va, b, vb, column, value)
            _add(gaps, at, by)


@njit(cache=True, nogil=True)
def _add(gaps: Gaps, place: Whole, by: int) -> None:
    if gaps[place] <= _ASKED:
        gaps[place] += by
