from string import Formatter

import pytest

from palermo.prevention.release.risk_words import LANGUAGES, book, told


@pytest.mark.parametrize("name", book())
def test_a_text_stands_in_every_language_with_the_same_places(name):
    texts = book()[name]

    assert set(texts) == set(LANGUAGES)
    places = [{field for _, field, _, _ in Formatter().parse(text) if field} for text in texts.values()]
    assert places[0] == places[1] == places[2]


def test_numbers_are_written_as_the_language_does():
    values = {"hits": 1, "of": 4, "share": 0.25, "low": 0.046, "high": 0.699}

    assert "25.0% (95 % interval 4.6% to 69.9%)" in told("alone-found", "en", **values)
    assert "25,0\u202f%" in told("alone-found", "fr", **values)


def test_a_name_in_arabic_text_keeps_its_own_direction():
    assert "\u2068sex\u2069" in told("inference-none", "ar", column="sex")
