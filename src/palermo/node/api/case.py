"""Cases: store, read, list, move."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Body, Header, Query, Router, Schema, Status
from pydantic import Field

from palermo.errors import Unknown
from palermo.node import case_search, permission
from palermo.node.actions import case as cases
from palermo.node.actions import case_track, sealed_part
from palermo.node.actor import Actor
from palermo.node.api.answer import REFUSALS, TAKES_BODY, CasePage, CaseShown, CaseStored
from palermo.node.api.description import EXAMPLE
from palermo.node.api.holder import actor
from palermo.node.case_search import Asked
from palermo.node.models import Case
from palermo.protection.track import Step, Track
from palermo.standards import record as records
from palermo.standards import tree

router = Router()

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_+-]{1,60}$")]
CaseId = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,32}$")]
Purpose = Literal["identification", "support", "own_access", "prosecution"]


SENT = {"requestBody": {"content": {"application/json": {"example": EXAMPLE}}}}


class Wanted(Schema):
    """Codes that the listed cases hold; what is left out asks nothing."""

    year: Annotated[str, Field(pattern=r"^[0-9]{4}$")] | None = None
    sex: Code | None = None
    age_band: Code | None = None
    form: Code | None = None
    citizenship: Code | None = None
    identification: Code | None = None
    after: CaseId | None = None


class Move(Schema):
    """One step of one track."""

    track: Track
    to: Code
    why: Annotated[str, Field(pattern=r"^[a-z0-9-]{0,40}$")] = ""


@router.post(
    "", response={201: CaseStored, **TAKES_BODY, **REFUSALS}, summary="Store a case", openapi_extra=SENT
)
def store(
    request: HttpRequest,
    document: Annotated[dict[str, Any], Body(description="A case record: see /standard/schema.")],
    idempotency_key: Annotated[
        str | None, Header(alias="Idempotency-Key", pattern=r"^[\x21-\x7e]{1,200}$")
    ] = None,
) -> Status[dict[str, str]]:
    """Validates the record and stores it. The same Idempotency-Key stores it once, and answers the same."""
    by, now = actor(request), timezone.now()
    record = records.read(document, where="document", today=now.date())
    stored = cases.store(record, agency=by.agency, by=by, now=now, once=idempotency_key or "")
    return Status(201, {"id": stored.pk})


@router.get("", response={200: CasePage, **REFUSALS}, summary="List cases")
def page(request: HttpRequest, wanted: Query[Wanted]) -> dict[str, Any]:
    """The coded part of the cases that the token may read, newest first, fifty a page."""
    by, now = actor(request), timezone.now()
    asked = Asked(codes=wanted.model_dump(exclude={"after"}, exclude_none=True))
    past = _place(wanted.after, by=by, now=now) if wanted.after else None
    keys = [key for _, key in case_search.keys_past(past, asked, to=by, now=now, descending=True)]
    rows = Case.objects.in_bulk(keys[: case_search.PAGE])
    listed = [rows[key] for key in keys if key in rows]
    further = len(keys) > case_search.PAGE
    return {"cases": [_shown(case) for case in listed], "after": listed[-1].pk if further else None}


def _place(case_id: str, *, by: Actor, now: datetime) -> case_search.Key:
    """Where the last page ended; a case that `by` may not see says no more than one that is not there."""
    seen = permission.visible(Case.objects.filter(pk=case_id), to=by, now=now)
    place = seen.values_list("created_at", "id").first()
    if place is None:
        raise Unknown(f"{cases.NONE_HERE} Begin the list again without `after`.")
    return place


@router.get("/{case_id}", response={200: CaseShown, **REFUSALS}, summary="Read a case")
def read(
    request: HttpRequest,
    case_id: CaseId,
    tier: Annotated[list[Literal["T2", "T3", "T4"]], Query(description="Sealed parts to open.")] = [],  # noqa: B006
    purpose: Purpose = "support",
) -> dict[str, Any]:
    """The coded part, and each sealed part asked for and allowed. Every opening is in the audit."""
    by, now = actor(request), timezone.now()
    case = cases.find(case_id, by=by, now=now, purpose=purpose)
    shown = _shown(case)
    if tier:
        opened = sealed_part.unseal(case, tiers=sorted(set(tier)), by=by, purpose=purpose, now=now)
        shown["record"] = tree.merge([case.record, opened])
    return shown


@router.post(
    "/{case_id}/moves", response={200: CaseShown, **TAKES_BODY, **REFUSALS}, summary="Move a track of a case"
)
def move(request: HttpRequest, case_id: CaseId, step: Move) -> dict[str, Any]:
    """Moves one track to its next state; 409 says which states are possible now."""
    to = Step(track=step.track, to=step.to)
    return _shown(case_track.move(case_id, to=to, by=actor(request), now=timezone.now(), why=step.why))


def _shown(case: Case) -> dict[str, Any]:
    return {
        "id": case.pk,
        "agency": case.agency_id,
        "version": case.version,
        "created_at": case.created_at,
        "record": case.record,
    }
