"""The shapes of answers, and the problem documents that every operation may give."""

from datetime import datetime
from typing import Any

from ninja import Schema


class Fault(Schema):
    """One fault of a document or a parameter."""

    path: str
    wrong: str
    rule: str | None = None
    severity: str | None = None
    remedy: str | None = None


class Problem(Schema):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str | None = None
    problems: list[Fault] | None = None
    reasons: list[str] | None = None


REFUSALS: dict[int, Any] = dict.fromkeys((400, 401, 403, 404, 409, 422, 429), Problem)
TAKES_BODY: dict[int, Any] = {413: Problem}
"""What an operation may refuse beside its answer; `description` writes them down as problem documents."""


class CaseShown(Schema):
    """A case: its identifier, its version, and the parts of its record that were asked for and allowed."""

    id: str
    agency: str
    version: int
    created_at: datetime
    record: dict[str, Any]


class CaseStored(Schema):
    """Where a new case is found."""

    id: str


class CasePage(Schema):
    """A page of cases; `after` asks for the next one, and is null on the last."""

    cases: list[CaseShown]
    after: str | None


class ImportShown(Schema):
    """How far an import has come."""

    id: int
    state: str
    format: str
    position: int
    stored: int
    quarantined: int
    failure: str
    report: dict[str, Any]
