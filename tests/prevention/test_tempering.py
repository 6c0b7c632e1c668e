"""Weights of modes, against independent ways to the same posterior and shares that are known."""

import numpy as np
import pytest

from palermo.prevention import chains, tempering
from tests.prevention.tables import a_table, shared
from tests.prevention.test_latent import MARKS, SMALL, from_the_prior, independence, shares


def test_one_class_is_independence_in_closed_form():
    table = a_table(SMALL)
    totals, mass = independence(table)
    marks = [totals[np.searchsorted(np.cumsum(mass), level)] for level in MARKS]

    drawn = tempering.totals(table, classes=1, heats=6, burn=500, draws=8_000)

    assert shares(drawn, marks) == pytest.approx(np.cumsum(mass)[np.searchsorted(totals, marks)], abs=0.02)


def test_draws_agree_with_importance_sampling_from_the_prior():
    table = a_table(SMALL)
    totals, weights = from_the_prior(table, np.random.default_rng(3), classes=3, size=300_000)
    order = np.argsort(totals)
    marks = totals[order][np.searchsorted(np.cumsum(weights[order]) / weights.sum(), MARKS)]
    expected = [weights[totals <= mark].sum() / weights.sum() for mark in marks]

    drawn = tempering.totals(table, classes=3, heats=8, burn=1_000, draws=8_000)

    assert chains.rhat(np.log(drawn)) < 1.01
    assert shares(drawn, marks) == pytest.approx(expected, abs=0.03)


def test_the_low_answer_of_the_united_kingdom_is_a_mode_of_little_weight():
    drawn = tempering.totals(shared("uk2013_6"), classes=10, runs=2, burn=1_500, draws=2_500)

    (low, _), _ = tempering.weights(drawn, [16_000.0])

    assert low < 0.1
    assert 20_000 < np.median(drawn) < 25_000


def test_weights_are_shares_between_the_cuts():
    rng = np.random.default_rng(1)
    totals = rng.choice([10.0, 20.0, 30.0], size=(4, 5_000), p=[0.5, 0.3, 0.2])

    found, errors = tempering.weights(totals, [15.0, 25.0])

    assert found == pytest.approx([0.5, 0.3, 0.2], abs=0.02)
    assert errors.max() < 0.02


def test_runs_that_differ_make_the_weight_uncertain():
    totals = np.repeat([[10.0], [20.0]], 1_000, axis=1)

    found, errors = tempering.weights(totals, [15.0])

    assert found.tolist() == [0.5, 0.5]
    assert errors == pytest.approx([0.5, 0.5])


def test_a_mode_never_met_is_not_ruled_out():
    _, errors = tempering.weights(np.full((2, 50), 10.0) + np.arange(50), [100.0])

    assert errors[1] > 0


def test_threads_names_and_order_of_lists_change_nothing():
    table = a_table(SMALL)

    first = tempering.totals(table, classes=2, runs=2, heats=4, burn=50, draws=100)
    second = tempering.totals(
        table.reordered("CAB"), classes=2, runs=2, heats=4, burn=50, draws=100, threads=2
    )

    assert np.array_equal(first, second)
