"""A refused step leaves its own event: what was written is taken back, the refusal stays."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from palermo.errors import NotAllowed
from palermo.node import tenancy
from palermo.node.actions import audit
from palermo.node.actor import Actor


@contextmanager
def recorded(action: str, *, by: Actor, object: str, now: datetime, purpose: str = "") -> Iterator[None]:
    """One transaction in the scope of `by`; NotAllowed undoes it and records the refusal."""
    try:
        with tenancy.acting_as(by):
            yield
    except NotAllowed as refusal:
        with transaction.atomic():
            audit.record(
                action=f"{action}.refused",
                actor=by.name,
                agency=by.agency,
                object=object,
                purpose=purpose,
                detail={"reasons": [str(reason) for reason in refusal.reasons]},
                at=now,
            )
        raise
