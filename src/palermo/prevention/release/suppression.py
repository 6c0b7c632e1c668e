"""Cells blanked until every row is of as many persons as wanted, and so is every combination of its values.

Of each row that too few persons have, the cell is blanked that leaves it alike with most others, if they do
the same, again and again until enough are alike or nothing is recorded. There is no lot in it. A combination
of values is of at least the persons of one row that has it, so none is rarer than rows are. Suppressing the
fewest cells is NP-hard (Meyerson and Williams, PODS 2004): more is blanked than had to be.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from palermo.prevention.release.alike import alike, collapsed, totals
from palermo.prevention.release.persons import Persons

Integers = NDArray[np.int64]
Reals = NDArray[np.float64]

_KEY = 0x9E3779B97F4A7C15


def suppressed(persons: Persons, *, k: int, columns: Sequence[int]) -> Persons:
    """The persons with cells of these columns blanked until each row there is of k; some may have to go."""
    places = np.array(columns, dtype=np.int64)
    left = persons
    while (fewer := _fewer(left, k, places)) is not left:
        left = fewer
    return left


def _fewer(persons: Persons, k: int, columns: Integers) -> Persons:
    """Blank one cell of each row that is of fewer than k; drop those rows once none has a cell to blank."""
    groups = alike(persons.codes, columns.tolist())
    few = totals(groups, persons.weights)[groups] < k
    rows = np.flatnonzero(few & (persons.codes[:, columns] > 0).any(axis=1))
    if not few.any():
        return persons
    if not len(rows):
        return collapsed(persons.codes, np.where(few, 0, persons.weights), persons.sizes)
    wish = _support(persons, rows, columns) + _rarity(persons, rows, columns)
    codes = persons.codes.copy()
    codes[rows, columns[wish.argmax(axis=1)]] = 0
    return collapsed(codes, persons.weights, persons.sizes)


def _support(persons: Persons, rows: Integers, columns: Integers) -> Reals:
    """With how many persons each of the rows would be alike without each cell, if others blanked it too."""
    names = _names(persons.sizes)
    whole = np.zeros(len(persons.codes), dtype=np.uint64)
    for column in columns:
        whole ^= names[column][persons.codes[:, column]]
    cells = [whole[rows] ^ names[one][persons.codes[rows, one]] ^ names[one][0] for one in columns]
    held = persons.codes[np.ix_(rows, columns)] > 0
    weights = np.concatenate([persons.weights, np.repeat(persons.weights[rows], held.sum(axis=1))])
    words = np.concatenate([whole, np.stack(cells, axis=1)[held]])
    groups = np.unique(words, return_inverse=True)[1].reshape(-1)
    found = np.zeros(held.shape)
    found[held] = totals(groups, weights)[groups[len(whole) :]]
    return found


def _rarity(persons: Persons, rows: Integers, columns: Integers) -> Reals:
    """Under a half, more for values that fewer persons have: it decides between cells of equal support."""
    found = np.zeros((len(rows), len(columns)))
    for place, column in enumerate(columns):
        values = persons.codes[:, column].astype(np.int64)
        found[:, place] = 0.5 / (1.0 + totals(values, persons.weights)[values[rows]])
    return found


def _names(sizes: Sequence[int]) -> list[NDArray[np.uint64]]:
    """A word for each value of each column: rows are told apart by the words they combine (Zobrist 1970).

    Two rows taken for alike by accident would cost a cell more, and no protection.
    """
    words = np.random.Philox(key=_KEY).random_raw(sum(size + 1 for size in sizes))
    return np.split(words, np.cumsum([size + 1 for size in sizes])[:-1])
