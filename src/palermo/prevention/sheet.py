"""An overlap table as people keep it: one 0/1 column a list, a `count` column, optional stratum columns."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from palermo.errors import InvalidRecord, Problem
from palermo.prevention.overlap import MOST_LISTS, Overlap

COUNT = "count"
Stratum = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The table of everyone, and of each stratum by its values in the order of `columns`."""

    whole: Overlap
    columns: tuple[str, ...] = ()
    strata: Mapping[Stratum, Overlap] = field(default_factory=dict)


def read(path: Path, *, columns: Sequence[str] = ()) -> Sheet:
    """Read a CSV file; `columns` are the strata. Every fault of the file is named by its line at once."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as fault:
        raise InvalidRecord(
            path.name, [_fault("encoding", "file", "It is not UTF-8 text.", _UTF8)]
        ) from fault
    return parse(text.splitlines(), where=path.name, columns=columns)


def parse(lines: Iterable[str], *, where: str = "table", columns: Sequence[str] = ()) -> Sheet:
    """Read the lines of a CSV file."""
    rows = list(csv.reader(lines))
    header = [name.strip() for name in rows[0]] if rows else []
    problems = list(_header_faults(header, columns))
    if problems:
        raise InvalidRecord(where, problems)
    lists = tuple(name for name in header if name != COUNT and name not in columns)
    people: dict[Stratum, dict[int, int]] = defaultdict(dict)
    for number, row in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in row):
            problems += _take(row, f"line {number}", header=header, columns=columns, people=people)
    if not problems and not sum(sum(cells.values()) for cells in people.values()):
        problems.append(_fault("nobody", "count", "Nobody is counted.", "Give the counts of people."))
    if problems:
        raise InvalidRecord(where, problems)
    strata = {stratum: _table(lists, people[stratum]) for stratum in sorted(people)}
    whole = _sum(strata.values())
    if whole.faults():
        raise InvalidRecord(where, whole.faults())
    return Sheet(whole=whole, columns=tuple(columns), strata=strata if columns else {})


def write(table: Overlap) -> str:
    """The table as CSV, one line an occupied cell."""
    lines = [",".join([*table.lists, COUNT])]
    for cell in np.flatnonzero(table.counts).tolist():
        flags = [str(cell >> bit & 1) for bit in range(len(table.lists))]
        lines.append(",".join([*flags, str(int(table.counts[cell]))]))
    return "\n".join(lines) + "\n"


_UTF8 = "Save it as CSV in UTF-8."


def _fault(rule: str, path: str, wrong: str, remedy: str) -> Problem:
    return Problem(rule=rule, path=path, wrong=wrong, remedy=remedy)


def _header_faults(header: Sequence[str], columns: Sequence[str]) -> Iterator[Problem]:
    lists = [name for name in header if name != COUNT and name not in columns]
    if COUNT not in header:
        yield _fault("no-count", "line 1", "There is no column `count`.", "Add the people of each row.")
    for missing in sorted(set(columns) - set(header)):
        yield _fault("no-column", "line 1", f"There is no column `{missing}`.", f"Use {', '.join(header)}.")
    if len(set(header)) < len(header) or not all(header):
        yield _fault("column-names", "line 1", "Two columns share a name, or one has none.", "Rename them.")
    if len(lists) < 2:
        yield _fault("one-list", "line 1", "There is one list only.", "Give one 0/1 column for each list.")
    if len(lists) > MOST_LISTS:
        yield _fault(
            "many-lists", "line 1", f"There are {len(lists)} lists.", f"Merge to {MOST_LISTS} at most."
        )


def _take(
    row: Sequence[str],
    line: str,
    *,
    header: Sequence[str],
    columns: Sequence[str],
    people: dict[Stratum, dict[int, int]],
) -> Iterator[Problem]:
    """Add one row to the people of its stratum, or say what is wrong with it."""
    if len(row) != len(header):
        yield _fault("ragged", line, f"It has {len(row)} values.", f"Give {len(header)}, one a column.")
        return
    values = dict(zip(header, (cell.strip() for cell in row), strict=True))
    stratum = tuple(values.pop(column) for column in columns)
    count = values.pop(COUNT)
    problems = [*_flag_faults(values, line), *_count_faults(count, line)]
    cell = sum(1 << bit for bit, flag in enumerate(values.values()) if flag == "1")
    if not problems and cell == 0:
        problems.append(_fault("no-list", line, "It counts people who are in no list.", "Leave the row out."))
    if not problems and cell in people[stratum]:
        problems.append(
            _fault("duplicate-row", line, "The same lists stand in a row above.", "Add the counts up.")
        )
    if not problems:
        people[stratum][cell] = int(float(count))
    yield from problems


def _flag_faults(values: Mapping[str, str], line: str) -> Iterator[Problem]:
    for name, flag in values.items():
        if flag not in {"0", "1"}:
            yield _fault(
                "not-binary",
                f"{line}, {name}",
                "The value is neither 0 nor 1.",
                "Use 1 for in the list and 0 for not; name a column that is no list with --strata or --year.",
            )


def _count_faults(count: str, line: str) -> Iterator[Problem]:
    try:
        number = float(count)
    except ValueError:
        number = float("nan")
    if number < 0:
        yield _fault("negative-count", f"{line}, {COUNT}", "The count is negative.", "Count people.")
    elif not number.is_integer():
        yield _fault("fractional-count", f"{line}, {COUNT}", "It is not a whole number.", "Count people.")


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
