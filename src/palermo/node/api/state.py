"""The appraisal of a State as data, with every figure's evidence."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router
from pydantic import Field

from palermo.node import appraised
from palermo.node.api.answer import REFUSALS

router = Router()


@router.get("/{code}/appraisal", response={200: dict[str, Any], **REFUSALS}, summary="Appraise a State")
def appraisal(
    request: HttpRequest, code: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}$")]
) -> dict[str, Any]:
    """The report's model, in no language: figures, statuses, obstacles and the evidence of each."""
    return appraised.report(code, today=timezone.localdate()).document()
