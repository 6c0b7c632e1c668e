"""The `palermo` command: a table of what there is, each part read only when it is used.

Errors raised on purpose end here: the message goes to standard error and the kind of error gives the exit
code (palermo.errors). Anything else is a fault of ours and shows its trace.
"""

import sys
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from palermo import __version__
from palermo.errors import PalermoError

INTERRUPTED = 130

COMMANDS = {
    "case": "Check, read, write and import case records.",
    "prevention": "Estimate the victims nobody found; publish what finds no one.",
    "appraisal": "Assess what States did of the Plan, and report it.",
    "agency": "Make and list the agencies of this node.",
    "member": "Make and list the people who may sign in.",
    "keys": "Make, rotate and back up the sealing keys.",
    "audit": "Verify and read the chain of audit events.",
    "node": "Prepare and maintain this node: its database, its jobs.",
    "demo": "Make a State with made-up data, and serve it.",
    "serve": "Serve the pages and the API.",
    "doctor": "Say what is present, what is missing and what to do.",
}
ALONE = frozenset({"demo", "serve", "doctor"})
"""The commands that are verbs themselves; every other is a noun with verbs below it."""


class Later(TyperGroup):
    """A command known by its name and its one line, read from `palermo.cli.<name>` when it is used."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        return loaded(str(self.name)).make_context(info_name, args, parent, **extra)


def loaded(name: str) -> Any:
    """The command or group of commands that `palermo.cli.<name>` holds in its `app`."""
    module = import_module(f"palermo.cli.{name}")
    module.app.rich_markup_mode = None
    group = get_group(module.app)
    command = next(iter(group.commands.values())) if name in ALONE else group
    command.name = name
    command.help = command.help or COMMANDS[name]
    return command


app = typer.Typer(
    name="palermo",
    help="Carry the Global Plan of Action to Combat Trafficking in Persons, on one machine or for a nation.",
    epilog="Example: palermo demo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"palermo {__version__}")
        raise typer.Exit


@app.callback()
def palermo(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Nothing is done here: each command does its own."""


def tree() -> TyperGroup:
    """The whole command, each part still unread."""
    group = get_group(app)
    group.commands.update({name: Later(name=name, help=line) for name, line in COMMANDS.items()})
    return group


def run() -> None:
    """What the installed `palermo` script calls; ends the process with the exit code."""
    try:
        tree().main(prog_name="palermo")
    except PalermoError as refusal:
        typer.echo(f"palermo: {refusal}", err=True)
        sys.exit(refusal.exit_code)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
