"""Properties of the rules; the worked examples of each are in tests/spec/rules.md."""

import string
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.errors import InvalidRecord, Severity
from palermo.standards import record, rules, shape
from palermo.standards.rule import rule
from tests.standards.documents import consenting, documents

TODAY = date(2026, 11, 21)
NAMES_ALLOWED = {
    "vocabulary",
    "shown",
    "hint",
    "hint_fr",
    "text",
    "amount",
    "currency",
    "count",
    "field",
    "format",
}
SHAPE_NAMES = {"most", "least", "version", "hint", "hint_fr", "states", "vocabulary"}
SEVERITIES = {
    "R02": "note",
    "R03": "warning",
    "R04": "warning",
    "R06": "warning",
    "R12": "warning",
    "R16": "warning",
}


def broken(document, today=TODAY):
    return {(problem.rule, problem.path) for problem in rules.broken(document, today=today)}


def test_there_are_sixteen_rules_in_order():
    assert [each.id for each in rules.RULES] == [f"R{number:02}" for number in range(1, 17)]


@pytest.mark.parametrize("each", rules.RULES, ids=lambda each: each.id)
def test_a_rule_weighs_what_the_standard_says(each):
    assert each.severity == Severity(SEVERITIES.get(each.id, "error"))


@pytest.mark.parametrize("each", [*rules.RULES, *shape.SHAPES], ids=lambda each: each.id)
def test_a_rule_says_what_is_wrong_and_what_to_do_in_two_languages(each):
    texts = (each.wrong, each.remedy, each.wrong_fr, each.remedy_fr)

    assert all(texts)
    assert each.wrong != each.wrong_fr
    assert {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name} <= (
        NAMES_ALLOWED | SHAPE_NAMES
    )


def test_a_rule_found_elsewhere_has_its_texts_here():
    found = rule("R16").at("exploitation[].form", count=3, field="exploitation[].form", format="HTCDS")

    assert "3 values of exploitation[].form cannot be said in HTCDS" in str(found)
    assert found.severity is Severity.WARNING


@given(documents())
def test_rules_can_be_asked_of_any_document_of_sound_form(document):
    found = broken(document)

    assert found == broken(dict(reversed(document.items())))


@given(documents())
def test_a_rule_that_is_not_asked_would_have_found_nothing(document):
    asked = [ruling for ruling in rules.RULINGS if ruling.find]

    found = [problem for ruling in asked for problem in ruling.find(document, None)]

    assert list(rules.broken(document)) == found


@given(documents())
def test_settling_twice_is_settling_once(document):
    once, _ = rules.settle(document)

    assert rules.settle(once)[0] == once


@given(documents())
def test_settling_changes_nothing_but_the_flag(document):
    settled, notes = rules.settle(document)
    person = {**settled.get("person", {})}
    flag = person.pop("child_flag", None)

    assert bool(notes) == (settled != document)
    assert not notes or flag == {"value": "presumed", "state": "answered"}
    assert person == {key: held for key, held in document.get("person", {}).items() if key != "child_flag"}


@given(st.dates(date(2020, 1, 1), date(2021, 12, 31)), st.dates(date(2020, 1, 1), date(2021, 12, 31)))
def test_an_end_is_refused_exactly_when_it_is_an_earlier_day(start, end):
    document = record.document({"event[0].start": start.isoformat(), "event[0].end": end.isoformat()})

    assert (("R05", "event[0].end") in broken(document)) == (end < start)


@given(st.integers(-60, 60))
def test_a_final_decision_is_refused_exactly_within_thirty_days(days):
    first = date(2026, 1, 10)
    document = record.document(
        {
            "decision[0].kind": "rg",
            "decision[0].outcome": "positive",
            "decision[0].made_at": first.isoformat(),
            "decision[1].kind": "cg",
            "decision[1].made_at": (first + timedelta(days)).isoformat(),
        }
    )

    assert (("R10", "decision[1].made_at") in broken(document)) == (days < 30)


@given(documents())
def test_a_live_consent_never_makes_identity_less_holdable(document):
    consented = {**document, "consent": [*document.get("consent", []), *consenting()["consent"]]}

    assert not any(name == "R08" for name, _ in broken(consented))


@given(documents())
def test_the_statistical_part_alone_is_never_too_much_for_a_refusal(document):
    part = record.Record(document=document).tier("T1")
    refused = {**part, "case": {**part.get("case", {}), "consent": {"value": "refused", "state": "answered"}}}

    assert not any(name in {"R08", "R14"} for name, _ in broken(refused))


def test_a_child_is_known_by_birth_once_today_is_known():
    document = consenting(person__birth="2009-11-22")
    document["screening"] = [{"mode": {"value": "interview", "state": "answered"}}]

    assert ("R01", "screening[0].mode") in broken(document)
    assert ("R01", "screening[0].mode") not in broken(document, today=date(2027, 11, 22))
    assert ("R01", "screening[0].mode") not in broken(document, today=None)


def test_all_the_errors_of_a_record_are_raised_at_once():
    document = record.document(
        {
            "person.birth": "1999",
            "recruitment.fee_amount": 5,
            "case.opened_at": "2021",
            "case.closed_at": "2020",
        }
    )

    with pytest.raises(InvalidRecord) as caught:
        record.read(document, where="line 3", today=TODAY)

    assert [problem.rule for problem in caught.value.problems] == ["R05", "R08", "R13"]
