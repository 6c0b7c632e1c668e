"""The calendar of the appraisals: without a gap, and honest about the meeting that has no date."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from palermo.appraisal import assess, cycle
from palermo.appraisal.provision import ReferenceStatus, instruments
from palermo.errors import Unknown

ALL = cycle.cycles()


def test_the_assembly_took_stock_in_2013_2017_2021_and_2025_and_the_next_date_is_not_set():
    assert [one.meeting[0].year for one in ALL if one.meeting] == [2013, 2017, 2021, 2025]
    assert [(one.id, one.set) for one in ALL][-1] == ("2025-2029", False)
    assert ALL[-1].meeting_status is ReferenceStatus.MEMORY


def test_each_cycle_begins_the_day_after_the_one_before_and_ends_with_its_meeting():
    for one, following in pairwise(ALL):
        assert following.starts_on == one.ends_on + timedelta(days=1)
    assert all(one.meeting[0] <= one.meeting[1] == one.ends_on for one in ALL if one.meeting)


def test_a_declaration_is_one_of_the_instruments():
    assert all(one.declaration in instruments() for one in ALL if one.declaration)


@pytest.mark.parametrize(
    "day, id",
    [
        (date(2010, 7, 30), "2010-2013"),
        (date(2025, 11, 25), "2021-2025"),
        (date(2025, 11, 26), "2025-2029"),
        (date(2026, 11, 22), "2025-2029"),
    ],
)
def test_a_day_falls_in_one_cycle(day, id):
    assert assess.cycle(day) == id
    assert [one.id for one in ALL if one.holds(day)] == [id]


@pytest.mark.parametrize("day", [date(2010, 7, 29), date(2030, 1, 1)])
def test_a_day_before_the_plan_or_after_the_calendar_has_no_cycle(day):
    with pytest.raises(Unknown, match=r"cycles\.toml"):
        cycle.cycle(day)
