"""The Bayesian threshold estimate, against a plain sampler, an integral and what the R peer answered."""

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.optimize import minimize

from palermo.prevention import hierarchy, posterior, threshold
from palermo.prevention.threshold import Prior
from tests.prevention.mse import a_table, reference, shared, sparse_tables

PEER = "mse_r_bayesthresh_proper_var1_thr2_mcmc20000"
SETTLED = (
    "korea_3", "spina_3", "hiv_rome_4", "lesbian_4", "scotland_pwid_4", "uk2013_4", "uk2013_5", "uk2013_6",
    "netherlands_5", "madigan_york_5",
)  # fmt: skip
HINGING = {"cruyff_simdat_4": ["R3", "R4"], "netherlands_6": ["P", "R"]}


def dense_log_posterior(table, terms, precision):
    """The slow twin: a design matrix, one row a cell."""
    cells = np.arange(1, len(table.counts))
    design = np.array([[float(cell & term == term) for term in terms] for cell in cells])
    counts = table.counts[cells]

    def value(theta):
        return counts @ design @ theta - np.exp(design @ theta).sum() - 0.5 * (precision * theta**2).sum()

    return value


def setting(table, terms):
    mains = [0, *(1 << one for one in range(len(table.lists)))]
    every = np.array([*mains, *terms])
    return every, np.array([1e-4] * len(mains) + [1.0] * len(terms))


@given(sparse_tables())
@settings(max_examples=10, deadline=None)
def test_the_mode_is_the_one_a_general_optimiser_finds(table):
    terms, precision = setting(table, hierarchy.interactions(len(table.lists), 2))
    value = dense_log_posterior(table, terms, precision)

    mode, curvature = posterior.peak(table.margins.astype(float), len(table.lists), terms, precision)

    slow = minimize(lambda at: -value(at), mode + 0.01, method="BFGS", options={"gtol": 1e-6})
    assert value(mode) >= -slow.fun - 1e-6
    h = 1e-4 * np.eye(len(mode))
    numeric = [[value(mode + a + b) - value(mode + a) - value(mode + b) + value(mode) for a in h] for b in h]
    np.testing.assert_allclose(curvature, -np.array(numeric) / 1e-8, rtol=0.05, atol=0.5)


def test_draws_have_the_moments_of_a_plain_random_walk():
    table = a_table(60, 50, 20, 40, 9, 12, 5)
    terms, precision = setting(table, (0b11,))
    value = dense_log_posterior(table, terms, precision)
    stream, walk = np.random.default_rng(4), []
    theta, width = posterior.peak(table.margins.astype(float), 3, terms, precision)
    steps = np.linalg.cholesky(np.linalg.inv(width)) / 1.2
    height = value(theta)
    for _ in range(40_000):
        other = theta + steps @ stream.standard_normal(len(terms))
        if np.log(stream.random()) < (new := value(other)) - height:
            theta, height = other, new
        walk.append(theta)

    found = posterior.draws(
        table.counts.astype(float), terms=terms, precision=precision, number=20_000, stream=stream
    )

    spread = np.std(walk, axis=0)
    np.testing.assert_allclose((found.thetas.mean(axis=0) - np.mean(walk, axis=0)) / spread, 0, atol=0.08)
    np.testing.assert_allclose(found.thetas.std(axis=0) / spread, 1, atol=0.08)
    assert found.accepted > 0.9


@pytest.mark.parametrize("name", SETTLED)
def test_median_and_pairs_agree_with_the_r_peer(name):
    table, peer = shared(name), reference(name)[PEER]

    found = threshold.estimate(table)

    assert {frozenset(pair) for pair in found.model} == {frozenset(pair.split(":")) for pair in peer["kept"]}
    assert found.total == pytest.approx(peer["median"], rel=0.02)
    low, *_, high = peer["quantiles_2.5_10_50_90_97.5"]
    assert (found.interval.low, found.interval.high) == pytest.approx((low, high), rel=0.04)


@pytest.mark.parametrize("name", HINGING)
def test_where_one_pair_is_at_the_threshold_both_answers_are_told(name):
    table, peer = shared(name), reference(name)[PEER]

    found = threshold.estimate(table)

    (close,) = [one for one in found.details["borderline"] if sorted(one["term"]) == HINGING[name]]
    assert abs(close["ratio"] - 2) < 0.1
    assert peer["median"] == pytest.approx(close["total_otherwise"], rel=0.02)
    assert any("decided the other way" in str(warning) for warning in found.warnings)


def exact_ratios(table, terms, precision, number=200_000):
    """Posterior mean over standard deviation by importance sampling from a t around the mode."""
    mode, curvature = posterior.peak(table.margins.astype(float), len(table.lists), terms, precision)
    stream, freedom = np.random.default_rng(7), 12
    steps = np.linalg.cholesky(np.linalg.inv(curvature))
    cells = np.arange(1, len(table.counts))
    design = (cells[:, None] & terms == terms).astype(float)
    offered, logs = [], []
    for _ in range(number // 20_000):
        away = stream.standard_normal((20_000, len(terms)))
        away /= np.sqrt(stream.chisquare(freedom, 20_000) / freedom)[:, None]
        thetas = mode + away @ steps.T
        linear = thetas @ design.T
        height = linear @ table.counts[cells] - np.exp(linear).sum(axis=1)
        height -= (precision * thetas**2).sum(axis=1) / 2
        offered.append(thetas)
        logs.append(height + (freedom + len(terms)) / 2 * np.log1p((away**2).sum(axis=1) / freedom))
    thetas, weights = np.concatenate(offered), np.exp(np.concatenate(logs) - np.max(logs))
    weights /= weights.sum()
    assert 1 / (weights**2).sum() > number / 4
    mean = weights @ thetas
    return np.abs(mean) / np.sqrt(weights @ (thetas - mean) ** 2)


@pytest.mark.parametrize("name, exact", [("cruyff_simdat_4", 1.941), ("netherlands_6", 1.962)])
def test_the_pair_at_the_threshold_lies_under_it_in_the_exact_posterior(name, exact):
    table = shared(name).canonical()
    pairs = hierarchy.interactions(len(table.lists), 2)
    terms, precision = setting(table, pairs)
    (pair,) = table.terms([HINGING[name]])

    slow = dict(zip(terms.tolist(), exact_ratios(table, terms, precision), strict=True))
    found, kept = threshold.select(table, prior=Prior(), ratio=2.0, order=2)

    assert slow[pair] == pytest.approx(exact, abs=0.015)
    assert pair not in kept
    assert all(found[one] == pytest.approx(slow[one], abs=0.02 + 0.02 * slow[one]) for one in pairs)


def test_more_draws_are_taken_where_chance_would_decide():
    table = shared("netherlands_6").canonical()
    (pair,) = table.terms([HINGING["netherlands_6"]])

    seeds = [threshold.select(table, prior=Prior(seed=seed), ratio=2.0, order=2) for seed in range(1, 5)]

    assert all(pair not in kept for _, kept in seeds)
    assert np.std([ratios[pair] for ratios, _ in seeds]) < 0.015


def test_same_seed_same_answer_and_another_seed_moves_it_a_little():
    table = shared("uk2013_4")

    one, same, other = (threshold.estimate(table, seed=seed) for seed in (1, 1, 2))

    assert one == same
    assert one.total != other.total
    assert one.total == pytest.approx(other.total, rel=0.01)


def test_names_and_order_of_the_lists_do_not_change_the_answer():
    table = shared("lesbian_4")

    one, two = threshold.estimate(table), threshold.estimate(table.reordered(table.lists[::-1]))

    assert one.total == two.total
    assert {frozenset(term) for term in one.model} == {frozenset(term) for term in two.model}


def test_a_triple_is_tried_only_where_its_pairs_stayed():
    table = shared("lesbian_4")
    ordered = table.canonical()

    ratios, kept = threshold.select(ordered, prior=Prior(draws=4000), ratio=2.0, order=3)

    triples = [term for term in ratios if term.bit_count() == 3]
    assert triples
    pairs = {term for term in kept if term.bit_count() == 2}
    assert all(set(hierarchy.parts(triple)) <= pairs for triple in triples)
    assert all(ratios[term] >= 2 for term in kept)


def test_an_answer_that_would_be_the_priors_is_refused():
    found = threshold.estimate(a_table(80, 0, 60, 70, 0, 0, 0), draws=2000)

    assert not found.estimable
    assert "the prior's" in str(found.warnings[0])


def test_no_pair_kept_is_independence():
    found = threshold.estimate(a_table(300, 300, 100, 300, 100, 100, 33), draws=4000)

    assert found.model == ()
    assert found.total == pytest.approx(1233 + 900, rel=0.1)
