"""The events of a case: only ever added, and its tracks are nothing but their fold."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from palermo.node.actor import Actor
from palermo.node.models import Case, Event
from palermo.protection import track
from palermo.protection.track import BEGINNING, Step, Track
from palermo.standards.answer import code


def first(case: Case, *, by: Actor, now: datetime) -> list[Event]:
    """The case arrives, and every track that the record already shows beyond its beginning moves there."""
    moved = {name: state for name, state in recorded(case.record).items() if state != BEGINNING[name]}
    payloads: Iterable[tuple[str, dict[str, Any]]] = [
        ("received", {}),
        *(
            ("moved", {"track": name.value, "to": state, "why": "as-recorded"})
            for name, state in moved.items()
        ),
    ]
    return [
        _event(case, number=number, kind=kind, payload=payload, by=by, now=now)
        for number, (kind, payload) in enumerate(payloads, start=1)
    ]


def append(case: Case, *, kind: str, payload: dict[str, Any], by: Actor, now: datetime) -> Event:
    """Add one event to the case inside the caller's transaction, which holds the case's row."""
    last = case.events.order_by("-number").values_list("number", flat=True).first() or 0
    event = _event(case, number=last + 1, kind=kind, payload=payload, by=by, now=now)
    event.save(force_insert=True)
    return event


def _event(case: Case, *, number: int, kind: str, payload: dict[str, Any], by: Actor, now: datetime) -> Event:
    return Event(
        case=case, agency_id=case.agency_id, number=number, kind=kind, payload=payload, by=by.name, at=now
    )


def recorded(document: Mapping[str, Any]) -> dict[Track, str]:
    """The state of every track as the statistical document holds it; unsaid means its beginning."""
    given = document.get("case", {})
    return {name: code(given.get(name)) or beginning for name, beginning in BEGINNING.items()}


def replay(case: Case) -> dict[Track, str]:
    """The states of the case, folded from its events alone; always what `recorded` says."""
    moved = case.events.filter(kind="moved").order_by("number").values_list("payload", flat=True)
    return track.fold(Step(track=Track(payload["track"]), to=payload["to"]) for payload in moved)
