"""`palermo appraisal statements` and `propose`: statements kept in the node, and read by the machine."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from palermo.node.models import Statement

statements = typer.Typer(
    no_args_is_help=True, help="Keep public statements as evidence: add them, list them, take one out."
)
SOME_UNREADABLE, NOTHING_READ = 1, 2
AsJSON = Annotated[bool, typer.Option("--json", help="Print JSON instead of lines.")]


@statements.callback()
def about() -> None:
    """Keep public statements as evidence: add them, list them, take one out."""


@statements.command(
    epilog=(
        "Example: palermo appraisal statements add speeches/*.txt   "
        "Exit code: 0 all are kept, 1 some could not be read, 2 none could, 6 an unknown State, "
        "7 no such file."
    )
)
def add(
    files: Annotated[list[Path], typer.Argument(help="Text, HTML, PDF or Word files.", show_default=False)],
    speaker: Annotated[str, typer.Option(help="Who speaks, where the text does not say it.")] = "",
    state: Annotated[str, typer.Option(help="Code or name of the State that speaks of itself.")] = "",
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day on which it was said.")
    ] = None,
    as_json: AsJSON = False,
) -> None:
    """Keep documents in this node; the same file is kept once. What is guessed from the text is marked so."""
    from palermo.cli.node_setup import made_ready

    made_ready()
    from palermo.node.actions.statement import About

    about = About(speaker=speaker, speaks_for=state, spoken_on=on.date() if on else None)
    for file in files:
        _openable(file)
    facts = [_added(file, about) for file in files]
    for fact in facts:
        typer.echo(json.dumps(fact, ensure_ascii=False) if as_json else _line(fact))
    unread = [fact for fact in facts if fact["state"] == "failed"]
    if unread:
        raise typer.Exit(NOTHING_READ if len(unread) == len(facts) else SOME_UNREADABLE)


@statements.command("list", epilog="Example: palermo appraisal statements list --json")
def list_(as_json: AsJSON = False) -> None:
    """Every statement of this node, the newest first."""
    from palermo.cli.node_setup import ready

    ready()
    from palermo.node.models import Statement

    for one in Statement.objects.defer("content", "text"):
        fact = _fact(one)
        typer.echo(json.dumps(fact, ensure_ascii=False) if as_json else _line(fact))


@statements.command(
    epilog="Example: palermo appraisal statements withdraw 531c7fc524 --reason 'The mission corrected it.'"
)
def withdraw(
    statement: Annotated[str, typer.Argument(help="The beginning of its reference, as `list` shows it.")],
    reason: Annotated[str, typer.Option(help="Why it counts no more; it stays to be read.")],
) -> None:
    """Say that a statement counts no more. Exit code: 6 where there is none by that reference."""
    from palermo.cli.node_setup import ready

    ready()
    from palermo.node import maintainer
    from palermo.node.actions import statement as action

    one = action.withdraw(statement, reason=reason, by=maintainer.appraiser(), now=datetime.now(UTC))
    typer.echo(f"{one} is withdrawn.")


def propose(as_json: AsJSON = False) -> None:
    """Read every statement that was added since: passages, who acts, what kind of claim, which provisions.

    What the machine proposes counts for nothing until two people have confirmed it on the node's pages.
    """
    from palermo.cli.node_setup import ready

    ready()
    from palermo.node.models import Statement

    waiting = list(Statement.objects.unproposed().order_by("added_at", "name"))
    facts = [_proposed(one) for one in waiting]
    for fact in facts:
        typer.echo(json.dumps(fact, ensure_ascii=False) if as_json else _told(fact))
    if not facts and not as_json:
        typer.echo("Nothing waits: every statement of this node was read already.")
    if any(fact["state"] == "failed" for fact in facts):
        raise typer.Exit(SOME_UNREADABLE)


def _openable(file: Path) -> None:
    """A name that is wrong is told before anything is kept, so that no line of the others is lost."""
    from palermo.errors import Unreachable

    try:
        file.open("rb").close()
    except OSError as error:
        raise Unreachable(f"{file}: cannot be read ({error.strerror}). Check the name.") from error


def _added(file: Path, about: Any) -> dict[str, Any]:
    from palermo.node import maintainer
    from palermo.node.actions import statement as action

    now = datetime.now(UTC)
    made, new = action.add(file.read_bytes(), name=file.name, about=about, by=maintainer.appraiser(), now=now)
    if made.state == "waiting":
        with typer.progressbar(length=100, label=file.name, file=sys.stderr) as bar:
            made = action.open_text(made, now=now, told=lambda share: _moved(bar, share))
    return _fact(made) | {"new": new}


def _proposed(one: "Statement") -> dict[str, Any]:
    from palermo.node.actions import statement as action

    with typer.progressbar(length=100, label=one.name, file=sys.stderr) as bar:
        done = action.propose(one, clock=lambda: datetime.now(UTC), told=lambda share: _moved(bar, share))
    passages = done.passages.all()
    return _fact(done) | {
        "matcher": done.matcher,
        "passages": len(passages),
        "fit": sum(row.match >= 0.5 for row in passages),
        "treaties": sum(len(row.treaties) for row in passages),
        "plans": sum(len(row.plans) for row in passages),
        "kinds": {
            kind: sum(row.kind == kind for row in passages) for kind in sorted({row.kind for row in passages})
        },
    }


def _moved(bar: Any, share: float) -> None:
    bar.update(max(0, int(100 * share) - bar.pos))


def _fact(one: "Statement") -> dict[str, Any]:
    return {
        "id": str(one),
        "name": one.name,
        "state": one.state,
        "language": one.language,
        "speaker": one.speaker,
        "speaks_for": one.speaks_for,
        "spoken_on": one.spoken_on.isoformat() if one.spoken_on else None,
        "guessed": one.guessed,
        "fault": one.fault,
        "withdrawn": one.withdrawn_at is not None,
    }


def _line(fact: dict[str, Any]) -> str:
    if fact["state"] == "failed":
        return f"{fact['name']}: {fact['fault']}"
    guessed = set(fact["guessed"])
    parts = (
        fact["language"],
        _marked(fact["speaker"] or "speaker not known", "speaker" in guessed),
        _marked(fact["speaks_for"] or "of no State", "state" in guessed),
        _marked(fact["spoken_on"] or "undated", "spoken_on" in guessed),
    )
    known = "" if fact.get("new", True) else " (known already)"
    withdrawn = " (withdrawn)" if fact["withdrawn"] else ""
    return f"{fact['id']}  {fact['name']}: {', '.join(parts)}{known}{withdrawn}"


def _marked(text: str, guessed: bool) -> str:
    return f"{text} (guessed)" if guessed else text


def _told(fact: dict[str, Any]) -> str:
    if fact["state"] == "failed":
        return f"{fact['name']}: {fact['fault']}"
    kinds = ", ".join(f"{count} {kind}" for kind, count in fact["kinds"].items())
    fit = f"{fact['fit']} more likely than not to fit a provision"
    named = f"{fact['treaties']} treaties and {fact['plans']} plans named"
    told = f"{fact['passages']} passages ({kinds}), {fit}, {named}; {fact['matcher']}"
    return f"{fact['id']}  {fact['name']}: {told}"
