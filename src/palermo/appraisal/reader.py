"""How a table becomes facts: every row used, not needed and why, or unreadable with its line and column."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from palermo.appraisal import dated, observation, state, table
from palermo.appraisal.evidence import Found, Source
from palermo.appraisal.observation import Observation
from palermo.appraisal.reservation import Reservation
from palermo.appraisal.table import Count, Sheet
from palermo.appraisal.treaty import TreatyAction
from palermo.errors import Problem

Row = Mapping[str, str]
Fact = TreatyAction | Reservation | Observation

YEAR = re.compile(r"(19|20)\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a reader needs to say where a fact stood; `sources` answers a row's own source."""

    file: str
    source: Source | None
    as_of: date | None
    sources: Callable[[str], Source]

    def found(self, line: int) -> Found:
        """Where a fact of that line stood; the table as a whole must have a source and a date."""
        if self.source is None or self.as_of is None:
            raise UnreadableCell("file", "has neither source nor as_of.", "Give both in sources.toml.")
        return Found(source=self.source, as_of=self.as_of, file=self.file, line=line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of table: the columns it must have and the reader of its rows.

    A complete one names every participant, also those that are no members; `lists` says that it names every
    reservation too.
    """

    columns: tuple[str, ...]
    facts: Callable[[int, Row, Place, Count], Iterator[Fact]]
    code: str = "iso3"
    name: str = "name"
    complete: bool = False
    lists: bool = False


class UnreadableCell(ValueError):
    """A cell that does not hold what its column promises."""

    def __init__(self, column: str, wrong: str, remedy: str) -> None:
        self.column, self.wrong, self.remedy = column, wrong, remedy
        super().__init__(wrong)

    def problem(self, line: int) -> Problem:
        return table.fault(line=line, column=self.column, wrong=self.wrong, remedy=self.remedy)


def facts(kind: Kind, sheet: Sheet, place: Place) -> tuple[tuple[Fact, ...], Count]:
    """Every fact of a sheet, and what became of each row."""
    count = Count(rows=len(sheet.rows) + len(sheet.problems), problems=list(sheet.problems))
    found: list[Fact] = []
    for line, row in sheet.rows:
        try:
            found += _of_row(kind, line, row, place, count)
        except UnreadableCell as error:
            count.problems.append(error.problem(line))
    return tuple(found), count


def _of_row(kind: Kind, line: int, row: Row, place: Place, count: Count) -> list[Fact]:
    code = row[kind.code].strip()
    if past := state.ended(code=code, name=row[kind.name]):
        count.leave(f"a former State ({past.code})")
        return []
    if code in state.others() or not code:
        beside = list(kind.facts(line, row, place, count)) if kind.complete and code else []
        count.leave("not one of the 193 members")
        return beside
    if not state.is_state(code):
        raise UnreadableCell(kind.code, "is not a State's code.", "Use ISO 3166-1 alpha-3.")
    found = list(kind.facts(line, row, place, count))
    count.used += bool(found)
    return found


def bounds(cell: str, column: str) -> observation.Bounds:
    try:
        return observation.bounds(cell)
    except ValueError as error:
        raise UnreadableCell(column, f"{error}.", "Correct the cell.") from error


def year(cell: str, column: str) -> int:
    if not YEAR.fullmatch(cell.strip()):
        raise UnreadableCell(column, "is not a year from 1900 to 2099.", "Write it with four digits.")
    return int(cell)


def day(row: Row, column: str) -> date:
    """A day in one of the forms of `dated`."""
    try:
        return dated.day(row[column])
    except dated.NoDay as error:
        raise UnreadableCell(column, f"{error}.", "Write it as 2014-01-27.") from error
