"""`palermo audit`: verify and read the chain of audit events."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from palermo.node.models import AuditEvent

app = typer.Typer(help="Verify and read the chain of audit events.", no_args_is_help=True)

AsJSON = Annotated[bool, typer.Option("--json", help="Print JSON instead of lines.")]
Action = Annotated[str, typer.Option(help="Only this action, such as case.unseal.")]
Actor = Annotated[str, typer.Option(help="Only what this member did.")]
About = Annotated[str, typer.Option("--object", help="Only what was done to this, such as case:REFERENCE.")]

WHOLE, BROKEN = 0, 1
SHOWN = ("number", "at", "actor", "agency", "action", "object", "purpose")


@app.command(epilog="Example: palermo audit verify --json")
def verify(
    heads: Annotated[
        Path | None, typer.Option(exists=True, help="File of signed heads kept elsewhere, one a line.")
    ] = None,
    as_json: AsJSON = False,
) -> None:
    """Read the whole chain and report any edit, deletion, other order or cut tail; exit code 1 if any.

    Whoever can write the whole database could make the chain anew: heads kept on another machine show it.
    """
    from palermo.cli.node_setup import ready

    ready()
    from palermo.node.actions import audit

    lines = heads.read_text("utf-8").splitlines() if heads else []
    verdict = audit.verify(heads=[audit.kept_head(line) for line in lines if line.strip()])
    facts = {
        "whole": verdict.whole,
        "events": verdict.count,
        "last": verdict.head.number,
        "link": verdict.head.link.hex(),
        "faults": verdict.faults,
        "findings": [{"fault": str(one.fault), "number": one.number} for one in verdict.findings],
    }
    typer.echo(json.dumps(facts, indent=2) if as_json else _words(facts))
    raise typer.Exit(WHOLE if verdict.whole else BROKEN)


def _words(facts: dict[str, Any]) -> str:
    if facts["whole"]:
        return f"The chain is whole: {facts['events']} events, the last link is {facts['link'][:16]}."
    shown = [f"  event {one['number']}: {one['fault']}" for one in facts["findings"]]
    return "\n".join([f"The chain is broken: {facts['faults']} faults in {facts['events']} events.", *shown])


@app.command(epilog="Example: palermo audit head >> /media/elsewhere/heads.jsonl")
def head() -> None:
    """Print where the chain ends now, signed, to be kept on another machine for `verify --heads`."""
    from palermo.cli.node_setup import ready

    ready()
    from palermo.node.actions import audit

    typer.echo(audit.signed_head(at=datetime.now(UTC)))


@app.command("list", epilog="Example: palermo audit list --action case.unseal --last 20")
def list_(
    action: Action = "",
    actor: Actor = "",
    about: About = "",
    last: Annotated[int, typer.Option(min=1, max=100_000, help="How many of the newest events.")] = 50,
    as_json: AsJSON = False,
) -> None:
    """Print the newest events, the newest last."""
    from palermo.cli.node_setup import ready

    ready()
    for event in reversed(_asked(action, actor, about).order_by("-number")[:last]):
        line = _line(event)
        columns = "\t".join(str(line[name]) for name in SHOWN)
        typer.echo(json.dumps(line, ensure_ascii=False) if as_json else columns)


@app.command(epilog="Example: palermo audit export audit-2026.jsonl")
def export(
    file: Annotated[Path, typer.Argument(help="The file to write, one JSON object a line.")],
    action: Action = "",
    actor: Actor = "",
    about: About = "",
) -> None:
    """Write every event, oldest first, with its link, so that another machine can verify the chain."""
    from palermo.cli.node_setup import ready

    ready()
    from palermo.standards.outfile import whole

    written = 0
    with whole(file) as out:
        for event in _asked(action, actor, about).order_by("number").iterator():
            out.write((json.dumps(_line(event), ensure_ascii=False) + "\n").encode())
            written += 1
    typer.echo(f"{written} events written to {file}.")


def _asked(action: str, actor: str, about: str) -> "QuerySet[AuditEvent]":
    from palermo.node.models import AuditEvent

    asked = {"action": action, "actor": actor, "object": about}
    return AuditEvent.objects.filter(**{name: value for name, value in asked.items() if value})


def _line(event: "AuditEvent") -> dict[str, Any]:
    return {
        "number": event.number,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": event.actor,
        "agency": event.agency,
        "action": event.action,
        "object": event.object,
        "purpose": event.purpose,
        "detail": event.detail,
        "link": bytes(event.digest).hex(),
    }
