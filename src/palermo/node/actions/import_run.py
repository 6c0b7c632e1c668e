"""Importing a file of cases: each batch of rows is one transaction that also moves the run's position.

Whatever is stored is counted, and whatever is counted is stored: a run cut off at any moment goes on from the
last committed row. A file is known by its hash, so that the same file is never stored twice.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from palermo.errors import PalermoError, Severity, WrongState
from palermo.node import permission, sealed_upload, tenancy
from palermo.node.actions import audit, case, refusal
from palermo.node.actions.case import SUPPORT, Incoming
from palermo.node.actor import Actor
from palermo.node.models import Agency, ImportFault, ImportRun, ImportState
from palermo.standards.field import declared
from palermo.standards.outfile import whole
from palermo.standards.quarantine import entries
from palermo.standards.read import Reading
from palermo.standards.row import Row

BATCH = 500
CHUNK = 1024 * 1024

Clock = Callable[[], datetime]
Progress = Callable[[ImportRun, Sequence[Row]], None]


class Overtaken(WrongState):
    """Another process has stored these rows, or ended this run; this one stops and changes nothing."""


def file_hash(file: BinaryIO) -> str:
    """SHA-256 of all the file's bytes, read in pieces; the file is left at its beginning."""
    file.seek(0)
    digest = hashlib.sha256()
    for chunk in iter(lambda: file.read(CHUNK), b""):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def begin(
    *, digest: str, format: str, size: int, agency: str, by: Actor, now: datetime, upload: str = ""
) -> ImportRun:
    """The run of this file in this agency: a new one, or the one that was cut off or is done.

    `upload` names the sealed file that the run will read. A run that waits or failed takes the new one in
    place of its own; one that is running or done does not, and leaves it to the caller. A run of which no
    row was read takes the new format too; WrongState where rows were read by another one.
    """
    with refusal.recorded("import.begin", by=by, object=f"agency:{agency}", purpose=SUPPORT, now=now):
        case.permit_creation(["T1"], agency=agency, by=by, now=now, purpose=SUPPORT)
        if Agency.objects.filter(pk=agency, closed_on__isnull=False).exists():
            raise WrongState(f"agency {agency}: is closed. Import into one that is open.")
        run, new = ImportRun.objects.select_for_update().get_or_create(
            agency_id=agency,
            file_hash=digest,
            defaults={
                "format": format,
                "bytes_total": size,
                "by": by.name,
                "created_at": now,
                "upload": upload,
                "file_name": _name(digest, format),
            },
        )
        if format not in ("", run.format) and run.state != ImportState.DONE:
            _reread(run, format)
        if upload and run.upload != upload and run.state in (ImportState.READY, ImportState.FAILED):
            sealed_upload.delete(run.upload)
            run.upload = upload
            run.save(update_fields=["upload"])
        audit.record(
            action="import.begin" if new else "import.again",
            actor=by.name,
            agency=agency,
            object=f"import:{run.pk}",
            detail={"file": digest, "format": format, "state": run.state},
            at=now,
        )
    return run


def _reread(run: ImportRun, format: str) -> None:
    """Take another format; a run without one has told it from the file, which gives the same again."""
    if run.format and (run.position or run.state == ImportState.RUNNING):
        raise WrongState(f"import {run.pk}: is read as {run.format} already. Go on with that format.")
    run.format, run.file_name = format, _name(run.file_hash, format)
    run.save(update_fields=["format", "file_name"])


def _name(digest: str, format: str) -> str:
    """What a file is called here: its own name may be a person's."""
    return f"{digest[:12]}.{format}"


def start(run: ImportRun, *, by: Actor, now: datetime) -> ImportRun:
    """Say that the run may be carried out; WrongState when it is done or nothing is there to read."""
    with refusal.recorded("import.start", by=by, object=f"import:{run.pk}", purpose=SUPPORT, now=now):
        case.permit_creation(["T1"], agency=run.agency_id, by=by, now=now, purpose=SUPPORT)
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        if run.state == ImportState.DONE or not run.upload:
            raise WrongState(f"import {run.pk}: {run.state}, with no file to read. Upload it again.")
        run.state, run.failure, run.finished_at, run.moved_at = ImportState.RUNNING, "", None, now
        run.save(update_fields=["state", "failure", "finished_at", "moved_at"])
        audit.record(
            action="import.start",
            actor=by.name,
            agency=by.agency,
            object=f"import:{run.pk}",
            detail={"from": run.position},
            at=now,
        )
    return run


def discard(run: ImportRun, *, by: Actor, now: datetime) -> None:
    """Take back an upload of which nothing was stored; WrongState once a row was."""
    with refusal.recorded("import.discard", by=by, object=f"import:{run.pk}", purpose=SUPPORT, now=now):
        case.permit_creation(["T1"], agency=run.agency_id, by=by, now=now, purpose=SUPPORT)
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        if run.read or run.state == ImportState.RUNNING:
            raise WrongState(f"import {run.pk}: rows were read already. Let it end; its report stays.")
        audit.record(
            action="import.discard", actor=by.name, agency=by.agency, object=f"import:{run.pk}", at=now
        )
        upload = run.upload
        run.delete()
    sealed_upload.delete(upload)


def sweep(run: ImportRun, *, by: Actor, now: datetime) -> bool:
    """Delete an upload that nobody started; False, and nothing is done, when someone did so meanwhile."""
    permission.require(by, "administer", purpose="administration", now=now)
    with tenancy.acting_for(run.agency_id):
        left = ImportRun.objects.select_for_update().filter(pk=run.pk, state=ImportState.READY).first()
        if left is None:
            return False
        audit.record(
            action="import.swept", actor=by.name, agency=run.agency_id, object=f"import:{run.pk}", at=now
        )
        left.delete()
    sealed_upload.delete(left.upload)
    return True


def carry_out(
    run: ImportRun,
    reading: Reading,
    *,
    by: Actor,
    clock: Clock,
    position: Callable[[], int] = lambda: 0,
    progress: Progress | None = None,
) -> ImportRun:
    """Read what the run has not stored yet, batch by batch; a done run is returned as it is.

    A fault of the file itself, or a tier that `by` may not create, marks the run failed, says why, and is
    raised; what was committed stays. `position` tells how many bytes of the file were read.
    """
    if run.state == ImportState.DONE:
        return run
    allowed: set[str] = set()
    try:
        for rows in _batches(row for row in reading if row.number > run.position):
            now = clock()
            incoming = _incoming(run, rows)
            _permit(incoming, allowed, agency=run.agency_id, by=by, now=now)
            run = _commit(run, rows, incoming, by=by, bytes_read=position(), now=now)
            if progress:
                progress(run, rows)
    except Overtaken:
        raise
    except PalermoError as error:
        _end(run, ImportState.FAILED, by=by, failure=str(error), understood=understood(reading), now=clock())
        raise
    return _end(run, ImportState.DONE, by=by, failure="", understood=understood(reading), now=clock())


def understood(reading: Reading) -> dict[str, Any]:
    """What the run keeps of how the file was understood: notes, odd columns, columns kept as local."""
    return {
        "format": reading.format,
        "notes": list(reading.notes),
        "local": list(reading.unclaimed),
        "problems": [
            {"field": problem.path, "wrong": problem.wrong, "wrong_fr": problem.wrong_fr}
            for problem in reading.problems
        ],
    }


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        yield batch


def _incoming(run: ImportRun, rows: Sequence[Row]) -> list[Incoming]:
    return [Incoming(record=row.record, file=run.file_hash, row=row.number) for row in rows if row.record]


def _permit(
    incoming: Sequence[Incoming], allowed: set[str], *, agency: str, by: Actor, now: datetime
) -> None:
    """Ask for each tier once a run, when the first row that holds it comes."""
    held = {tier for one in incoming for tier in one.parts}
    if new := held - allowed:
        case.permit_creation(new, agency=agency, by=by, now=now, purpose=SUPPORT)
        allowed |= new


def _commit(
    run: ImportRun,
    rows: Sequence[Row],
    incoming: Sequence[Incoming],
    *,
    by: Actor,
    bytes_read: int,
    now: datetime,
) -> ImportRun:
    agency = run.agency_id
    with tenancy.acting_for(agency):
        run = _current(run)
        if run.state == ImportState.DONE or rows[0].number <= run.position:
            raise Overtaken(f"import {run.pk}: another process has stored these rows. Wait for it to end.")
        bad = [row for row in rows if not row.record]
        case.insert(incoming, agency=agency, by=by, now=now)
        faults = [ImportFault(run=run, row=row.number, problems=_told(row)) for row in bad]
        ImportFault.objects.bulk_create(faults)
        run.state = ImportState.RUNNING
        run.position = rows[-1].number
        run.stored += len(incoming)
        run.quarantined += len(bad)
        run.bytes_read = bytes_read
        run.report = run.report | {"met": met(rows, run.report.get("met", ()))}
        run.moved_at = now
        run.save()
        audit.record(
            action="import.batch",
            actor=by.name,
            agency=agency,
            object=f"import:{run.pk}",
            detail={
                "first": rows[0].number,
                "last": run.position,
                "stored": len(incoming),
                "kept_out": len(bad),
            },
            at=now,
        )
    return run


def _told(row: Row) -> list[dict[str, object]]:
    """The row's faults without any value: where columns have shifted, a name stands in a code's place."""
    return [{name: held for name, held in entry.items() if name != "value"} for entry in entries(row)]


def met(rows: Iterable[Row], before: Iterable[dict[str, Any]] = ()) -> list[dict[str, Any]]:
    """What was noticed in rows, each kind of finding once with the number of rows it stands in.

    An error kept its rows out; a warning or a note travels with the record: what became of a value that the
    standard could not hold as it was.
    """
    found = {(one["field"], one["rule"]): dict(one) for one in before}
    for row in rows:
        kinds = {(_place(problem.path), problem.rule): problem for problem in row.problems}
        for kind, problem in kinds.items():
            first = {
                "field": kind[0],
                "rule": kind[1],
                "severity": problem.severity.value,
                "wrong": problem.wrong,
                "wrong_fr": problem.wrong_fr,
                "rows": 0,
            }
            found.setdefault(kind, first)["rows"] += 1
    heaviest = {severity.value: place for place, severity in enumerate(Severity)}
    return sorted(found.values(), key=lambda one: (heaviest[one["severity"]], -one["rows"], one["field"]))


def _place(path: str) -> str:
    """The declared place; a fault of a whole line stands at `line`, or each would be a kind of its own."""
    return "line" if path.startswith("line ") else declared(path)


def _current(run: ImportRun) -> ImportRun:
    now = ImportRun.objects.select_for_update().filter(pk=run.pk).first()
    if now is None:
        raise Overtaken(f"import {run.pk}: was taken back.")
    return now


def _end(
    run: ImportRun, state: ImportState, *, by: Actor, failure: str, understood: dict[str, Any], now: datetime
) -> ImportRun:
    with tenancy.acting_for(run.agency_id):
        run = _current(run)
        upload = run.upload
        run.state, run.failure, run.finished_at = state, failure, now
        run.report = run.report | understood
        run.upload = "" if state == ImportState.DONE else upload
        run.bytes_read = run.bytes_total if state == ImportState.DONE else run.bytes_read
        run.save()
        audit.record(
            action=f"import.{state.value}",
            actor=by.name,
            agency=run.agency_id,
            object=f"import:{run.pk}",
            detail={"stored": run.stored, "kept_out": run.quarantined},
            at=now,
        )
    if state == ImportState.DONE:
        sealed_upload.delete(upload)
    return run


def fault_lines(run: ImportRun) -> Iterator[str]:
    """Every fault of every row that the run kept out, as JSON lines."""
    for problems in run.faults.order_by("row").values_list("problems", flat=True).iterator():
        for entry in problems:
            yield json.dumps(entry, ensure_ascii=False) + "\n"


def faults_file(run: ImportRun, path: Path) -> Path:
    """Write every row the run kept out to `path` as JSON lines, whole or not at all."""
    with whole(path) as file:
        file.writelines(line.encode() for line in fault_lines(run))
    return path
