"""Reads the sheets of an .xlsx or .ods workbook as rows of text, one row at a time."""

import datetime as dt
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, Final
from xml.etree.ElementTree import Element

from palermo.standards.fault import refusal
from palermo.standards.source import Source

Cells = tuple[str, ...]
EMPTY_RUN: Final = 5_000
ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


def sheets(source: Source) -> tuple[str, ...]:
    """The names of the sheets, in their order."""
    return tuple(_open(source))


def rows(source: Source, sheet: str) -> Iterator[tuple[int, Cells]]:
    """The rows of a sheet with their numbers, cells as text; rows with nothing in them are passed over.

    A date is written YYYY-MM-DD, a whole number without a point, a tick TRUE or FALSE. Reading ends after
    5,000 empty rows, as a sheet may declare a million of them.
    """
    empty = 0
    try:
        for number, cells in _open(source)[sheet]:
            if any(cells):
                empty = 0
                yield number, cells
            elif (empty := empty + 1) > EMPTY_RUN:
                return
    except BROKEN as error:
        raise refusal(source.name, "broken-workbook", path=f"sheet {sheet}") from error


def _open(source: Source) -> "dict[str, Iterator[tuple[int, Cells]]]":
    source.stream.seek(0)
    try:
        with zipfile.ZipFile(source.stream) as parts:
            names = set(parts.namelist())
            _check_heads(parts, source)
        source.stream.seek(0)
        if "content.xml" in names:
            return _ods(source)
        return _xlsx(source)
    except BROKEN as error:
        raise refusal(source.name, "broken-workbook") from error


def _check_heads(parts: zipfile.ZipFile, source: Source) -> None:
    """Refuses a workbook in which a part declares entities: they serve only to grow without end."""
    for name in parts.namelist():
        with parts.open(name) as part:
            head = part.read(4096).replace(b"\0", b"")
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
            raise refusal(source.name, "zip-bomb", path=name, limit=source.limits.workbook)


def _xlsx(source: Source) -> "dict[str, Iterator[tuple[int, Cells]]]":
    import openpyxl  # a quarter of a second to import, and most files are not workbooks

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(source.stream, read_only=True, data_only=True, keep_links=False)
    return {sheet.title: _xlsx_rows(sheet, source) for sheet in book.worksheets}


def _xlsx_rows(sheet: Any, source: Source) -> Iterator[tuple[int, Cells]]:
    sheet.reset_dimensions()
    limit = source.limits.columns
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        if len(cells) > limit:
            raise refusal(source.name, "too-many-columns", given=len(cells), limit=limit)
        yield number, tuple(map(text, cells))


def text(value: object) -> str:
    """A cell of a workbook as text: never an exponent, never a time of day where there was none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value))


TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


def _ods(source: Source) -> "dict[str, Iterator[tuple[int, Cells]]]":
    return {name: _ods_rows(source, name) for name in _ods_names(source)}


def _ods_events(source: Source) -> Iterator[tuple[str, Element]]:
    from defusedxml.ElementTree import iterparse

    source.stream.seek(0)
    with zipfile.ZipFile(source.stream) as parts, parts.open("content.xml") as content:
        yield from iterparse(content, events=("start", "end"), forbid_dtd=True)


def _ods_names(source: Source) -> list[str]:
    names = []
    for event, element in _ods_events(source):
        if event == "start" and element.tag == TABLE + "table":
            names.append(element.get(TABLE + "name", ""))
        elif event == "end" and element.tag == TABLE + "table-row":
            element.clear()
    return names


def _ods_rows(source: Source, name: str) -> Iterator[tuple[int, Cells]]:
    number, inside = 1, False
    for event, element in _ods_events(source):
        if element.tag == TABLE + "table":
            inside = event == "start" and element.get(TABLE + "name") == name
        elif event == "end" and element.tag == TABLE + "table-row":
            cells = _ods_cells(element, source.limits.columns) if inside else ()
            for copy in range(_repeats(element, "number-rows-repeated", 1_048_576) if inside else 0):
                if copy > EMPTY_RUN:
                    break
                yield number, cells
                number += 1
            element.clear()


def _repeats(element: Element, attribute: str, limit: int) -> int:
    return min(int(element.get(TABLE + attribute, "1")), limit)


def _ods_cells(row: Element, limit: int) -> Cells:
    cells: list[str] = []
    for cell in row:
        repeated = _repeats(cell, "number-columns-repeated", limit)
        cells.extend([_ods_text(cell)] * min(repeated, limit - len(cells)))
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _ods_text(cell: Element) -> str:
    kind = cell.get(OFFICE + "value-type")
    if kind == "date":
        return cell.get(OFFICE + "date-value", "").removesuffix("T00:00:00")
    if kind == "boolean":
        return cell.get(OFFICE + "boolean-value", "").upper()
    if kind == "float":
        return text(float(cell.get(OFFICE + "value", "nan")))
    return "\n".join("".join(part.itertext()) for part in cell if part.tag.endswith("}p"))


def _broken() -> tuple[type[Exception], ...]:
    from defusedxml.common import DefusedXmlException

    return (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, SyntaxError, DefusedXmlException)


BROKEN: Final = _broken()
