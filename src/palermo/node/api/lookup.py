"""Exact look-up of a person inside the agency that holds the token: a value goes in, references come out."""

from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from palermo.node.actions import case as cases
from palermo.node.api.answer import REFUSALS, TAKES_BODY
from palermo.node.api.holder import actor
from palermo.node.sealing import Kind

router = Router()


class Sought(Schema):
    """One identifying value; it is never stored, logged or sent on."""

    kind: Kind
    value: Annotated[str, Field(min_length=1, max_length=200)]


class Found(Schema):
    """The cases of the agency that hold this value exactly."""

    cases: list[str]


@router.post("", response={200: Found, **TAKES_BODY, **REFUSALS}, summary="Look a person up")
def look_up(request: HttpRequest, sought: Sought) -> dict[str, list[str]]:
    """Sent in the body, so that no identifying value stands in an address. Every look-up is in the audit."""
    by = actor(request)
    found = cases.look_up(kind=sought.kind, value=sought.value, by=by, now=timezone.now())
    return {"cases": [case.pk for case in found]}
