"""Budget: rho and epsilon by three other ways of computing them."""

from fractions import Fraction
from math import exp, log, sqrt

import opendp.prelude as dp
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy.integrate import quad
from scipy.stats import norm

from palermo.prevention.release import budget

DELTAS = some.sampled_from([1e-4, 1e-6, 1.8e-6, 1e-9])


def by_integral(rho, epsilon):
    """The delta of the Gaussian mechanism of this rho at this epsilon, from its densities."""
    shift = sqrt(2 * rho)
    return quad(lambda x: max(norm.pdf(x, shift) - exp(epsilon) * norm.pdf(x), 0), -30, 40, limit=500)[0]


@pytest.mark.parametrize("rho", [0.02, 0.326232, 2.0])
@pytest.mark.parametrize("delta", [1e-4, 1e-6])
def test_epsilon_is_enough_for_the_gaussian_mechanism_and_not_much_more(rho, delta):
    epsilon = budget.epsilon(round(rho * 1e6), delta)

    assert by_integral(rho, epsilon) <= delta < 20 * by_integral(rho, epsilon)


@given(some.integers(1_000, 5_000_000), DELTAS)
def test_epsilon_is_that_of_opendp(rho, delta):
    dp.enable_features("contrib")
    space = dp.atom_domain(T="i64"), dp.absolute_distance(T="f64")
    zero = dp.m.make_gaussian(*space, scale=1000.0)
    profile = dp.c.make_zCDP_to_approxDP(zero).map(1000.0 * sqrt(2 * rho / 1e6))

    assert budget.epsilon(rho, delta) == pytest.approx(profile.epsilon(delta), rel=1e-6)


@given(some.floats(0.01, 20), DELTAS)
def test_rho_is_the_most_that_epsilon_pays_for(epsilon, delta):
    rho = budget.rho(epsilon, delta)

    assert budget.epsilon(rho, delta) <= epsilon < budget.epsilon(rho + 1, delta)


@given(some.integers(0, 1_000_000), some.integers(1, 1_000_000), DELTAS)
def test_more_rho_is_never_less_epsilon(rho, more, delta):
    assert budget.epsilon(rho, delta) <= budget.epsilon(rho + more, delta)


def test_the_tight_conversion_beats_the_closed_form():
    delta = 1 / (48_801 * log(48_801))

    closed = (sqrt(log(1 / delta) + 4) - sqrt(log(1 / delta))) ** 2

    assert budget.rho(4.0, delta) / 1e6 == pytest.approx(0.3262, abs=1e-4)
    assert budget.rho(4.0, delta) / 1e6 > 1.2 * closed


def test_nothing_spent_is_nothing_lost():
    assert budget.epsilon(0, 1e-6) == 0.0


@pytest.mark.parametrize("delta", [0.0, 1.0, -1e-6])
def test_a_delta_that_is_no_probability_is_refused(delta):
    with pytest.raises(ValueError, match="not between 0 and 1"):
        budget.rho(4.0, delta)


@pytest.mark.parametrize(
    ("persons", "delta"),
    [(48_801, 1.8e-6), (10_000, 1.0e-5), (1_000, 1e-4), (0, 1e-4), (10_000_000, 6.2e-9)],
)
def test_delta_is_small_against_the_persons(persons, delta):
    assert budget.delta(persons) == pytest.approx(delta)


@given(some.integers(10, 10**9), some.dictionaries(some.text(), some.integers(1, 999), min_size=1))
def test_shares_add_up_to_the_whole_to_the_last_micro_rho(total, shares):
    parts = budget.divided(total, shares)

    assert sum(parts.values()) == total
    assert all(part >= total * shares[name] // sum(shares.values()) for name, part in parts.items())


@given(some.decimals(0, 1e9, places=30))
def test_rounding_up_never_goes_under(exact):
    assert Fraction(budget.up(exact)) >= Fraction(exact)
