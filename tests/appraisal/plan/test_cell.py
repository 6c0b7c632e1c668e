"""What cells say: days in three formats, numbers as people write them, words of lists, ids of provisions."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from palermo.appraisal import provision, words
from palermo.appraisal.observation import Bounds
from palermo.appraisal.plan import cell
from palermo.appraisal.plan.cell import Unreadable
from palermo.appraisal.words import Language

EN, FR = Language.ENGLISH, Language.FRENCH


@pytest.mark.parametrize(
    "said",
    [
        "2026-03-05",
        "2026-3-5",
        "2026-03-05T00:00:01",
        "5/3/2026",
        "05.03.2026",
        "5 March 2026",
        "5th Mar. 2026",
        "5 mars 2026",
        "5\u00a0mars 2026",
    ],
)
def test_a_day_is_read_in_every_format(said):
    assert cell.day(said) == date(2026, 3, 5)


def test_the_first_of_a_month_is_read_as_french_writes_it():
    assert cell.day("1er août 2026") == date(2026, 8, 1)
    assert cell.day("1er AOUT 2026") == date(2026, 8, 1)


@pytest.mark.parametrize(
    "said", ["2026", "31/2/2026", "3/13/2026", "soon", "5 Marchember 2026", "2026-13-01"]
)
def test_what_is_no_day_is_refused(said):
    with pytest.raises(Unreadable, match="not-a-day"):
        cell.day(said)


@given(some.dates(), some.sampled_from([EN, FR]))
def test_a_day_that_was_written_out_reads_back(day, language):
    if day.year >= 1000:
        assert cell.day(words.day(day, language)) == day


@pytest.mark.parametrize(
    "said, language, low, high",
    [
        ("29", EN, 29, 29),
        ("1,234", EN, 1234, 1234),
        ("1,234,567.5", EN, 1234567.5, 1234567.5),
        ("1 234", EN, 1234, 1234),
        ("1 234", FR, 1234, 1234),
        ("1\u202f234,5", FR, 1234.5, 1234.5),
        ("1 234 567,25", FR, 1234567.25, 1234567.25),
        ("1234.5", FR, 1234.5, 1234.5),
        ("1,5", EN, 1.5, 1.5),
        ("-3", EN, -3, -3),
        ("<5", EN, 1, 4),
        ("< 5", FR, 1, 4),
        ("3-7", EN, 3, 7),
        ("1 200–1 400", FR, 1200, 1400),
        ("0", EN, 0, 0),
    ],
)
def test_a_number_is_read_as_people_write_it(said, language, low, high):
    assert cell.number(said, language=language) == Bounds(low=low, high=high)


@pytest.mark.parametrize("said", ["", "..", "…", "N/A", "s.o.", " - "])
def test_a_number_that_is_not_known_is_none_and_never_zero(said):
    assert cell.number(said, language=EN) is None


@pytest.mark.parametrize("said", ["ten", "7-3", "<1", "1.2.3", "12 34", "5 to 7", "1,2,3"])
def test_what_is_no_number_is_refused(said):
    with pytest.raises(Unreadable, match="not-a-number"):
        cell.number(said, language=EN)


def test_in_french_a_comma_before_three_digits_could_mean_two_numbers():
    with pytest.raises(Unreadable, match="two-numbers"):
        cell.number("1,234", language=FR)


@given(some.integers(0, 10**9) | some.decimals(0, 10**6, places=2).map(float), some.sampled_from([EN, FR]))
def test_a_number_that_was_written_out_reads_back(value, language):
    said = words.number(value, language)
    one_comma = language is Language.FRENCH and "," in said and len(said.partition(",")[2]) == 3

    if not one_comma:
        assert cell.number(said, language=language) == Bounds(low=value, high=value)


@pytest.mark.parametrize("said", ["protection", "Protection", "PROTECTION "])
def test_a_word_of_a_list_is_known_in_any_case(said):
    assert cell.chosen(said, kind="pillar") == "protection"


def test_a_word_of_a_list_is_known_in_french_with_or_without_accents():
    assert (
        cell.chosen("Prévention", kind="pillar") == cell.chosen("prevention", kind="pillar") == "prevention"
    )
    assert cell.chosen("En cours", kind="progress") == "under way"


def test_another_word_is_answered_with_the_list():
    with pytest.raises(Unreadable) as refused:
        cell.chosen("finished", kind="progress")

    assert "Done" in refused.value.values["choices"].en
    assert "Faite" in refused.value.values["choices"].fr


def test_provisions_are_read_each_once_in_their_order():
    assert cell.provisions("GPA-R08; gpa-r04, GPA-R08.") == ("GPA-R08", "GPA-R04")


def test_an_unknown_provision_is_answered_with_the_nearest():
    with pytest.raises(Unreadable) as refused:
        cell.provisions("GPA-R4")

    assert "GPA-R04" in refused.value.values["near"]


def test_every_provision_is_known_by_its_id():
    assert cell.provisions("; ".join(provision.provisions())) == tuple(provision.provisions())


def test_a_state_is_known_by_code_and_name_and_another_answered_with_the_nearest():
    assert cell.country("XA") == "XA"
    assert cell.country("pakistan") == cell.country("PAK")
    with pytest.raises(Unreadable) as refused:
        cell.country("Pakistann")

    assert "PAK" in refused.value.values["near"]


def test_a_currency_has_three_letters():
    assert cell.currency(" usd ") == "USD"
    with pytest.raises(Unreadable, match="not-a-currency"):
        cell.currency("dollars")


def test_the_nearest_name_is_told_or_the_first_few_or_nothing():
    assert cell.near("Ministry of Labor", ["Ministry of Labour", "Police"]) == "Ministry of Labour"
    assert cell.near("zzz", ["Police", "Courts"]) == "Police / Courts"
    assert cell.near("zzz", []) == "–"
