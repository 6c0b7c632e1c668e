"""An overlap table as people keep it: one 0/1 column a list, a `count` column, optional stratum columns."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np

from palermo.errors import InvalidRecord
from palermo.prevention import rows
from palermo.prevention.fault import Fault, fault
from palermo.prevention.overlap import MOST_LISTS, Overlap
from palermo.prevention.saying import Saying, say

COUNT = "count"
FLAGS = frozenset({"0", "1"})
MOST_TOLD = 20  # faults of one file
Stratum = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The table of everyone, and of each stratum by its values in the order of `columns`."""

    whole: Overlap
    columns: tuple[str, ...] = ()
    strata: Mapping[Stratum, Overlap] = field(default_factory=dict)


def read(given: Path | BinaryIO, *, columns: Sequence[str] = ()) -> Sheet:
    """Read a CSV file or stream; `columns` are the strata. Its first `MOST_TOLD` faults are told by line."""
    return parse(rows.lines(given), where=rows.name(given), columns=columns)


def parse(lines: Iterable[str], *, where: str = "table", columns: Sequence[str] = ()) -> Sheet:
    """Read the lines of a CSV file."""
    found, columns = rows.parted([*lines], column=COUNT, where=where), tuple(dict.fromkeys(columns))
    header = [name.strip() for name in found[0]] if found else []
    problems = [*_header_faults(header, columns)] or [*_column_faults(found, columns)]
    if problems:
        raise InvalidRecord(where, problems)
    lists = tuple(name for name in header if name != COUNT and name not in columns)
    people: dict[Stratum, dict[int, int]] = defaultdict(dict)
    for number, row in enumerate(found[1:], start=2):
        if any(cell.strip() for cell in row):
            problems += _take(
                row, say("at-line", number=number), header=header, columns=columns, people=people
            )
    if not problems and not sum(sum(cells.values()) for cells in people.values()):
        problems.append(fault("nobody", say("at-count")))
    if problems:
        raise InvalidRecord(where, _first(problems))
    strata = {stratum: _table(lists, people[stratum]) for stratum in sorted(people)}
    whole = _sum(strata.values())
    if whole.faults():
        raise InvalidRecord(where, whole.faults())
    return Sheet(whole=whole, columns=columns, strata=strata if columns else {})


def write(table: Overlap) -> str:
    """The table as CSV, one line an occupied cell."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow([*table.lists, COUNT])
    for cell in np.flatnonzero(table.counts).tolist():
        flags = [cell >> bit & 1 for bit in range(len(table.lists))]
        lines.writerow([*flags, int(table.counts[cell])])
    return text.getvalue()


_FIRST = say("at-line", number=1)


def _first(problems: Sequence[Fault]) -> list[Fault]:
    """As many as anyone reads, and how many more there are."""
    told, left = problems[:MOST_TOLD], len(problems) - MOST_TOLD
    return [*told, fault("more-faults", say("at-file"), number=left)] if left > 0 else [*told]


def _header_faults(header: Sequence[str], columns: Sequence[str]) -> Iterator[Fault]:
    lists = [name for name in header if name != COUNT and name not in columns]
    if COUNT not in header:
        yield fault("no-count", _FIRST)
    if COUNT in columns:
        yield fault("count-stratum", _FIRST)
    for missing in sorted(set(columns) - set(header)):
        yield fault("no-column", _FIRST, name=missing, names=", ".join(header))
    if len(set(header)) < len(header) or not all(header):
        yield fault("column-names", _FIRST)
    if len(lists) < 2:
        yield fault("one-list", _FIRST)
    if len(lists) > MOST_LISTS:
        yield fault("many-lists", _FIRST, number=len(lists), most=MOST_LISTS)


def _column_faults(found: Sequence[Sequence[str]], columns: Sequence[str]) -> Iterator[Fault]:
    """Columns of which no row holds 0 or 1: they are no lists, and need saying once, not in every line."""
    header, *others = found
    lines = [row for row in others if len(row) == len(header)]
    for place, name in enumerate(map(str.strip, header)):
        listed = name != COUNT and name not in columns
        if listed and len(lines) > 1 and not any(row[place].strip() in FLAGS for row in lines):
            yield fault("no-list-column", say("at-column-named", name=name))


def _take(
    row: Sequence[str],
    line: Saying,
    *,
    header: Sequence[str],
    columns: Sequence[str],
    people: dict[Stratum, dict[int, int]],
) -> Iterator[Fault]:
    """Add one row to the people of its stratum, or say what is wrong with it."""
    if len(row) != len(header):
        yield fault("ragged", line, found=len(row), wanted=len(header))
        return
    values = dict(zip(header, (cell.strip() for cell in row), strict=True))
    stratum = tuple(values.pop(column) for column in columns)
    count = values.pop(COUNT)
    problems = [*_flag_faults(values, line), *_count_faults(count, line)]
    cell = sum(1 << bit for bit, flag in enumerate(values.values()) if flag == "1")
    if not problems and cell == 0:
        problems.append(fault("no-list", line))
    if not problems and cell in people[stratum]:
        problems.append(fault("duplicate-row", line))
    if not problems:
        people[stratum][cell] = int(float(count))
    yield from problems


def _flag_faults(values: Mapping[str, str], line: Saying) -> Iterator[Fault]:
    for name, flag in values.items():
        if flag not in FLAGS:
            yield fault("not-binary", say("at-column", line=line, name=name))


def _count_faults(count: str, line: Saying) -> Iterator[Fault]:
    place = say("at-column", line=line, name=COUNT)
    try:
        number = float(count)
    except ValueError:
        number = float("nan")
    if number < 0:
        yield fault("negative-count", place)
    elif not number.is_integer():
        yield fault("fractional-count", place)
    elif number > rows.MOST_PEOPLE:
        yield fault("huge-count", place)


def _table(lists: tuple[str, ...], people: Mapping[int, int]) -> Overlap:
    counts = np.zeros(1 << len(lists), dtype=np.int64)
    for cell, count in people.items():
        counts[cell] = count
    return Overlap(lists=lists, counts=counts)


def _sum(tables: Iterable[Overlap]) -> Overlap:
    first, *others = tables
    for other in others:
        first = first + other
    return first
