"""The spreadsheet of a plan: what was written reads back; every fault is named at once by sheet and cell."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from palermo.appraisal.evidence import Grade
from palermo.appraisal.observation import Bounds
from palermo.appraisal.plan import form, sheet, tables, template
from palermo.appraisal.plan.plan import Action, BudgetLine, Indicator, Milestone, Plan, Progress, Report
from palermo.appraisal.provision import Pillar, provisions
from palermo.appraisal.words import Language
from palermo.errors import InvalidRecord, Unreachable
from tests.appraisal.plan.books import ACTION, PLAN, a_book, a_folder, in_french

AS_OF = date(2026, 11, 21)
LANGUAGES = [Language.ENGLISH, Language.FRENCH]


def read(stream):
    return sheet.read(stream, as_of=AS_OF, name="plan.xlsx")


def faults(stream):
    with pytest.raises(InvalidRecord) as refused:
        read(stream)
    return {(one.path, one.rule) for one in refused.value.problems}


said = some.text(some.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), max_size=12).map(str.strip)
name = said.filter(lambda one: form.folded(one) != "")
days = some.dates(min_value=date(1850, 1, 1), max_value=date(2100, 1, 1))
maybe = some.none() | days
whole = some.integers(0, 10**9)
amount = some.one_of(
    some.none(),
    whole.map(lambda one: Bounds(low=one, high=one)),
    some.decimals(0, 10**6, places=2).map(lambda one: Bounds(low=float(one), high=float(one))),
    some.integers(2, 9).map(lambda one: Bounds(low=1, high=one)),
    some.tuples(whole, some.integers(1, 9)).map(lambda two: Bounds(low=two[0], high=sum(two))),
)
OWNERS = ["", "Ministry of Labour", "Border police", "وزارة العمل"]


def listed(made):
    return some.lists(made, max_size=2).map(tuple)


def action(id):
    return some.builds(
        Action,
        id=some.just(id),
        pillar=some.sampled_from(list(Pillar)),
        title=name,
        owner=some.sampled_from(OWNERS),
        provisions=some.lists(some.sampled_from(list(provisions())), max_size=3, unique=True).map(tuple),
        starts_on=some.none() | some.dates(date(1900, 1, 1), date(2000, 1, 1)),
        due_on=some.none() | some.dates(date(2000, 1, 2), date(2050, 1, 1)),
        budget=listed(
            some.builds(BudgetLine, source=said, currency=some.just("XAD"), planned=amount, spent=amount)
        ),
        milestones=listed(some.builds(Milestone, name=name, due_on=days, done_on=maybe)),
        indicators=listed(
            some.builds(Indicator, name=name, unit=said, baseline=amount, target=amount, value=amount)
        ),
        reports=listed(
            some.builds(Report, on=days, progress=some.sampled_from(list(Progress)), text=said, document=said)
        ),
        carried_from=said,
        goal=said,
    )


@some.composite
def plans(draw):
    ids = draw(some.lists(some.sampled_from(["1.1", "1.10", "2", "=A", "007"]), max_size=3, unique=True))
    values = {
        "id": draw(name),
        "state": "XA",
        "title": draw(name),
        "adopted_on": draw(maybe),
        "published_by": draw(said),
        "as_of": draw(days),
    }
    return Plan(
        **{key: values[key] for key in ("id", "state", "title", "adopted_on")},
        starts_on=draw(some.none() | some.dates(date(1900, 1, 1), date(2000, 1, 1))),
        ends_on=draw(some.none() | some.dates(date(2000, 1, 2), date(2050, 1, 1))),
        follows=draw(said),
        found=sheet.found(values, as_of=AS_OF, file="plan.xlsx"),
        actions=tuple(draw(action(id)) for id in ids),
    )


@settings(max_examples=25, deadline=None)
@given(plans(), some.sampled_from(LANGUAGES))
def test_a_plan_that_was_written_reads_back_the_same(plan, language):
    reading = read(io.BytesIO(template.write(language, plan=plan)))

    assert reading.plan == plan
    assert reading.notes == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_empty_template_asks_for_its_one_plan(language):
    assert faults(io.BytesIO(template.write(language))) == {("Plan", "one-plan")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_is_the_same_bytes_each_time(language):
    assert template.write(language) == template.write(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_has_its_sheets_headings_and_lists(language):
    book = openpyxl.load_workbook(io.BytesIO(template.write(language)))
    names = [one.name.in_language(language) for one in form.sheets().values()]

    assert book.sheetnames == [*names, "Lists"]
    for one in form.sheets().values():
        page = book[one.name.in_language(language)]
        assert [cell.value for cell in page[1]] == [
            column.name.in_language(language) for column in one.columns
        ]
        assert all(cell.comment for cell in page[1])
    ranges = {str(one.sqref): one.formula1 for one in book[names[1]].data_validations.dataValidation}
    assert {"B2:B501", "D2:D501", "E2:E501"} == set(ranges)
    assert "Protection" in ranges["B2:B501"]


def test_what_stands_in_a_cell_beginning_with_an_equals_sign_stays_text():
    plan = read(a_book()).plan
    risky = replace(plan, actions=(replace(plan.actions[0], title="=1+1"),))

    book = openpyxl.load_workbook(io.BytesIO(template.write(Language.ENGLISH, plan=risky)))

    assert book["Actions"]["C2"].data_type == "s"


def test_a_workbook_with_the_least_there_can_be_is_a_plan():
    plan = read(a_book()).plan

    assert (plan.id, plan.state, plan.title, plan.starts_on) == (
        "NAP-1",
        "XA",
        "National plan",
        date(2026, 1, 1),
    )
    assert [(one.id, one.pillar, one.line) for one in plan.actions] == [("1.1", Pillar.PROTECTION, 2)]
    assert plan.found.as_of == AS_OF
    assert plan.found.file == "plan.xlsx"


@pytest.mark.parametrize("adopted, grade", [("", Grade.CLAIM), ("5 March 2026", Grade.REGISTER)])
def test_an_adopted_plan_is_an_official_text_and_a_draft_the_states_own_word(adopted, grade):
    plan = read(a_book(Plan=[{**PLAN, "Adopted on": adopted}])).plan

    assert plan.evidence.grade is grade


def test_what_a_plan_says_of_an_action_is_never_more_than_the_states_own_word():
    plan = read(a_book(Plan=[{**PLAN, "Adopted on": "2026-03-05"}])).plan

    assert plan.evidence_of(plan.actions[0]).grade is Grade.CLAIM


def test_every_fault_is_named_at_once_by_sheet_and_cell():
    stream = a_book(
        Plan=[{**PLAN, "State": "Atlantis", "First day": "31/2/2026"}],
        Actions=[
            {**ACTION, "Owner": "Ministry of Labor", "Provisions": "GPA-R4"},
            {**ACTION, "Pillar": "Kindness", "Starts on": "2026-02-01", "Due on": "2026-01-01"},
            {**ACTION, "Action id": None, "Action": "Nameless"},
        ],
        Budget=[{"Action id": "1.2", "Currency": "dollars", "Planned": "lots"}],
        Owners=[{"Body": "Ministry of Labour"}],
    )

    assert faults(stream) == {
        ("Plan!B2", "unknown-state"),
        ("Plan!D2", "not-a-day"),
        ("Actions!D2", "unknown-owner"),
        ("Actions!E2", "unknown-provision"),
        ("Actions!A3", "id-twice"),
        ("Actions!B3", "not-in-list"),
        ("Actions!G3", "ends-first"),
        ("Actions!A4", "empty"),
        ("Budget!A2", "unknown-action"),
        ("Budget!B2", "not-a-currency"),
        ("Budget!C2", "not-a-number"),
    }


def test_a_fault_says_what_would_be_right_in_both_languages_and_repeats_no_cell():
    with pytest.raises(InvalidRecord) as refused:
        read(
            a_book(
                Actions=[{**ACTION, "Owner": "Minstry of Labour"}], Owners=[{"Body": "Ministry of Labour"}]
            )
        )
    (problem,) = refused.value.problems

    assert "Ministry of Labour" in problem.remedy
    assert "Ministry of Labour" in problem.remedy_fr
    assert "Minstry" not in str(refused.value)


@pytest.mark.parametrize(
    "line, expected",
    [
        ({"Currency": "", "Planned": "0"}, {("Budget!B2", "empty")}),
        ({"Planned": "7"}, {("Budget!2", "empty")}),
    ],
    ids=["an empty cell", "no such column"],
)
def test_an_amount_needs_its_currency(line, expected):
    assert faults(a_book(Budget=[{"Action id": "1.1", **line}])) == expected


def test_a_source_of_money_needs_neither_amount_nor_currency():
    plan = read(a_book(Budget=[{"Action id": "1.1", "Source of money": "State"}])).plan

    assert plan.actions[0].budget == (BudgetLine(source="State", currency="", planned=None),)


def test_two_spellings_of_one_owner_are_refused_where_there_is_no_list():
    rows = [
        {**ACTION, "Owner": "Ministry of Labour"},
        {**ACTION, "Action id": "1.2", "Owner": "Ministry of Labor"},
        {**ACTION, "Action id": "1.3", "Owner": "Police station 1"},
        {**ACTION, "Action id": "1.4", "Owner": "Police station 2"},
    ]

    assert faults(a_book(Actions=rows)) == {("Actions!D3", "owner-twice")}


@pytest.mark.parametrize(
    "sheets, expected",
    [
        pytest.param({"Actions": None}, {("file", "sheet-missing")}, id="a sheet is missing"),
        pytest.param({"Plan": [PLAN, PLAN]}, {("Plan", "one-plan")}, id="two plans"),
        pytest.param(
            {"Actions": [{"Action id": "1", "Action": "Open"}]},
            {("Actions!1", "column-missing")},
            id="a column is missing",
        ),
        pytest.param(
            {"Actions": [{**ACTION, "identifiant de l'action": "1.1"}]},
            {("Actions!D1", "column-twice")},
            id="a column in both languages",
        ),
    ],
)
def test_a_workbook_without_what_it_needs_is_refused(sheets, expected):
    assert faults(a_book(**sheets)) == expected


def test_what_is_not_of_the_template_is_noted_and_never_dropped_in_silence():
    stream = a_book(Actions=[{**ACTION, "Comment": "good"}], Remarks=[{"Any": "thing"}])

    assert {(one.path, one.rule) for one in read(stream).notes} == {
        ("Actions!D1", "column-not-read"),
        ("Remarks", "sheet-not-read"),
    }


def test_a_cell_outside_every_column_is_noted():
    book = openpyxl.load_workbook(a_book())
    book["Actions"]["H2"] = "lost?"
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)

    assert [(one.path, one.rule) for one in read(stream).notes] == [("Actions!H2", "cell-outside")]


def test_days_and_numbers_may_be_real_cells_of_the_spreadsheet():
    stream = a_book(
        Plan=[{**PLAN, "Last day": date(2029, 12, 31)}],
        Budget=[{"Action id": 1.1, "Currency": "XAD", "Planned": 1234.5}],
    )

    plan = read(stream).plan

    assert plan.ends_on == date(2029, 12, 31)
    assert plan.actions[0].budget[0].planned == Bounds(low=1234.5, high=1234.5)


def test_a_folder_of_csv_files_in_french_reads_like_the_workbook(tmp_path):
    folder = a_folder(
        tmp_path,
        delimiter=";",
        encoding="utf-8-sig",
        plan=[in_french("plan", PLAN)],
        actions=[in_french("actions", {**ACTION, "Pillar": "Prévention"})],
        budget=[in_french("budget", {"Action id": "1.1", "Currency": "XAD", "Planned": "1 234,5"})],
        étapes=[in_french("milestones", {"Action id": "1.1", "Milestone": "Loi", "Due on": "1er mai 2026"})],
    )

    plan = sheet.read(folder, as_of=AS_OF).plan

    assert plan.actions[0].pillar is Pillar.PREVENTION
    assert plan.actions[0].budget[0].planned == Bounds(low=1234.5, high=1234.5)
    assert plan.actions[0].milestones[0].due_on == date(2026, 5, 1)


def test_a_folder_without_csv_files_is_not_reached(tmp_path):
    with pytest.raises(Unreachable, match=r"plan\.csv"):
        sheet.read(tmp_path, as_of=AS_OF)


def test_a_csv_file_whose_bytes_break_their_encoding_is_refused(tmp_path):
    folder = a_folder(tmp_path)
    file = folder / "actions.csv"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes() + b"\xff\xff")

    with pytest.raises(InvalidRecord, match=r"actions\.csv"):
        sheet.read(folder, as_of=AS_OF)


def test_a_file_that_is_no_workbook_is_refused(tmp_path):
    file = tmp_path / "plan.xlsx"
    file.write_text("Plan id,State\n", encoding="utf-8")

    with pytest.raises(InvalidRecord, match="cannot be opened"):
        sheet.read(file, as_of=AS_OF)


def test_a_file_that_is_not_there_is_not_reached():
    with pytest.raises(Unreachable):
        sheet.read(Path("nowhere.xlsx"), as_of=AS_OF)


def test_a_sheet_longer_than_any_plan_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 1)

    with pytest.raises(InvalidRecord, match="more than 1 rows"):
        read(a_book())


@pytest.mark.parametrize("number, name", [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_named_as_spreadsheets_name_them(number, name):
    from palermo.appraisal.plan.page import letter

    assert letter(number) == name


@pytest.mark.parametrize("id", list(form.sheets()))
def test_every_column_has_a_reader_and_words_in_both_languages(id):
    from palermo.appraisal.plan.page import READERS

    for column in form.sheets()[id].columns:
        assert column.kind in READERS
        assert all((column.name.en, column.name.fr, column.help.en, column.help.fr))
        assert len(column.help.fr) <= 255
