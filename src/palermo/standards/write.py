"""Writes records as our JSON lines and CSV, which hold everything, or as HTCDS and CTDC, with a loss report.

What a format cannot hold is found by reading back what was written: every answer of the record that does not
come back is counted, with what became of it.
"""

import csv as csvfile
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final, TextIO

from palermo.standards import ctdc_cells, flat, flat_cells, htcds_cells
from palermo.standards.field import declared
from palermo.standards.loss import Loss
from palermo.standards.outfile import whole
from palermo.standards.record import Record
from palermo.standards.rules import settle
from palermo.standards.table import safe

Target = Path | BinaryIO
Cells = dict[str, str]
Said = tuple[Cells, Mapping[tuple[str, str], str], dict[str, Any]]
CELL: Final = 32_767
NOT_HELD: Final = "has no place there"
LONG: Final = "too long for a cell of a workbook"


def jsonl(records: Iterable[Record], target: Target) -> Loss:
    """One record a line; nothing is lost."""
    loss = Loss()
    with _text(target) as file:
        for record in records:
            file.write(json.dumps(record.document, sort_keys=True, separators=(",", ":")) + "\n")
            loss.record(set())
    return loss


def csv(records: Iterable[Record], target: Target) -> Loss:
    """Our own CSV (flat.py); nothing is lost."""
    loss = Loss()
    with _text(target) as file:
        writer = csvfile.DictWriter(file, flat.columns(), restval="", lineterminator="\n")
        writer.writeheader()
        for record in records:
            writer.writerow(flat_cells.cells(record.document))
            loss.record(set())
    return loss


def htcds(records: Iterable[Record], target: Target, *, workbook: bool = False) -> Loss:
    """HTCDS 2.0 with two header rows, code and label: a workbook with labels as values, or CSV with codes."""
    if workbook:
        return _htcds_workbook(records, target)
    loss = Loss()
    with _text(target) as file:
        writer = csvfile.writer(file, lineterminator="\n")
        writer.writerows(
            ([name for name, _ in htcds_cells.HEADER], [label for _, label in htcds_cells.HEADER])
        )
        for cells in _counted(records, htcds_cells.said, loss):
            writer.writerow([safe(cells.get(name, "")) for name, _ in htcds_cells.HEADER])
    return loss


def ctdc(records: Iterable[Record], target: Target) -> Loss:
    """A flat table with the 27 columns of the synthetic releases, newer names, and the kind of record."""
    loss = Loss()
    with _text(target) as file:
        writer = csvfile.DictWriter(file, ctdc_cells.WRITTEN, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(_counted(records, ctdc_cells.said, loss))
    return loss


WRITERS: Final[Mapping[str, Callable[[Iterable[Record], Target], Loss]]] = {
    "jsonl": jsonl,
    "csv": csv,
    "htcds": htcds,
    "ctdc": ctdc,
}


def _htcds_workbook(records: Iterable[Record], target: Target) -> Loss:
    import xlsxwriter  # a workbook is the rarer wish

    loss = Loss()
    with _binary(target) as file:
        book = xlsxwriter.Workbook(file, {"constant_memory": True, "in_memory": False})
        sheet = book.add_worksheet("Case Sheet")
        for row, titles in enumerate(zip(*htcds_cells.HEADER, strict=True)):
            for place, title in enumerate(titles, start=1):
                sheet.write_string(row, place, title)
        for number, cells in enumerate(_counted(records, htcds_cells.said, loss, longest=CELL), start=1):
            sheet.write_number(number + 1, 0, number)
            for place, (name, _) in enumerate(htcds_cells.HEADER, start=1):
                if cells.get(name):
                    sheet.write_string(number + 1, place, safe(htcds_cells.labelled(name, cells[name])))
        book.close()
    return loss


def _counted(
    records: Iterable[Record], said: Callable[[Mapping[str, Any]], Said], loss: Loss, *, longest: int = 0
) -> Iterator[Cells]:
    """The cells of each record, while what they do not hold is counted."""
    for record in records:
        cells, fates, rebuilt = said(record.document)
        lost = missing(record.document, settle(rebuilt)[0], fates)
        for name in [name for name, cell in cells.items() if longest and len(cell) >= longest]:
            del cells[name]
            lost.add((name, LONG))
        loss.record(lost)
        yield cells


def missing(
    document: Mapping[str, Any], rebuilt: Mapping[str, Any], fates: Mapping[tuple[str, str], str]
) -> set[tuple[str, str]]:
    """The fields of a document that do not come back, each with its fate."""
    left = Counter(leaves(document))
    left.subtract(Counter(leaves(rebuilt)))
    return {
        (path, fates.get((path, _code(leaf)), NOT_HELD)) for (path, leaf), count in left.items() if count > 0
    }


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every answer and plain value under a place, with its declared path."""
    if isinstance(value, Mapping) and not ("value" in value and "state" in value):
        for key, each in value.items():
            yield from leaves(each, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from leaves(each, path if _is_leaf(each) else f"{path}[{number}]")
    else:
        yield declared(path), json.dumps(value, sort_keys=True)


def _is_leaf(value: Any) -> bool:
    return not isinstance(value, Mapping) or ("value" in value and "state" in value)


def _code(leaf: str) -> str:
    value = json.loads(leaf)
    return str(value.get("value") or value["state"]) if isinstance(value, dict) and "state" in value else ""


@contextmanager
def _binary(target: Target) -> Iterator[BinaryIO]:
    """The target to write to; a file appears under its name only when it is whole."""
    if not isinstance(target, Path):
        yield target
        return
    with whole(target) as file:
        yield file


@contextmanager
def _text(target: Target) -> Iterator[TextIO]:
    with _binary(target) as file:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        yield text
        text.flush()
        text.detach()
