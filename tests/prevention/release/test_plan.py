"""Plans: what the budget is divided into, the caps, and the error they foresee."""

from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from palermo.prevention.release import budget, noise
from palermo.prevention.release.plan import LIMITS, Plan, _filled


def a_plan(sizes=(3, 2, 4), *, epsilon=4.0, delta=1e-5, **changed):
    return Plan(sizes=tuple(sizes), epsilon=epsilon, delta=delta, **changed)


@given(some.lists(some.integers(1, 9), min_size=1, max_size=6), some.integers(1, 3), some.floats(0.1, 15))
def test_the_parts_add_up_to_the_budget(sizes, ways, epsilon):
    plan = a_plan(sizes, epsilon=epsilon, ways=ways)

    assert sum(plan.parts.values()) == plan.rho


@given(some.integers(1, 10**7), some.integers(0, 10**8), some.floats(0.5, 12), some.integers(1, 3))
def test_delta_follows_the_persons_who_were_counted_beyond_the_bound(bound, people, epsilon, ways):
    plan = a_plan([3, 2, 5], epsilon=epsilon, delta=budget.delta(bound), ways=ways, persons=bound)

    going_on = plan.of_people(people)

    assert going_on.delta <= min(budget.delta(people), plan.delta)
    assert going_on.rho <= plan.rho
    assert sum(going_on.parts.values()) == going_on.rho
    assert list(going_on.parts) == list(plan.parts)
    assert going_on.parts["persons"] == plan.parts["persons"]
    assert budget.epsilon(going_on.rho, going_on.delta) <= epsilon
    assert going_on is plan or people > bound


def test_a_delta_that_was_chosen_stays_whoever_is_counted():
    plan = a_plan(delta=1e-3)

    assert plan.of_people(10**9) is plan


def test_fewer_ways_leave_more_for_the_rest():
    assert a_plan(ways=1).parts["ones"] > a_plan(ways=2).parts["ones"] > a_plan(ways=3).parts["ones"]


def test_a_table_of_one_column_has_no_pairs():
    assert set(a_plan([5]).parts) == {"persons", "recorded", "ones"}


def test_predicted_errors_grow_with_the_cap_and_shrink_with_the_budget():
    wide = [2] * 12
    few, many = a_plan(wide).predicted(cap=5), a_plan(wide).predicted()

    assert all(one.sigma < other.sigma for one, other in zip(few, many, strict=True))
    assert a_plan(wide, epsilon=8.0).predicted()[2].high < many[2].high
    assert [one.ways for one in many] == [1, 2, 3]


@pytest.mark.parametrize("cap", [None, 2, 40], ids=["none", "a guess", "more than columns"])
def test_errors_are_predicted_for_a_guess_and_at_most_without_one(cap):
    sizes = [2] * 5
    plan, most = a_plan(sizes), a_plan(sizes).predicted()

    found = plan.predicted(cap)

    assert all(one.sigma <= other.sigma for one, other in zip(found, most, strict=True))
    assert [one.cap for one in found] == [max(min(cap or 5, 5), ways) for ways in (1, 2, 3)]
    assert [one.limit >= part * one.sigma for one, part in zip(found, LIMITS, strict=True)] == [True] * 3


ONES = np.full(38, 9_000)


def test_nobody_over_the_cap_that_everybody_is_under():
    recorded = np.array([0] * 4 + [50_000] + [0] * 15)
    plan = a_plan([2] * 19)

    assert plan.first_cap(recorded) == plan.cap(recorded, ONES) == 4


def test_the_cap_is_not_moved_by_what_noise_alone_may_count():
    recorded = np.array([0] * 4 + [50_000] + [0] * 14 + [20])
    plan = a_plan([2] * 19)

    assert plan.first_cap(recorded) == plan.cap(recorded, ONES) == 4


def test_noise_seldom_lifts_the_cap_over_the_fields_that_people_have():
    """A cap too high by some fields doubles the noise of triples: one release in eight would have had it."""
    plan = a_plan([1] * 19, delta=1e-6)
    people = np.array(
        [10, 3_600, 22_500, 18_900, 15_800, 12_600, 7_900, 4_500, 2_500, 1_800, 750, 200] + [0] * 8
    )
    sigma = noise.sigma(1, plan.parts["recorded"])
    drawn = np.random.Generator(np.random.Philox(3)).normal(0, sigma, (400, 20))

    caps = [plan.cap(people + np.rint(one).astype(int), np.full(19, 9_000)) for one in drawn]

    assert np.mean([cap > 12 for cap in caps]) < 0.03
    assert min(caps) >= 10


def test_people_who_recorded_all_are_not_capped():
    recorded = np.array([0] * 19 + [50_000])
    plan = a_plan([2] * 19)

    assert plan.first_cap(recorded) == plan.cap(recorded, ONES) == 19


@given(some.lists(some.integers(-200, 90_000), min_size=8, max_size=8))
def test_a_cap_is_always_one_that_the_table_can_have(recorded):
    plan = a_plan([3] * 7)

    assert 1 <= plan.first_cap(np.array(recorded)) <= 7
    assert 3 <= plan.cap(np.array(recorded), np.full(21, 500)) <= 7


@given(some.lists(some.integers(0, 400), min_size=3, max_size=9))
def test_filled_cells_are_those_of_a_slow_twin(ones):
    people = 400
    shares = [count / people for count in ones]
    pairs = [one * other for one, other in combinations(shares, 2) if one * other * people >= 1]
    triples = sum(pair * third * people >= 1 for pair in pairs for third in shares) / 3

    found = _filled([np.array(ones)], people)

    assert found[2] == len(pairs)
    assert found[3] == pytest.approx(triples, abs=len(ones))


def test_noise_follows_the_cap():
    plan = a_plan([2] * 19)

    assert plan.sigma(3, 9) / plan.sigma(3, 19) == pytest.approx((comb(9, 3) / comb(19, 3)) ** 0.5)


@pytest.mark.parametrize("ways", [0, 4])
def test_other_ways_are_refused(ways):
    with pytest.raises(ValueError, match="1, 2 or 3"):
        a_plan(ways=ways)


@pytest.mark.parametrize("sizes", [(), (3, 0)])
def test_a_table_of_nothing_is_refused(sizes):
    with pytest.raises(ValueError, match="has a column"):
        a_plan(sizes)


def test_a_budget_of_nothing_is_refused():
    with pytest.raises(ValueError, match="too little"):
        a_plan(epsilon=1e-6)
