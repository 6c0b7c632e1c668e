"""The least that a PostgreSQL role needs to run the node: it can only read and add to audit and events."""

import re
from collections.abc import Iterator

from django.db import connection, transaction

from palermo.errors import InvalidRecord, Problem, WrongState

RIGHTS = {
    "node_auditevent": "SELECT, INSERT",
    "node_event": "SELECT, INSERT",
    "node_estimation": "SELECT, INSERT, UPDATE",
    "node_release": "SELECT, INSERT, UPDATE",
    "node_releaseentry": "SELECT, INSERT",
    "node_riskreport": "SELECT, INSERT, UPDATE",
    "django_migrations": "SELECT",
}
ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")

_BAD_ROLE = Problem(
    rule="role-name",
    path="role",
    wrong="That is not the name of a role.",
    remedy="Use small letters, figures and underscores, such as palermo_app.",
)


def give(role: str) -> tuple[str, ...]:
    """Grant `role` its rights on every table of the node; returns the statements carried out."""
    if connection.vendor != "postgresql":
        raise WrongState("Grants are for PostgreSQL; this database is a file. Protect the file.")
    if not ROLE.fullmatch(role):
        raise InvalidRecord("grant", [_BAD_ROLE])
    with transaction.atomic(), connection.cursor() as cursor:
        statements = tuple(_statements(role, connection.introspection.table_names()))
        for statement in statements:
            cursor.execute(statement)
    return statements


def _statements(role: str, tables: list[str]) -> Iterator[str]:
    yield f'GRANT USAGE ON SCHEMA public TO "{role}"'
    yield f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}"'
    for table in sorted(tables):
        rights = RIGHTS.get(table, "SELECT, INSERT, UPDATE, DELETE")
        yield f'REVOKE ALL ON "{table}" FROM "{role}"'
        yield f'GRANT {rights} ON "{table}" TO "{role}"'
