from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.standards import age
from palermo.standards.answer import State, answered, unanswered
from palermo.standards.vocabulary import vocabulary

UNKNOWN = unanswered(State.UNKNOWN)


def test_the_bands_follow_one_another_without_gap():
    nine = list(age.BANDS.values())[:9]

    assert [low for low, _ in nine] == [0] + [high + 1 for _, high in nine[:-1]]
    assert set(age.BANDS) == set(vocabulary("age_band")) - {"unknown"}


@pytest.mark.parametrize("band", [band for band in age.BANDS if band not in {"child", "adult"}])
def test_a_band_lies_on_the_side_its_list_says(band):
    low, high = age.BANDS[band]
    side = age.BANDS[vocabulary("age_band").broader(band)]

    assert side[0] <= low <= high <= side[1]


@given(st.dates(date(1990, 1, 1), date(2026, 1, 1)), st.dates(date(2010, 1, 1), date(2030, 12, 31)))
def test_a_person_is_a_child_until_the_eighteenth_birthday(born, today):
    years = sum(
        1
        for year in range(born.year + 1, today.year + 1)
        if (today.year, today.month, today.day) >= (year, born.month, born.day)
    )

    assert age.is_child({"birth": born.isoformat()}, today=today) == (years < 18)


@pytest.mark.parametrize(
    "person, child",
    [
        ({}, False),
        ({"child_flag": answered("child")}, True),
        ({"child_flag": answered("presumed")}, True),
        ({"child_flag": answered("adult"), "age_estimate": 16}, False),  # the flag decides
        ({"child_flag": UNKNOWN, "age_band": answered("0-8")}, True),
        ({"age_band": answered("adult")}, False),
        ({"age_band": answered("unknown")}, False),
        ({"age_estimate": 17}, True),
        ({"age_estimate": 18, "age_at_identification": 17}, True),  # where they differ, the lower
        ({"birth": UNKNOWN}, False),
        ({"birth": "2009"}, True),  # may still be seventeen
    ],
)
def test_who_is_held_to_be_a_child(person, child):
    assert age.is_child(person, today=date(2026, 11, 21)) is child


@pytest.mark.parametrize(
    "person, unknown",
    [
        ({}, True),
        ({"birth": "XXXX"}, True),
        ({"age_band": answered("unknown")}, True),
        ({"age_band": UNKNOWN, "child_flag": UNKNOWN}, True),
        ({"birth": "199X"}, False),
        ({"age_band": answered("adult")}, False),
        ({"age_estimate": 30}, False),
        ({"age_estimate": 30, "age_disputed": True}, True),
    ],
)
def test_when_the_age_is_unknown(person, unknown):
    assert age.is_unknown(person) is unknown


@pytest.mark.parametrize(
    "document",
    [
        {"person": {"child_signs": True}},
        {"person": {"age_estimate": 15}},
        {"person": {"age_band": answered("child")}},
        {"person": {"status_migration": [answered("SeparatedOrUnaccompaniedChild")]}},
        {"exploitation": [{}, {"form": answered("ForcedAdoption")}]},
        {"consent": [{"given_by": answered("guardian")}]},
        {"best_interests": [{"guardian": "G-1"}]},
    ],
    ids=str,
)
def test_what_suggests_a_child(document):
    assert age.signs_of_a_child(document)


def test_nothing_suggests_a_child_in_an_empty_record():
    assert not age.signs_of_a_child({})
    assert not age.signs_of_a_child(
        {"person": {"child_signs": False}, "exploitation": [{}], "best_interests": []}
    )
