"""`palermo case import`: store a file of cases in the node, with every row accounted for."""

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from palermo.errors import Unknown

if TYPE_CHECKING:
    from palermo.node.models import ImportRun

LOCAL = "local"
ALL_READ, SOME_KEPT_OUT, NOTHING_READ = 0, 1, 2


def import_file(
    file: Annotated[Path, typer.Argument(help="The file of cases.", show_default=False)],
    format: Annotated[
        str | None, typer.Option(help="jsonl, csv, htcds, xlsform or ctdc; told from the file otherwise.")
    ] = None,
    agency: Annotated[
        str | None, typer.Option(help="Code of the agency whose cases they are; not needed if there is one.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of lines.")] = False,
) -> None:
    """Store a file of cases in this node; a run that was cut off goes on where it stopped.

    Rows that cannot be read go to FILE.quarantine.jsonl with line, field, what is wrong and what would be
    right; to this folder where the file's own cannot be written to.
    Exit code: 0 all rows are stored, 1 some were kept out, 2 nothing could be read.
    """
    from palermo.cli.node_setup import setup

    setup()
    run, again = _run(file, format=format, agency=_made_ready(agency))
    quarantine = _quarantine(run, file)
    facts = _facts(run, again=again, quarantine=quarantine)
    typer.echo(json.dumps(facts, ensure_ascii=False, indent=2) if as_json else _lines(facts))
    raise typer.Exit(_exit_code(run))


def _made_ready(agency: str | None) -> str:
    """The agency whose cases they are; of two first imports at once, one makes it and the database."""
    from django.conf import settings

    from palermo.cli.node_setup import prepare_database
    from palermo.standards import lockfile

    with lockfile.held(settings.NODE.home / "making.lock"):
        prepare_database()
        return _agency(agency)


def _agency(code: str | None) -> str:
    """The agency named, the only one there is, or a first one called `local`."""
    from palermo.node import maintainer
    from palermo.node.actions import agency
    from palermo.node.models import Agency

    if code is not None:
        return agency.find(code).code
    codes = list(Agency.objects.filter(closed_on=None).order_by("code").values_list("code", flat=True)[:20])
    if len(codes) > 1:
        raise Unknown(f"Several agencies are on this node: {', '.join(codes)}. Name one: --agency CODE")
    if codes:
        return codes[0]
    typer.echo(f"No agency is on this node yet: making one called {LOCAL!r}, with a key.", err=True)
    agency.open(code=LOCAL, name="Local agency", kind="NGO", country="ZZ", by=maintainer.actor(), now=_now())
    return LOCAL


def _run(file: Path, *, format: str | None, agency: str) -> "tuple[ImportRun, bool]":
    """The run of this file, and whether it was done before."""
    from palermo.node.actions import import_run
    from palermo.node.actor import operator
    from palermo.node.models import ImportState
    from palermo.standards import read

    by = operator(agency)
    place = {"read": 0}
    with read.records(
        file, format=format, today=_now().date(), progress=lambda at, size: place.update(read=at)
    ) as reading:
        size = file.stat().st_size
        with file.open("rb") as opened:
            digest = import_run.file_hash(opened)
        run = import_run.begin(
            digest=digest, format=reading.format, size=size, agency=agency, by=by, now=_now()
        )
        if run.state == ImportState.DONE:
            return run, True
        with typer.progressbar(length=size, label="Importing", file=sys.stderr) as bar:
            run = import_run.carry_out(
                run,
                reading,
                by=by,
                clock=_now,
                position=lambda: place["read"],
                progress=lambda now, rows: bar.update(now.bytes_read - bar.pos),
            )
            bar.update(size - bar.pos)
    return run, False


def _quarantine(run: "ImportRun", file: Path) -> str:
    """The path of the file with what was kept out; empty when nothing was, and an old one beside goes away.

    In the present folder a file of that name may belong to another source, and is left there.
    """
    from palermo.standards.quarantine import path_for

    beside = path_for(file)
    writable = os.access(beside.parent, os.W_OK)
    if run.quarantined:
        from palermo.node.actions import import_run

        return str(import_run.faults_file(run, beside if writable else Path(beside.name)))
    if writable:
        beside.unlink(missing_ok=True)
    return ""


def _facts(run: "ImportRun", *, again: bool, quarantine: str) -> dict[str, Any]:
    return {
        "agency": run.agency_id,
        "format": run.format,
        "read": run.read,
        "stored": run.stored,
        "kept_out": run.quarantined,
        "quarantine": quarantine,
        "imported_before": run.finished_at.isoformat() if again and run.finished_at else None,
        "notes": run.report.get("notes", []),
        "local": run.report.get("local", []),
        "met": run.report.get("met", []),
    }


def _lines(facts: dict[str, Any]) -> str:
    counts = f"{facts['read']} rows read = {facts['stored']} stored + {facts['kept_out']} kept out"
    lines = [f"{counts} (agency {facts['agency']}, format {facts['format']})"]
    if facts["imported_before"]:
        day = facts["imported_before"][:10]
        lines.insert(0, f"This file was imported already on {day}; nothing was added.")
    lines += [f"How the file was read: {'; '.join(facts['notes'])}"] if facts["notes"] else []
    if facts["local"]:
        lines.append(f"Columns no field is declared for, kept as they are: {', '.join(facts['local'])}")
    lines += ["Loss report: what the record could not hold as the file had it", *_losses(facts["met"])]
    lines += [f"Kept out, with the reasons: {facts['quarantine']}"] if facts["quarantine"] else []
    return "\n".join(lines)


def _losses(met: list[dict[str, Any]]) -> list[str]:
    found = [f"  {one['rows']:>8} rows  {one['severity']:<7}  {one['field']}: {one['wrong']}" for one in met]
    return found or ["  nothing was lost"]


def _exit_code(run: "ImportRun") -> int:
    if not run.stored:
        return NOTHING_READ
    return SOME_KEPT_OUT if run.quarantined else ALL_READ


def _now() -> datetime:
    return datetime.now(UTC)
