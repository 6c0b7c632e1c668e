"""The second lock on PostgreSQL: within a transaction, row-level security shows one agency's rows only.

The first lock is `palermo.protection.access.decide`; this one stays shut even if a page forgets to ask.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

EVERY_AGENCY = "*"


def enter(agency: str) -> None:
    """For the rest of this transaction only the rows of `agency` exist (EVERY_AGENCY: all of them)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('palermo.agency', %s, true)", [agency])


@contextmanager
def scope(agency: str) -> Iterator[None]:
    """For reading: on PostgreSQL a transaction with the rows of `agency`; elsewhere nothing is taken."""
    if connection.vendor != "postgresql":
        yield
        return
    with acting_for(agency):
        yield


@contextmanager
def acting_for(agency: str) -> Iterator[None]:
    """One transaction in which only the rows of `agency` exist; then whatever held before."""
    with transaction.atomic():
        before = _present()
        enter(agency)
        yield
        enter(before)


def _present() -> str:
    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('palermo.agency', true)")
        return cursor.fetchone()[0] or ""
