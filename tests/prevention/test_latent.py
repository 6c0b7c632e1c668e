"""E9, against independent ways to the same posterior, and against the four chains of LCMCR."""

from math import lgamma, log

import numpy as np
import pytest

from palermo.prevention import chains, latent
from tests.prevention.tables import a_table, answers, shared

SMALL = {"A": 6, "B": 4, "C": 3, "AB": 3, "AC": 2, "BC": 1, "ABC": 1}
THREE = {"A": 40, "B": 30, "C": 25, "AB": 9, "AC": 4, "BC": 5, "ABC": 2}
MARKS = (0.1, 0.25, 0.5, 0.75, 0.9)


def shares(totals, marks):
    return np.array([np.mean(totals <= mark) for mark in marks])


def inside(table):
    return (np.arange(len(table.counts))[:, None] >> np.arange(len(table.lists))) & 1


def independence(table, most=200_000):
    """One class: the posterior of N in closed form, 1/N x N!/n0! x the product of B(1 + x_i, 1 + N - x_i)."""
    totals = np.arange(table.observed, most)
    sizes = list(table.sizes.values())
    logs = [
        -log(n)
        + lgamma(n + 1)
        - lgamma(n - table.observed + 1)
        + sum(lgamma(n - size + 1) - lgamma(n + 2) for size in sizes)
        for n in totals.tolist()
    ]
    mass = np.exp(np.array(logs) - max(logs))
    return totals, mass / mass.sum()


def from_the_prior(table, rng, *, classes, size):
    """Importance sampling: parameters from the prior, weighted by the likelihood; totals and weights."""
    alpha = np.maximum(rng.gamma(0.25, 1 / 0.25, size), 1e-12)
    rest = np.log(np.maximum(rng.random((size, classes - 1)), 1e-300)) / alpha[:, None]
    sticks = np.append(-np.expm1(rest), np.ones((size, 1)), axis=1)
    before = np.cumsum(np.append(np.zeros((size, 1)), rest, axis=1), axis=1)
    weights = sticks * np.exp(before)
    rates = rng.random((size, classes, len(table.lists)))
    chances = np.stack(
        [
            (weights * np.prod(np.where(row == 1, rates, 1 - rates), axis=2)).sum(axis=1)
            for row in inside(table)
        ],
        axis=1,
    )
    logs = np.log(chances) @ table.counts - table.observed * np.log1p(-chances[:, 0])
    hidden = rng.poisson(rng.gamma(table.observed, size=size) * chances[:, 0] / (1 - chances[:, 0]))
    return hidden + table.observed, np.exp(logs - logs.max())


def plain(table, rng, *, classes, sweeps):
    """The Gibbs sampler of the paper, line by line."""
    rates, weights, alpha = rng.random((classes, len(table.lists))), np.full(classes, 1 / classes), 1.0
    rows, found = inside(table), []
    for _ in range(sweeps):
        shapes = np.array([[np.prod(np.where(row == 1, rate, 1 - rate)) for rate in rates] for row in rows])
        odds = shapes * weights
        none = odds[0].sum()
        hidden = rng.negative_binomial(table.observed, 1 - none)
        people = np.append(hidden, table.counts[1:])
        drawn = np.array(
            [rng.multinomial(n, share / share.sum()) for n, share in zip(people, odds, strict=True)]
        )
        members, caught = drawn.sum(axis=0), drawn.T @ rows
        rates = rng.beta(1 + caught, 1 + members[:, None] - caught)
        after = members.sum() - np.cumsum(members)
        sticks = np.clip(rng.beta(1 + members[:-1], alpha + after[:-1]), 0, 1 - 1e-15)
        left = np.append(1, np.cumprod(1 - sticks))
        weights = np.append(sticks, 1) * left
        alpha = rng.gamma(0.25 + classes - 1, 1 / (0.25 - np.log(left[-1])))
        found.append(table.observed + hidden)
    return np.array(found)


def test_one_class_is_independence_in_closed_form():
    table = a_table(SMALL)
    totals, mass = independence(table)
    marks = [totals[np.searchsorted(np.cumsum(mass), level)] for level in MARKS]

    drawn = latent.drawn(table, classes=1, burn=500, draws=5_000, runs=8).totals

    assert shares(drawn, marks) == pytest.approx(np.cumsum(mass)[np.searchsorted(totals, marks)], abs=0.015)


@pytest.mark.parametrize("classes", [2, 4, 10])
def test_draws_agree_with_importance_sampling_from_the_prior(classes):
    table = a_table(SMALL)
    rng = np.random.default_rng(classes)
    totals, weights = from_the_prior(table, rng, classes=classes, size=300_000)
    order = np.argsort(totals)
    climbed = np.cumsum(weights[order]) / weights.sum()
    marks = totals[order][np.searchsorted(climbed, MARKS)]
    expected = [weights[totals <= mark].sum() / weights.sum() for mark in marks]

    drawn = latent.drawn(table, classes=classes, burn=1_000, draws=10_000, runs=8).totals

    assert shares(drawn, marks) == pytest.approx(expected, abs=0.03)


def test_draws_agree_with_the_sampler_of_the_paper():
    table = a_table(THREE)
    slow = plain(table, np.random.default_rng(1), classes=3, sweeps=12_000)[500:]
    marks = np.quantile(slow, MARKS)

    drawn = latent.drawn(table, classes=3, burn=1_000, draws=10_000, runs=8).totals

    error = 0.5 / np.sqrt(chains.ess(np.log(slow)[None]))
    assert shares(drawn, marks) == pytest.approx(shares(slow, marks), abs=4 * error)


def test_threads_and_the_number_of_chains_change_no_chain():
    table = a_table(THREE)

    one = latent.drawn(table, burn=50, draws=100, runs=4)
    two = latent.drawn(table, burn=50, draws=100, runs=4, threads=2)

    assert np.array_equal(one.totals, two.totals)


def test_names_and_order_of_the_lists_change_nothing():
    table = a_table(THREE)

    first = latent.estimate(table, burn=200, draws=500, longest=0, ladders=0)
    second = latent.estimate(table.reordered("CAB"), burn=200, draws=500, longest=0, ladders=0)

    assert (second.total, second.interval) == (first.total, first.interval)
    assert second.lists == ("C", "A", "B")


@pytest.mark.parametrize("name", ["hiv_rome_4", "spina_3", "korea_3"])
def test_the_median_is_within_two_per_cent_of_four_chains_of_lcmcr_that_agree(name):
    peers = [chain["median"] for chain in answers(name, "lcmcr_K10_a0.25_b0.25_burn20000_thin10_n10000")]

    found = latent.estimate(shared(name))

    assert found.total == pytest.approx(np.mean(peers), rel=0.02)


@pytest.mark.parametrize("name", ["netherlands_5", "netherlands_6", "scotland_pwid_4"])
def test_where_the_peers_chains_differ_the_answer_is_refused_or_flagged(name):
    found = latent.estimate(shared(name), ladders=0)

    assert found.warnings
    assert found.details["rhat"] > 1.01


def draws(*medians, spread=0.02, observed=100):
    rng = np.random.default_rng(1)
    logs = [log(median) + spread * rng.standard_normal(1_000) for median in medians]
    return latent.Draws(totals=np.exp(np.array(logs)), observed=observed)


def test_modes_are_told_apart_with_their_chains():
    found = draws(1_000, 3_000, 1_001, 3_002, 999)

    assert found.split
    assert [mode.chains for mode in found.modes(0.95)] == [(0, 2, 4), (1, 3)]
    assert found.modes(0.95)[1].median == pytest.approx(3_000, rel=0.01)


def test_split_chains_are_not_pooled(monkeypatch):
    monkeypatch.setattr(latent, "drawn", lambda table, **_: draws(1_000, 3_000))

    found = latent.estimate(a_table(THREE), ladders=0)

    assert not found.estimable
    assert found.details["split"]
    assert "1,0" in str(found.warnings[0])
    assert "not pooled" in str(found.warnings[0])
    assert [mode["share_of_chains"] for mode in found.details["modes"]] == [0.5, 0.5]


def ladders(*medians, length=500):
    rng = np.random.default_rng(2)
    return np.array([rng.permutation(np.repeat(median, length // len(median))) for median in medians]).astype(
        float
    )


def test_each_mode_of_split_chains_is_told_with_its_weight(monkeypatch):
    mixed = [1_000] * 3 + [3_000]
    monkeypatch.setattr(latent, "drawn", lambda table, **_: draws(1_000, 3_000, 3_001))
    monkeypatch.setattr(latent.tempering, "totals", lambda table, **_: ladders(*[mixed] * 4))

    found = latent.estimate(a_table(THREE))

    assert not found.estimable
    assert [mode["weight"] for mode in found.details["modes"]] == pytest.approx([0.75, 0.25])
    assert "1 of 3 chains, weight 75% ± " in str(found.warnings[0])


def test_ladders_that_disagree_weigh_nothing():
    modes = draws(1_000, 3_000).modes(0.95)

    assert latent.weighed(modes, ladders([1_000, 1_001], [3_000, 3_001])) == modes


def test_chains_that_have_not_settled_run_on():
    table = a_table(THREE)

    short = latent.drawn(table, burn=50, draws=100)
    long = latent.drawn(table, burn=50, draws=100, longest=450)

    assert short.unsettled
    assert long.totals.shape == (8, 400)


def test_a_chain_that_runs_on_is_the_chain_that_never_stopped():
    table = a_table(THREE)
    one, other = (
        latent.Chain.start(table, next(chains.generators(table, seed=1, chains=1)), 3.0, 4) for _ in range(2)
    )

    whole, parts = one.run(40, 100), [other.run(40, 30), other.run(0, 70)]

    assert np.array_equal(whole, np.concatenate(parts))


def test_draws_that_peers_would_throw_away_are_counted(monkeypatch):
    monkeypatch.setattr(latent, "drawn", lambda table, **_: draws(2_100, 2_100))

    found = latent.estimate(a_table(THREE))

    assert found.details["beyond_20_times"] == pytest.approx(0.5, abs=0.05)
    assert any("LCMCR" in str(warning) for warning in found.warnings)


def test_draws_too_few_to_move_an_interval_are_not_told(monkeypatch):
    quiet = draws(150, 150)
    quiet.totals[0, 0] = 1e9
    monkeypatch.setattr(latent, "drawn", lambda table, **_: quiet)

    answer = latent.estimate(a_table(THREE))

    assert 0 < answer.details["beyond_20_times"] < 0.001
    assert not any("LCMCR" in str(warning) for warning in answer.warnings)


def test_draws_at_the_cap_are_refused(monkeypatch):
    monkeypatch.setattr(latent, "drawn", lambda table, **_: draws(1e12, 1e12))

    assert any(
        "largest number there is" in str(warning) for warning in latent.estimate(a_table(THREE)).warnings
    )


def test_short_chains_are_warned_of():
    found = latent.estimate(a_table(THREE), burn=100, draws=100, longest=0)

    assert any("not settled" in str(warning) for warning in found.warnings)


def test_a_faulty_table_is_refused():
    found = latent.estimate(a_table({"A": 5, "B": 6, "AB": 2}))

    assert "Nobody is in it" in str(found.warnings[0])


def test_what_is_supposed_is_about_classes_and_not_about_interactions():
    supposed = latent.estimate(a_table(THREE), burn=50, draws=50, longest=0, ladders=0).assumptions

    assert "within a class" in str(supposed[-1])
    assert not any("Interactions" in str(one) for one in supposed)
