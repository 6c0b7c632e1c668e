"""An estimation whose worker is killed is answered all the same; of second signatures at once one counts."""

import os
import signal
import sqlite3
import time
from contextlib import closing

import pytest

from tests.journeys import node as nodes

pytestmark = pytest.mark.slow

CLOCK = """
import json, sys
from datetime import UTC, datetime
from palermo.node import jobs
from palermo.node.actions import agency, case, estimation
from palermo.node.actions.case import Incoming
from palermo.node.actor import Actor
from palermo.node.models import AuditEvent, Estimation
from palermo.node.question import Question
from palermo.protection.access import Role
from palermo.standards import record

NOW = datetime(2026, 5, 1, tzinfo=UTC)
def analyst(name):
    return Actor(name=name, agency="a1", roles=frozenset({Role.ANALYST}))
"""
FILL = (
    CLOCK
    + """
from datetime import date
from palermo.node import keyfile, keyring, maintainer, tenancy
AGENCIES = ("a1", "a2", "a3", "a4")
for place, code in enumerate(AGENCIES):
    agency.open(code=code, name=code, kind="NGO", country="XA", by=maintainer.actor(), now=NOW)
    rows = [
        Incoming(record=record.read(record.document({"linkage.person_key": f"P-{n}"}), where="made up"))
        for n in range(600)
        if n * (place + 3) % 7 < 4 - place % 2
    ]
    with tenancy.acting_for(code):
        case.insert(rows, agency=code, by=Actor(name="w", agency=code, roles=frozenset()), now=NOW)
methods = ("stepwise", "bic-average", "bayes-threshold", "graphs")
asked = Question(lists={f"List {code}": (code,) for code in AGENCIES}, methods=methods, replicates=500)
for title in ("killed", "calm"):
    jobs.put(estimation.ask(asked, title=title, by=analyst("hana"), now=NOW))
print(json.dumps("filled"))
"""
)
AFTERWARDS = (
    CLOCK
    + """
calm, killed = Estimation.objects.order_by("title")
kept = [(one.answer, one.shown_table, one.shown_answer) for one in (calm, killed)]
steps = AuditEvent.objects.filter(object=f"estimation:{killed.id}")
print(json.dumps({
    "states": [calm.state, killed.state],
    "same": kept[0] == kept[1],
    "answered": steps.filter(action="estimation.done").count(),
    "begun": steps.filter(action="estimation.begin").count(),
}))
"""
)
SIGN = (
    CLOCK
    + """
one = Estimation.objects.get(title="killed")
totals = sorted(found["total"] for found in one.shown_answer["results"] if found["estimable"])
report = estimation.Report(low=totals[0], high=totals[-1])
estimation.sign(one.id, report=report, statement="Lists overlap.", by=analyst("hana"), now=NOW)
print(json.dumps("signed"))
"""
)
COUNTERSIGN = (
    CLOCK
    + """
from palermo.errors import WrongState
try:
    estimation.countersign(Estimation.objects.get(title="killed").id, by=analyst(sys.argv[1]), now=NOW)
except WrongState:
    sys.exit(5)
"""
)
SIGNATURES = (
    CLOCK
    + """
print(json.dumps({
    "by": Estimation.objects.get(title="killed").second_by,
    "events": AuditEvent.objects.filter(action="estimation.countersign").count(),
}))
"""
)


def moved(home):
    """State and progress of the estimation that is to be killed, as committed now."""
    with closing(sqlite3.connect(f"file:{home}/node.sqlite3?mode=ro", uri=True, timeout=5)) as database:
        row = database.execute("SELECT state, progress FROM node_estimation WHERE title = 'killed'")
        return row.fetchone()


def test_a_killed_worker_loses_no_estimation_and_two_seconds_make_one_signature(tmp_path):
    node = nodes.prepared(tmp_path)
    node.python(FILL)

    worker = node.start("node", "work", "--until-empty")
    until = time.monotonic() + 120
    while time.monotonic() < until and not 0 < moved(tmp_path)[1] < 1:
        assert worker.poll() is None, "the worker ended by itself"
        time.sleep(0.005)
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    assert moved(tmp_path)[0] == "running"
    node.run("node", "work", "--until-empty")

    after = node.python(AFTERWARDS)
    assert after["states"] == ["done", "done"]
    assert after["same"]
    assert (after["begun"], after["answered"]) == (2, 1)

    node.python(SIGN)
    seconds = [node.start_python(COUNTERSIGN, f"second-{number}") for number in range(3)]
    codes = [process.wait() for process in seconds]

    assert sorted(codes) == [0, 5, 5]
    assert node.python(SIGNATURES) == {"by": f"second-{codes.index(0)}", "events": 1}
