"""Storing cases, moving them along their tracks, opening what is sealed, and erasing a person."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from palermo.errors import Unknown, WrongState
from palermo.node import keyring as keyrings
from palermo.node import permission, sealing, tenancy
from palermo.node.actions import audit
from palermo.node.actor import Actor
from palermo.node.identifiers import identifiers
from palermo.node.models import Approval, BlindToken, Case, Event, SealedPart, SealedTier
from palermo.protection import track
from palermo.protection.track import Step, Track
from palermo.standards import record as records
from palermo.standards.identity import new_id
from palermo.standards.record import Record

SUPPORT, OVERSIGHT = "support", "oversight"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A validated record on its way in, with the file and row it came from, if any."""

    record: Record
    file: str = ""
    row: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """Everything that storing one case writes."""

    case: Case
    parts: tuple[SealedPart, ...]
    tokens: tuple[BlindToken, ...]
    events: tuple[Event, ...]


def store(record: Record, *, agency: str, by: Actor, now: datetime, purpose: str = SUPPORT) -> Case:
    """A new case of `agency`; NotAllowed unless `by` may create every tier of the record there."""
    permit_creation(record, agency=agency, by=by, now=now, purpose=purpose)
    with tenancy.acting_for(agency):
        (case,) = insert([Incoming(record=record)], agency=agency, by=by, now=now)
        audit.record(action="case.store", actor=by.name, agency=agency, object=f"case:{case.id}", at=now)
    return case


def permit_creation(record: Record, *, agency: str, by: Actor, now: datetime, purpose: str) -> None:
    """NotAllowed, with the reasons, unless `by` may create each tier that the record holds."""
    for tier, part in record.tiers().items():
        if part:
            permission.require(by, "create", agency=agency, tier=tier, purpose=purpose, now=now)


def insert(incoming: Sequence[Incoming], *, agency: str, by: Actor, now: datetime) -> list[Case]:
    """Write new cases inside the caller's transaction; the caller asks permission and records the audit."""
    ring = keyrings.current()
    rows = [_rows(one, agency=agency, by=by, now=now, ring=ring) for one in incoming]
    Case.objects.bulk_create([row.case for row in rows])
    SealedPart.objects.bulk_create([part for row in rows for part in row.parts])
    BlindToken.objects.bulk_create([token for row in rows for token in row.tokens])
    Event.objects.bulk_create([event for row in rows for event in row.events])
    return [row.case for row in rows]


def _rows(one: Incoming, *, agency: str, by: Actor, now: datetime, ring: keyrings.Keyring) -> _Rows:
    case_id = new_id(secrets.token_bytes(16))
    parts = one.record.tiers()
    case = Case(
        id=case_id,
        agency_id=agency,
        record=parts.pop("T1", {}),
        origin_file=one.file,
        origin_row=one.row,
        created_by=by.name,
        created_at=now,
        updated_at=now,
    )
    found = dict.fromkeys(identifiers(one.record.document))
    return _Rows(
        case=case,
        parts=tuple(_sealed(case, tier, part, ring=ring) for tier, part in parts.items() if part),
        tokens=tuple(
            BlindToken(
                case=case,
                agency_id=agency,
                kind=kind.value,
                token=sealing.blind(value, keyring=ring, agency=agency, kind=kind),
            )
            for kind, value in found
            if value.strip()
        ),
        events=tuple(_first_events(case, by=by, now=now)),
    )


def _first_events(case: Case, *, by: Actor, now: datetime) -> list[Event]:
    """The case arrives, and every track that the record already shows beyond its beginning moves there."""
    given = case.record.get("case", {})
    steps = [Step(track=name, to=_value(given.get(name.value)) or track.BEGINNING[name]) for name in Track]
    moved = [step for step in steps if step.to != track.BEGINNING[step.track]]
    payloads: list[tuple[str, dict[str, str]]] = [("received", {})]
    payloads += [
        ("moved", {"track": step.track.value, "to": step.to, "why": "as-recorded"}) for step in moved
    ]
    return [
        Event(
            case=case, agency_id=case.agency_id, number=number, kind=kind, payload=payload, by=by.name, at=now
        )
        for number, (kind, payload) in enumerate(payloads, start=1)
    ]


def _value(answer: Any) -> str:
    if isinstance(answer, dict):
        return str(answer.get("value") or "")
    return str(answer or "")


def _sealed(case: Case, tier: str, part: dict[str, Any], *, ring: keyrings.Keyring) -> SealedPart:
    binding = place(case, tier)
    key = sealing.DataKey.new()
    return SealedPart(
        case=case,
        agency_id=case.agency_id,
        tier=tier,
        wrapped_key=sealing.wrap(key, keyring=ring, binding=binding),
        ciphertext=sealing.seal(_bytes(part), key=key, binding=binding),
        key_version=ring.keys(case.agency_id).current.number,
    )


def place(case: Case, tier: str) -> sealing.Binding:
    """Where a sealed part belongs, which its seal is bound to."""
    return sealing.Binding(
        model="case", field="part", case=case.id, tier=tier, agency=case.agency_id, schema="1.0"
    )


def _bytes(part: dict[str, Any]) -> bytes:
    return json.dumps(part, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def find(case_id: str, *, by: Actor, now: datetime, purpose: str = SUPPORT) -> Case:
    """The case, its statistical part in clear; Unknown when there is none that `by` may know of.

    A case that may not be read and a case that is not there give the same answer.
    """
    case = Case.objects.filter(pk=case_id).first()
    if case is None or not permission.ask(by, "read", case=case, tier="T1", purpose=purpose, now=now):
        raise Unknown("No case by that reference here. Check it, or ask the agency that owns the case.")
    return case


def unseal(case: Case, *, tiers: Sequence[str], by: Actor, purpose: str, now: datetime) -> dict[str, Any]:
    """The sealed parts of those tiers, merged; every opening is one audit event, allowed or refused."""
    with tenancy.acting_for(case.agency_id):
        decisions = [
            permission.ask(by, "read", case=case, tier=tier, purpose=purpose, now=now) for tier in tiers
        ]
        refused = [decision for decision in decisions if not decision.allowed]
        audit.record(
            action="case.unseal.refused" if refused else "case.unseal",
            actor=by.name,
            agency=by.agency,
            object=f"case:{case.id}",
            purpose=purpose,
            detail={"tiers": list(tiers), "reasons": [str(r) for d in refused for r in d.reasons]},
            at=now,
        )
        parts = [] if refused else [_opened(part) for part in _parts(case, tiers)]
    if refused:
        raise permission.refusal(case, refused)
    return records.merge(parts)


def _parts(case: Case, tiers: Sequence[str]) -> list[SealedPart]:
    return list(case.sealed_parts.filter(tier__in=tiers, shredded_at__isnull=True).order_by("tier"))


def _opened(part: SealedPart) -> dict[str, Any]:
    binding = place(part.case, part.tier)
    key = sealing.unwrap(bytes(part.wrapped_key or b""), keyring=keyrings.current(), binding=binding)
    opened: dict[str, Any] = json.loads(
        sealing.unseal(bytes(part.ciphertext or b""), key=key, binding=binding)
    )
    return opened


def move(case_id: str, *, to: Step, by: Actor, now: datetime, why: str = "", purpose: str = SUPPORT) -> Case:
    """Move one track of a case; WrongState with the reasons when its present state does not permit it."""
    with transaction.atomic():
        case = _locked(case_id, by=by, now=now, purpose=purpose)
        permission.require(by, "write", case=case, tier="T1", purpose=purpose, now=now)
        states = replay(case)
        reasons = track.against(to.track, state=states[to.track], to=to.to, child=_is_child(case))
        if reasons:
            raise WrongState(
                f"case {case.id}, {to.track.value}: from {states[to.track]} to {to.to} is refused "
                f"({', '.join(reasons)}). Possible now: {', '.join(track.NEXT[to.track][states[to.track]]) or 'none'}."
            )
        append(case, kind="moved", payload={"track": to.track.value, "to": to.to, "why": why}, by=by, now=now)
        case.record.setdefault("case", {})[to.track.value] = {"value": to.to, "state": "answered"}
        _save(case, now=now)
        audit.record(
            action="case.move",
            actor=by.name,
            agency=by.agency,
            object=f"case:{case.id}",
            detail={"track": to.track.value, "to": to.to},
            at=now,
        )
    return case


def _locked(case_id: str, *, by: Actor, now: datetime, purpose: str) -> Case:
    found = find(case_id, by=by, now=now, purpose=purpose)
    return Case.objects.select_for_update().get(pk=found.pk)


def replay(case: Case) -> dict[Track, str]:
    """The states of the case, folded from its events alone."""
    moved = case.events.filter(kind="moved").order_by("number").values_list("payload", flat=True)
    return track.fold(Step(track=Track(payload["track"]), to=payload["to"]) for payload in moved)


def append(case: Case, *, kind: str, payload: dict[str, Any], by: Actor, now: datetime) -> Event:
    """Add one event to the case inside the caller's transaction."""
    last = case.events.order_by("-number").values_list("number", flat=True).first() or 0
    return Event.objects.create(
        case=case, agency_id=case.agency_id, number=last + 1, kind=kind, payload=payload, by=by.name, at=now
    )


def _is_child(case: Case) -> bool:
    flag = _value(case.record.get("person", {}).get("child_flag"))
    return flag in {"yes", "presumed", "true", "True", "child"}


def _save(case: Case, *, now: datetime) -> None:
    case.version += 1
    case.updated_at = now
    case.save(update_fields=["record", "version", "updated_at"])


def approve(case_id: str, *, step: str, by: Actor, now: datetime) -> Approval:
    """The second person's word for one step on a case, used up when the step is taken."""
    with transaction.atomic():
        case = Case.objects.select_for_update().filter(pk=case_id).first()
        if case is None:
            raise Unknown("No case by that reference here.")
        decision = permission.ask(by, step, case=case, purpose=OVERSIGHT, now=now)
        if not (decision or decision.awaits_second):
            raise permission.refusal(case, [decision])
        given, _ = Approval.objects.get_or_create(
            case=case, step=step, by=by.name, used_at=None, defaults={"at": now}
        )
        audit.record(
            action="case.approve",
            actor=by.name,
            agency=by.agency,
            object=f"case:{case.id}",
            detail={"step": step},
            at=now,
        )
    return given


def erase(case_id: str, *, by: Actor, now: datetime) -> Case:
    """Crypto-shred one person: sealed parts lose key and text, look-up tokens go; coded facts and audit stay.

    Needs another person's approval of the step `erase` (see `approve`).
    """
    with transaction.atomic():
        case = Case.objects.select_for_update().filter(pk=case_id).first()
        if case is None:
            raise Unknown("No case by that reference here.")
        permission.require(by, "erase", case=case, purpose=OVERSIGHT, now=now)
        case.sealed_parts.update(wrapped_key=None, ciphertext=None, shredded_at=now)
        case.blind_tokens.all().delete()
        case.erased_at = now
        case.save(update_fields=["erased_at"])
        case.approvals.filter(step="erase", used_at=None).update(used_at=now)
        append(case, kind="erased", payload={"tiers": SealedTier.values}, by=by, now=now)
        audit.record(action="case.erase", actor=by.name, agency=by.agency, object=f"case:{case.id}", at=now)
    return case
