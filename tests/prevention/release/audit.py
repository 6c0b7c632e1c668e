"""Neighbouring-table audit: whether many measurements tell one person's presence more than was paid for.

The attacker knows every other person and the person looked for, and adds up the noisy cells that person is
in, each over the variance stated for it: the best test there is against Gaussian noise. Correct code of so
much rho sets the two sides at most sqrt(2 rho) of their standard deviations apart.
"""

from math import sqrt

import numpy as np

from palermo.prevention.release import measure
from palermo.prevention.release.plan import Plan
from tests.prevention.release.people import persons

SIZES = (2,) * 6
TARGET = (1,) * 6
OTHERS = [(1,) * 6] * 600 + [(2,) * 6] * 600
MARGIN = 3.5


def gap(runs, *, epsilon, twice=False):
    """How far the sides lie apart, how far they may, and the standard error of the first."""
    plan = Plan(sizes=SIZES, epsilon=epsilon, delta=1e-5)
    present = persons(OTHERS + [TARGET] * (2 if twice else 1), SIZES)
    absent = persons(OTHERS, SIZES)
    sides = [np.array([_told(measure.measured(one, plan)) for _ in range(runs)]) for one in (present, absent)]
    spread = sqrt((sides[0].var(ddof=1) + sides[1].var(ddof=1)) / 2)
    apart = float(sides[0].mean() - sides[1].mean()) / spread
    return apart, sqrt(2 * plan.rho / 1e6), sqrt(2 / runs + apart**2 / (4 * runs))


def flagged(runs, *, epsilon, twice=False):
    """Does the audit find more told than paid for?"""
    apart, allowed, error = gap(runs, epsilon=epsilon, twice=twice)
    return apart > allowed + MARGIN * error


def _told(measured):
    told = measured.people / measured.deviation**2
    for table in measured.tables:
        inside = (table.cells.values == 1).all(axis=1)
        told += float(table.noisy[inside].sum()) / table.sigma**2
    return told
