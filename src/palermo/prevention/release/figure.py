"""Published counts as a file keeps them: one line a cell, its columns and values joined by |."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from palermo.errors import InvalidRecord, Problem
from palermo.prevention.release.finding import finding
from palermo.standards.table import plain, safe

HEADER = ("columns", "values", "count", "sd", "low", "high")
SEPARATOR = "|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """About `count` persons have these values; 19 in 20 such intervals from low to high hold the truth."""

    columns: tuple[str, ...]
    values: tuple[str, ...]
    count: int
    sd: float
    low: int
    high: int

    def __post_init__(self) -> None:
        if len(self.columns) != len(self.values):
            raise ValueError(f"{len(self.columns)} columns do not have {len(self.values)} values.")
        if any(SEPARATOR in text for text in (*self.columns, *self.values)):
            raise ValueError(f"A name or value of a count holds {SEPARATOR}, which parts them in its file.")
        if not 0 <= self.low <= self.count <= self.high or self.sd < 0:
            raise ValueError("A count lies outside its interval.")

    @property
    def ways(self) -> int:
        """How many values it combines."""
        return len(self.columns)

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """Its columns, each with its value."""
        return tuple(zip(self.columns, self.values, strict=True))


def written(figures: Iterable[Figure]) -> str:
    """The CSV text; no cell of it is a formula to a spreadsheet."""
    return lines([HEADER, *(_cells(one) for one in figures)])


def lines(rows: Iterable[Iterable[str]]) -> str:
    """Rows of cells as CSV, the same bytes on every machine, no cell a formula."""
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerows([safe(cell) for cell in row] for row in rows)
    return text.getvalue()


def read(text: str, *, where: str = "counts.csv") -> tuple[Figure, ...]:
    """The figures of a CSV text; refused with every line that is none."""
    rows = list(csv.reader(io.StringIO(text), strict=True)) if text else []
    if not rows or tuple(rows[0]) != HEADER:
        raise InvalidRecord(where, [finding("no-counts", path="line 1", header=",".join(HEADER))])
    found, problems = [], []
    for number, row in enumerate(rows[1:], start=2):
        try:
            found.append(_figure(row))
        except ValueError:
            problems.append(finding("no-count", path=f"line {number}"))
    problems += _twice(found)
    if problems:
        raise InvalidRecord(where, problems)
    return tuple(found)


def _cells(one: Figure) -> Iterator[str]:
    yield SEPARATOR.join(one.columns)
    yield SEPARATOR.join(one.values)
    yield from (str(one.count), f"{one.sd:.1f}", str(one.low), str(one.high))


def _figure(row: list[str]) -> Figure:
    columns, values, count, sd, low, high = row
    return Figure(
        columns=tuple(plain(columns).split(SEPARATOR)),
        values=tuple(plain(values).split(SEPARATOR)),
        count=int(count),
        sd=float(sd),
        low=int(low),
        high=int(high),
    )


def _twice(figures: Iterable[Figure]) -> Iterator[Problem]:
    seen = set()
    for number, one in enumerate(figures, start=2):
        facts = frozenset(one.facts)
        if facts in seen:
            yield finding("count-twice", path=f"line {number}")
        seen.add(facts)
