"""Imports: every row accounted for, none twice, whatever happens on the way; nothing in clear on disk."""

import gzip
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from palermo.errors import NotAllowed, Unknown, WrongState
from palermo.node import import_preview, jobs, maintainer, sealed_upload, sealing, tenancy
from palermo.node.actions import audit, import_run
from palermo.node.models import AuditEvent, Case, ImportRun, ImportState
from palermo.protection.access import Role
from palermo.standards import read
from palermo.standards.source import Limits
from tests.node.cases import (
    CANARY,
    FIRST,
    IDENTITY,
    NOW,
    WORKER,
    a_file,
    a_member,
    a_record,
    an_actor,
    an_agency,
    inside,
)

pytestmark = pytest.mark.django_db


def clock() -> datetime:
    return NOW


def documents(count: int, **more):
    return [a_record(**{"case.ref": f"R{number}"} | more).document for number in range(count)]


def faulty(document):
    return {**document, "person": {"sex": {"value": "nonsense", "state": "answered"}}}


def begun(file: io.BytesIO, *, by=None, **more) -> ImportRun:
    by = by or an_actor(FIRST)
    digest = import_run.file_hash(file)
    size = len(file.getvalue())
    return import_run.begin(
        digest=digest, format="jsonl", size=size, agency=by.agency, by=by, now=NOW, **more
    )


def carried_out(run: ImportRun, file: io.BytesIO, *, by=None) -> ImportRun:
    file.seek(0)
    with read.records(file, format="jsonl") as reading:
        return import_run.carry_out(run, reading, by=by or an_actor(FIRST), clock=clock)


def test_every_row_is_stored_or_kept_out_with_its_reason():
    rows = documents(5)
    file = a_file([rows[0], faulty(rows[1]), *rows[2:]])

    run = carried_out(begun(file), file)

    assert (run.state, run.stored, run.quarantined, run.read) == (ImportState.DONE, 4, 1, 5)
    fault = run.faults.get()
    assert fault.row == 2
    assert fault.problems[0]["field"] == "person.sex"


@inside()
def test_the_same_file_again_stores_nothing():
    file = a_file(documents(3))
    carried_out(begun(file), file)

    again = carried_out(begun(file), file)

    assert (again.stored, Case.objects.count()) == (3, 3)
    assert list(AuditEvent.objects.values_list("action", flat=True)) == [
        "import.begin",
        "import.batch",
        "import.done",
        "import.again",
    ]


def test_the_same_file_in_another_agency_is_another_run():
    file = a_file(documents(2))
    carried_out(begun(file), file)
    elsewhere = an_actor(FIRST, agency="xa-police")

    carried_out(begun(file, by=elsewhere), file, by=elsewhere)

    with inside(tenancy.EVERY_AGENCY):
        assert Case.objects.count() == 4


@pytest.mark.parametrize("cut", [1, 3, 6])
@inside()
def test_a_run_cut_off_after_any_batch_goes_on_without_doubling(monkeypatch, cut):
    monkeypatch.setattr(import_run, "BATCH", 2)
    file = a_file(documents(9))
    run = begun(file)

    class Cut(Exception):
        pass

    def stop(now, rows):
        if now.position >= cut:
            raise Cut

    with pytest.raises(Cut), read.records(io.BytesIO(file.getvalue()), format="jsonl") as reading:
        import_run.carry_out(run, reading, by=an_actor(FIRST), clock=clock, progress=stop)
    part = ImportRun.objects.get(pk=run.pk)
    assert Case.objects.count() == part.stored

    run = carried_out(part, file)

    assert (run.stored, Case.objects.count()) == (9, 9)
    assert Case.objects.values("origin_row").distinct().count() == 9
    assert audit.verify().whole


def test_a_file_that_was_understood_wrongly_is_read_anew_in_another_format():
    file = a_file(documents(1))
    first = begun(file)

    again = import_run.begin(
        digest=first.file_hash, format="csv", size=9, agency=first.agency_id, by=an_actor(FIRST), now=NOW
    )

    assert (again.pk, again.format, again.file_name[-4:]) == (first.pk, "csv", ".csv")


@inside()
def test_a_run_of_which_rows_were_read_keeps_its_format():
    run = begun(a_file(documents(2)))
    ImportRun.objects.filter(pk=run.pk).update(position=1, state=ImportState.FAILED)

    with pytest.raises(WrongState, match="is read as jsonl already"):
        import_run.begin(
            digest=run.file_hash, format="csv", size=9, agency=run.agency_id, by=an_actor(FIRST), now=NOW
        )


def test_lines_at_fault_are_one_kind_of_finding_however_many_they_are():
    file = io.BytesIO(a_file(documents(1)).getvalue() + b"no object\n" * 3)

    run = carried_out(begun(file), file)

    assert [(one["field"], one["rows"]) for one in run.report["met"] if one["severity"] == "error"] == [
        ("line", 3)
    ]


@inside()
def test_two_processes_on_one_run_do_not_double_it(monkeypatch):
    monkeypatch.setattr(import_run, "BATCH", 2)
    file = a_file(documents(6))
    run = begun(file)

    def overtake(now, rows):
        if now.position == 2:
            carried_out(ImportRun.objects.get(pk=run.pk), file)

    with (
        pytest.raises(import_run.Overtaken),
        read.records(io.BytesIO(file.getvalue()), format="jsonl") as reading,
    ):
        import_run.carry_out(run, reading, by=an_actor(FIRST), clock=clock, progress=overtake)

    run.refresh_from_db()
    assert (run.state, run.stored, Case.objects.count()) == (ImportState.DONE, 6, 6)


@inside()
def test_a_tier_that_the_member_may_not_create_stops_the_run_and_says_why():
    file = a_file(documents(2, **IDENTITY))
    run = begun(file)

    with pytest.raises(NotAllowed):
        carried_out(run, file, by=an_actor(WORKER, name="first_responder"))

    run.refresh_from_db()
    assert run.state == ImportState.FAILED
    assert "role" in run.failure
    assert Case.objects.count() == 0


def test_who_may_not_create_may_not_begin():
    with pytest.raises(NotAllowed):
        begun(a_file(documents(1)), by=an_actor(WORKER))


def test_nothing_is_imported_into_a_closed_agency():
    agency = an_agency()
    agency.closed_on = NOW.date()
    agency.save()

    with pytest.raises(WrongState, match="closed"):
        begun(a_file(documents(1)))


def test_a_run_without_a_file_cannot_be_started():
    with pytest.raises(WrongState, match="Upload it again"):
        import_run.start(begun(a_file(documents(1))), by=an_actor(FIRST), now=NOW)


@inside()
def test_an_upload_is_taken_back_only_while_nothing_of_it_is_stored():
    file = a_file(documents(1))
    run = begun(file)
    import_run.discard(run, by=an_actor(FIRST), now=NOW)
    assert not ImportRun.objects.exists()

    run = carried_out(begun(file), file)
    with pytest.raises(WrongState):
        import_run.discard(run, by=an_actor(FIRST), now=NOW)


def test_a_run_taken_back_by_another_ends_here():
    file = a_file(documents(1))
    run = begun(file)
    import_run.discard(run, by=an_actor(FIRST), now=NOW)

    with pytest.raises(import_run.Overtaken):
        carried_out(run, file)


def test_what_was_kept_out_is_written_whole(tmp_path):
    file = a_file([faulty(documents(1)[0])])
    run = carried_out(begun(file), file)

    path = import_run.faults_file(run, tmp_path / "f.quarantine.jsonl")

    assert '"line": 1' in path.read_text()
    assert [one.name for one in tmp_path.iterdir()] == ["f.quarantine.jsonl"]


# -- sealed uploads ---------------------------------------------------------------------------------------


def uploads() -> list:
    folder = settings.NODE.home / "uploads"
    return sorted(folder.iterdir()) if folder.is_dir() else []


@pytest.mark.parametrize(
    "size", [0, 1, sealed_upload.PIECE, sealed_upload.PIECE + 1, 3 * sealed_upload.PIECE]
)
def test_a_sealed_upload_gives_its_bytes_back(size):
    an_agency()
    content = (bytes(range(256)) * (size // 256 + 1))[:size]

    upload = sealed_upload.keep([content[:100], content[100:]], agency="xa-shelter")
    with sealed_upload.opened(upload, agency="xa-shelter") as file:
        assert file.read() == content
        file.seek(size // 2)
        assert file.read(50) == content[size // 2 : size // 2 + 50]
    sealed_upload.delete(upload)


def test_an_upload_lies_sealed_on_disk():
    an_agency()
    upload = sealed_upload.keep([CANARY.encode() * 50], agency="xa-shelter")

    (path,) = [one for one in uploads() if one.stem == upload]
    assert CANARY.split()[0].encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    sealed_upload.delete(upload)


def test_a_cut_upload_does_not_open():
    an_agency()
    upload = sealed_upload.keep([bytes(2 * sealed_upload.PIECE)], agency="xa-shelter")
    (path,) = [one for one in uploads() if one.stem == upload]
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2 + 200])

    with pytest.raises(sealing.CannotUnseal):
        sealed_upload.opened(upload, agency="xa-shelter").read()
    sealed_upload.delete(upload)


def test_an_upload_that_is_gone_is_unknown():
    an_agency()

    with pytest.raises(Unknown):
        sealed_upload.opened("0" * 32, agency="xa-shelter")


# -- jobs -------------------------------------------------------------------------------------------------


def an_upload(file: io.BytesIO, *, started: bool = True) -> ImportRun:
    member = a_member(FIRST, WORKER)
    upload = sealed_upload.keep([file.getvalue()], agency="xa-shelter")
    run = begun(file, by=member.actor, upload=upload)
    return import_run.start(run, by=member.actor, now=NOW) if started else run


@inside()
def test_a_job_imports_the_upload_and_deletes_it():
    run = an_upload(a_file(documents(3, **IDENTITY)))

    jobs.import_file.func(run=run.pk)

    run.refresh_from_db()
    assert (run.state, run.stored, run.upload) == (ImportState.DONE, 3, "")
    assert uploads() == []


@inside()
def test_a_job_for_a_member_who_lost_the_role_stops():
    run = an_upload(a_file(documents(1)))
    run_member = run.by
    from palermo.node.models import Member

    Member.objects.filter(name=run_member).update(is_active=False)

    jobs.import_file.func(run=run.pk)

    run.refresh_from_db()
    assert run.state == ImportState.FAILED
    sealed_upload.delete(run.upload)


def test_a_job_for_a_done_run_does_nothing():
    run = an_upload(a_file(documents(1)))
    jobs.import_file.func(run=run.pk)
    before = AuditEvent.objects.count()

    jobs.import_file.func(run=run.pk)

    assert AuditEvent.objects.count() == before


def test_an_import_that_was_cut_off_is_queued_again():
    run = an_upload(a_file(documents(1)))

    assert jobs.resume() == 1
    assert jobs.stalled(run, at=NOW + timedelta(minutes=3))
    assert not jobs.stalled(run, at=NOW + timedelta(minutes=1))
    sealed_upload.delete(run.upload)


@inside()
def test_uploads_that_nobody_starts_are_swept_away(monkeypatch):
    run = an_upload(a_file(documents(1)), started=False)
    monkeypatch.setattr(jobs, "now", lambda: datetime.now(UTC) + timedelta(days=2))
    sealed_upload.keep([b"lost"], agency="xa-shelter")

    assert jobs.sweep() == 2

    assert uploads() == []
    assert not ImportRun.objects.filter(pk=run.pk).exists()
    event = AuditEvent.objects.get(action="import.swept")
    assert (event.actor, event.agency, event.object) == ("operator", "xa-shelter", f"import:{run.pk}")


@inside()
def test_a_run_that_was_started_meanwhile_is_not_swept_away():
    run = an_upload(a_file(documents(1)))

    assert not import_run.sweep(run, by=maintainer.actor(), now=NOW)

    assert ImportRun.objects.filter(pk=run.pk).exists()
    sealed_upload.delete(run.upload)


@inside()
def test_the_file_of_a_run_started_meanwhile_stays(monkeypatch):
    run = an_upload(a_file(documents(1)), started=False)
    monkeypatch.setattr(jobs, "now", lambda: datetime.now(UTC) + timedelta(days=2))
    monkeypatch.setattr(import_run, "sweep", lambda run, **_: False)

    assert jobs.sweep() == 0
    assert [one.stem for one in uploads()] == [run.upload]
    sealed_upload.delete(run.upload)


@inside()
def test_a_member_sweeps_nothing_away():
    run = an_upload(a_file(documents(1)), started=False)

    with pytest.raises(NotAllowed):
        import_run.sweep(run, by=an_actor(FIRST), now=NOW)
    sealed_upload.delete(run.upload)


# -- pages ------------------------------------------------------------------------------------------------


@pytest.fixture
def importer(client):
    client.force_login(a_member(FIRST, WORKER))
    return client


def given(client, file: io.BytesIO, format: str = ""):
    file.seek(0)
    file.name = f"{CANARY}.jsonl"
    return client.post(reverse("import_list"), {"file": file, "format": format}, follow=True)


def text(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


@inside()
def test_a_file_is_looked_at_before_anything_is_stored(importer):
    rows = documents(3)

    shown = text(given(importer, a_file([*rows, faulty(rows[0])])))

    assert "Of 4 rows, 1 would be kept out" in shown
    assert "person.age_band" in shown
    assert CANARY not in shown
    assert Case.objects.count() == 0
    assert ImportRun.objects.get().state == ImportState.READY
    sealed_upload.delete(ImportRun.objects.get().upload)


@inside()
def test_an_import_runs_in_the_background_and_ends_with_a_report(importer):
    rows = documents(3)
    given(importer, a_file([*rows, faulty(rows[0])]))
    run = ImportRun.objects.get()
    page = reverse("import_page", args=[run.pk])

    running = text(importer.post(reverse("import_start", args=[run.pk]), follow=True))
    assert "You may leave this page" in running
    assert 'http-equiv="refresh"' in running
    assert "rows stored" in text(importer.get(reverse("import_progress", args=[run.pk])))
    jobs.import_file.func(run=run.pk)

    assert importer.get(reverse("import_progress", args=[run.pk])).headers["HX-Refresh"] == "true"
    report = text(importer.get(page))
    assert "no row is missing" in report
    assert "person.sex" in report
    csv = b"".join(importer.get(f"{page}?format=csv").streaming_content).decode()
    assert "person.sex" in csv
    lines = b"".join(importer.get(reverse("import_faults", args=[run.pk])).streaming_content).decode()
    assert '"line": 4' in lines


@inside()
def test_a_file_that_was_imported_says_so_with_its_date(importer):
    file = a_file(documents(2))
    given(importer, file)
    jobs.import_file.func(run=ImportRun.objects.get().pk)

    shown = text(given(importer, file))

    assert "This very file was imported on" in shown
    assert uploads() == []


def test_a_file_that_cannot_be_read_is_refused_at_the_form(importer):
    shown = text(given(importer, io.BytesIO(b"\x00\x01\x02 nothing")))

    assert "There is a problem" in shown
    assert not ImportRun.objects.exists()


def test_a_small_file_that_grows_past_the_limit_is_refused_at_the_form(importer, monkeypatch):
    monkeypatch.setattr(sealed_upload, "LIMITS", Limits(expanded=10_000))
    bomb = SimpleUploadedFile("cases.csv.gz", gzip.compress(b"case.ref,person.sex\n" + b"0" * 20_000))

    answer = importer.post(reverse("import_list"), {"file": bomb, "format": ""})

    assert answer.status_code == 200
    assert "10000" in answer.content.decode()
    assert not ImportRun.objects.exists()


def test_no_file_is_a_fault_of_the_form(importer):
    assert "at most 64 MB" in text(importer.post(reverse("import_list"), {}))


@inside()
def test_an_upload_can_be_deleted_instead(importer):
    given(importer, a_file(documents(1)))
    run = ImportRun.objects.get()

    assert "Nothing of it was stored" in text(
        importer.post(reverse("import_discard", args=[run.pk]), follow=True)
    )
    assert uploads() == []


def test_who_may_not_create_is_told_so_and_has_no_form(client):
    client.force_login(a_member(Role.SUPERVISOR))

    shown = text(client.get(reverse("import_list")))

    assert "ask your administrator for the role" in shown
    assert 'type="file"' not in shown


def test_imports_are_not_for_analysts(client):
    client.force_login(a_member(Role.ANALYST))

    assert client.get(reverse("import_list")).status_code == 403


def test_an_import_of_another_agency_is_not_there(importer):
    run = begun(a_file(documents(1)), by=an_actor(FIRST, agency="xa-police"))

    assert importer.get(reverse("import_page", args=[run.pk])).status_code == 404


@inside()
def test_a_preview_says_of_each_column_which_field_it_fills(importer):
    shown = text(given(importer, io.BytesIO(b"person.sex,means[].kind,Shelter bed\nf,Threats,4\n")))

    assert shown.index("Shelter bed") < shown.index("Kept as it is")
    for words in ("Column of the file", "person.sex", "Means of control", "Kept as it is"):
        assert words in shown


@inside()
def test_a_preview_whose_upload_is_gone_says_so(importer):
    given(importer, a_file(documents(1)))
    run = ImportRun.objects.get()
    sealed_upload.delete(run.upload)

    assert "Upload it again" in text(importer.get(reverse("import_page", args=[run.pk])))


@inside()
def test_a_stopped_import_says_where_and_what_to_do(importer):
    file = a_file(documents(2))
    run = begun(file, by=an_actor(FIRST, name="other"))
    ImportRun.objects.filter(pk=run.pk).update(state=ImportState.FAILED, failure="broken", position=7)

    assert "stopped after line 7" in text(importer.get(reverse("import_page", args=[run.pk])))


@inside()
def test_an_import_of_which_nothing_could_be_stored_is_not_offered(importer):
    page = text(given(importer, a_file([faulty(row) for row in documents(2)])))
    start, delete = (
        reverse(f"import_{step}", args=[ImportRun.objects.get().pk]) for step in ("start", "discard")
    )

    assert "No row of this file can be stored" in page
    assert start not in page
    assert delete in page


@pytest.mark.parametrize(
    ("rows", "kept_out", "whole", "broken", "hopeless"),
    [
        (3, 3, True, "", True),
        (0, 0, True, "", True),
        (3, 3, False, "line 4 breaks off", True),
        (3, 2, True, "", False),
        (3, 2, False, "line 4 breaks off", False),
        (1000, 1000, False, "", False),
    ],
    ids=["all out", "empty", "all out, then broken", "one in", "one in, then broken", "more rows follow"],
)
def test_a_file_is_hopeless_once_it_is_read_and_every_row_kept_out(rows, kept_out, whole, broken, hopeless):
    counts = {"rows": rows, "kept_out": kept_out, "whole": whole, "broken": broken}
    seen = import_preview.Preview(understood={}, columns=(), fields=(), met=(), faults=(), **counts)

    assert seen.hopeless is hopeless


def test_a_preview_reads_a_thousand_rows_and_no_more():
    rows = documents(1) * (import_preview.ROWS + 5)

    seen = import_preview.preview(a_file(rows), format="jsonl")

    assert (seen.rows, seen.whole) == (import_preview.ROWS, False)
