"""The second lock on PostgreSQL: within a transaction, row-level security shows only what is in scope.

A scope is an agency and, for whoever is known by name, a member: the rows of the agency, and the cases that a
standing opens to one of the two. The first lock is `palermo.protection.access.decide`; this one stays shut
even if a page forgets to ask. What each scope opens is written in migration 0002_locks.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from django.db import connection, transaction

from palermo.node.actor import Actor

EVERY_AGENCY = "*"
NOBODY = ("", "")


def enter(agency: str, member: str = "") -> None:
    """For the rest of this transaction only the rows in this scope exist (EVERY_AGENCY: for counts)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('palermo.agency', %s, true), set_config('palermo.member', %s, true)",
                [agency, member],
            )


@contextmanager
def scope(agency: str, member: str = "") -> Iterator[None]:
    """For reading: on PostgreSQL a transaction with the rows in scope; elsewhere nothing is taken."""
    if connection.vendor != "postgresql":
        yield
        return
    with acting_for(agency, member):
        yield


@contextmanager
def acting_for(agency: str, member: str = "") -> Iterator[None]:
    """One transaction in which only the rows in this scope exist; then whatever held before."""
    with transaction.atomic():
        before = _present()
        enter(agency, member)
        yield
        enter(*before)


def acting_as(by: Actor) -> AbstractContextManager[None]:
    """One transaction in the scope of whoever acts: a step that they take, on whichever agency's case."""
    return acting_for(by.agency, by.name)


def _present() -> tuple[str, str]:
    if connection.vendor != "postgresql":
        return NOBODY
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('palermo.agency', true), current_setting('palermo.member', true)"
        )
        agency, member = cursor.fetchone()
    return agency or "", member or ""
