"""Sums of strata: replicates add up number by number, and what has no number is counted."""

import math
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.prevention import addition, methods, parcel
from palermo.prevention.estimate import Estimate, Interval, refused
from palermo.prevention.saying import say
from tests.prevention.strata_tables import a_stratum
from tests.prevention.tables import a_table

REPLICATES = 40


def an_answer(seed=1, *, total=None, failing=0.0, kind="bca", acceleration=0.02):
    chance = np.random.default_rng(seed)
    drawn = chance.gamma(20.0, 10.0, REPLICATES) + 50
    drawn[1:][chance.random(REPLICATES - 1) < failing] = math.nan
    return Estimate(
        method="stepwise",
        lists=("A", "B", "C"),
        observed=50,
        table=str(seed),
        estimable=True,
        total=float(np.nanmedian(drawn)) if total is None else total,
        interval=Interval(level=0.95, kind=kind, low=1.0, high=2.0),
        acceleration=acceleration,
        replicates=REPLICATES,
        drawn=drawn,
    )


def summed(*answers, level=0.95):
    return addition.sums([((), one) for one in answers], level=level)[()]


def slowly(answers, keys):
    """The replicates of each sum, one by one."""
    found = defaultdict(lambda: [0.0] * REPLICATES)
    for key, answer in zip(keys, answers, strict=True):
        for number in range(REPLICATES):
            place = number
            while math.isnan(answer.drawn[place]):
                place = (place + 1) % REPLICATES
            found[key][number] += float(answer.drawn[place])
    return found


@given(keys=st.lists(st.sampled_from("abc"), min_size=1, max_size=12), failing=st.sampled_from([0.0, 0.3]))
def test_the_replicates_of_sums_are_the_sums_of_the_replicates(keys, failing):
    answers = [an_answer(seed, failing=failing) for seed in range(len(keys))]

    found = addition.sums(zip(keys, answers, strict=True), level=0.95)

    for key, drawn in slowly(answers, keys).items():
        assert found[key].drawn == pytest.approx(drawn)
        assert found[key].total == pytest.approx(
            sum(answer.total for answer, its in zip(answers, keys, strict=True) if its == key)
        )


@given(keys=st.lists(st.sampled_from("abcd"), min_size=1, max_size=12), same=st.booleans())
def test_the_sums_of_any_grouping_add_up_to_everyone(keys, same):
    answers = [an_answer(1 if same else seed) for seed in range(len(keys))]

    parts = addition.sums(zip(keys, answers, strict=True), level=0.95).values()
    whole = summed(*answers)

    assert sum(part.drawn for part in parts) == pytest.approx(whole.drawn)
    assert sum(part.total for part in parts) == pytest.approx(whole.total)
    assert sum(part.observed for part in parts) == whole.observed


def test_the_sum_of_one_stratum_has_that_stratums_own_interval():
    answer = methods.estimate(a_stratum(3, lists=5, people=2000), "stepwise", replicates=400)

    found = summed(parcel.unpack(parcel.pack(answer)))

    assert answer.interval.kind == found.interval.kind == "bca"
    assert found.total == answer.total
    assert found.interval.low == pytest.approx(answer.interval.low, rel=1e-6)
    assert found.interval.high == pytest.approx(answer.interval.high, rel=1e-6)


def test_equal_tables_do_not_vary_together():
    one = methods.estimate(a_stratum(3, people=2000), "stepwise", replicates=400)

    alone, four = summed(one).drawn.std(), summed(*[one] * 4).drawn.std()

    assert four == pytest.approx(2 * alone, rel=0.2)


def test_a_sum_of_many_is_narrower_than_the_sum_of_their_intervals():
    answers = [methods.estimate(a_stratum(one, people=900), "stepwise", replicates=200) for one in range(9)]

    found = summed(*answers).interval

    apart = sum(one.interval.high - one.interval.low for one in answers)
    assert found.high - found.low < apart / 2


def test_a_failed_replicate_is_stood_in_for_by_the_next_that_did_not_fail():
    drawn = np.array([math.nan, 1.0, math.nan, math.nan, 2.0, math.nan])

    assert addition.filled(drawn).tolist() == [1.0, 1.0, 2.0, 2.0, 2.0, 1.0]


def test_a_refused_stratum_is_counted_and_its_people_told():
    refusal = refused("stepwise", a_table({"A": 5, "B": 4, "AB": 2}), say("at-lists"))

    found = summed(an_answer(1), refusal)

    assert (found.strata, found.refused, found.left_out, found.observed) == (1, 1, 11, 50)
    assert "1 strata have no number" in str(found.warnings[0])
    assert found.interval is not None


def test_strata_that_are_all_refused_have_no_sum():
    found = summed(refused("stepwise", a_table({"A": 5, "B": 4, "AB": 2}), say("at-lists")))

    assert found.total is None
    assert found.interval is None


def test_a_stratum_without_replicates_leaves_the_sum_without_an_interval():
    bare = methods.estimate(a_stratum(1), "stepwise", replicates=0)

    found = summed(an_answer(1), bare)

    assert found.total == pytest.approx(an_answer(1).total + bare.total)
    assert found.interval is None
    assert "no replicates" in str(found.warnings[0])


def test_one_stratum_whose_replicates_lie_on_one_side_has_percentile_limits_and_says_so():
    found = summed(an_answer(1, total=1.0))

    assert found.interval.kind == "percentile"
    assert [one.rule for one in found.warnings] == ["one-sided"]


@pytest.mark.parametrize("away, held", [(0.0, True), (1.0, True), (3.0, False), (-3.0, False)])
def test_a_sum_that_left_its_own_replicates_behind_has_no_interval(away, held):
    """`away` is the bias of the sum, in standard deviations of its replicates."""
    plain = [an_answer(seed) for seed in range(16)]
    shift = away * sum(one.drawn for one in plain).std() / 16
    biased = [replace(one, total=float(one.drawn.mean()) + shift) for one in plain]

    found = summed(*biased)

    assert (found.interval is not None) is held
    assert [one.rule for one in found.warnings] == ([] if held else ["sum-biased"])


def test_draws_of_a_posterior_give_a_credible_interval():
    found = summed(an_answer(1, kind="credible"), an_answer(2, kind="credible"))

    low, high = np.quantile(an_answer(1).drawn + an_answer(2).drawn, [0.025, 0.975], method="median_unbiased")
    assert found.interval == Interval(level=0.95, kind="credible", low=low, high=high)


def test_a_stratum_without_acceleration_adds_none():
    flat = summed(an_answer(1, acceleration=None), an_answer(2, acceleration=None)).interval
    zero = summed(an_answer(1, acceleration=0.0), an_answer(2, acceleration=0.0)).interval

    assert flat == zero
