"""Persons for tests of a release: rows of codes as secrets, and noise that says what it is told."""

from collections import Counter

import numpy as np

from palermo.prevention.release.guarded import Public, Secret
from palermo.prevention.release.opening import opened
from palermo.prevention.release.persons import Persons


def persons(rows, sizes):
    """The secret of these rows, 0 for not recorded."""
    weights = Counter(map(tuple, rows))
    codes = np.array(list(weights), dtype=np.int16).reshape(-1, len(sizes))
    return Secret(Persons(codes=codes, weights=np.array(list(weights.values()), dtype=np.int64), sizes=sizes))


def made_up(people, sizes, *, seed=1, recorded=0.7):
    """Rows whose columns lean on one another, with some values not recorded."""
    random = np.random.Generator(np.random.Philox(seed))
    kind = random.integers(0, 3, people)
    columns = [
        np.where(
            random.random(people) < recorded,
            1 + (kind + np.minimum(random.geometric(0.5, people) - 1, size - 1)) % size,
            0,
        )
        for size in sizes
    ]
    return [tuple(int(one) for one in row) for row in np.stack(columns, axis=1)]


class Told:
    """Stands for noise: keeps the exact counts of each query, and answers from a script or with the truth."""

    def __init__(self, script=()):
        self.script, self.asked, self.answers = list(script), [], []

    def __call__(self, counts, *, squared, rho):
        exact = opened(counts)
        self.asked.append((exact, squared, rho))
        answer = self.script[len(self.asked) - 1] if self.script else exact
        self.answers.append(answer)
        return Public(value=answer, rho=rho)
