"""The appraisal of a State as data, with every figure's evidence."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router
from pydantic import Field

from palermo.errors import Unknown, Unreachable
from palermo.node import appraised
from palermo.node.api.answer import REFUSALS

router = Router()


@router.get("/{code}/appraisal", response={200: dict[str, Any], **REFUSALS}, summary="Appraise a State")
def appraisal(
    request: HttpRequest, code: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}$")]
) -> dict[str, Any]:
    """The report's model, in no language: figures, statuses, obstacles and the evidence of each."""
    try:
        return appraised.report(code, today=timezone.localdate()).document()
    except Unreachable:
        raise Unknown("This node holds no tables of treaties and figures. Ask its administrator.") from None
