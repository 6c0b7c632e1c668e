"""`palermo member`: add, list and let go the people who may sign in."""

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from palermo.node.models import Member

app = typer.Typer(help="Make and list the people who may sign in.", no_args_is_help=True)

AsJSON = Annotated[bool, typer.Option("--json", help="Print JSON instead of lines.")]
Name = Annotated[str, typer.Argument(help="The sign-in name.")]


@app.command(
    epilog="Example: palermo member add a-diallo --agency north --role case_worker --display-name 'A. Diallo'"
)
def add(
    name: Annotated[
        str, typer.Argument(help="The sign-in name: small letters, figures, dashes, underscores.")
    ],
    agency: Annotated[str, typer.Option(help="The code of the agency where the member works.")],
    role: Annotated[list[str], typer.Option(help="A role; give the option again for another.")],
    display_name: Annotated[str, typer.Option(help="The name that pages show.")],
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input instead.")
    ] = False,
    as_json: AsJSON = False,
) -> None:
    """Add a member, and print the one-time code with which they choose a password.

    The code is valid for 48 hours and is printed this once. Only its digest is kept.
    """
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else ""
    member, by = _ready()
    from django.db import transaction

    from palermo.node.actions import agency as agencies

    now = datetime.now(UTC)
    with transaction.atomic():
        new = member.add(
            name=name, display_name=display_name, agency=agencies.find(agency), roles=role, by=by, now=now
        )
        if password_stdin:
            member.set_password(new, password, by=by, now=now)
        code = "" if password_stdin else member.issue_code(new, by=by, now=now)
    _told(
        {"name": new.name, **({"code": code} if code else {})},
        as_json,
        f"{new.name} is added. {_use(code)}".strip(),
    )


@app.command(epilog="Example: palermo member code a-diallo")
def code(name: Name, as_json: AsJSON = False) -> None:
    """Print a new one-time code for a member; their old password and sessions end now."""
    member, by = _ready()
    made = member.issue_code(member.find(name), by=by, now=datetime.now(UTC))
    _told({"name": name, "code": made}, as_json, _use(made))


@app.command("list", epilog="Example: palermo member list --json")
def list_(as_json: AsJSON = False) -> None:
    """Print every member, with agency, roles and whether they may sign in."""
    _ready()
    from palermo.node.models import Member

    for one in Member.objects.prefetch_related("held_roles"):
        roles = sorted(held.role for held in one.held_roles.all())
        state = "active" if one.is_active else "deactivated"
        line = {"name": one.name, "agency": one.agency_id, "roles": roles, "state": state}
        _told(line, as_json, "\t".join((one.name, one.agency_id, ",".join(roles), state)))


@app.command(epilog="Example: palermo member roles a-diallo --grant supervisor --revoke case_worker")
def roles(
    name: Name,
    grant: Annotated[list[str] | None, typer.Option(help="A role to give.")] = None,
    revoke: Annotated[list[str] | None, typer.Option(help="A role to take away.")] = None,
    as_json: AsJSON = False,
) -> None:
    """Give and take away roles, or print those held; a change counts from the member's next page."""
    member, by = _ready()
    one = member.find(name)
    if grant or revoke:
        wanted = ({str(held) for held in one.roles} | set(grant or ())) - set(revoke or ())
        one = member.change_roles(one, to=wanted, by=by, now=datetime.now(UTC))
    held = sorted(str(role) for role in one.roles)
    _told({"name": name, "roles": held}, as_json, " ".join(held))


@app.command(epilog="Example: palermo member deactivate a-diallo")
def deactivate(name: Name, as_json: AsJSON = False) -> None:
    """Close an account: the member cannot sign in, their sessions end, the tokens they issued stop."""
    member, by = _ready()
    one: Member = member.deactivate(member.find(name), by=by, now=datetime.now(UTC))
    _told({"name": one.name, "state": "deactivated"}, as_json, f"{one.name} can no longer sign in.")


def _ready() -> tuple[Any, Any]:
    """The actions on members, and who does them."""
    from palermo.cli.node_setup import ready

    ready()
    from palermo.node import maintainer
    from palermo.node.actions import member

    return member, maintainer.actor()


def _use(code: str) -> str:
    return f"One-time code, valid for 48 hours: {code}" if code else ""


def _told(facts: dict[str, Any], as_json: bool, line: str) -> None:
    typer.echo(json.dumps(facts, ensure_ascii=False) if as_json else line)
