"""Strata pooled in part, against a general optimiser on the joint posterior and made-up strata."""

import numpy as np
import pytest
from scipy.optimize import minimize

from palermo.prevention import loglinear, pooled, sheet
from palermo.prevention.sheet import Sheet

TERMS = np.array([0, 1, 2, 4, 3, 5, 6])


def strata(*, seed=1, number=8, lists=4, least=300, most=1500) -> tuple[Sheet, np.ndarray]:
    """Countries of known size whose lists differ a little, the first two of which help each other."""
    stream = np.random.default_rng(seed)
    truth = stream.integers(least, most, number)
    rows = [",".join([*"ABCD"[:lists], "country", "count"])]
    for place, people in enumerate(truth):
        reach = np.exp(np.log([0.08, 0.12, 0.15, 0.1][:lists]) + stream.normal(0, 0.3, lists))
        found = stream.random((people, lists)) < reach
        found[:, 1] |= found[:, 0] & (stream.random(people) < 0.3)
        cells, counts = np.unique(found.astype(int), axis=0, return_counts=True)
        rows += [
            ",".join([*map(str, cell), f"X{chr(65 + place)}", str(count)])
            for cell, count in zip(cells, counts, strict=True)
            if cell.any()
        ]
    return sheet.parse(rows, columns=["country"]), truth


def joint(counts, precision):
    """The slow twin: the joint log posterior of all effects and means, cell by cell, as one vector."""
    cells = np.arange(1, 8)
    design = (cells[:, None] & TERMS == TERMS).astype(float)
    rows = len(counts)

    def value(at):
        effects, means = at[: rows * 7].reshape(rows, 7), np.r_[0.0, at[rows * 7 :]]
        linear = effects @ design.T
        likelihood = (counts[:, 1:] * linear - np.exp(linear)).sum()
        around = (precision * (effects - means) ** 2).sum() / 2
        return likelihood - around - pooled.FLAT * (means[1:4] ** 2).sum() / 2 - (means[4:] ** 2).sum() / 2

    return value


def test_mode_and_evidence_are_those_of_the_joint_posterior():
    counts = np.array(
        [[0, 50, 40, 9, 30, 6, 5, 2], [0, 20, 25, 3, 40, 4, 9, 1], [0, 70, 30, 12, 35, 9, 0, 1.0]]
    )
    precision = np.array([1e-4, 4, 4, 4, 9, 9, 9.0])
    value = joint(counts, precision)

    found = pooled.mode(counts, TERMS, precision=precision, lists=3)

    at = np.r_[found.effects.ravel(), found.means[1:]]
    slow = minimize(lambda x: -value(x), at + 0.02, method="BFGS", options={"gtol": 1e-7, "maxiter": 2000})
    assert value(at) == pytest.approx(-slow.fun, abs=1e-6)
    h = 1e-3 * np.eye(len(at))
    curvature = -np.array(
        [
            [
                (value(at + a + b) - value(at + a - b) - value(at - a + b) + value(at - a - b)) / 4e-6
                for a in h
            ]
            for b in h
        ]
    )
    evidence = value(at) - np.linalg.slogdet(curvature)[1] / 2 + 3 * np.log(precision[1:]).sum() / 2
    assert found.evidence == pytest.approx(evidence, abs=0.01)


def test_draws_have_the_spread_of_the_curvature():
    counts = np.array([[0, 50, 40, 9, 30, 6, 5, 2], [0, 20, 25, 3, 40, 4, 9, 1.0]])
    precision = np.array([1e-4, 4, 4, 4, 9, 9, 9.0])
    found = pooled.mode(counts, TERMS, precision=precision, lists=3)
    value = joint(counts, precision)
    at, h = np.r_[found.effects.ravel(), found.means[1:]], 1e-3
    steps = h * np.eye(len(at))
    curvature = -np.array(
        [
            [
                (value(at + a + b) - value(at + a - b) - value(at - a + b) + value(at - a - b)) / 4e-6
                for a in steps
            ]
            for b in steps
        ]
    )

    hidden = np.log(pooled._drawn(found, precision, 40_000, np.random.default_rng(2)))

    spread = np.linalg.inv(curvature)[np.ix_([0, 7], [0, 7])]
    np.testing.assert_allclose(np.cov(hidden.T), spread, rtol=0.05, atol=0.003)


def test_intervals_hold_the_truth_of_made_up_countries_about_as_often_as_they_say():
    inside, everyone = [], []

    for seed in range(8):
        countries, truth = strata(seed=seed)
        found = pooled.estimate(countries, seed=seed)
        parts = found.by("country").values()
        inside += [
            part.interval.low < people < part.interval.high for part, people in zip(parts, truth, strict=True)
        ]
        everyone.append(found.whole.interval.low < truth.sum() < found.whole.interval.high)

    assert np.mean(inside) > 0.87
    assert sum(everyone) >= 6


def test_pooling_is_nearer_the_truth_than_each_country_alone():
    countries, truth = strata(seed=3, least=100, most=400)
    pairs = (0b11, 0b101, 0b110, 0b1001, 0b1010, 0b1100)

    found = pooled.estimate(countries)

    alone = [loglinear.fit(table, pairs).total or np.inf for table in countries.strata.values()]
    together = np.abs(np.log(np.array(found.totals) / truth))
    assert np.median(together) < np.median(np.abs(np.log(np.array(alone) / truth)))


def test_draws_of_strata_sum_to_the_whole_and_the_kind_is_credible():
    countries, _ = strata()

    found = pooled.estimate(countries, draws=1000)

    assert found.whole.total == pytest.approx(np.median(found.replicates.sum(axis=1)))
    assert {part.interval.kind for part in found.by("country").values()} == {"credible"}
    assert found.whole.observed == sum(found.observed)


def test_same_seed_same_draws():
    countries, _ = strata()

    one, two = (pooled.estimate(countries, draws=500) for _ in range(2))

    np.testing.assert_array_equal(one.replicates, two.replicates)


def test_lists_that_share_nobody_anywhere_are_refused():
    rows = ["A,B,C,country,count", "1,0,0,XA,30", "0,1,0,XA,20", "0,0,1,XB,20", "1,0,0,XB,9"]

    found = pooled.estimate(sheet.parse(rows, columns=["country"]))

    assert not found.whole.estimable
    assert "to the prior" in str(found.whole.warnings[0])
