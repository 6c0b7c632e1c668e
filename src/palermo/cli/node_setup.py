"""Django, made ready when a command first needs the node."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from palermo.errors import WrongState


def setup() -> None:
    """Read the node's settings and its models; a second call does nothing.

    From then on what this process makes is its user's alone: the database, its journal, its uploads.
    """
    os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palermo.node.settings")
    import django

    django.setup()


def ready() -> None:
    """The same, for a command that needs the database; WrongState says what to do where there is none."""
    setup()
    from palermo.node import readiness

    for check in readiness.checks("database", "migrations"):
        if not check.passed:
            raise WrongState(f"{check.name}: not ready on this node. {check.remedy}")


@contextmanager
def umask_kept() -> Iterator[None]:
    """For a command that only looks into the node: what it writes keeps the umask of whoever asked for it."""
    given = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(given)


def here() -> bool:
    """Whether a node of this version is ready here; reads its settings and models, makes nothing."""
    setup()
    from django.db import connection

    from palermo.node import readiness

    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).is_file():
        return False  # to look into it would make it
    return all(check.passed for check in readiness.checks("database", "migrations"))


def made_ready() -> None:
    """The same, making the database of a node that has none; of two commands at once, one makes it."""
    setup()
    from django.conf import settings

    from palermo.standards import lockfile

    with lockfile.held(settings.NODE.home / "making.lock"):
        prepare_database()


def prepare_database() -> None:
    """Make the tables of a database that has none, or go on where making them was cut off.

    One that holds an agency already is of an older version, and left to `palermo node migrate`.
    """
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from palermo.node.models import Agency

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        if "node_agency" in connection.introspection.table_names() and Agency.objects.exists():
            raise WrongState("The database is of another version. Run: palermo node migrate")
        typer.echo("New node: making its database.", err=True)
        call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
