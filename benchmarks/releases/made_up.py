"""Made-up tables of persons to release: nothing of anybody's record, and not made to look like any one table.

Persons are of kinds, a few of them frequent and most rare; each kind has its own answers, leaning on
long-tailed shares, and its own gaps. A column of one code is a flag. The same seed makes the same table.
"""

import numpy as np

KINDS = 60

TABLES = {
    "flags": (60_000, (8, 40, 2, 6, 12) + (1,) * 17, (0.85, 0.25)),
    "lists": (40_000, (12, 60, 50, 3, 8, 5, 4, 10, 7), (0.85, 0.85)),
    "few": (4_000, (5, 15, 2, 6, 4, 8, 1, 1, 1), (0.8, 0.4)),
}
"""By name: persons, codes of each column, and how often a column of codes, and a flag, is recorded."""


def table(name, *, seed=1):
    """A made-up table: its codes, 0 where nothing is recorded, and how many codes each column has."""
    people, sizes, (often, flagged) = TABLES[name]
    return rows(people, sizes, often=often, flagged=flagged, seed=seed), sizes


def rows(people, sizes, *, often=0.8, flagged=0.3, seed=1):
    """So many made-up persons."""
    chance = np.random.Generator(np.random.Philox(seed))
    weights = 1 / np.arange(1, KINDS + 1)
    kinds = chance.choice(KINDS, size=people, p=weights / weights.sum())
    columns = [_column(chance, kinds, size, flagged if size == 1 else often) for size in sizes]
    return np.stack(columns, axis=1).astype(np.int16)


def _column(chance, kinds, size, often):
    """Answers by kind, about shares that fall like 1 / rank; recorded as often as the kind does."""
    tail = chance.permutation(1 / np.arange(1, size + 1) ** 1.1)
    shares = chance.dirichlet(4 * tail / tail.sum() + 1e-3, size=KINDS)
    told = chance.beta(2 * often, 2 * (1 - often), size=KINDS)
    ends = np.cumsum(shares, axis=1)[kinds]
    answers = np.minimum((chance.random(len(kinds))[:, None] > ends).sum(axis=1), size - 1) + 1
    return np.where(chance.random(len(kinds)) < told[kinds], answers, 0)
