"""The spreadsheet of a plan: empty with its lists to choose from, or filled with a plan that is there."""

import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from palermo.appraisal import provision
from palermo.appraisal.observation import Bounds
from palermo.appraisal.plan import form
from palermo.appraisal.plan.form import Column, Sheet
from palermo.appraisal.plan.plan import Plan
from palermo.appraisal.words import Language

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LAST_ROW: Final = 500
WIDTHS: Final = {"text": 44, "code": 18, "day": 14, "number": 14, "provisions": 26, "owner": 36}
MADE_ON: Final = datetime(2010, 7, 30)  # noqa: DTZ001  the same bytes whenever it is made
OLDEST: Final = date(1900, 3, 1)
"""Spreadsheets count days from 1900 and believe in a 29 February of that year."""
LISTS: Final = "Lists"

Cell = str | int | float | date | None


def write(language: Language, *, plan: Plan | None = None) -> bytes:
    """The XLSX file, its headings in that language; with a plan, what it holds stands in the rows."""
    from xlsxwriter import Workbook

    stream = io.BytesIO()
    with Workbook(stream, {"in_memory": True, "strings_to_numbers": False}) as book:
        book.set_properties({"created": MADE_ON})
        formats = _formats(book)
        for sheet in form.sheets().values():
            page = book.add_worksheet(sheet.name.in_language(language))
            _head(page, sheet, language, formats)
            _choices(page, sheet, language)
            _fill(page, rows(plan, sheet.id, language) if plan else (), formats)
        _lists(book, language)
    return stream.getvalue()


def rows(plan: Plan, sheet: str, language: Language) -> Iterator[tuple[Cell, ...]]:
    """The rows of one sheet for a plan, cells in the order of the sheet's columns."""
    progress = form.choices("progress")
    match sheet:
        case "plan":
            yield _plan(plan)
        case "actions":
            for one in plan.actions:
                pillar = form.choices("pillar")[one.pillar].in_language(language)
                ids = "; ".join(one.provisions)
                dated = (one.starts_on, one.due_on, one.carried_from, one.goal)
                yield (one.id, pillar, one.title, one.owner, ids, *dated)
        case "budget":
            for action, line in ((one.id, line) for one in plan.actions for line in one.budget):
                yield (action, line.source, line.currency, _number(line.planned), _number(line.spent))
        case "milestones":
            for action, step in ((one.id, step) for one in plan.actions for step in one.milestones):
                yield (action, step.name, step.due_on, step.done_on)
        case "indicators":
            for action, sign in ((one.id, sign) for one in plan.actions for sign in one.indicators):
                values = map(_number, (sign.baseline, sign.target, sign.value))
                yield (action, sign.name, sign.unit, *values)
        case "reports":
            for action, told in ((one.id, told) for one in plan.actions for told in one.reports):
                far = progress[told.progress].in_language(language)
                yield (action, told.on, far, told.text, told.document)
        case "owners":
            yield from ((name,) for name in sorted({one.owner for one in plan.actions if one.owner}))


def _plan(plan: Plan) -> tuple[Cell, ...]:
    days = (plan.starts_on, plan.ends_on, plan.adopted_on)
    publisher = plan.found.source.publisher.en
    return (plan.id, plan.state, plan.title, *days, plan.follows, publisher, plan.found.as_of)


def _number(bounds: Bounds | None) -> Cell:
    if bounds is None:
        return None
    if bounds.exact:
        return bounds.low
    return f"<{bounds.high + 1}" if bounds.low == 1 and isinstance(bounds.high, int) else _range(bounds)


def _range(bounds: Bounds) -> str:
    return f"{bounds.low}–{bounds.high}"


def _formats(book: "Workbook") -> "dict[str, Format]":
    head = {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#14507a", "font_color": "#ffffff"}
    return {
        "required": book.add_format({**head, "bottom": 5}),
        "head": book.add_format(head),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "code": book.add_format({"num_format": "@"}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
    }


def _head(page: "Worksheet", sheet: Sheet, language: Language, formats: "dict[str, Format]") -> None:
    """The first row stays in sight; a needed column has a line under its heading, each has its help."""
    page.freeze_panes(1, 1)
    for number, column in enumerate(sheet.columns):
        style = formats["required" if column.required else "head"]
        name = column.name.in_language(language)
        page.set_column(number, number, WIDTHS.get(column.kind, 20), formats.get(_style(column)))
        page.write_string(0, number, name, style)
        page.write_comment(0, number, column.help.in_language(language), {"x_scale": 1.6})


def _style(column: Column) -> str:
    """An id such as 1.10 stays text, or the spreadsheet makes a number of it."""
    return {"action": "code", "provisions": "text", "owner": "text"}.get(column.kind, column.kind)


def _choices(page: "Worksheet", sheet: Sheet, language: Language) -> None:
    for number, column in enumerate(sheet.columns):
        if source := _source(column.kind, language):
            several = column.kind in ("provisions", "owner")
            help_ = column.help.in_language(language)
            rule = {"validate": "list", "source": source, "input_message": help_[:255]}
            page.data_validation(1, number, LAST_ROW, number, {**rule, "show_error": not several})


def _source(kind: str, language: Language) -> list[str] | str | None:
    sheets = form.sheets()
    match kind:
        case "pillar" | "progress":
            return [one.in_language(language) for one in form.choices(kind).values()]
        case "action":
            return f"='{sheets['actions'].name.in_language(language)}'!$A$2:$A${LAST_ROW}"
        case "owner":
            return f"='{sheets['owners'].name.in_language(language)}'!$A$2:$A${LAST_ROW}"
        case "provisions":
            return f"='{LISTS}'!$A$2:$A${len(provision.plan()) + 1}"
    return None


def _lists(book: "Workbook", language: Language) -> None:
    """The provisions of the Plan with their words, to choose from and to read."""
    page = book.add_worksheet(LISTS)
    page.set_column(1, 1, 120)
    head = form.sheets()["actions"].column("provisions").name.in_language(language)
    page.write_string(0, 0, head)
    for number, one in enumerate(provision.plan(), start=1):
        page.write_string(number, 0, one.id)
        page.write_string(number, 1, one.text.in_language(language))


def _fill(page: "Worksheet", rows: Sequence[Any] | Iterator[Any], formats: "dict[str, Format]") -> None:
    for row, cells in enumerate(rows, start=1):
        for column, cell in enumerate(cells):
            _put(page, row, column, cell, formats)


def _put(page: "Worksheet", row: int, column: int, cell: Cell, formats: "dict[str, Format]") -> None:
    """Text stays text, whatever it begins with."""
    if isinstance(cell, date):
        if cell < OLDEST:
            page.write_string(row, column, cell.isoformat())
        else:
            page.write_datetime(row, column, cell, formats["day"])
    elif isinstance(cell, str):
        if cell:
            page.write_string(row, column, cell)
    elif cell is not None:
        page.write_number(row, column, cell)
