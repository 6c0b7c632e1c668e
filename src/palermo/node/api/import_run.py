"""Imports: send a file, ask how far it has come, and read what was kept out."""

from datetime import datetime
from typing import Annotated, Any, BinaryIO, Literal, cast

from django.http import HttpRequest
from django.utils import timezone
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile
from pydantic import Field

from palermo.errors import InvalidRecord, PalermoError, Problem, Unknown
from palermo.node import jobs, sealed_upload
from palermo.node.actions import import_run
from palermo.node.actor import Actor
from palermo.node.api.answer import REFUSALS, TAKES_BODY, ImportShown
from palermo.node.api.holder import actor
from palermo.node.models import ImportRun

router = Router()

Format = Literal["", "jsonl", "csv", "htcds", "xlsform", "ctdc"]
RunId = Annotated[int, Field(ge=1, le=2**62)]

_EMPTY = Problem(
    rule="empty-file", path="file", wrong="The file holds nothing.", remedy="Send the file itself."
)


@router.post("", response={202: ImportShown, **TAKES_BODY, **REFUSALS}, summary="Import a file of cases")
def send(
    request: HttpRequest, file: Annotated[UploadedFile, File()], format: Annotated[Format, Form()] = ""
) -> Status[dict[str, Any]]:
    """Keeps the file sealed and imports it in the background; the same file again gives the same import."""
    by, now = actor(request), timezone.now()
    if not file.size:
        raise InvalidRecord("import", [_EMPTY])
    digest = import_run.file_hash(cast("BinaryIO", file))
    upload = sealed_upload.keep(file.chunks(), agency=by.agency)
    try:
        run = import_run.begin(
            digest=digest, format=format, size=file.size, agency=by.agency, by=by, now=now, upload=upload
        )
    except PalermoError:
        sealed_upload.delete(upload)
        raise
    return Status(202, _shown(_started(run, upload, by=by, now=now)))


def _started(run: ImportRun, upload: str, *, by: Actor, now: datetime) -> ImportRun:
    """The run in the queue, if it took this upload; one that is done or under way goes its own way."""
    if run.upload != upload:
        sealed_upload.delete(upload)
        return run
    run = import_run.start(run, by=by, now=now)
    jobs.carry_out(run)
    return run


@router.get("/{run_id}", response={200: ImportShown, **REFUSALS}, summary="How far an import has come")
def read(request: HttpRequest, run_id: RunId) -> dict[str, Any]:
    """The counts and, at the end, the report."""
    return _shown(_own(run_id, by=actor(request)))


@router.get(
    "/{run_id}/faults", response={200: list[dict[str, Any]], **REFUSALS}, summary="Rows that were kept out"
)
def faults(
    request: HttpRequest, run_id: RunId, after: Annotated[int, Field(ge=0, le=2**62)] = 0
) -> list[dict[str, Any]]:
    """A thousand rows a page, by line; each fault names the field and never the value."""
    kept_out = _own(run_id, by=actor(request)).faults.filter(row__gt=after)[:1000]
    return [{"row": fault.row, "problems": fault.problems} for fault in kept_out]


def _own(run_id: int, *, by: Actor) -> ImportRun:
    run = ImportRun.objects.filter(pk=run_id, agency=by.agency).first()
    if run is None:
        raise Unknown("No import by that number in this agency.")
    return run


def _shown(run: ImportRun) -> dict[str, Any]:
    names = ("state", "format", "position", "stored", "quarantined", "failure", "report")
    return {"id": run.pk, **{name: getattr(run, name) for name in names}}
