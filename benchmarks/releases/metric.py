"""How far a release is from the real table, cell by cell; a cell is a combination of recorded values.

For each number of columns, over the cells of all sets of so many columns: the mean absolute error over the
cells that are in the real table or in the release, the share of real cells that were lost, the share of
released ones that were invented, and the mean over real cells of the relative error by size of the real
count. Total variation is the mean over sets of columns, with cells that are not recorded.
"""

import csv
from itertools import combinations

import numpy as np

SIZES = (1, 10, 50, 100, 500, 1000)
"""The real counts at which a new class of sizes begins."""


def tables(codes, sizes, ways):
    """The counts of each set of columns, not recorded among the values."""
    for columns in combinations(range(codes.shape[1]), ways):
        keys = np.zeros(len(codes), dtype=np.int64)
        for column in columns:
            keys = keys * (sizes[column] + 1) + codes[:, column]
        yield columns, np.bincount(keys, minlength=room(columns, sizes))


def room(columns, sizes):
    return int(np.prod([sizes[column] + 1 for column in columns]))


def recorded(columns, sizes):
    """Which places of a table of these columns are cells."""
    grid = np.indices([sizes[column] + 1 for column in columns])
    return (grid > 0).all(axis=0).ravel()


def of_rows(real, rows, sizes, ways=3):
    """The figures of released rows, one for each number of columns."""
    return [
        _figures(real, dict(tables(rows, sizes, way)), sizes, way, whole=True) for way in range(1, ways + 1)
    ]


def of_counts(real, counts, sizes, ways=3):
    """The figures of a table of counts: `counts[columns]` is laid out as `tables` does."""
    return [_figures(real, counts, sizes, way, whole=False) for way in range(1, ways + 1)]


def _figures(real, released, sizes, way, *, whole):
    error = cells = present = lost = out = invented = 0
    apart, told = [], [[] for _ in SIZES]
    for columns, true in tables(real, sizes, way):
        given = released.get(columns, np.zeros(len(true), dtype=np.int64))
        if whole:
            apart.append(np.abs(true / true.sum() - given / max(given.sum(), 1)).sum() / 2)
        cell = recorded(columns, sizes)
        true, given = true[cell], given[cell]
        either, gap = (true > 0) | (given > 0), np.abs(true - given)
        error, cells = error + int(gap[either].sum()), cells + int(either.sum())
        present, lost = present + int((true > 0).sum()), lost + int(((true > 0) & (given == 0)).sum())
        out, invented = out + int((given > 0).sum()), invented + int(((given > 0) & (true == 0)).sum())
        for place, chosen in enumerate(_classes(true)):
            told[place].append(gap[chosen] / true[chosen])
    return {
        "error": error / max(cells, 1),
        "lost": 100 * lost / max(present, 1),
        "invented": 100 * invented / max(out, 1),
        "apart": float(np.mean(apart)) if whole else None,
        "relative": [_mean(np.concatenate(one)) for one in told],
    }


def _mean(found):
    return float(found.mean()) if len(found) else None


def _classes(true):
    ends = (*SIZES[1:], np.inf)
    return [(true >= low) & (true < high) for low, high in zip(SIZES, ends, strict=True)]


def held(path, real, sizes):
    """Of the published intervals, by number of columns, the percentage that hold the real count."""
    true = {columns: table for way in (1, 2, 3) for columns, table in tables(real, sizes, way)}
    told = {1: [], 2: [], 3: []}
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            columns, key = _cell(line, sizes)
            told[len(columns)].append(int(line["low"]) <= true[columns][key] <= int(line["high"]))
    return [100 * float(np.mean(one)) if one else None for one in told.values()]


def read(path, sizes):
    """A table of counts as the tools write it: names of columns and codes joined by |, and the count."""
    found = {}
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            columns, key = _cell(line, sizes)
            table = found.setdefault(columns, np.zeros(room(columns, sizes), dtype=np.int64))
            table[key] = int(line["count"])
    return found


def _cell(line, sizes):
    """The columns of a line of counts, and its place in their table."""
    columns, key = tuple(int(name[1:]) for name in line["columns"].split("|")), 0
    for column, value in zip(columns, line["values"].split("|"), strict=True):
        key = key * (sizes[column] + 1) + int(value)
    return columns, key
