"""Django, made ready when a command first needs the node."""

import os

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
