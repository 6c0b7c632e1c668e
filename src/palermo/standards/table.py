"""A file as a table of text cells: CSV with any of four separators, or a sheet of a workbook."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Final

from palermo.errors import Problem
from palermo.standards import workbook
from palermo.standards.fault import fault, refusal
from palermo.standards.source import Kind, Source, encoding, lines

DELIMITERS: Final = ",;\t|"
SAMPLE: Final = 60
ESCAPE: Final = "'"
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NUMBER: Final = re.compile(r"-[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: the line where it starts, its cells, and what the file itself got wrong there."""

    number: int
    cells: list[str]
    problem: Problem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of cells; the first sixty are held so that header and format can be told from them."""

    name: str
    sample: tuple[Line, ...]
    rest: Iterator[Line]
    notes: tuple[str, ...] = field(default=())

    def after(self, header: int) -> Iterator[Line]:
        """The rows below the first `header` ones."""
        return chain(self.sample[header:], self.rest)


def tables(source: Source, *, codec: str | None = None) -> Iterator[Table]:
    """The tables of a source: one for a text, one a sheet for a workbook."""
    if source.kind is Kind.WORKBOOK:
        for sheet in workbook.sheets(source):
            found = (Line(number, list(cells)) for number, cells in workbook.rows(source, sheet))
            yield _table(source, found, notes=(*source.notes, f"sheet {sheet}"))
    else:
        yield _text_table(source, codec=codec)


def _table(source: Source, found: Iterator[Line], *, notes: tuple[str, ...]) -> Table:
    return Table(name=source.name, sample=tuple(islice(found, SAMPLE)), rest=found, notes=notes)


def _text_table(source: Source, *, codec: str | None) -> Table:
    if codec is None:
        codec, reason = encoding(source.head, name=source.name, size=source.size)
    else:
        reason = f"{codec}, as asked"
    delimiter = _delimiter(source, codec)
    found = _csv_lines(source, codec=codec, delimiter=delimiter)
    return _table(source, found, notes=(*source.notes, reason, f"separator {delimiter!r}"))


def _delimiter(source: Source, codec: str) -> str:
    """The separator that parts the first written line into most columns."""
    head = source.head.decode(codec, "replace")
    first = next((line for line in head.splitlines() if line.strip()), "")
    counts = {mark: len(next(csv.reader([first], delimiter=mark), [])) for mark in DELIMITERS}
    best = max(counts, key=lambda mark: counts[mark])
    if counts[best] < 2:
        rule = "line-too-long" if len(first) >= len(head) > source.limits.line else "wrong-delimiter"
        raise refusal(source.name, rule, path="line 1", limit=source.limits.line)
    return best


def _csv_lines(source: Source, *, codec: str, delimiter: str) -> Iterator[Line]:
    wrong: dict[int, Problem] = {}
    reader = csv.reader(lines(source, codec=codec, wrong=wrong), delimiter=delimiter, strict=True)
    while True:
        first = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            last = reader.line_num
            problem = fault("broken-quotes", path=f"line {first}", first=first, last=last)
            yield Line(first, [], wrong.pop(first, problem))
            continue
        if wrong:
            yield Line(first, cells, _first_wrong(wrong, first, reader.line_num))
        elif cells:
            yield Line(first, cells)


def _first_wrong(wrong: dict[int, Problem], first: int, last: int) -> Problem | None:
    problems = [wrong.pop(number) for number in range(first, last + 1) if number in wrong]
    return problems[0] if problems else None


def safe(cell: str) -> str:
    """A cell that no spreadsheet program takes for a formula; `plain` gives the cell back."""
    return ESCAPE + cell if _formula(cell) and not NUMBER.fullmatch(cell) else cell


def plain(cell: str) -> str:
    """The cell as it was before `safe`."""
    return cell[1:] if cell.startswith(ESCAPE) and _formula(cell) else cell


def _formula(cell: str) -> bool:
    return cell.lstrip(ESCAPE).startswith(FORMULA)
