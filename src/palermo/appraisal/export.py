"""All figures, assessments and evidence as CSV and as a workbook, with headers in the reader's language.

Every row names its evidence, source, date and grade. The same rows give the same bytes: a workbook carries
the day of the appraisal, never the clock.
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from palermo.appraisal import label
from palermo.appraisal.assessment import Assessment
from palermo.appraisal.dataset import Dataset, Datum
from palermo.appraisal.edition import Speech
from palermo.appraisal.evidence import Evidence
from palermo.appraisal.provision import provision
from palermo.appraisal.state import state
from palermo.appraisal.words import Language, say

Cell = str | int | float | date | None
MOST_LINKS = 60_000
"""A worksheet holds 65,530 links at most; a larger one names the evidence without linking to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table: a name, the width of each column by its phrase, and the rows."""

    name: str
    widths: Mapping[str, int]
    rows: tuple[tuple[Cell, ...], ...]

    def head(self, speech: Speech) -> tuple[str, ...]:
        return tuple(speech.text(f"column.{one}") for one in self.widths)

    def title(self, speech: Speech) -> str:
        return speech.text(f"export.{self.name}")


FIGURES = {
    "state_code": 9,
    "state": 20,
    "cycle": 11,
    "provision": 11,
    "measure_code": 24,
    "measure": 44,
    "sex": 10,
    "age": 16,
    "form": 20,
    "period": 12,
    "exact": 11,
    "low": 9,
    "high": 9,
    "unit": 14,
    "figure_status": 22,
    "source_id": 24,
    "source": 40,
    "as_of": 12,
    "grade": 8,
    "evidence_ids": 24,
}
ASSESSMENTS = {
    "state_code": 9,
    "state": 20,
    "cycle": 11,
    "pillar": 16,
    "provision": 11,
    "text": 60,
    "status": 16,
    "at_most": 16,
    "reasons": 60,
    "sources": 40,
    "as_of": 12,
    "grade": 8,
    "evidence_ids": 24,
    "assessor": 16,
    "reviewer": 16,
    "reply": 50,
}
EVIDENCE = {
    "evidence_id": 15,
    "says": 60,
    "source_id": 24,
    "source": 40,
    "publisher": 40,
    "as_of": 12,
    "grade": 8,
    "file": 34,
    "line": 8,
}


def sheets(data: Dataset, language: Language) -> tuple[Sheet, ...]:
    """The three tables, worded in that language."""
    speech = speech_in(language)
    known = {one.id: one for one in data.evidence}
    return (
        Sheet(name="figures", widths=FIGURES, rows=_rows(data.figures, lambda one: _figure(one, speech))),
        Sheet(
            name="assessments",
            widths=ASSESSMENTS,
            rows=_rows(data.assessments, lambda one: _assessment(one, speech)),
        ),
        Sheet(name="evidence", widths=EVIDENCE, rows=_rows(known.values(), lambda one: _proof(one, speech))),
    )


def csv_bytes(sheet: Sheet, language: Language) -> bytes:
    """One table as CSV in UTF-8, with the mark by which spreadsheet programs know it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(sheet.head(speech_in(language)))
    writer.writerows([[_written(cell) for cell in row] for row in sheet.rows])
    return out.getvalue().encode("utf-8-sig")


def workbook(data: Dataset, language: Language) -> bytes:
    """The tables as one workbook: headers that stay in sight, filters, each number linked to its evidence."""
    import xlsxwriter  # a workbook is the rarer wish

    out, tables, speech = io.BytesIO(), sheets(data, language), speech_in(language)
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    title = speech.plain(_title(data))
    book.set_properties(
        {"title": title, "author": "palermo", "created": datetime.combine(data.today, datetime.min.time())}
    )
    looks = _looks(book)
    _about(book, title, speech, looks)
    rows = {str(row[0]): index for index, row in enumerate(tables[-1].rows, start=2)}
    for sheet in tables:
        _write(book, sheet, speech, looks, rows=rows, target=tables[-1].title(speech))
    book.close()
    return out.getvalue()


def speech_in(language: Language) -> Speech:
    return Speech(language=language, numbers={}, font="")


def _rows(items: Iterable[Any], row: Callable[[Any], tuple[Cell, ...]]) -> tuple[tuple[Cell, ...], ...]:
    return tuple(row(one) for one in items)


def _title(data: Dataset) -> Any:
    return say("export.title", cycle=data.cycle.replace("-", "–"), today=data.today)


def _figure(one: Datum, speech: Speech) -> tuple[Cell, ...]:
    found = one.found
    return (
        one.state,
        state(one.state).names.in_language(speech.language),
        one.cycle,
        one.provision,
        one.measure,
        speech.plain(label.measure(one.measure)),
        *(speech.plain(label.part(part)) for part in (one.sex, one.age, one.form)),
        one.period,
        one.low if one.exact else None,
        one.low,
        one.high,
        speech.plain(label.unit(one.unit)),
        speech.plain(label.figure_status(one.status)),
        one.source,
        found.source.name.in_language(speech.language) if found else one.source,
        found.as_of if found else date.fromisoformat(one.period),
        str(found.source.grade) if found else "",
        " ".join(one.evidence),
    )


def _assessment(one: Assessment, speech: Speech) -> tuple[Cell, ...]:
    asked = provision(one.provision)
    names = dict.fromkeys(item.found.source.name.in_language(speech.language) for item in one.evidence)
    return (
        one.state,
        state(one.state).names.in_language(speech.language),
        one.cycle,
        speech.text(f"pillar.{asked.pillar}"),
        one.provision,
        asked.text.in_language(speech.language),
        speech.text(f"status.{one.status}"),
        speech.text(f"status.{one.at_most}"),
        " ".join(speech.plain(reason) for reason in one.reasons),
        "; ".join(names),
        max((item.found.as_of for item in one.evidence), default=None),
        str(one.grade) if one.grade else "",
        " ".join(one.evidence_ids),
        one.assessor,
        one.reviewer,
        one.reply.text if one.reply else "",
    )


def _proof(one: Evidence, speech: Speech) -> tuple[Cell, ...]:
    source = one.found.source
    return (
        one.id,
        speech.plain(one.says),
        source.id,
        source.name.in_language(speech.language),
        source.publisher.in_language(speech.language),
        one.found.as_of,
        str(one.grade),
        one.found.file,
        one.found.line or None,
    )


def _written(cell: Cell) -> str:
    """A cell of CSV; text that a spreadsheet would take for a formula keeps an apostrophe before it."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    text = str(cell)
    return f"'{text}" if isinstance(cell, str) and text[:1] in "=+-@\t\r" and text else text


def _looks(book: Any) -> dict[str, Any]:
    head = {
        "bold": True,
        "bg_color": "#14507A",
        "font_color": "#FFFFFF",
        "text_wrap": True,
        "valign": "vcenter",
    }
    return {
        "head": book.add_format({**head, "border": 0}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "number": book.add_format({"valign": "top", "num_format": "General"}),
        "whole": book.add_format({"valign": "top", "num_format": "#,##0"}),
        "date": book.add_format({"valign": "top", "num_format": "yyyy-mm-dd", "align": "left"}),
        "link": book.add_format({"valign": "top", "font_color": "#14507A", "underline": 1}),
        "title": book.add_format({"bold": True, "font_size": 14, "font_color": "#0E2F49"}),
    }


def _about(book: Any, title: str, speech: Speech, looks: Mapping[str, Any]) -> None:
    page = book.add_worksheet(speech.text("export.about"))
    page.hide_gridlines(2)
    page.set_column(0, 0, 100)
    lines = (title, speech.text("export.rule"), speech.text("evidence.grades"))
    for row, line in enumerate(lines):
        page.write_string(row, 0, line, looks["title" if row == 0 else "text"])
    if speech.language.right_to_left:
        page.right_to_left()


def _write(
    book: Any,
    sheet: Sheet,
    speech: Speech,
    looks: Mapping[str, Any],
    *,
    rows: Mapping[str, int],
    target: str,
) -> None:
    page = book.add_worksheet(sheet.title(speech))
    if speech.language.right_to_left:
        page.right_to_left()
    for column, width in enumerate(sheet.widths.values()):
        page.set_column(column, column, width)
    page.set_row(0, 32)
    page.write_row(0, 0, sheet.head(speech), looks["head"])
    page.freeze_panes(1, 2)
    page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.widths) - 1)
    linked = list(sheet.widths).index("evidence_ids") if "evidence_ids" in sheet.widths else None
    if len(sheet.rows) > MOST_LINKS:
        linked = None
    for number, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row):
            first = str(cell).partition(" ")[0] if column == linked else ""
            _put(
                page, (number, column), cell, looks, to=f"internal:'{target}'!A{rows[first]}" if first else ""
            )


def _put(page: Any, at: tuple[int, int], cell: Cell, looks: Mapping[str, Any], *, to: str) -> None:
    match cell:
        case None | "":
            return
        case str() if to:
            page.write_url(*at, to, looks["link"], cell)
        case str():
            page.write_string(*at, cell, looks["text"])
        case date():
            page.write_datetime(*at, datetime.combine(cell, datetime.min.time()), looks["date"])
        case int():
            page.write_number(*at, cell, looks["whole"])
        case _:
            page.write_number(*at, cell, looks["number"])
