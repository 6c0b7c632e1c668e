"""The time of an action as plans write it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from palermo.appraisal import words
from palermo.appraisal.plan.span import span
from palermo.appraisal.words import Language


@pytest.mark.parametrize(
    "said, first, last",
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2023-2025", date(2023, 1, 1), date(2025, 12, 31)),
        ("2023 – 2025", date(2023, 1, 1), date(2025, 12, 31)),
        ("from 2023 to 2025", date(2023, 1, 1), date(2025, 12, 31)),
        ("de 2023 à 2025", date(2023, 1, 1), date(2025, 12, 31)),
        ("Q3 2024", date(2024, 7, 1), date(2024, 9, 30)),
        ("T1/2024", date(2024, 1, 1), date(2024, 3, 31)),
        ("Q1 2024 - Q4 2025", date(2024, 1, 1), date(2025, 12, 31)),
        ("February 2024", date(2024, 2, 1), date(2024, 2, 29)),
        ("mars 2024 à juin 2025", date(2024, 3, 1), date(2025, 6, 30)),
        ("5 March 2024", date(2024, 3, 5), date(2024, 3, 5)),
        ("2024-03-05 to 31/12/2024", date(2024, 3, 5), date(2024, 12, 31)),
        ("by December 2025", None, date(2025, 12, 31)),
        ("by 2025", None, date(2025, 12, 31)),
        ("D'ici fin 2025", None, date(2025, 12, 31)),
        ("avant le 1er mai 2025", None, None),
    ],
)
def test_a_time_is_read_as_plans_write_it(said, first, last):
    assert span(said) == ((first, last) if last else None)


@pytest.mark.parametrize(
    "said",
    [
        "ongoing",
        "",
        "after the law of 2024",
        "2025-2023",
        "2021, 2023, 2025",
        "31/2/2024",
        "5 Marchember 2024",
        "annually until further notice",
    ],
)
def test_what_cannot_be_told_surely_is_left_to_a_person(said):
    assert span(said) is None


@given(
    some.dates(date(1950, 1, 1), date(2049, 12, 31)),
    some.dates(date(1950, 1, 1), date(2049, 12, 31)),
    some.sampled_from([Language.ENGLISH, Language.FRENCH]),
    some.sampled_from([" – ", " to ", " au "]),
)
def test_two_days_that_were_written_out_read_back(one, other, language, between):
    first, last = sorted((one, other))

    assert span(words.day(first, language) + between + words.day(last, language)) == (first, last)
