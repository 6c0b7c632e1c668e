"""Opens the database's append-only locks, as someone with the database file in hand could."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

# Whoever adds a lock need not name it here: the database knows which of its tables have one. That a row keeps
# its agency stays locked: those tables have work of their transaction left, and cannot be altered in it.
LOCKED = """
SELECT DISTINCT t.tgrelid::regclass::text FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND p.proname <> 'palermo_keeps_its_agency'
"""


@contextmanager
def opened() -> Iterator[None]:
    """Within it rows of the audit and of events can be changed and deleted; after it they cannot."""
    again = _open()
    try:
        yield
    finally:
        _execute(again)


def _open() -> list[str]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(LOCKED)
            tables = [name for (name,) in cursor.fetchall()]
        _execute([f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables])
        return [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
    _execute([f'DROP TRIGGER "{name}"' for name, _ in triggers])
    return [sql for _, sql in triggers]


def _execute(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
