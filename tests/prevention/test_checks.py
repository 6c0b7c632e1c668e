"""Checks of a table beside its estimate: small sums done by hand, people counted one by one, and promises."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.prevention import checks, loglinear
from palermo.prevention.estimate import Estimate, Interval, refused
from palermo.prevention.overlap import Overlap
from tests.prevention.mse import a_table, shared, sparse_tables


def independent(table: Overlap) -> Estimate:
    """Main effects with an interval of half to twice the total."""
    fit = loglinear.fit(table)
    if fit.total is None:
        return refused("independent", table, "not estimable")
    interval = Interval(level=0.95, kind="made up", low=fit.total / 2, high=fit.total * 2)
    return Estimate(
        method="independent",
        lists=table.lists,
        observed=table.observed,
        table=table.hash,
        estimable=True,
        total=fit.total,
        hidden=fit.hidden,
        interval=interval,
    )


def people(table: Overlap) -> list[frozenset[str]]:
    """Everyone of the table, one by one, as the set of lists that know them."""
    return [
        frozenset(name for bit, name in enumerate(table.lists) if cell >> bit & 1)
        for cell, count in enumerate(table.counts)
        for _ in range(count)
    ]


@given(sparse_tables())
@settings(max_examples=50, deadline=None)
def test_chapman_is_the_sum_done_in_fractions_over_people(table):
    everyone = people(table)

    for (one, other), bound in checks.chapman(table).items():
        first = sum(one in person for person in everyone)
        second = sum(other in person for person in everyone)
        both = sum(one in person and other in person for person in everyone)
        assert bound.total == pytest.approx(float(Fraction((first + 1) * (second + 1), both + 1) - 1))


def test_chapman_and_its_error_by_hand():
    # 99 in A, 49 in B, 19 in both: 100 x 50 / 20 - 1 and Seber's variance 5000 x 80 x 30 / (400 x 21)
    bound = checks.chapman(a_table(80, 30, 19))["A", "B"]

    assert bound.total == 249
    assert bound.error == pytest.approx(math.sqrt(5000 * 80 * 30 / (400 * 21)))
    assert 110 < bound.interval.low < 249 < bound.interval.high


def test_chao_bound_by_hand():
    # three lists, 60 people once, 9 twice, 2 three times: 71 + (2/3) 60 x 59 / (2 x 10)
    bound = checks.chao(a_table(20, 20, 3, 20, 3, 3, 2))

    assert bound.total == pytest.approx(71 + 2 / 3 * 60 * 59 / 20)
    assert 71 < bound.interval.low < bound.total < bound.interval.high


@given(st.integers(0, 2**32))
@settings(max_examples=10, deadline=None)
def test_chao_bound_lies_under_the_truth_when_people_differ(seed):
    stream, bits = np.random.default_rng(seed), 1 << np.arange(4)
    easy = stream.random((3000, 4)) < 0.6
    hard = stream.random((27_000, 4)) < 0.05
    cells = np.vstack([easy, hard]) @ bits
    counts = np.bincount(cells, minlength=16)
    counts[0] = 0

    bound = checks.chao(Overlap(lists=tuple("ABCD"), counts=counts))

    assert counts.sum() < bound.total < 30_000


def test_nobody_unseen_has_no_spread():
    bound = checks.chapman(a_table(0, 10, 20))["A", "B"]

    assert (bound.total, bound.interval.low, bound.interval.high) == (30, 30, 30)


@given(sparse_tables())
@settings(max_examples=30, deadline=None)
def test_a_list_hidden_leaves_the_people_of_that_list_in_the_others(table):
    for name in table.lists:
        members = [person - {name} for person in people(table) if name in person]

        inside = checks.within(table, name)

        seen = [person & set(inside.lists) for person in members]
        assert inside.observed == sum(bool(person) for person in seen)
        for other, known in inside.sizes.items():
            assert known == sum(other in person for person in seen)


def test_internal_consistency_compares_each_answer_with_the_size_of_its_list():
    table = shared("madigan_york_5")

    found = checks.hidden_lists(table, independent)

    assert [one.truth for one in found] == list(table.sizes.values())
    for one in found:
        assert one.seen <= one.truth
        assert one.answer is None or one.answer.observed == one.seen
    assert 0 <= checks.consistency(found) <= 1


def test_a_hidden_list_with_too_few_others_gives_no_answer():
    found = checks.hidden_lists(a_table(10, 10, 4, 10, 4, 4, 2), independent)

    assert all(one.answer is None and "Fewer than 3 other lists" in str(one.reasons[0]) for one in found)
    assert checks.consistency(found) is None


def test_a_refused_answer_is_neither_in_nor_out():
    table = shared("uk2013_5")

    found = checks.hidden_lists(table, lambda inside: refused("none", inside, "not today"))

    assert all(one.covered is None for one in found)


def test_leaving_out_each_list_estimates_the_others():
    table = shared("hiv_rome_4")

    left = checks.without_each(table, independent)

    assert list(left) == list(table.lists)
    for name, answer in left.items():
        assert answer.lists == tuple(other for other in table.lists if other != name)
        assert answer.observed == sum(bool(person - {name}) for person in people(table))


def test_most_people_in_one_list_is_a_warning():
    assert any("one list only" in str(warning) for warning in checks.check(shared("uk2013_6")).warnings)
    assert checks.alone(a_table(10, 10, 20)) == 0.5


def test_nobody_observed_has_no_share():
    assert math.isnan(checks.alone(a_table(0, 0, 0)))


@pytest.mark.parametrize(
    "table, said",
    [
        pytest.param(shared, True, id="korea_3: b and d... have no triangle"),
        pytest.param(lambda _: a_table(9, 9, 3, 9, 3, 3, 0), False, id="three pairs"),
    ],
)
def test_three_lists_that_do_not_overlap_pair_by_pair_are_named(table, said):
    found = checks.check(table("artificial_3"))

    pairs_missing = not all(table("artificial_3").pairs.values())
    assert said is pairs_missing
    assert any("pair by pair" in str(warning) for warning in found.warnings) is said


@pytest.mark.parametrize(
    "table, smallest, rules",
    [
        pytest.param(a_table(5, 5, 2, 5, 2, 2, 0), 1, [], id="three lists of a good size"),
        pytest.param(a_table(5, 5, 2), 1, ["few-large-lists"], id="two lists"),
        pytest.param(a_table(5, 5, 2, 0, 0, 0, 0), 1, ["small-list", "few-large-lists"], id="an empty list"),
        pytest.param(a_table(5, 5, 0, 5, 0, 0, 0), 1, ["no-overlap"], id="lists without overlap"),
        pytest.param(
            a_table(50, 50, 2, 5, 2, 2, 0), 20, ["small-list", "few-large-lists"], id="a list under 20"
        ),
    ],
)
def test_minimum_sizes(table, smallest, rules):
    assert [problem.rule for problem in checks.against(table, smallest=smallest)] == rules
