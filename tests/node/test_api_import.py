"""Files of cases through the interface: kept sealed, imported by a job."""

import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from palermo.node import jobs, maintainer
from palermo.node.actions import token
from palermo.node.models import AuditEvent, Case, ImportRun
from palermo.protection.access import Role
from tests.node.cases import CANARY, IDENTITY, inside
from tests.node.systems import a_document, a_system, problem

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = [a_document(**IDENTITY | {"case.ref": f"XA-{number:04d}"}) for number in range(6)]


def a_file(rows=ROWS, name="Zephyrine.jsonl"):
    return SimpleUploadedFile(name, "".join(json.dumps(row) + "\n" for row in rows).encode())


def uploads():
    folder = settings.NODE.home / "uploads"
    return sorted(folder.iterdir()) if folder.is_dir() else []


def work():
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)


@pytest.fixture(autouse=True)
def _no_uploads_left():
    yield
    for path in uploads():
        path.unlink()


def test_a_file_is_imported_by_the_job_for_the_system_that_sent_it():
    system = a_system()

    sent = system.send("/imports", file=a_file(), format="jsonl")
    work()

    shown = system.get(f"/imports/{sent.json()['id']}").json()
    assert (sent.status_code, sent.json()["state"]) == (202, "running")
    assert (shown["state"], shown["stored"], shown["quarantined"], shown["failure"]) == ("done", 6, 0, "")
    with inside():
        assert set(Case.objects.values_list("created_by", flat=True)) == {f"token:{system.token.pk}"}
    assert uploads() == []


def test_the_file_waits_sealed_and_its_name_is_kept_nowhere():
    a_system().send("/imports", file=a_file())

    (upload,) = uploads()
    with inside():
        (run,) = ImportRun.objects.values("file_name", "upload", "report")
    assert CANARY.split()[0].encode() not in upload.read_bytes()
    assert "Zephyrine" not in json.dumps(run) + upload.name


def test_rows_kept_out_are_told_by_line_and_field_without_their_values():
    broken = a_document(**IDENTITY)
    broken["person"]["sex"]["value"] = CANARY
    system = a_system()

    run = system.send("/imports", file=a_file([*ROWS, broken])).json()["id"]
    work()

    faults = system.get(f"/imports/{run}/faults").json()
    assert [fault["row"] for fault in faults] == [7]
    assert "person.sex" in json.dumps(faults)
    assert CANARY not in json.dumps(faults)
    assert system.get(f"/imports/{run}/faults", after=7).json() == []


def test_the_same_file_again_is_the_same_import_and_stores_nothing_twice():
    system = a_system()
    first = system.send("/imports", file=a_file()).json()
    while_waiting = system.send("/imports", file=a_file()).json()
    work()
    afterwards = system.send("/imports", file=a_file()).json()
    work()

    assert first["id"] == while_waiting["id"] == afterwards["id"]
    with inside():
        assert (afterwards["state"], Case.objects.count(), uploads()) == ("done", 6, [])


def test_an_import_of_another_agency_is_unknown():
    run = a_system().send("/imports", file=a_file()).json()["id"]
    abroad = a_system(agency="xa-police")

    problem(abroad.get(f"/imports/{run}"), 404)
    problem(abroad.get(f"/imports/{run}/faults"), 404)


def test_a_role_that_stores_no_case_leaves_no_file_behind():
    problem(a_system(Role.ANALYST).send("/imports", file=a_file()), 403)

    assert uploads() == []
    with inside():
        assert not ImportRun.objects.exists()
    assert AuditEvent.objects.filter(action="import.begin.refused").exists()


def test_a_token_revoked_before_the_job_began_stores_nothing():
    system = a_system()
    system.send("/imports", file=a_file())

    token.revoke(system.token, by=maintainer.actor(), now=timezone.now() + timedelta(seconds=1))
    work()

    with inside():
        assert (ImportRun.objects.get().state, Case.objects.count()) == ("failed", 0)


def test_a_file_that_is_no_list_of_cases_fails_with_a_reason_and_without_its_content():
    system = a_system()

    run = system.send("/imports", file=SimpleUploadedFile("x", CANARY.encode() * 10), format="jsonl").json()
    work()

    shown = system.get(f"/imports/{run['id']}").json()
    assert shown["stored"] == 0
    assert shown["state"] in {"failed", "done"}
    assert CANARY.split()[0] not in json.dumps(shown) + json.dumps(
        system.get(f"/imports/{run['id']}/faults").json()
    )


@pytest.mark.parametrize("form", [{}, {"file": SimpleUploadedFile("empty", b"")}, {"file": "text"}])
def test_a_request_without_a_file_is_refused(form):
    problem(a_system().send("/imports", **form), 422)


def test_a_format_that_nobody_knows_is_refused():
    problem(a_system().send("/imports", file=a_file(), format="pdf"), 422)
    assert uploads() == []


def test_an_import_that_was_cut_off_goes_on_when_a_worker_starts():
    system = a_system()
    run = system.send("/imports", file=a_file()).json()["id"]
    DBTaskResult.objects.all().delete()

    assert jobs.resume() == 1
    work()

    shown = system.get(f"/imports/{run}").json()
    assert (shown["state"], shown["stored"]) == ("done", 6)
