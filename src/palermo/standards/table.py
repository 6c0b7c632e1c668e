"""A file as a table of text cells: CSV with any of four separators, or a sheet of a workbook."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Final

from palermo.errors import Problem
from palermo.standards import workbook
from palermo.standards.fault import fault, refusal
from palermo.standards.source import Kind, Source, encoding, lines

DELIMITERS: Final = ",;\t|"
SAMPLE: Final = 60
LEFT_OUT: Final = "-"
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
    notes: tuple[str, ...] = ()
    ragged: bool = False

    def after(self, header: int) -> Iterator[Line]:
        """The rows below the first `header` ones."""
        return chain(self.sample[header:], self.rest)

    def body(self, header: int, width: int) -> Iterator[Line]:
        """The rows below the header, each of `width` cells; one with more or fewer is at fault."""
        for line in self.after(header):
            cells = line.cells
            if len(cells) == width or line.problem:
                yield line
            elif not self.ragged and len(cells) < width:
                yield Line(line.number, [*cells, *[""] * (width - len(cells))])
            elif len(cells) > width and not any(cells[width:]):
                yield Line(line.number, cells[:width])
            else:
                yield Line(line.number, cells, _ragged(line, width))


def tables(source: Source, *, codec: str | None = None) -> Iterator[Table]:
    """The tables of a source: one for a text, one a sheet for a workbook."""
    if source.kind is Kind.WORKBOOK:
        for sheet in workbook.sheets(source):
            found = (Line(number, list(cells)) for number, cells in workbook.rows(source, sheet))
            yield _table(source, found, notes=(*source.notes, f"sheet {sheet}"))
    else:
        yield _text_table(source, codec=codec)


def _ragged(line: Line, width: int) -> Problem:
    return fault("ragged-row", path=f"line {line.number}", given=len(line.cells), expected=width)


def _table(source: Source, found: Iterator[Line], *, notes: tuple[str, ...], ragged: bool = False) -> Table:
    sample = tuple(islice(found, SAMPLE))
    return Table(name=source.name, sample=sample, rest=found, notes=notes, ragged=ragged)


def _text_table(source: Source, *, codec: str | None) -> Table:
    if codec is None:
        codec, reason = encoding(source.head, name=source.name, size=source.size)
    else:
        reason = f"{codec}, as asked"
    delimiter = _delimiter(source, codec)
    found = _csv_lines(source, codec=codec, delimiter=delimiter)
    return _table(source, found, notes=(*source.notes, reason, f"separator {delimiter!r}"), ragged=True)


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


def names(table: Table, *, limit: int) -> list[str]:
    """The names in the first row of a table; refused when two are the same, or there are too many."""
    found = [plain(cell).strip() for cell in table.sample[0].cells]
    if len(found) > limit:
        raise refusal(table.name, "too-many-columns", given=len(found), limit=limit)
    check_unique(found, table.name)
    if len(table.sample) == 1:
        raise refusal(table.name, "header-only")
    _check_widths(table, len(found))
    return found


def check_unique(found: list[str], name: str) -> None:
    """Refuses a header in which two columns have the same name."""
    places: dict[str, int] = {}
    for place, column in enumerate(found, start=1):
        if column not in ("", LEFT_OUT) and places.setdefault(column.casefold(), place) != place:
            first = places[column.casefold()]
            raise refusal(name, "duplicate-header", path="header", first=first, second=place)


def counter(table: Table, header: int) -> int | None:
    """The place of a first column that only counts the rows: no name over it, and numbers one apart below."""
    if not table.sample[:header] or any(_name(line) for line in table.sample[:header]):
        return None
    values = [line.cells[0].strip() for line in table.sample[header:] if line.cells and line.cells[0].strip()]
    if not values or not all(value.isdigit() for value in values):
        return None
    numbers = [int(value) for value in values]
    return 0 if numbers == list(range(numbers[0], numbers[0] + len(numbers))) else None


def _name(line: Line) -> str:
    cell = line.cells[0].strip() if line.cells else ""
    return "" if cell in ("Unnamed: 0", "#") else cell


def _check_widths(table: Table, width: int) -> None:
    """Refuses a text whose rows all have one cell more than the header, as a counter without a name makes."""
    widths = {len(line.cells) for line in table.sample[1:] if not line.problem}
    if (
        table.ragged
        and widths == {width + 1}
        and any(line.cells[-1].strip() for line in table.sample[1:] if line.cells)
    ):
        raise refusal(table.name, "shifted-header", path="header", offset=1, side="right", side_fr="droite")


def renamed(table: Table, mapping: Mapping[str, str]) -> Table:
    """The table with the names over its columns replaced; a name mapped to nothing leaves its column out."""
    if not mapping:
        return table
    first, *others = table.sample
    cells = [mapping.get(plain(cell).strip(), cell) or LEFT_OUT for cell in first.cells]
    return replace(table, sample=(Line(first.number, cells, first.problem), *others))


def header(table: Table) -> list[str]:
    """The names in the first row as they stand there, before any is replaced."""
    return [name for cell in table.sample[0].cells if (name := plain(cell).strip())]
