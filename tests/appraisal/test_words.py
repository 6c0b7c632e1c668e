"""Phrases stand in both languages with the same places; numbers and dates are written as each writes them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from palermo.appraisal import words
from palermo.appraisal.words import Language
from palermo.errors import Unknown


@pytest.mark.parametrize("key", sorted(words.catalogue()))
def test_a_phrase_has_both_languages_with_the_same_places(key):
    text = words.catalogue()[key]

    assert text.en.strip()
    assert text.fr.strip()
    assert sorted(words.places(text.en)) == sorted(words.places(text.fr))


@pytest.mark.parametrize("key", sorted(words.table("arabic.toml")))
def test_a_phrase_in_arabic_is_one_of_the_catalogue_and_has_its_places(key):
    text = words.catalogue()[key]

    assert text.ar.strip()
    assert sorted(words.places(text.ar)) == sorted(words.places(text.en))


def test_what_is_not_in_arabic_is_given_in_english_and_says_so():
    text = words.Text(en="Plan", fr="Plan d’action")

    assert text.in_language(Language.ARABIC) == "Plan"
    assert text.spoken(Language.ARABIC) is Language.ENGLISH
    assert words.Text(en="a", fr="b", ar="ج").in_language(Language.ARABIC) == "ج"


@pytest.mark.parametrize("key", sorted(words.catalogue()))
def test_french_has_a_no_break_space_before_high_punctuation(key):
    french = words.catalogue()[key].fr

    assert not any(f" {mark}" in french for mark in ":;?!»%")
    assert "« " not in french


def test_a_phrase_that_is_not_there_is_refused_with_the_place_to_add_it():
    with pytest.raises(Unknown, match=r"framework/words\.toml"):
        words.phrase_text("no.such.phrase")


@pytest.mark.parametrize("values", [{}, {"series": "x", "more": "y"}], ids=["too few", "too many"])
def test_a_phrase_takes_exactly_its_places(values):
    with pytest.raises(ValueError, match="places"):
        words.say("evidence.no_row", **values)


@given(some.integers(min_value=0, max_value=10**12))
def test_a_number_reads_back_the_same_in_both_languages(value):
    english, french = words.number(value, Language.ENGLISH), words.number(value, Language.FRENCH)

    assert int(english.replace(",", "")) == int(french.replace("\u202f", "")) == value


def test_a_decimal_has_a_point_in_english_and_a_comma_in_french():
    assert words.number(1234.5, Language.ENGLISH) == "1,234.5"
    assert words.number(1234.5, Language.FRENCH) == "1\u202f234,5"


@pytest.mark.parametrize(
    "day, english, french",
    [
        (date(2023, 9, 14), "14\u00a0September 2023", "14\u00a0septembre 2023"),
        (date(2024, 1, 1), "1\u00a0January 2024", "1er\u00a0janvier 2024"),
        (date(2025, 12, 31), "31\u00a0December 2025", "31\u00a0décembre 2025"),
    ],
)
def test_a_date_is_written_out(day, english, french):
    assert words.day(day, Language.ENGLISH) == english
    assert words.day(day, Language.FRENCH) == french


def test_a_list_has_its_last_and_in_the_language():
    assert words.listed(("a", "b", "c"), Language.ENGLISH) == "a, b and c"
    assert words.listed(("a", "b"), Language.FRENCH) == "a et b"
    assert words.listed(("a",), Language.FRENCH) == "a"
    assert words.listed(("أ", "ب", "ج"), Language.ARABIC) == "أ، ب وج"
