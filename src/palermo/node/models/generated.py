"""Columns that the database makes from a case's document, so that nothing is written twice."""

from typing import Any

from django.db import models
from django.db.models.expressions import Func, Value
from django.db.models.fields.json import KT

MOST_REPEATS = (
    16  # SQLite names each place of a list; no list of a record holds more distinct codes of one kind
)


class PathValues(Func):
    """Every value at `entity[*].rest` of a JSON document, as the text of a JSON array of codes.

    PostgreSQL asks by JSON path; SQLite names the first MOST_REPEATS places, and writes null for empty ones.
    """

    function = ""
    output_field = models.TextField()

    def __init__(self, document: Any, entity: Any, rest: Any) -> None:
        super().__init__(document, entity, rest)

    def _path(self) -> tuple[str, str]:
        _, entity, rest = self.source_expressions
        return str(_text(entity)), str(_text(rest))

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple[str | int, ...]]:
        document, params = compiler.compile(self.source_expressions[0])
        entity, rest = self._path()
        places = ", ".join(f"'$.{entity}[{place}].{rest}'" for place in range(MOST_REPEATS))
        return f"json_extract({document}, {places})", tuple(params)

    def as_postgresql(
        self, compiler: Any, connection: Any, **context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        document, params = compiler.compile(self.source_expressions[0])
        entity, rest = self._path()
        return f"(jsonb_path_query_array({document}, '$.{entity}[*].{rest}'))::text", tuple(params)


def _text(expression: Any) -> Any:
    return expression.value if isinstance(expression, Value) else expression


def coded(path: str) -> models.GeneratedField:
    """The code at `path` of the document (`person__sex__value`), as text."""
    return models.GeneratedField(
        expression=KT(f"record__{path}"),
        output_field=models.CharField(max_length=60, null=True),
        db_persist=True,
    )


def codes(entity: str, rest: str) -> models.GeneratedField:
    """Every code at `entity[*].rest` of the document, as the text of a JSON array."""
    return models.GeneratedField(
        expression=PathValues("record", Value(entity), Value(rest)),
        output_field=models.TextField(null=True),
        db_persist=True,
    )
