"""Passages: sentences and clauses with exact offsets, whatever the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from palermo.appraisal.statement.passage import passages
from tests.appraisal.statement.spoken import a_document


def cut(text, language="en"):
    return [one.text for one in passages(a_document(text, language=language))]


@pytest.mark.parametrize(
    "text, wanted",
    [
        ("One law. Two courts! Three?", ["One law.", "Two courts!", "Three?"]),
        ("Mr. Doe of the U.N. spoke. He left.", ["Mr. Doe of the U.N. spoke.", "He left."]),
        ("Convention No. 29 stands. So does No. 105.", ["Convention No. 29 stands.", "So does No. 105."]),
        ("J. K. Doe came. We met.", ["J. K. Doe came.", "We met."]),
        ("M. Dupont et Mme. Durand. Ils parlent.", ["M. Dupont et Mme. Durand.", "Ils parlent."]),
        ("“We act. We win.” They said so.", ["“We act.", "We win.”", "They said so."]),
        ("« Nous agissons. » Il part.", ["« Nous agissons. »", "Il part."]),
        ("A heading without a stop\nThen a line.", ["A heading without a stop", "Then a line."]),
        ("We passed a new law; we opened two shelters; and trained staff.",
         ["We passed a new law", "we opened two shelters", "and trained staff."]),
        ("Hunger; war; fear.", ["Hunger; war; fear."]),
        ("It grew by 3.5 points. Good.", ["It grew by 3.5 points.", "Good."]),
        ("*-*-*-*\n\n12\nWords.", ["Words."]),
        ("", []),
    ],
)  # fmt: skip
def test_a_text_is_cut_where_a_reader_would_cut_it(text, wanted):
    assert cut(text) == wanted


@given(some.text(alphabet=some.sampled_from("aB é.!?;:\n “”«»\"'()-…3Ж中"), max_size=120))
def test_the_offsets_always_give_the_text_back_and_nothing_with_a_letter_is_lost(text):
    document = a_document(text)
    found = passages(document)

    assert all(text[one.start : one.end] == one.text for one in found)
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    ends = [0, *(one.end for one in found)]
    starts = [*(one.start for one in found), len(text)]
    gaps = [text[end:start] for end, start in zip(ends, starts, strict=True)]
    assert not any(one.isalpha() for gap in gaps for one in gap)
    assert all(end <= start for end, start in zip(ends, starts, strict=True))


def test_each_passage_has_its_own_language():
    document = a_document(
        "The law is in force.\nLa loi est en vigueur.\nЗакон вступил в силу.\n法律已经生效。"
    )

    assert [one.language for one in passages(document)] == ["en", "fr", "ru", "zh"]


def test_a_passage_that_shows_no_language_has_that_of_the_one_before():
    document = a_document("La loi est en vigueur.\nPakistan Islamabad!")

    assert [one.language for one in passages(document)] == ["fr", "fr"]


@pytest.mark.parametrize(
    "text, wanted",
    [
        ("Hemos adoptado una ley para las víctimas y los testigos.", "es"),
        ("Wir haben das Gesetz für die Opfer und die Zeugen geändert.", "de"),
        ("اعتمدنا قانونا جديدا", "ar"),
    ],
)
def test_a_third_language_is_told(text, wanted):
    assert passages(a_document(text))[0].language == wanted


def test_a_text_of_figures_alone_has_no_passage():
    assert passages(a_document("12 34")) == ()
