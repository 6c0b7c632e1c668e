"""Risk reports of made-up releases for tests: a pack with rows that fits its question, and a quick report."""

from datetime import date
from functools import cache
from random import Random

from palermo.node.actions import risk
from palermo.node.models import Release, RiskReport
from palermo.node.release_pack import Built
from palermo.node.release_question import ReleaseQuestion
from palermo.prevention.release import case_table, described, made, packed, risk_document
from palermo.prevention.release import risk as engine
from palermo.prevention.release.described import Telling
from tests.node import releases
from tests.node.cases import NOW

PEOPLE = 2_000
"""So many that noise cannot bring them under the thousand that rows need."""
QUICK = made.Effort(fits=1, moves=2)


def with_rows(one, asked: ReleaseQuestion, persons) -> Built:
    """A pack of other people, made by the engine in little time; nothing is asked of persons."""
    return Built(files=_files(asked), cap=2)


@cache
def _files(asked: ReleaseQuestion):
    chance = Random(3)
    cases = (
        (f"P-{number}", {"person": {"sex": {"value": chance.choice("fm"), "state": "answered"}}})
        for number in range(PEOPLE)
    )
    found = made.make(case_table.persons(cases, asked.schema), asked.plan, seed=1, effort=QUICK)
    return described.files(found, asked.schema, Telling(on=date(2026, 11, 22)), signed=True)


def quick(one: Release, asked, persons, moved):
    """A report with as few trials as there can be."""
    from palermo.node import release_pack

    held = packed.read(release_pack.place(one), asked.schema)
    known, hidden = engine.usual(asked.schema)
    wanted = engine.asked(asked.schema, known=known, sensitive=hidden, trials=1, runs=20, among=20)
    return risk_document.document(engine.report(persons, held, asked=wanted, moved=moved))


def made_with_rows(**more) -> Release:
    """A release that is done, with rows to find somebody in."""
    return releases.made(build=with_rows, **more)


def waiting(**more) -> RiskReport:
    """A report that a worker has to make."""
    return risk.put(made_with_rows(**more), now=NOW)


def reported(**more) -> RiskReport:
    """A report that can be read."""
    one = risk.carry_out(waiting(**more), clock=lambda: NOW, build=quick)
    assert one.state == "done", one.fault
    return one
