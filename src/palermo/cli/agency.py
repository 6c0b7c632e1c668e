"""`palermo agency`: open, close and list the agencies of this node."""

import json
from datetime import UTC, datetime
from typing import Annotated

import typer

app = typer.Typer(help="Make and list the agencies of this node.", no_args_is_help=True)

AsJSON = Annotated[bool, typer.Option("--json", help="Print JSON instead of lines.")]


@app.command(
    epilog="Example: palermo agency open shelter-north --name 'Northern shelter' --kind NGO --country XA"
)
def open(
    code: Annotated[
        str, typer.Argument(help="A short code that stands in keys and lists and never changes.")
    ],
    name: Annotated[str, typer.Option(help="What people call it.")],
    kind: Annotated[str, typer.Option(help="A code of the vocabulary organisation_type, such as NGO.")],
    country: Annotated[str, typer.Option(help="Two capital letters of ISO 3166-1.")],
    as_json: AsJSON = False,
) -> None:
    """Open an agency, with a first key of its own in the keyring if it has none."""
    from palermo.cli.node_setup import ready

    ready()
    from palermo.node import maintainer
    from palermo.node.actions import agency

    made = agency.open(
        code=code, name=name, kind=kind, country=country, by=maintainer.actor(), now=datetime.now(UTC)
    )
    typer.echo(json.dumps({"code": made.code}) if as_json else f"{made.code} is open and has a key.")


@app.command(epilog="Example: palermo agency close shelter-north")
def close(code: Annotated[str, typer.Argument(help="The agency's code.")], as_json: AsJSON = False) -> None:
    """Close an agency: nobody of it can sign in any more, its tokens stop, its cases stay."""
    from palermo.cli.node_setup import ready

    ready()
    from palermo.node import maintainer
    from palermo.node.actions import agency

    closed = agency.close(agency.find(code), by=maintainer.actor(), now=datetime.now(UTC))
    typer.echo(json.dumps({"code": closed.code}) if as_json else f"{closed.code} is closed.")


@app.command(epilog="Example: palermo agency reopen shelter-north")
def reopen(code: Annotated[str, typer.Argument(help="The agency's code.")], as_json: AsJSON = False) -> None:
    """Open a closed agency again; its members are let in one by one, its tokens stay revoked."""
    from palermo.cli.node_setup import ready

    ready()
    from palermo.node import maintainer
    from palermo.node.actions import agency

    opened = agency.reopen(agency.find(code), by=maintainer.actor(), now=datetime.now(UTC))
    typer.echo(json.dumps({"code": opened.code}) if as_json else f"{opened.code} is open again.")


@app.command("list", epilog="Example: palermo agency list --json")
def list_(as_json: AsJSON = False) -> None:
    """Print every agency of this node, closed ones too."""
    from palermo.cli.node_setup import ready

    ready()
    from palermo.node.models import Agency

    for one in Agency.objects.order_by("code"):
        closed = one.closed_on.isoformat() if one.closed_on else ""
        line = {
            "code": one.code,
            "name": one.name,
            "kind": one.kind,
            "country": one.country,
            "closed_on": closed,
        }
        typer.echo(json.dumps(line, ensure_ascii=False) if as_json else "\t".join(line.values()))
