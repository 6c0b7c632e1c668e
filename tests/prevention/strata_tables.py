"""Strata made up for the tests of estimating many."""

import numpy as np

from palermo.prevention.overlap import Overlap


def a_stratum(number, *, lists=4, people=400):
    """A few hundred made-up people, a fifth of them easier to find, in lists that reach 5 to 20 % of them."""
    chance = np.random.default_rng(number)
    ease = np.where(chance.random(people) < 0.2, 2.5, 1.0)
    reach = np.linspace(0.05, 0.2, lists)
    cells = ((chance.random((people, lists)) < ease[:, None] * reach) << np.arange(lists)).sum(axis=1)
    counts = np.bincount(cells, minlength=1 << lists)
    counts[0] = 0
    return Overlap(lists=tuple("ABCDEF"[:lists]), counts=counts)


def strata_of(number):
    """Strata of two made-up States and as many districts as wanted, of three, four or five lists."""
    return {(f"X{'AB'[one % 2]}", str(one)): a_stratum(one, lists=3 + one % 3) for one in range(number)}
