"""Importing a file of cases: upload, look at what would happen, run, read the report."""

import io
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from palermo.errors import InvalidRecord, NotAllowed, PalermoError, Severity, Unknown
from palermo.node import case_words, import_preview, jobs, permission, sealed_upload
from palermo.node.actions import import_run, session
from palermo.node.actions.case import SUPPORT
from palermo.node.actor import Actor
from palermo.node.case_forms import FORMAT_LABELS, UploadForm
from palermo.node.models import ImportRun, ImportState
from palermo.node.table import (
    Code,
    Column,
    Empty,
    Link,
    Pages,
    Table,
    Tag,
    csv_response,
    row_number,
    wants_csv,
)
from palermo.protection.access import Role
from palermo.standards import read
from palermo.standards.field import field

ROLES = frozenset({Role.FIRST_RESPONDER, Role.CASE_WORKER, Role.SUPERVISOR})
SHOWN = 50
STATES = {
    ImportState.READY: (gettext_lazy("Waiting for you to start it"), "quiet"),
    ImportState.RUNNING: (gettext_lazy("Running"), "warn"),
    ImportState.DONE: (gettext_lazy("Done"), "good"),
    ImportState.FAILED: (gettext_lazy("Stopped"), "bad"),
}
FAULT_COLUMNS = (
    Column(name="line", label=gettext_lazy("Line"), numeric=True, plain=True, heads_row=True),
    Column(name="field", label=gettext_lazy("Field")),
    Column(name="wrong", label=gettext_lazy("What is wrong")),
    Column(name="right", label=gettext_lazy("What would be right")),
)


def _importer(request: HttpRequest) -> Actor:
    by = session.member_of(request).actor
    if not by.roles & ROLES:
        raise NotAllowed("Files of cases are brought in by those who write cases down or work on them.")
    return by


def _run(number: int, by: Actor) -> ImportRun:
    found = ImportRun.objects.filter(pk=number, agency=by.agency).first()
    if found is None:
        raise Unknown("No import by that number in your agency. Go back to the list of imports.")
    return found


def import_list(request: HttpRequest) -> HttpResponse:
    """The agency's imports, and the form to bring in another file."""
    by = _importer(request)
    allowed = permission.ask(by, "create", agency=by.agency, tier="T1", purpose=SUPPORT, now=timezone.now())
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*sent) if allowed else None
    if sent and form and form.is_valid() and (run := _taken(request, form, by)):
        return redirect("import_page", number=run.pk)
    context = {
        "form": form,
        "runs": _runs(by, brings_in=bool(allowed)),
    }
    return render(request, "protection/import_list.html", context)


def _taken(request: HttpRequest, form: UploadForm, by: Actor) -> ImportRun | None:
    """The run of the uploaded file; None, with the faults in the form, when it cannot be read at all."""
    file = form.cleaned_data["file"]
    content = io.BytesIO(file.read())
    try:
        asked = form.cleaned_data["format"] or None
        with read.records(content, format=asked, limits=sealed_upload.LIMITS) as reading:
            format = reading.format
    except InvalidRecord as error:
        for problem in error.problems:
            form.add_error("file", _text(problem.wrong, problem.wrong_fr, problem.remedy, problem.remedy_fr))
        return None
    content.seek(0)
    digest = import_run.file_hash(content)
    upload = sealed_upload.keep(iter(lambda: content.read(import_run.CHUNK), b""), agency=by.agency)
    run = import_run.begin(
        digest=digest,
        format=format,
        size=file.size,
        agency=by.agency,
        by=by,
        now=timezone.now(),
        upload=upload,
    )
    if run.upload != upload:
        sealed_upload.delete(upload)
        messages.info(request, _known(run))
    return run


def _text(wrong: str, wrong_fr: str, remedy: str, remedy_fr: str) -> str:
    if case_words.language() == "fr" and wrong_fr:
        return f"{wrong_fr} {remedy_fr}".strip()
    return f"{wrong} {remedy}".strip()


def _known(run: ImportRun) -> str:
    day = date_format(run.finished_at or run.created_at, "j F Y")
    if run.state == ImportState.DONE:
        said = _("This very file was imported on %(day)s. Nothing was stored a second time.")
    else:
        said = _("This very file is being imported since %(day)s.")
    return said % {"day": day}


def _runs(by: Actor, *, brings_in: bool) -> Table:
    rows = [
        {
            "file": Link(Code(run.file_name), reverse("import_page", args=[run.pk])),
            "format": FORMAT_LABELS.get(run.format, run.format),
            "state": Tag(*STATES[ImportState(run.state)]),
            "stored": run.stored,
            "kept_out": run.quarantined,
            "created_at": run.created_at,
            "by": Code(run.by),
        }
        for run in ImportRun.objects.filter(agency=by.agency)[:SHOWN]
    ]
    columns = (
        Column(name="file", label=_("File"), heads_row=True),
        Column(name="format", label=_("Format")),
        Column(name="state", label=_("State")),
        Column(name="stored", label=_("Stored"), numeric=True),
        Column(name="kept_out", label=_("Kept out"), numeric=True),
        Column(name="created_at", label=_("Uploaded")),
        Column(name="by", label=_("By")),
    )
    empty = Empty(
        title=_("No file was imported yet."),
        hint=_(
            "Choose a file above. You see how it is understood, and what is wrong in it, before it is stored."
        )
        if brings_in
        else _("What first responders of your agency bring in is listed here, with its report."),
    )
    return Table(id="imports", caption=_("Imports of your agency"), columns=columns, rows=rows, empty=empty)


def import_page(request: HttpRequest, number: int) -> HttpResponseBase:
    """One import: what it would do, how far it is, or what it did."""
    by = _importer(request)
    run = _run(number, by)
    if wants_csv(request):
        return csv_response(
            FAULT_COLUMNS, _fault_rows(run.faults.iterator()), name=f"import-{run.pk}-kept-out"
        )
    shown = {ImportState.READY: _before, ImportState.RUNNING: _meanwhile}.get(ImportState(run.state), _after)
    context = {
        "run": run,
        "state": Tag(*STATES[ImportState(run.state)]),
        "format": FORMAT_LABELS.get(run.format, run.format),
    }
    return shown(request, run, context)


def _before(request: HttpRequest, run: ImportRun, context: dict[str, Any]) -> HttpResponse:
    try:
        with sealed_upload.opened(run.upload, agency=run.agency_id, name=run.file_name) as file:
            seen = import_preview.preview(file, format=run.format)
    except PalermoError as error:
        return render(request, "protection/import_preview.html", context | {"broken": str(error)})
    tables = {
        "columns": _columns(seen),
        "found": _found(seen),
        "met": _met(seen.met),
        "faults": _faults(seen.faults),
    }
    return render(request, "protection/import_preview.html", context | tables | {"seen": seen})


def _meanwhile(request: HttpRequest, run: ImportRun, context: dict[str, Any]) -> HttpResponse:
    return render(request, "protection/import_running.html", context | _progress(run))


def _progress(run: ImportRun) -> dict[str, Any]:
    total = max(run.bytes_total, 1)
    share = min(99, 100 * run.bytes_read // total)
    return {"run": run, "share": share, "stalled": jobs.stalled(run, at=timezone.now())}


def import_progress(request: HttpRequest, number: int) -> HttpResponse:
    """The moving part of the page of a running import; when it has ended, the whole page is asked for."""
    run = _run(number, _importer(request))
    if run.state != ImportState.RUNNING:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "protection/import_progress.html", _progress(run))


def _after(request: HttpRequest, run: ImportRun, context: dict[str, Any]) -> HttpResponse:
    after = row_number(request.GET, "after")
    faults = run.faults.all() if after is None else run.faults.filter(row__gt=after)
    shown = list(faults[: SHOWN + 1])
    more = shown[SHOWN - 1].row if len(shown) > SHOWN else ""
    table = Table(
        id="faults",
        caption=_("Rows kept out"),
        columns=FAULT_COLUMNS,
        rows=list(_fault_rows(shown[:SHOWN])),
        pages=Pages.keyset(after=str(more)),
        csv=True,
        tight=True,
    )
    facts = [
        (_("Format"), FORMAT_LABELS.get(run.format, run.format)),
        (_("Uploaded"), run.created_at),
        (_("Ended"), run.finished_at),
        (_("By"), Code(run.by)),
        (_("SHA-256 of the file"), Code(run.file_hash)),
    ]
    context |= {
        "facts": facts,
        "faults": table if run.quarantined else None,
        "met": _met(run.report.get("met", ())),
    }
    return render(request, "protection/import_report.html", context)


def import_faults(request: HttpRequest, number: int) -> HttpResponseBase:
    """Every fault of every row kept out, as JSON lines."""
    run = _run(number, _importer(request))
    response = StreamingHttpResponse(import_run.fault_lines(run), content_type="application/x-ndjson")
    response["Content-Disposition"] = f'attachment; filename="import-{run.pk}.quarantine.jsonl"'
    return response


@require_POST
def import_start(request: HttpRequest, number: int) -> HttpResponse:
    """Carry the import out in the background, or go on with one that was cut off."""
    by = _importer(request)
    jobs.carry_out(import_run.start(_run(number, by), by=by, now=timezone.now()))
    return redirect("import_page", number=number)


@require_POST
def import_discard(request: HttpRequest, number: int) -> HttpResponse:
    """Take an upload back of which nothing was stored."""
    by = _importer(request)
    import_run.discard(_run(number, by), by=by, now=timezone.now())
    messages.success(request, _("The file is deleted. Nothing of it was stored."))
    return redirect("import_list")


# -- tables -------------------------------------------------------------------------------------------------


def _columns(seen: import_preview.Preview) -> Table | None:
    language = case_words.language()
    local = [
        {"column": Code(name), "label": _("Kept as it is"), "path": ""} for name in seen.understood["local"]
    ]
    rows = [
        {"column": Code(name), "label": _labelled(path, language), "path": Code(path)}
        for name, path in seen.columns
    ]
    columns = (
        Column(name="column", label=_("Column of the file"), heads_row=True),
        Column(name="label", label=_("Field of the record")),
        Column(name="path", label=_("Place")),
    )
    caption = _("What the columns are understood as")
    return (
        Table(id="columns", caption=caption, columns=columns, rows=rows + local, tight=True) if rows else None
    )


def _labelled(path: str, language: str) -> str:
    """The words for a field, or for a whole entity that stands in one column."""
    try:
        return field(path).label.in_language(language)
    except Unknown:
        return path


def _found(seen: import_preview.Preview) -> Table:
    language = case_words.language()
    rows = [
        {"label": field(path).label.in_language(language), "path": Code(path), "rows": count}
        for path, count in seen.fields
        if not path.startswith("local")
    ]
    columns = (
        Column(name="label", label=_("Field of the record"), heads_row=True),
        Column(name="path", label=_("Place")),
        Column(name="rows", label=_("Rows that fill it"), numeric=True),
    )
    return Table(id="found", caption=_("What the rows hold"), columns=columns, rows=rows, tight=True)


def _met(found: Iterable[Any]) -> Table | None:
    french = case_words.language() == "fr"
    rows = [
        {
            "field": Code(one["field"]),
            "wrong": (french and one["wrong_fr"]) or one["wrong"],
            "rows": one["rows"],
        }
        for one in found
        if one["severity"] != Severity.ERROR
    ]
    columns = (
        Column(name="wrong", label=_("What was noticed"), heads_row=True),
        Column(name="field", label=_("Field")),
        Column(name="rows", label=_("Rows"), numeric=True),
    )
    caption = _("What the record could not hold as the file has it")
    return Table(id="met", caption=caption, columns=columns, rows=rows, tight=True) if rows else None


def _faults(found: Iterable[Any]) -> Table | None:
    rows = [_fault(one) for one in found]
    if not rows:
        return None
    return Table(id="faults", caption=_("The first faults"), columns=FAULT_COLUMNS, rows=rows, tight=True)


def _fault_rows(faults: Iterable[Any]) -> Iterator[dict[str, Any]]:
    return (_fault(one) for fault in faults for one in fault.problems)


def _fault(one: dict[str, Any]) -> dict[str, Any]:
    french = case_words.language() == "fr"
    return {
        "line": one["line"],
        "field": Code(one["field"]),
        "wrong": (french and one["wrong_fr"]) or one["wrong"],
        "right": (french and one["right_fr"]) or one["right"],
    }
