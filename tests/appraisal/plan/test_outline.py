"""From Word, PDF and text to a plan: the outline, the mapping a person confirms, and what was not used."""

import io
from datetime import date

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from palermo.appraisal.observation import Bounds
from palermo.appraisal.plan import mapping, outline, pieces
from palermo.appraisal.plan.mapping import Use
from palermo.appraisal.plan.plan import BudgetLine
from palermo.appraisal.provision import Pillar
from palermo.errors import InvalidRecord
from tests.appraisal.plan.papers import GOALS, TEXT_FR, a_picture_pdf, a_word_file, saved

AS_OF = date(2026, 11, 21)
FACTS = {"id": "NAP", "state": "XA", "title": "National plan", "ends_on": "31/12/2029"}


def a_text(text):
    return outline.read(io.BytesIO(text.encode()), name="plan.txt")


def confirmed(found, **changed):
    given = mapping.proposed(found)
    given["plan"] |= FACTS
    return mapping.confirmed({**given, **changed}, found)


def planned(found, **changed):
    return outline.planned(found, confirmed(found, **changed), as_of=AS_OF)


def faults(found, **changed):
    with pytest.raises(InvalidRecord) as refused:
        confirmed(found, **changed)
    return {(one.path, one.rule) for one in refused.value.problems}


def word(**given):
    return outline.read(a_word_file(**given), name="plan.docx")


def test_a_word_file_with_tables_becomes_a_plan_by_its_own_headings():
    plan = planned(word())

    assert (plan.id, plan.state, plan.ends_on) == ("NAP", "XA", date(2029, 12, 31))
    assert [(one.id, one.title, one.pillar, one.goal) for one in plan.actions] == [
        ("1.1", "Run a campaign", Pillar.PREVENTION, "Goal 1: Prevent trafficking"),
        ("1.2", "Train inspectors", Pillar.PREVENTION, "Goal 1: Prevent trafficking"),
        ("2.1", "Open two shelters", Pillar.PROTECTION, "Goal 2: Protect victims"),
    ]


def test_the_cells_beside_an_action_are_its_owner_budget_time_and_indicators():
    first, second, third = planned(word()).actions

    assert first.owner == "Ministry of Information"
    assert first.budget == (BudgetLine(source="", currency="USD", planned=Bounds(low=120000, high=120000)),)
    assert (first.starts_on, first.due_on) == (date(2026, 1, 1), date(2027, 12, 31))
    assert second.budget == (BudgetLine(source="State budget", currency="", planned=None),)
    assert (second.starts_on, second.due_on) == (date(2026, 7, 1), date(2026, 9, 30))
    assert [one.name for one in second.indicators] == ["Trained", "Inspections"]
    assert (third.owner, third.budget, third.due_on, third.indicators) == ("", (), None, ())


def test_what_was_not_used_is_listed_with_its_place():
    found = word()

    left = outline.left(found, confirmed(found))

    assert [one.text for one in left] == [
        "National Action Plan 2026-2029",
        "This plan was made by a committee.",
        "ongoing",
    ]
    assert all(found.text[one.start : one.end] == one.text for one in left)


def test_a_french_text_becomes_a_plan_by_its_labels():
    plan = planned(a_text(TEXT_FR))

    first, second = plan.actions
    assert (first.id, first.title, first.pillar) == (
        "1.1",
        "Mener une campagne de sensibilisation",
        Pillar.PREVENTION,
    )
    assert first.owner == "Ministère de l'Information"
    assert first.budget[0].planned == Bounds(low=1234567.5, high=1234567.5)
    assert (first.starts_on, first.due_on) == (None, date(2027, 12, 31))
    assert (second.id, second.pillar, second.owner) == ("2.1", Pillar.PROSECUTION, "Parquet général")
    assert (second.starts_on, second.due_on) == (date(2026, 3, 1), date(2027, 6, 30))


def test_without_labels_the_deepest_numbered_items_are_proposed_as_actions():
    found = a_text(
        "1. Prevention\n1.1 Run a campaign\n1.2 Train inspectors\n2. Protection\n2.1 Open shelters\n"
    )

    uses = mapping.proposed(found)["uses"]
    assert uses == {"item-1": "goal", "item-2": "action"}
    assert [(one.id, one.pillar.value) for one in planned(found).actions] == [
        ("1.1", "prevention"),
        ("1.2", "prevention"),
        ("2.1", "protection"),
    ]


def test_a_person_changes_what_a_part_is_used_as_and_where_a_goal_belongs():
    found = word()
    given = mapping.proposed(found)
    goals = {key: {**one, "pillar": "partnership"} for key, one in given["goals"].items()}

    plan = planned(found, uses={**given["uses"], "column:responsible institution": "nothing"}, goals=goals)

    assert {one.pillar for one in plan.actions} == {Pillar.PARTNERSHIP}
    assert {one.owner for one in plan.actions} == {""}


def test_a_cell_that_spans_rows_is_one_action_and_keeps_its_words_for_each():
    paper = docx.Document()
    table = paper.add_table(rows=3, cols=2)
    for row, texts in enumerate([("Action", "Responsible"), ("Open shelters", "Police"), ("", "Courts")]):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0))

    (action,) = planned(outline.read(saved(paper), name="plan.docx")).actions

    assert (action.title, action.owner) == ("Open shelters", "Police; Courts")


def test_actions_without_numbers_or_with_the_same_one_get_ids_of_their_own():
    text = "Action: One\nAction 2: Two\nAction 2: Three\n"

    assert [one.id for one in planned(a_text(text)).actions] == ["A1", "2", "2-2"]


def test_a_goal_that_is_repeated_in_each_row_is_asked_about_once():
    head = ("Goal", "Action")
    rows = [("Protection", "One"), ("Protection", "Two"), ("Justice", "Three")]
    found = word(goals={"Part": rows}, head=head)

    goals = mapping.proposed(found)["goals"]

    assert [one["text"] for one in goals.values()] == ["Protection", "Justice"]
    assert [one.pillar.value for one in planned(found).actions] == ["protection", "protection", "prosecution"]


def test_word_lists_are_items_and_line_breaks_part_lines():
    paper = docx.Document()
    paper.add_paragraph("1.1 Open shelters", style="List Number")
    paper.add_paragraph("Responsible: Police\nBudget: 5 EUR")

    (action,) = planned(outline.read(saved(paper), name="x.docx")).actions

    assert (action.id, action.title, action.owner) == ("1.1", "Open shelters", "Police")
    assert action.budget[0].currency == "EUR"


def test_every_fault_of_a_mapping_is_named_at_once():
    found = word()
    given = mapping.proposed(found)

    assert faults(
        found,
        document="another",
        uses={"column:activity": "deed", "column:none": "owner"},
        plan={"id": "", "state": "Atlantis", "title": "T", "starts_on": "soon", "currency": "money"},
        goals={"5": {"pillar": "kindness"}},
    ) == {
        ("document", "mapping"),
        ("uses.column:activity", "not-in-list"),
        ("uses.column:none", "mapping"),
        ("uses", "no-action"),
        ("plan.id", "empty"),
        ("plan.state", "unknown-state"),
        ("plan.starts_on", "not-a-day"),
        ("plan.currency", "not-a-currency"),
        ("goals.5", "not-in-list"),
    }
    backwards = {**given["plan"], **FACTS, "starts_on": "2030-01-01"}
    assert faults(found, plan=backwards) == {("plan.ends_on", "ends-first")}


def test_a_mapping_whose_parts_are_of_another_kind_is_refused():
    assert faults(word(), uses=[], plan="x", goals=7) == {
        ("uses", "mapping"),
        ("uses", "no-action"),
        ("plan", "mapping"),
        ("plan.id", "empty"),
        ("plan.state", "empty"),
        ("plan.title", "empty"),
        ("goals", "mapping"),
    }


def test_a_goal_may_be_given_its_pillar_alone_and_one_nobody_was_asked_about_tells_its_own():
    found = word()
    (first, _second) = mapping.proposed(found)["goals"]

    plan = planned(found, goals={first: "partnership"})

    assert [one.pillar.value for one in plan.actions] == ["partnership", "partnership", "protection"]


def test_a_pdf_without_text_is_refused():
    with pytest.raises(InvalidRecord, match="pages without text"):
        outline.read(a_picture_pdf(), name="plan.pdf")


@pytest.mark.parametrize("content", [b"PK\x03\x04 not a document", b"PK\x03\x04"])
def test_a_word_file_that_is_damaged_is_refused(content):
    with pytest.raises(InvalidRecord, match="cannot be opened"):
        outline.read(io.BytesIO(content), name="plan.docx")


def test_a_word_file_without_a_word_is_refused():
    with pytest.raises(InvalidRecord, match="holds no text"):
        outline.read(saved(docx.Document()), name="plan.docx")


def test_a_word_file_that_unfolds_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(pieces, "LARGEST", 100)

    with pytest.raises(InvalidRecord, match="longer than 100"):
        word()


def test_a_text_longer_than_any_plan_is_refused(monkeypatch):
    monkeypatch.setattr(pieces, "MOST_CHARACTERS", 100)

    with pytest.raises(InvalidRecord, match="longer than 100"):
        a_text(TEXT_FR)


lines = some.lists(
    some.sampled_from([*TEXT_FR.splitlines(), "- a bullet", "1.2 An item", "Objective: help", "UPPER", "  "]),
    max_size=12,
)


@settings(deadline=None)
@given(lines)
def test_every_word_of_a_text_stands_in_one_piece(given_lines):
    text = "\n".join(given_lines)
    if any(one.isalpha() for one in text):
        found = a_text(text)

        assert found.text.split() == text.split()
        assert all(found.text[one.start : one.end] == one.text for one in found.pieces)


@settings(deadline=None, max_examples=50)
@given(some.data(), lines.filter(lambda held: any(any(one.isalpha() for one in line) for line in held)))
def test_whatever_the_mapping_each_piece_is_in_the_plan_or_in_the_list(data, given_lines):
    found = a_text("\n".join(given_lines))
    uses = {one.id: data.draw(some.sampled_from(list(Use))) for one in mapping.slots(found)}
    first = next(iter(uses))
    chart = confirmed(found, uses={**uses, first: "action"}, goals={})
    plan, left = (
        outline.planned(found, chart, as_of=AS_OF),
        {one.number for one in outline.left(found, chart)},
    )

    whole = " ".join(
        [*(str(one) for one in plan.actions), *(piece.text for piece in found.pieces if piece.number in left)]
    )
    for piece in found.pieces:
        kept = chart.uses[piece.slot] in (Use.ACTION, Use.OWNER, Use.NUMBER)
        assert piece.number in left or not kept or all(one in whole for one in pieces.said(piece).split("'"))
        assert piece.number in left or chart.uses[piece.slot] is not Use.NOTHING


def test_every_goal_of_the_made_up_plan_speaks_of_its_pillar():
    assert [mapping.pillar_of(one) for one in GOALS] == [Pillar.PREVENTION, Pillar.PROTECTION]
    assert mapping.pillar_of("Objectif 3 : renforcer les poursuites") is Pillar.PROSECUTION
    assert mapping.pillar_of("Other matters") is None


def test_two_columns_of_one_heading_are_both_read():
    rows = [("One", "Police", "Courts")]

    (action,) = planned(word(goals={"Part": rows}, head=("Action", "Responsible", "Responsible"))).actions

    assert action.owner == "Police; Courts"
