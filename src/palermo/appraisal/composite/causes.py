"""Root-cause vulnerability: what puts people at risk of being trafficked, State by State, from public tables.

It is context for whoever plans prevention. It blames no State, says nothing of trafficking itself, and is
never mixed with what a State did; detected victims are not in it and cannot be.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from palermo.appraisal import state, table, words
from palermo.appraisal.composite.aggregation import Aggregate
from palermo.appraisal.composite.building import Index, index
from palermo.appraisal.composite.cells import Table
from palermo.appraisal.composite.coverage import Coverage
from palermo.appraisal.composite.hierarchy import Group, Hierarchy, Indicator
from palermo.appraisal.composite.imputation import Impute
from palermo.appraisal.composite.normalisation import Normalise
from palermo.appraisal.composite.treatment import Treat
from palermo.appraisal.composite.uncertainty import Uncertainty, uncertainty
from palermo.appraisal.reader import YEAR
from palermo.appraisal.register import TableRead
from palermo.appraisal.table import Count, Sheet
from palermo.appraisal.words import Text
from palermo.errors import Problem, Unreachable

TOP = "vulnerability"
DRAWS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One figure of one State: as published, with its year and where it stood."""

    value: float
    year: int
    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Causes:
    """The newest figure that is not too old, by State and indicator, and what became of every row."""

    known: Mapping[tuple[str, str], Known]
    tables: tuple[TableRead, ...]

    @property
    def problems(self) -> tuple[tuple[str, Problem], ...]:
        return tuple((one.file, problem) for one in self.tables for problem in one.problems)

    @property
    def states(self) -> tuple[str, ...]:
        return tuple(sorted({code for code, _ in self.known}))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vulnerability:
    """The index with its intervals, and the figures it was made from."""

    causes: Causes
    found: Uncertainty

    @property
    def index(self) -> Index:
        return self.found.index


def read(folder: Path) -> Causes:
    """The figures of the tables that `framework/causes.toml` names; those that a folder lacks are gaps."""
    if not folder.is_dir():
        raise Unreachable(f"{folder}: there is no such folder. Give the folder of the tables with --data.")
    files = [folder / name for name in _catalogue()["table"] if (folder / name).is_file()]
    if not files:
        names = ", ".join(_catalogue()["table"])
        raise Unreachable(f"{folder}: no table of root causes is here. Known are {names}.")
    known: dict[tuple[str, str], Known] = {}
    accounts = []
    for path in files:
        newer, account = _of_file(path)
        for key, one in newer.items():
            if key not in known or known[key].year <= one.year:
                known[key] = one
        accounts.append(account)
    return Causes(known=known, tables=tuple(accounts))


def vulnerability(source: Path | Causes, *, draws: int = DRAWS, seed: int = 1) -> Vulnerability:
    """The index of every State with enough figures, each rank with its interval."""
    causes = read(source) if isinstance(source, Path) else source
    made = index(
        as_table(causes),
        hierarchy(),
        coverage=Coverage(least=_catalogue()["least_indicators"]),
        impute=Impute(rule="nearest"),
        treat=Treat(),
        normalise=Normalise(low=1, high=100),
        aggregate=Aggregate(("arithmetic", "geometric")),
    )
    return Vulnerability(causes=causes, found=uncertainty(made, draws=draws, seed=seed))


def indicators() -> Mapping[str, Mapping[str, Any]]:
    """The indicators by id, as `framework/causes.toml` declares them."""
    declared: Mapping[str, Mapping[str, Any]] = _catalogue()["indicator"]
    return declared


def dimensions() -> Mapping[str, Mapping[str, str]]:
    """The names of the dimensions, by id."""
    declared: Mapping[str, Mapping[str, str]] = _catalogue()["dimension"]
    return declared


def publisher(file: str) -> tuple[Text, date]:
    """Who published a table, and the day as of which it speaks."""
    entry = _catalogue()["table"][file]
    return Text(**entry["publisher"]), entry["as_of"]


@cache
def hierarchy() -> Hierarchy:
    """Ten indicators in four dimensions of equal weight; a high index means a high vulnerability."""
    return Hierarchy(
        indicators=tuple(
            Indicator(
                id=id,
                parent=one["dimension"],
                name=one["en"],
                direction=one["direction"],
                source=one["table"],
            )
            for id, one in indicators().items()
        ),
        groups=(
            Group(id=TOP, name="Root-cause vulnerability"),
            *(Group(id=id, parent=TOP, name=one["en"]) for id, one in dimensions().items()),
        ),
    )


def as_table(causes: Causes) -> Table:
    """The figures as a table of the index, on the scale that each indicator declares."""
    units = causes.states
    given = {id: [causes.known.get((code, id)) for code in units] for id in indicators()}
    return Table.of(
        units,
        {id: [scaled(id, one.value) if one else None for one in column] for id, column in given.items()},
        years={id: [one.year if one else None for one in column] for id, column in given.items()},
        names=[state.state(code).name.en for code in units],
        labels={"region": [state.state(code).region for code in units]},
    )


def scaled(indicator: str, value: float) -> float:
    """A figure on the scale of its indicator: plain, or the logarithm to base ten of one more than it."""
    return math.log10(1 + value) if indicators()[indicator].get("scale") == "log" else value


def _of_file(path: Path) -> tuple[Mapping[tuple[str, str], Known], TableRead]:
    entry = _catalogue()["table"][path.name]
    columns = ("iso3", "year", entry["value"], *([entry["key"]] if "key" in entry else []))
    sheet = table.read(path, columns=columns)
    count = Count(rows=len(sheet.rows) + len(sheet.problems), problems=list(sheet.problems))
    wanted = _wanted(path.name, own=entry.get("own", False))
    parts: dict[tuple[str, str, int], dict[str, Known]] = {}
    for line, row in sheet.rows:
        key = row[entry["key"]].strip() if "key" in entry else ""
        if problem := _wrong(line, row, entry["value"], key, wanted, own=entry.get("own", False)):
            count.problems.append(problem)
        elif why := _unneeded(row, key, wanted):
            count.leave(why)
        else:
            year = int(row["year"])
            one = Known(value=float(row[entry["value"]]), year=year, file=path.name, line=line)
            parts.setdefault((row["iso3"].strip(), wanted[key], year), {})[key] = one
            count.used += 1
    return _newest(parts), _account(sheet, count)


def _wanted(file: str, *, own: bool) -> Mapping[str, str]:
    """The keys of a table that an indicator reads, with that indicator."""
    if own:
        return {id: id for id in indicators()}
    return {
        key: id for id, one in indicators().items() if one["table"] == file for key in one["keys"] or [""]
    }


def _wrong(
    line: int, row: Mapping[str, str], column: str, key: str, wanted: Mapping[str, str], *, own: bool
) -> Problem | None:
    """What makes a row unreadable, if anything does."""
    code = row["iso3"].strip()
    if code and not state.is_state(code) and code not in state.others() and not _former(code):
        return _fault(line, "iso3", "is not a State's code.", "Use ISO 3166-1 alpha-3.")
    if own and key not in wanted:
        return _fault(line, "indicator", "is no indicator of the index.", f"Use {', '.join(wanted)}.")
    if not YEAR.fullmatch(row["year"].strip()):
        return _fault(line, "year", "is not a year from 1900 to 2099.", "Write it with four digits.")
    if not _is_number(row[column]):
        return _fault(line, column, "is not a number.", "Write it as 12.8; leave the row out where none is.")
    return None


def _unneeded(row: Mapping[str, str], key: str, wanted: Mapping[str, str]) -> str:
    """Why a readable row is not used; empty where it is."""
    if not state.is_state(row["iso3"].strip()):
        return "not one of the 193 members"
    if key not in wanted:
        return f"no indicator reads {key}"
    oldest = indicators()[wanted[key]]["oldest"]
    return f"before {oldest}" if int(row["year"]) < oldest else ""


def _newest(parts: Mapping[tuple[str, str, int], Mapping[str, Known]]) -> Mapping[tuple[str, str], Known]:
    """The newest year of each State and indicator; several keys of one year are summed."""
    newest: dict[tuple[str, str], Known] = {}
    for (code, id, year), found in sorted(parts.items()):
        first = min(found.values(), key=lambda one: one.line)
        total = math.fsum(one.value for one in found.values())
        newest[(code, id)] = Known(value=total, year=year, file=first.file, line=first.line)
    return newest


def _is_number(cell: str) -> bool:
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False


def _former(code: str) -> bool:
    return state.ended(code=code, name="") is not None


def _fault(line: int, column: str, wrong: str, remedy: str) -> Problem:
    return table.fault(line=line, column=column, wrong=wrong, remedy=remedy)


def _account(sheet: Sheet, count: Count) -> TableRead:
    return TableRead(
        file=sheet.file,
        sha256=sheet.sha256,
        rows=count.rows,
        used=count.used,
        unused=tuple(sorted(count.unused.items())),
        problems=tuple(count.problems),
    )


def _catalogue() -> Mapping[str, Any]:
    return words.table("causes.toml")


def files() -> Iterable[str]:
    """The names of the tables that are known."""
    return tuple(_catalogue()["table"])
