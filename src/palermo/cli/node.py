"""`palermo node`: prepare and maintain this node: its database, its jobs, its copies."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Prepare and maintain this node: its database, its jobs.", no_args_is_help=True)


@app.command(epilog="Example: palermo node migrate")
def migrate() -> None:
    """Bring the database to this version's tables; run it before the first start and after each upgrade."""
    from django.core.management import call_command

    from palermo.cli.node_setup import setup

    setup()
    call_command("migrate", verbosity=1)
    call_command("createcachetable", verbosity=0)


@app.command(epilog="Example: palermo node work")
def work(
    until_empty: Annotated[
        bool, typer.Option("--until-empty", help="End when no job waits, instead of waiting for more.")
    ] = False,
) -> None:
    """Carry out background jobs, such as imports, one after another, until it is interrupted.

    Imports that were cut off go on first; run one worker at a time.
    """
    from django.core.management import call_command

    from palermo.cli.node_setup import ready

    ready()
    from palermo.node import jobs

    jobs.sweep()
    jobs.resume()
    call_command("db_worker", batch=until_empty, interval=0.5, startup_delay=False, verbosity=0)


@app.command(epilog="Example: palermo node grant palermo_app")
def grant(
    role: Annotated[str, typer.Argument(help="The PostgreSQL role that the node signs in as.")],
) -> None:
    """On PostgreSQL: give a role what the node needs and no more (audit and events: read and add only)."""
    from palermo.cli.node_setup import ready

    ready()
    from palermo.node import grants

    for line in grants.give(role):
        typer.echo(line)


@app.command(epilog="Example: palermo node openapi --out openapi.json")
def openapi(
    out: Annotated[
        Path | None, typer.Option("--out", help="The file to write; standard output otherwise.")
    ] = None,
) -> None:
    """Print the description of the interface (OpenAPI 3.1), the same bytes for the same version."""
    import json

    from palermo.cli.node_setup import setup

    setup()
    from palermo.node.api import document

    text = json.dumps(document(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")
