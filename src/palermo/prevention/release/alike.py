"""Which rows are alike in some columns, as whole numbers."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from palermo.prevention.release.persons import Persons

Codes = NDArray[np.int16]
Integers = NDArray[np.int64]

_ROOM = 1 << 62


def alike(codes: Codes, columns: Sequence[int]) -> Integers:
    """A number for each row, the same for rows alike in these columns and for no others; 0 is the least."""
    keys, room = np.zeros(len(codes), dtype=np.int64), 1
    for column in columns:
        size = int(codes[:, column].max(initial=0)) + 1
        if room * size > _ROOM:
            keys, room = _numbered(keys), len(codes)
        keys, room = keys * size + codes[:, column], room * size
    return _numbered(keys)


def _numbered(keys: Integers) -> Integers:
    return np.asarray(np.unique(keys, return_inverse=True)[1], dtype=np.int64).reshape(-1)


def totals(groups: Integers, weights: Integers) -> Integers:
    """How many persons each group has, at its number."""
    found = np.zeros(int(groups.max(initial=-1)) + 1, dtype=np.int64)
    np.add.at(found, groups, weights)
    return found


def collapsed(codes: Codes, weights: Integers, sizes: tuple[int, ...]) -> Persons:
    """The same persons with each distinct row once; rows of nobody are gone."""
    codes, weights = codes[weights > 0], weights[weights > 0]
    groups = alike(codes, range(codes.shape[1]))
    first = np.unique(groups, return_index=True)[1]
    return Persons(codes=codes[first], weights=totals(groups, weights), sizes=sizes)


def of_rows(rows: Codes, sizes: tuple[int, ...]) -> Persons:
    """Rows, one a person, as distinct rows."""
    return collapsed(rows, np.ones(len(rows), dtype=np.int64), sizes)


def told_apart(size: int) -> tuple[int, int]:
    """What to add to the values of a column of so many codes, and how many kinds a person may then be of.

    Where there is one code only, all who have it are the same, and the secret is who has it: not recorded is
    a kind of its own there.
    """
    return (1, 2) if size == 1 else (0, size)
