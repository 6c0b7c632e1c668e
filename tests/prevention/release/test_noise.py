"""Noise: the deviation that was stated, and OpenDP's own accounting of its cost."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy.stats import chi2, norm

from palermo.prevention.release import budget, noise
from palermo.prevention.release.guarded import Secret

SQUARED, RHO = some.integers(1, 40_000), some.integers(1, 5_000_000)


@given(SQUARED, RHO)
def test_the_deviation_pays_for_the_sensitivity_exactly(squared, rho):
    assert Fraction(noise.sigma(squared, rho)) ** 2 >= Fraction(squared * budget.MICRO, 2 * rho)


@given(SQUARED, RHO)
def test_opendp_accounts_no_more_than_is_charged(squared, rho):
    distance = budget.up(Decimal(squared).sqrt())

    assert noise.gaussian(noise.sigma(squared, rho)).map(distance) <= rho / budget.MICRO


@pytest.mark.parametrize(("squared", "rho"), [(1, 3_000), (45, 95_000), (165, 124_000)])
def test_noise_has_the_stated_deviation(squared, rho):
    drawn = noise.noised(Secret(np.zeros(20_000, dtype=np.int64)), squared=squared, rho=rho).value

    statistic = float((drawn**2).sum()) / noise.sigma(squared, rho) ** 2

    assert chi2.ppf(1e-6, 20_000) < statistic < chi2.isf(1e-6, 20_000)
    assert abs(drawn.mean()) < 5 * noise.sigma(squared, rho) / np.sqrt(20_000)


def test_noise_is_bell_shaped():
    sigma = noise.sigma(1, 20_000)
    drawn = noise.noised(Secret(np.zeros(50_000, dtype=np.int64)), squared=1, rho=20_000).value
    edges = np.array([-8, -4, -2, 0, 2, 4, 8]) + 0.5

    seen = np.bincount(np.searchsorted(edges, drawn), minlength=8)
    expected = 50_000 * np.diff(norm.cdf(np.concatenate([[-np.inf], edges, [np.inf]]) / sigma))

    assert float(((seen - expected) ** 2 / expected).sum()) < chi2.isf(1e-6, 7)


def test_noise_of_many_cells_is_drawn_in_parts():
    counts = np.arange(noise._AT_ONCE + 3)

    found = noise.noised(Secret(counts), squared=1, rho=1_000_000_000_000)

    assert np.array_equal(found.value, counts)
    assert found.rho == 1_000_000_000_000


def test_no_cells_have_no_noise():
    assert len(noise.noised(Secret(np.zeros(0, dtype=np.int64)), squared=1, rho=1).value) == 0


@pytest.mark.parametrize(("squared", "rho"), [(0, 1), (1, 0)])
def test_noise_that_nothing_pays_for_is_refused(squared, rho):
    with pytest.raises(ValueError, match="at least 1"):
        noise.sigma(squared, rho)
