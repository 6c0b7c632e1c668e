"""A table and a tree for an index of one's own: CSV with a row a unit, TOML with indicators and steps."""

import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from palermo.appraisal import table as sheets
from palermo.appraisal.composite.aggregation import Aggregate
from palermo.appraisal.composite.building import Steps
from palermo.appraisal.composite.cells import Table
from palermo.appraisal.composite.coverage import Coverage
from palermo.appraisal.composite.fault import fault, problem
from palermo.appraisal.composite.hierarchy import Group, Hierarchy, Indicator
from palermo.appraisal.composite.imputation import Impute
from palermo.appraisal.composite.normalisation import Normalise
from palermo.appraisal.composite.treatment import Treat
from palermo.appraisal.composite.weighting import Weigh
from palermo.appraisal.reader import YEAR
from palermo.appraisal.table import Sheet
from palermo.errors import InvalidRecord, Problem, Unreachable

UNIT, NAME, YEAR_OF = "unit", "name", ".year"
GAPS = frozenset({"", "..", "-", "n/a", "x"})
NUMBER = re.compile(r"[-+]?(\d+|\d{1,3}([, \u00a0\u202f]\d{3})+)(\.\d+)?(e[-+]?\d+)?", re.IGNORECASE)
GROUPING = re.compile(r"[, \u00a0\u202f]")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A tree and the steps by which its index is made."""

    hierarchy: Hierarchy
    steps: Steps


def plan(path: Path) -> Plan:
    """The tree and steps of a TOML file; a key that it should not have is named."""
    given = _toml(path)
    if unknown := sorted(given.keys() - {"index", "group", "indicator", "steps"}):
        raise fault(path.name, f"has the unknown part {unknown[0]!r}.", "Use index, group, indicator, steps.")
    top = {"id": "index", **given.get("index", {})}
    hierarchy = Hierarchy(
        indicators=tuple(_indicator(id, one, path) for id, one in given.get("indicator", {}).items()),
        groups=(
            _made(Group, top, f"{path.name}, index"),
            *(
                _made(Group, {"id": id, "parent": top["id"], **one}, f"{path.name}, group {id}")
                for id, one in given.get("group", {}).items()
            ),
        ),
    )
    return Plan(hierarchy=hierarchy, steps=_steps(given.get("steps", {}), path))


def table(path: Path, hierarchy: Hierarchy) -> Table:
    """The table of a CSV file: `unit`, perhaps `name`, a column for each indicator and denominator.

    `INDICATOR.year` gives the source year of each cell; other columns are groupings for imputation. A gap is
    an empty cell or "..". Every cell that is neither gap nor number is named with its line.
    """
    wanted = dict.fromkeys(
        (*hierarchy.ids, *(one.denominator for one in hierarchy.indicators if one.denominator))
    )
    sheet = sheets.read(path, columns=(UNIT, *wanted))
    if found := [*sheet.problems, *_faults(sheet, tuple(wanted))]:
        raise InvalidRecord(path.name, found)
    rows = [row for _, row in sheet.rows]
    years = [name for name in sheet.columns if name.endswith(YEAR_OF)]
    others = [name for name in sheet.columns if name not in {UNIT, NAME, *wanted, *years}]
    return Table.of(
        [row[UNIT].strip() for row in rows],
        {id: [_number(row[id]) for row in rows] for id in wanted},
        years={
            name.removesuffix(YEAR_OF): [int(row[name]) if row[name].strip() else None for row in rows]
            for name in years
        },
        names=[row.get(NAME, "").strip() or row[UNIT].strip() for row in rows],
        labels={name: [row[name].strip() for row in rows] for name in others},
    )


def _faults(sheet: Sheet, wanted: tuple[str, ...]) -> Iterator[Problem]:
    for line, row in sheet.rows:
        if not row[UNIT].strip():
            yield sheets.fault(line=line, column=UNIT, wrong="is empty.", remedy="Give each unit a code.")
        for name in wanted:
            if why := _wrong(row[name]):
                yield sheets.fault(
                    line=line, column=name, wrong=why, remedy="Write 1234.5, or leave it empty."
                )
        for name in (name for name in sheet.columns if name.endswith(YEAR_OF)):
            if row[name].strip() and not YEAR.fullmatch(row[name].strip()):
                yield sheets.fault(line=line, column=name, wrong="is not a year.", remedy="Write 2019.")


def _wrong(cell: str) -> str:
    """What is wrong with the cell of an indicator; empty where it is a number or a gap."""
    text = cell.strip().casefold()
    if text in GAPS or NUMBER.fullmatch(text):
        return ""
    if text.startswith("<"):
        return "is a suppressed count, of which only bounds are known."
    return "is not a number."


def _number(cell: str) -> float | None:
    text = cell.strip()
    if text.casefold() in GAPS:
        return None
    value = float(GROUPING.sub("", text))
    return value if math.isfinite(value) else None


def _indicator(id: str, one: Mapping[str, Any], path: Path) -> Indicator:
    given = {"id": id, "parent": "index", **one}
    if "goalposts" in given:
        given["goalposts"] = tuple(given["goalposts"])
    return _made(Indicator, given, f"{path.name}, indicator {id}")


def _steps(given: Mapping[str, Any], path: Path) -> Steps:
    """The steps that a file names over the usual ones."""
    kinds = {"coverage": Coverage, "impute": Impute, "treat": Treat, "normalise": Normalise}
    made: dict[str, Any] = {
        name: _made(kinds[name], one, f"{path.name}, steps.{name}")
        for name, one in given.items()
        if name in kinds
    }
    if "weigh" in given:
        made["weigh"] = Weigh(given["weigh"])
    if "aggregate" in given:
        means = given["aggregate"]
        made["aggregate"] = Aggregate((means,) if isinstance(means, str) else tuple(means))
    if unknown := sorted(given.keys() - made.keys()):
        known = ", ".join((*kinds, "weigh", "aggregate"))
        raise fault(f"{path.name}, steps", f"there is no step {unknown[0]!r}.", f"Use {known}.")
    return Steps(**made)


def _made(kind: type[Made], given: Mapping[str, Any], where: str) -> Made:
    """One value of the tree; a key that it does not have is named."""
    known = sorted(kind.__dataclass_fields__)  # type: ignore[attr-defined]  # each kind is a dataclass
    if unknown := sorted(given.keys() - set(known)):
        raise fault(where, f"has no {unknown[0]!r}.", f"Use {', '.join(known)}.")
    try:
        return kind(**given)
    except TypeError as error:
        raise InvalidRecord(
            "index", [problem(where, f"{error}.", "See the reference of the index.")]
        ) from error


def _toml(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise Unreachable(f"{path.name}: cannot be read ({error.strerror}). Check --hierarchy.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise fault(path.name, f"is not TOML: {error}.", "Begin from the example in the how-to.") from error
