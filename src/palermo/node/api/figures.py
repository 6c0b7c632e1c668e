"""National figures, protected against subtraction."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from palermo.node import national, permission
from palermo.node.api.answer import REFUSALS
from palermo.node.api.holder import actor

router = Router()


class CellShown(Schema):
    """One cell: what may be printed, and its bounds; `high` is null where no upper end is given."""

    dimension: str
    year: str
    code: str
    shown: str
    low: int
    high: int | None


@router.get("", response={200: list[CellShown], **REFUSALS}, summary="National figures")
def page(request: HttpRequest) -> list[dict[str, Any]]:
    """Every cell of the linked tables by year; totals have the code of the whole."""
    permission.require(actor(request), "aggregate", tier="T1", purpose="statistics", now=timezone.now())
    release = national.release()
    return [
        {
            "dimension": dimension,
            "year": year,
            "code": code,
            "shown": str(cell),
            "low": cell.low,
            "high": cell.high,
        }
        for (dimension, year, code), cell in (release.cells.items() if release else ())
    ]
