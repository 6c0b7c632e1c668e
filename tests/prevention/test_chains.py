"""Diagnostics of chains, against chains whose worth is known."""

import numpy as np
import pytest

from palermo.prevention import chains
from tests.prevention.tables import a_table

THREE = {"A": 40, "B": 30, "C": 25, "AB": 9, "AC": 4, "BC": 5, "ABC": 2}


def autoregressive(rng, keep, *, rows=4, length=20_000):
    """Chains in which each draw keeps a share of the one before: worth (1 - keep) / (1 + keep) a draw."""
    noise = rng.standard_normal((rows, length)) * np.sqrt(1 - keep**2)
    found = np.zeros((rows, length))
    found[:, 0] = rng.standard_normal(rows)
    for place in range(1, length):
        found[:, place] = keep * found[:, place - 1] + noise[:, place]
    return found


@pytest.mark.parametrize("keep", [0.0, 0.5, 0.9])
def test_correlated_draws_are_worth_what_theory_says(keep):
    draws = autoregressive(np.random.default_rng(3), keep)

    assert chains.ess(draws) == pytest.approx(draws.size * (1 - keep) / (1 + keep), rel=0.15)
    assert chains.rhat(draws) < 1.01


def test_draws_that_swing_are_worth_more_than_as_many_alone():
    draws = autoregressive(np.random.default_rng(4), -0.5)

    assert chains.ess(draws) > 1.5 * draws.size


def test_a_chain_elsewhere_or_of_another_spread_shows():
    draws = np.random.default_rng(5).standard_normal((4, 2_000))
    elsewhere, wider = draws.copy(), draws.copy()
    elsewhere[0] += 3
    wider[0] *= 5

    assert chains.rhat(elsewhere) > 1.2
    assert chains.rhat(wider) > 1.05
    assert chains.ess(elsewhere) < 20


def test_only_the_order_of_draws_matters():
    draws = np.random.default_rng(6).standard_normal((4, 500))

    assert chains.rhat(np.exp(draws)) == pytest.approx(chains.rhat(draws), abs=0.01)
    assert chains.ess(np.exp(draws)) == pytest.approx(chains.ess(draws))


def test_chains_that_stand_still_agree_only_in_one_place():
    assert chains.rhat(np.ones((2, 10))) == 1
    assert chains.ess(np.ones((2, 10))) == 20
    assert chains.rhat(np.array([[1.0] * 10, [2.0] * 10])) == float("inf")


def test_streams_hang_on_the_counts_the_seed_and_the_number_alone():
    table = a_table(THREE)
    renamed = a_table({"".join({"A": "C", "B": "A", "C": "B"}[n] for n in k): v for k, v in THREE.items()})

    def first(table, seed, count):
        return [rng.random() for rng in chains.generators(table, seed=seed, chains=count)]

    assert first(table, 1, 3) == first(renamed, 1, 5)[:3]
    assert len({*first(table, 1, 3), *first(table, 2, 3)}) == 6
