"""Figures as bounds: "<5" is 1 to 4, and sums carry it through."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from palermo.appraisal.observation import (
    Bounds,
    ObservationStatus,
    bounds,
    repeats_counted,
    status,
    total,
    yearly,
)
from tests.appraisal.made import STALE, an_observation

NUMBERS = some.integers(min_value=0, max_value=10**6)
INTERVALS = some.tuples(NUMBERS, NUMBERS).map(lambda ends: Bounds(low=min(ends), high=max(ends)))


@pytest.mark.parametrize(
    "cell, low, high",
    [
        ("29", 29, 29),
        ("26,539", 26539, 26539),
        ("1 234", 1234, 1234),
        ("1\u00a0234", 1234, 1234),
        ("12\u202f345\u202f678", 12345678, 12345678),
        ("0", 0, 0),
        ("12.8", 12.8, 12.8),
        ("<5", 1, 4),
        (" < 5 ", 1, 4),
        ("<10", 1, 9),
    ],
)
def test_a_cell_is_read_as_bounds(cell, low, high):
    assert bounds(cell) == Bounds(low=low, high=high)


@pytest.mark.parametrize(
    "cell",
    ["", "n/a", "5>", "1,2", "12,34,567", "1 23", "12 34 567", "1,234 567", "1e5", "nan", "inf", "-3", "<1"],
)
def test_a_cell_that_is_no_number_is_refused(cell):
    with pytest.raises(ValueError, match=r"number|low <= high"):
        bounds(cell)


@pytest.mark.parametrize("low, high", [(5, 4), (float("nan"), 1), (0, float("inf"))])
def test_bounds_need_finite_ends_in_order(low, high):
    with pytest.raises(ValueError, match="low <= high"):
        Bounds(low=low, high=high)


def test_a_suppressed_cell_is_never_zero_and_never_missing():
    suppressed = an_observation("<5")

    assert suppressed.status is ObservationStatus.SUPPRESSED
    assert suppressed.bounds.low == 1
    assert total([suppressed, suppressed]) == Bounds(low=2, high=8)
    assert status("5") is ObservationStatus.REPORTED


@given(some.lists(some.one_of(some.integers(0, 50).map(str), some.just("<5")), max_size=6))
def test_the_true_sum_lies_in_the_bounds_of_the_sum(cells):
    lowest = sum(1 if cell == "<5" else int(cell) for cell in cells)
    highest = sum(4 if cell == "<5" else int(cell) for cell in cells)

    assert total(an_observation(cell) for cell in cells) == Bounds(low=lowest, high=highest)


@given(INTERVALS, INTERVALS)
def test_two_intervals_meet_exactly_when_they_share_a_number(one, other):
    shared = max(one.low, other.low) <= min(one.high, other.high)

    assert one.meets(other) is shared
    assert other.meets(one) is shared


@given(INTERVALS, INTERVALS, INTERVALS)
def test_adding_bounds_is_associative_and_commutative(a, b, c):
    assert (a + b) + c == a + (b + c)
    assert a + b == b + a


def test_an_evidence_id_depends_on_what_is_said_and_not_on_the_file_or_line():
    assert an_observation(line=2).evidence_id == an_observation(line=900).evidence_id
    assert an_observation("29").evidence_id != an_observation("30").evidence_id
    assert an_observation(as_of=STALE).evidence_id != an_observation().evidence_id


def test_rows_that_say_the_same_of_the_same_group_are_all_kept():
    rows = repeats_counted([an_observation("<5"), an_observation("<5"), an_observation("7")])

    assert [one.repeat for one in rows] == [0, 1, 0]
    assert len({one.evidence_id for one in rows}) == 3


def test_years_come_in_order_with_the_newest_source_first_and_parts_left_out():
    old, new = an_observation("10", year=2020, as_of=STALE), an_observation("12", year=2020)
    part = an_observation("3", year=2021, sex="female")

    assert yearly([old, part, new]) == {2020: (new, old)}
