"""CSV and workbooks: every row with its evidence, read back as it was written, the same bytes each time."""

import csv
import io
from dataclasses import replace

import openpyxl
import pytest

from palermo.appraisal import dataset, export
from palermo.appraisal.words import Language, Text
from tests.appraisal.made import an_action, an_appraisal, an_observation
from tests.appraisal.test_report import FACTS


@pytest.fixture(scope="module")
def data():
    return dataset.of([an_appraisal(*FACTS)])


def read_back(sheet, language):
    text = export.csv_bytes(sheet, language).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("language", Language)
def test_a_table_has_its_headers_in_the_language_and_every_row(data, language):
    figures, assessments, evidence = (read_back(one, language) for one in export.sheets(data, language))

    assert len(figures) == len(data.figures) + 1
    assert len(assessments) == 48
    assert len(evidence) == len(data.evidence) + 1
    assert figures[0][0] == {"en": "State code", "fr": "Code de l’État", "ar": "رمز الدولة"}[language]


def test_every_language_holds_the_same_numbers(data):
    numbers = [
        [row[10:13] for row in read_back(export.sheets(data, language)[0], language)[1:]]
        for language in Language
    ]

    assert numbers[0] == numbers[1] == numbers[2]


def test_a_figure_names_its_evidence_source_date_and_grade(data):
    head, *rows = read_back(export.sheets(data, Language.ENGLISH)[0], Language.ENGLISH)
    hidden = next(dict(zip(head, row, strict=True)) for row in rows if row[10] == "" and row[11] == "1")

    assert (hidden["Low"], hidden["High"]) == ("1", "4")
    assert hidden["Evidence ids"].startswith("e-")
    assert (hidden["Source id"], hidden["As of"], hidden["Grade"]) == ("made-up-figures", "2026-01-01", "B")


def test_a_text_that_looks_like_a_formula_is_not_one():
    action = an_action()
    source = replace(action.found.source, name=Text(en="=1+1", fr="=1+1"))
    hostile = replace(action, found=replace(action.found, source=source))
    data = dataset.of([an_appraisal(hostile)])

    figures = read_back(export.sheets(data, Language.ENGLISH)[0], Language.ENGLISH)
    book = openpyxl.load_workbook(io.BytesIO(export.workbook(data, Language.ENGLISH)))

    assert any("'=1+1" in row for row in figures)
    assert all(cell.data_type != "f" for page in book.worksheets for row in page.iter_rows() for cell in row)


@pytest.mark.parametrize("language", Language)
def test_a_workbook_opens_with_its_headers_in_sight(data, language):
    book = openpyxl.load_workbook(io.BytesIO(export.workbook(data, language)))
    _, figures, assessments, evidence = book.worksheets

    assert figures.freeze_panes == "C2"
    assert figures.max_row == len(data.figures) + 1
    assert assessments.max_row == 48
    assert evidence.max_row == len(data.evidence) + 1
    assert all(
        bool(one.sheet_view.rightToLeft) is (language is Language.ARABIC) for one in book.worksheets[1:]
    )
    assert all(one.width > 5 for one in figures.column_dimensions.values())


def test_a_number_of_a_workbook_opens_to_its_evidence(data):
    book = openpyxl.load_workbook(io.BytesIO(export.workbook(data, Language.ENGLISH)))
    linked = [cell for cell in book["Figures"]["T"][1:] if cell.value]

    for cell in linked:
        place = cell.hyperlink.location.rpartition("!")[2]
        assert book["Evidence"][place].value == cell.value.split()[0]


@pytest.mark.parametrize("language", Language)
def test_the_same_rows_give_the_same_bytes(language):
    first, second = (dataset.of([an_appraisal(*FACTS)]) for _ in range(2))

    assert export.workbook(first, language) == export.workbook(second, language)


def test_many_links_are_left_out_before_a_worksheet_holds_too_many(monkeypatch):
    monkeypatch.setattr(export, "MOST_LINKS", 3)
    book = openpyxl.load_workbook(
        io.BytesIO(export.workbook(dataset.of([an_appraisal(an_observation())]), Language.ENGLISH))
    )

    assert all(cell.hyperlink is None for row in book["Figures"].iter_rows() for cell in row)
