"""The page on the spreadsheet of a plan names every sheet, column, finding and use there is."""

from pathlib import Path

import pytest

from palermo.appraisal.plan import form
from palermo.appraisal.plan.mapping import Use
from palermo.appraisal.plan.review import Kind

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "plan-template.md"


@pytest.fixture(scope="module")
def page():
    return PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("sheet", list(form.sheets().values()), ids=lambda one: one.id)
def test_every_column_of_a_sheet_stands_on_the_page(page, sheet):
    part = page.partition(f"### {sheet.name.en} / {sheet.name.fr}\n")[2].partition("\n#")[0]
    rows = [line.split(" | ") for line in part.splitlines() if line.startswith("| ")][1:]

    assert [(row[0].removeprefix("| "), row[1], row[3].strip() == "yes") for row in rows] == [
        (one.name.en, one.name.fr, one.required) for one in sheet.columns
    ]
    assert all(one.help.en in part for one in sheet.columns)


@pytest.mark.parametrize("code", [*Kind, *Use])
def test_every_finding_and_use_stands_on_the_page(page, code):
    assert f"`{code}`" in page
