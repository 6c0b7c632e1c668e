"""How far a job is, written down for its page once in a while."""

from collections.abc import Callable
from time import monotonic
from typing import Any

from django.db.models import QuerySet

OFTEN = 0.5
"""Seconds that a page may show the same progress."""


def telling(rows: QuerySet[Any]) -> Callable[[float], None]:
    """What a job calls with the part of it that is done; it is kept in the `progress` of these rows."""
    last = [monotonic() - OFTEN]

    def told(part: float) -> None:
        if (now := monotonic()) - last[0] >= OFTEN:
            last[0] = now
            rows.update(progress=part)

    return told
