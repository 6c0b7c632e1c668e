"""Read the spreadsheet of a plan; every fault is named at once, by sheet and cell."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from palermo.appraisal import evidence
from palermo.appraisal.evidence import Found, Grade, Source
from palermo.appraisal.plan import between, page
from palermo.appraisal.plan.page import Book, Row, Values
from palermo.appraisal.plan.plan import Action, BudgetLine, Indicator, Milestone, Plan, Progress, Report
from palermo.appraisal.plan.tables import tables
from palermo.appraisal.provision import Pillar
from palermo.appraisal.words import Text
from palermo.errors import InvalidRecord, Problem

PARTS = ("budget", "milestones", "indicators", "reports")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A plan that was read, and what was noticed that did not keep it out."""

    plan: Plan
    notes: tuple[Problem, ...]


def read(given: Path | BinaryIO, *, as_of: date, name: str = "") -> Reading:
    """The plan of a workbook (.xlsx, .ods) or of a folder of CSV files, one a sheet.

    InvalidRecord carries every fault of the file. `as_of` is the day up to which it speaks where it does not
    say so; `name` what the file is called in the evidence.
    """
    called = name or Path(str(getattr(given, "name", given))).name
    book = page.book(tables(given))
    problems = (*book.problems, *between.problems(book.pages))
    if problems:
        raise InvalidRecord(called, problems)
    return Reading(plan=_plan(book, as_of=as_of, file=called), notes=tuple(book.notes))


def found(values: Mapping[str, Any], *, as_of: date, file: str, line: int = 0) -> Found:
    """Where a plan stood: adopted, it is an official text (A); a draft is the State's own statement (E)."""
    grade = Grade.REGISTER if values.get("adopted_on") else Grade.CLAIM
    publisher = values.get("published_by") or ""
    title = values["title"]
    key = evidence.identity("plan", values["state"], values["id"]).removeprefix("e-")
    return Found(
        source=Source(
            id=f"plan-{key}",
            name=Text(en=title, fr=title),
            publisher=Text(en=publisher, fr=publisher),
            grade=grade,
        ),
        as_of=values.get("as_of") or as_of,
        file=file,
        line=line,
    )


def _plan(book: Book, *, as_of: date, file: str) -> Plan:
    values = book.rows("plan")[0].values
    held = {sheet: _by_action(book.rows(sheet)) for sheet in PARTS}
    whole = {name: values[name] for name in ("id", "state", "title", "starts_on", "ends_on", "adopted_on")}
    return Plan(
        **whole,
        follows=values["follows"],
        found=found(values, as_of=as_of, file=file),
        actions=tuple(_action(row, held) for row in book.rows("actions")),
    )


def _by_action(rows: list[Row]) -> dict[str, list[Values]]:
    grouped: dict[str, list[Values]] = {}
    for row in rows:
        values = dict(row.values)
        grouped.setdefault(values.pop("action"), []).append(values)
    return grouped


def _action(row: Row, held: Mapping[str, Mapping[str, list[Values]]]) -> Action:
    own = {id: parts.get(row.values["id"], []) for id, parts in held.items()}
    reports = [{**one, "progress": Progress(one["progress"])} for one in own["reports"]]
    return Action(
        **{**row.values, "pillar": Pillar(row.values["pillar"])},
        budget=tuple(BudgetLine(**one) for one in own["budget"]),
        milestones=tuple(Milestone(**one) for one in own["milestones"]),
        indicators=tuple(Indicator(**one) for one in own["indicators"]),
        reports=tuple(Report(**one) for one in reports),
        line=row.number,
    )
