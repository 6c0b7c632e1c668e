"""Strata in one model: against a design matrix of all cells of all strata; and margins add up."""

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.errors import Unknown
from palermo.prevention import covariates, joint, loglinear, sheet
from palermo.prevention.sheet import Sheet
from tests.prevention import mse


def a_sheet(
    *, columns=("sex", "year"), values=(("f", "m"), ("2019", "2020", "2021")), seed=1, size=4000
) -> Sheet:
    """People of six strata in four lists, of which the first two help each other."""
    stream = np.random.default_rng(seed)
    rows = [",".join(["A", "B", "C", "D", *columns, "count"])]
    for one in values[0]:
        for other in values[1]:
            found = stream.random((size, 4)) < [0.1, 0.15, 0.2, 0.12 if one == "f" else 0.3]
            found[:, 1] |= found[:, 0] & (stream.random(size) < 0.4)
            cells, counts = np.unique(found.astype(int), axis=0, return_counts=True)
            rows += [
                ",".join([*map(str, cell), one, other, str(count)])
                for cell, count in zip(cells, counts, strict=True)
                if cell.any()
            ]
    return sheet.parse(rows, columns=columns)


# -- the slow, obvious twin ------------------------------------------------------------------------------


def dense(plan, width):
    """One row for each cell of each stratum, one column a parameter."""
    cells = np.arange(1, 1 << width)
    inside = (cells[:, None] & plan.masks == plan.masks).astype(float)
    return np.vstack([inside * plan.design[row, plan.columns] for row in range(len(plan.strata))])


def dense_fit(design, counts):
    theta = np.zeros(design.shape[1])
    theta[0] = math.log(counts.mean() + 1)

    def likelihood(at):
        return counts @ design @ at - np.exp(np.minimum(design @ at, 50)).sum()

    for _ in range(300):
        mu = np.exp(design @ theta)
        step = np.linalg.solve(design.T * mu @ design, design.T @ (counts - mu))
        while likelihood(theta + step) < likelihood(theta) - 1e-10:
            step /= 2
        theta = theta + step
        if abs(step).max() < 1e-12:
            break
    return theta, likelihood(theta)


def dense_selection(plan, counts, width):
    """Forward by the score statistic, kept if the BIC falls: each step from whole matrices."""
    full, people = dense(plan, width), counts.sum()
    chosen, tried = list(range(plan.always)), set()
    theta, best = dense_fit(full[:, np.isin(plan.blocks, chosen)], counts)
    while True:
        base = full[:, np.isin(plan.blocks, chosen)]
        mu = np.exp(base @ theta)
        promised = {}
        for block in range(plan.always, len(plan.names)):
            if block in chosen or block in tried:
                continue
            both = np.hstack([base, full[:, plan.blocks == block]])
            score = both.T @ (counts - mu)
            promised[block] = score @ np.linalg.pinv(both.T * mu @ both) @ score
            promised[block] -= math.log(people) * (plan.blocks == block).sum()
        if not promised or max(promised.values()) <= 0:
            return chosen, theta
        block = max(promised, key=promised.get)
        tried.add(block)
        other, higher = dense_fit(full[:, np.isin(plan.blocks, [*chosen, block])], counts)
        if 2 * (higher - best) > math.log(people) * (plan.blocks == block).sum():
            chosen, theta, best = sorted([*chosen, block]), other, higher


@given(st.integers(0, 10**6))
@settings(max_examples=8, deadline=None)
def test_selection_is_that_of_a_design_matrix(seed):
    given_ = a_sheet(seed=seed, size=800)
    plan = covariates.layout(given_, year="year")
    counts = covariates._counts(given_, plan)

    slow, theta = dense_selection(plan, counts[:, 1:].ravel(), 4)
    hidden, chosen = covariates._selected(plan, counts[None])

    assert np.flatnonzero(chosen[0]).tolist() == slow
    kept = np.isin(plan.blocks, slow) & (plan.masks == 0)
    at = np.zeros(len(plan.masks))
    at[np.isin(plan.blocks, slow)] = theta
    expected = np.exp(plan.design[:, plan.columns[kept]] @ at[kept])
    np.testing.assert_allclose(hidden[0], expected, rtol=1e-5)


def test_the_fitted_table_has_the_margins_of_the_model():
    given_ = a_sheet()
    plan = covariates.layout(given_)
    counts = covariates._counts(given_, plan)
    used = plan.blocks < plan.always + 3

    expected, _ = covariates._fitted(plan, counts, used)

    wanted = dense(plan, 4)[:, used].T @ counts[:, 1:].ravel()
    np.testing.assert_allclose(dense(plan, 4)[:, used].T @ expected[:, 1:].ravel(), wanted, rtol=1e-6)


# -- promises --------------------------------------------------------------------------------------------


def test_margins_add_up_in_the_answer_and_in_every_replicate():
    found = covariates.estimate(a_sheet(), year="year", replicates=60)

    for size in (1, 2):
        for columns in combinations(found.columns, size):
            margin = found.by(*columns)
            assert sum(part.total for part in margin.values()) == pytest.approx(found.whole.total)
            assert sum(part.observed for part in margin.values()) == found.whole.observed
    np.testing.assert_allclose(
        found.whole.interval.low,
        np.quantile(found.replicates.sum(axis=1), 0.025, method="median_unbiased"),
    )


def test_the_truth_of_made_up_strata_is_inside_most_of_their_intervals():
    drawn = [
        covariates.estimate(a_sheet(size=3000, seed=seed), year="year", replicates=200)
        for seed in range(1, 9)
    ]

    whole = [found.whole.interval.low < 18_000 < found.whole.interval.high for found in drawn]
    parts = [
        part.interval.low < 9000 < part.interval.high for one in drawn for part in one.by("sex").values()
    ]
    assert sum(whole) >= 6
    assert sum(parts) >= 13
    assert all({("A", "B"), ("D", "sex")} <= {*found.whole.model} for found in drawn)


def test_one_covariate_that_changes_nothing_leaves_the_answer_of_the_lists_alone():
    table = mse.shared("spina_3")
    strata = sheet.read(mse.SHARED / "spina_covariates.csv", columns=["eth"])

    found = covariates.estimate(strata, replicates=0)

    alone = loglinear.fit(table, table.terms(found.whole.model))
    assert found.whole.model == (("S2", "S3"),)
    assert found.whole.total == pytest.approx(alone.total, rel=1e-6)
    assert found.whole.interval is None


def test_threads_do_not_change_the_answer():
    one, two = (covariates.estimate(a_sheet(), replicates=40, threads=threads) for threads in (1, 2))

    assert one.whole == two.whole
    np.testing.assert_array_equal(one.replicates, two.replicates)


def test_renaming_the_lists_changes_no_replicate():
    text = [
        "A,B,C,sex,count",
        "1,0,0,f,60",
        "0,1,0,f,50",
        "0,0,1,m,40",
        "1,1,0,f,9",
        "1,0,1,m,8",
        "0,1,1,m,7",
    ]
    given_, renamed = ([names, *text[1:]] for names in (text[0], "police,courts,aid,sex,count"))

    one, two = (
        covariates.estimate(sheet.parse(rows, columns=["sex"]), replicates=9) for rows in (given_, renamed)
    )

    np.testing.assert_array_equal(one.replicates, two.replicates)


def test_a_column_that_is_no_stratum_is_named():
    found = covariates.estimate(a_sheet(), replicates=0)

    with pytest.raises(Unknown, match=r"country: it is no stratum\. Use sex, year"):
        found.by("country")


def test_lists_that_share_nobody_are_refused():
    rows = ["A,B,C,sex,count", "1,0,0,f,30", "0,1,0,f,20", "0,0,1,m,20", "1,0,0,m,9"]

    found = covariates.estimate(sheet.parse(rows, columns=["sex"]), replicates=20)

    assert not found.whole.estimable
    assert "Join strata" in str(found.whole.warnings[0])


def test_a_stratum_that_nobody_is_known_of_has_no_hidden_people_when_its_margin_is_empty():
    rows = [
        "A,B,C,sex,age,count", "1,0,0,f,1,60", "0,1,0,f,1,50", "0,0,1,f,1,40", "1,1,0,f,1,9", "1,0,1,f,1,8",
        "0,1,1,f,1,7", "1,1,1,f,1,2", "1,0,0,m,2,60", "0,1,0,m,2,50", "0,0,1,m,2,40", "1,1,0,m,2,9",
        "1,0,1,m,2,8", "0,1,1,m,2,7", "1,1,1,m,2,2",
    ]  # fmt: skip

    found = covariates.estimate(sheet.parse(rows, columns=["sex", "age"]), replicates=0)

    totals = dict(zip(found.strata, found.totals, strict=True))
    assert ("sex", "age") in found.whole.model
    assert (totals["f", "2"], totals["m", "1"]) == pytest.approx((0, 0), abs=1e-4)
    assert totals["f", "1"] == pytest.approx(totals["m", "2"])


def test_a_single_value_is_no_covariate():
    plan = covariates.layout(a_sheet(values=(("f",), ("2019", "2020"))), year="year")

    assert all("sex" not in name for name in plan.names)
    assert [name for name in plan.names if name == ("year",)] == [("year",)]


def test_a_year_enters_as_orthogonal_polynomials():
    plan = covariates.layout(a_sheet(), year="year")

    (block,) = [at for at, name in enumerate(plan.names) if name == ("year",)]
    smooth = plan.design[:, plan.columns[plan.blocks == block]]
    assert smooth.shape[1] == 2
    np.testing.assert_allclose(smooth.T @ smooth, np.diag(np.diag(smooth.T @ smooth)), atol=1e-12)
    np.testing.assert_allclose(smooth.sum(axis=0), 0, atol=1e-12)


def test_a_matrix_without_an_inverse_has_no_factor():
    assert not joint.factor(np.array([[1.0, 1.0], [1.0, 1.0]]), 2)
