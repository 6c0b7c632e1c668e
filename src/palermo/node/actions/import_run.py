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
from typing import BinaryIO

from palermo.errors import PalermoError, WrongState
from palermo.node import permission, tenancy
from palermo.node.actions import audit, case
from palermo.node.actions.case import SUPPORT, Incoming
from palermo.node.actor import Actor
from palermo.node.models import ImportFault, ImportRun, ImportState
from palermo.standards.quarantine import entries
from palermo.standards.read import Reading
from palermo.standards.row import Row

BATCH = 500
CHUNK = 1024 * 1024

Clock = Callable[[], datetime]
Progress = Callable[[ImportRun, Sequence[Row]], None]


def file_hash(file: BinaryIO) -> str:
    """SHA-256 of the file's bytes, read in pieces; the file is left at its beginning."""
    digest = hashlib.sha256()
    for chunk in iter(lambda: file.read(CHUNK), b""):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def begin(*, digest: str, format: str, size: int, agency: str, by: Actor, now: datetime) -> ImportRun:
    """The run of this file in this agency: a new one, or the one that was cut off or is done."""
    permission.require(by, "create", agency=agency, tier="T1", purpose=SUPPORT, now=now)
    with tenancy.acting_for(agency):
        run, new = ImportRun.objects.get_or_create(
            agency_id=agency,
            file_hash=digest,
            defaults={"format": format, "bytes_total": size, "by": by.name, "created_at": now},
        )
        if new:
            audit.record(
                action="import.begin",
                actor=by.name,
                agency=agency,
                object=f"import:{run.pk}",
                detail={"file": digest, "format": format},
                at=now,
            )
    return run


def carry_out(
    run: ImportRun, reading: Reading, *, by: Actor, clock: Clock, progress: Progress | None = None
) -> ImportRun:
    """Read what the run has not stored yet, batch by batch; a done run is returned as it is.

    A fault of the file itself marks the run failed, says why, and is raised; what was committed stays.
    """
    if run.state == ImportState.DONE:
        return run
    try:
        for rows in _batches(row for row in reading if row.number > run.position):
            run = _commit(run, rows, by=by, bytes_read=reading.bytes_read, now=clock())
            if progress:
                progress(run, rows)
    except PalermoError as error:
        _end(run, ImportState.FAILED, by=by, failure=str(error), report=reading.report(), now=clock())
        raise
    return _end(run, ImportState.DONE, by=by, failure="", report=reading.report(), now=clock())


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        yield batch


def _commit(run: ImportRun, rows: Sequence[Row], *, by: Actor, bytes_read: int, now: datetime) -> ImportRun:
    agency = run.agency_id
    with tenancy.acting_for(agency):
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        if rows[0].number <= run.position:
            raise WrongState(f"import {run.pk}: another process has stored these rows. Wait for it to end.")
        good = [row for row in rows if not row.refused]
        bad = [row for row in rows if row.refused]
        case.insert(
            [Incoming(record=row.record, file=run.file_hash, row=row.number) for row in good if row.record],
            agency=agency,
            by=by,
            now=now,
        )
        ImportFault.objects.bulk_create(
            ImportFault(run=run, row=row.number, problems=entries(row)) for row in bad
        )
        run.state = ImportState.RUNNING
        run.position = rows[-1].number
        run.stored += len(good)
        run.quarantined += len(bad)
        run.bytes_read = bytes_read
        run.save()
        audit.record(
            action="import.batch",
            actor=by.name,
            agency=agency,
            object=f"import:{run.pk}",
            detail={"first": rows[0].number, "last": run.position, "stored": len(good), "kept_out": len(bad)},
            at=now,
        )
    return run


def _end(
    run: ImportRun, state: ImportState, *, by: Actor, failure: str, report: dict[str, object], now: datetime
) -> ImportRun:
    with tenancy.acting_for(run.agency_id):
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        run.state, run.failure, run.report, run.finished_at = state, failure, report, now
        run.save(update_fields=["state", "failure", "report", "finished_at"])
        audit.record(
            action=f"import.{state.value}",
            actor=by.name,
            agency=run.agency_id,
            object=f"import:{run.pk}",
            detail={"stored": run.stored, "kept_out": run.quarantined},
            at=now,
        )
    return run


def faults_file(run: ImportRun, path: Path) -> Path:
    """Write every row the run kept out to `path` as JSON lines, whole or not at all."""
    draft = path.with_name(path.name + ".part")
    with draft.open("w", encoding="utf-8", newline="\n") as file:
        for problems in run.faults.order_by("row").values_list("problems", flat=True).iterator():
            file.writelines(json.dumps(entry, ensure_ascii=False) + "\n" for entry in problems)
    draft.replace(path)
    return path
