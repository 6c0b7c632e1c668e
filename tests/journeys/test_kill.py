"""SIGKILL at any moment: what was acknowledged stays, nothing is there twice, the rest can be sent again."""

import json
import os
import random
import signal
import sqlite3
import threading
import time
from contextlib import closing
from http.client import HTTPException

import pytest

from palermo.standards import specimen
from tests.journeys import node as nodes

pytestmark = pytest.mark.slow

ROWS, BROKEN_EVERY, ROUNDS, BEFORE_THE_FIRST_ROW = 6000, 10, 20, 5
IMPORT = """
import sys
from palermo.node.actions import import_run
import_run.BATCH = 20  # so that a kill meets many more commits than it would in so small a file
from palermo.cli.main import run
sys.argv = ["palermo", "case", "import", *sys.argv[1:]]
run()
"""
AFTERWARDS = """
import json
from palermo.node.actions import audit, case_event
from palermo.node.models import AuditEvent, BlindToken, Case, Event, ImportFault, ImportRun, SealedPart

def same(case):
    return case_event.replay(case) == case_event.recorded(case.record)

run = ImportRun.objects.get()
rows = list(Case.objects.values_list("origin_row", flat=True))
print(json.dumps({
    "run": [run.state, run.position, run.stored, run.quarantined],
    "rows": sorted(rows),
    "faults": sorted(ImportFault.objects.values_list("row", flat=True)),
    "first_events": Event.objects.filter(number=1).count(),
    "events_of_no_case": Event.objects.exclude(case__in=Case.objects.all()).count(),
    "parts_of_no_case": SealedPart.objects.exclude(case__in=Case.objects.all()).count(),
    "references": sorted(Case.objects.values_list("reference", flat=True)),
    "unlike_their_replay": [case.pk for case in Case.objects.all() if not same(case)],
    "audit_whole": audit.verify().whole,
    "audited": sum(
        event.detail["stored"] for event in AuditEvent.objects.filter(action="import.batch")
    ),
}))
"""


def documents():
    return [one.document for one in specimen.specimens(ROWS, seed=7)]


def a_file(path):
    """Made-up records, every tenth of which cannot be read."""
    lines = []
    for number, document in enumerate(documents(), start=1):
        broken = number % BROKEN_EVERY == 0
        lines.append(json.dumps({"schema_version": "0"} if broken else document) + "\n")
    path.write_text("".join(lines), "utf-8")
    return path


def acknowledged(home):
    """Position, stored and kept out as committed now; zeros before there is a run."""
    with closing(sqlite3.connect(f"file:{home}/node.sqlite3?mode=ro", uri=True, timeout=5)) as database:
        try:
            row = database.execute("SELECT position, stored, quarantined FROM node_importrun").fetchone()
        except sqlite3.OperationalError:
            row = None
    return row or (0, 0, 0)


def committed(home):
    return acknowledged(home) if (home / "node.sqlite3").exists() else (0, 0, 0)


def kill_somewhere(process, home, chance, *, early):
    """Ends the process while it starts, or after some more commits; what is committed by then."""
    until = time.monotonic() + (chance.uniform(0.1, 1.2) if early else 60)
    enough = committed(home)[0] + (ROWS if early else chance.randint(1, 200))
    while time.monotonic() < until and process.poll() is None and committed(home)[0] < enough:
        time.sleep(0.005)
    seen = committed(home)
    assert process.poll() is None, f"the import ended by itself, after {seen[0]} rows"
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return seen


def test_an_import_killed_at_any_moment_loses_nothing_and_doubles_nothing(tmp_path):
    node, file, chance = nodes.at(tmp_path), a_file(tmp_path / "cases.jsonl"), random.Random(2026)
    reached = []

    for number in range(ROUNDS):
        process = node.start_python(IMPORT, str(file))
        seen = kill_somewhere(process, tmp_path, chance, early=number < BEFORE_THE_FIRST_ROW)
        reached.append(committed(tmp_path))
        assert reached[-1] >= seen
        assert reached[-1][1] + reached[-1][2] == reached[-1][0]
    ended = node.run("case", "import", str(file), "--json", code=1)

    told, found, given = json.loads(ended.stdout), node.python(AFTERWARDS), documents()
    good = [number for number in range(1, ROWS + 1) if number % BROKEN_EVERY]
    bad = [number for number in range(1, ROWS + 1) if number % BROKEN_EVERY == 0]
    assert len(set(reached)) > (ROUNDS - BEFORE_THE_FIRST_ROW) // 2, "too few rounds met a commit"
    assert reached[-1][0] < ROWS, "the file was read before the last round"
    assert (told["read"], told["stored"], told["kept_out"]) == (ROWS, len(good), len(bad))
    assert found["run"] == ["done", ROWS, len(good), len(bad)]
    assert (found["rows"], found["faults"]) == (good, bad)
    assert found["references"] == sorted(given[number - 1]["case"]["ref"] for number in good)
    assert (found["first_events"], found["audited"]) == (len(good), len(good))
    assert (found["events_of_no_case"], found["parts_of_no_case"]) == (0, 0)
    assert found["unlike_their_replay"] == []
    assert found["audit_whole"]
    assert len((tmp_path / "cases.jsonl.quarantine.jsonl").read_text("utf-8").splitlines()) >= len(bad)


KEYS = """
import json
from palermo.node.actions import audit
from palermo.node.models import Case
print(json.dumps({
    "cases": list(Case.objects.values_list("pk", "reference")), "whole": audit.verify().whole,
}))
"""
SERVER_ROUNDS, SENDERS = 5, 2


def send_until_it_ends(server, token, work, answered):
    """Stores cases one after another; a connection that breaks ends it."""
    try:
        for key, document in work:
            status, body = server.api("/cases", token, document, key=key)
            assert status == 201, body
            answered[key] = body["id"]
    except (OSError, ValueError, HTTPException):
        return


def a_piece_of_work(round_number, sender):
    for number, one in enumerate(specimen.specimens(200, seed=1 + round_number * SENDERS + sender)):
        key = f"{round_number}-{sender}-{number}"
        yield key, one.document | {"case": one.document["case"] | {"ref": f"XA-{key}"}}


def test_a_server_killed_while_it_stores_keeps_what_it_answered_and_takes_the_rest_again(tmp_path):
    node, chance = nodes.prepared(tmp_path), random.Random(2026)
    token, sent, answered = nodes.token_of(node), {}, {}

    for number in range(SERVER_ROUNDS):
        mine = {sender: dict(a_piece_of_work(number, sender)) for sender in range(SENDERS)}
        with node.serving("--no-jobs") as server:
            threads = [
                threading.Thread(target=send_until_it_ends, args=(server, token, work.items(), answered))
                for work in mine.values()
            ]
            before = len(answered)
            for thread in threads:
                thread.start()
            while len(answered) < before + 3 and any(thread.is_alive() for thread in threads):
                time.sleep(0.01)
            time.sleep(chance.uniform(0, 0.5))
            server.kill()
            for thread in threads:
                thread.join()
        sent |= {key: document for work in mine.values() for key, document in work.items()}
    kept = dict(node.python(KEYS)["cases"])
    assert set(answered.values()) <= set(kept)

    begun = [key for key in sent if f"XA-{key}" in kept.values() or key in answered]
    cut_off = [key for key in begun if key not in answered]
    following = [key for key in sent if key not in begun][:5]
    with node.serving("--no-jobs") as server:
        again = {key: server.api("/cases", token, sent[key], key=key) for key in [*begun, *following]}

    found = node.python(KEYS)
    references = [reference for _, reference in found["cases"]]
    assert {status for status, _ in again.values()} == {201}
    assert all(again[key][1]["id"] == case_id for key, case_id in answered.items())
    assert all(kept[again[key][1]["id"]] == f"XA-{key}" for key in cut_off)
    assert sorted(references) == sorted(f"XA-{key}" for key in [*begun, *following])
    assert found["whole"]


def test_the_same_key_sent_by_many_at_once_stores_one_case(tmp_path):
    node = nodes.prepared(tmp_path)
    token, document = nodes.token_of(node), documents()[0]
    answers = []

    with node.serving("--no-jobs", "--workers", "2") as server:
        threads = [
            threading.Thread(target=lambda: answers.append(server.api("/cases", token, document, key="one")))
            for _ in range(12)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert [status for status, _ in answers] == [201] * 12
    assert len({body["id"] for _, body in answers}) == 1
    assert len(node.python(KEYS)["cases"]) == 1
