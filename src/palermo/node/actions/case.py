"""Cases: storing them, finding them by reference or by an exact identifying value, amending them."""

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from palermo.errors import InvalidRecord, NotAllowed, Unknown, WrongState
from palermo.node import bulk, permission, sealing, tenancy
from palermo.node import keyring as keyrings
from palermo.node.actions import audit, case_event, consent, refusal, sealed_part
from palermo.node.actor import Actor
from palermo.node.identifiers import identifiers
from palermo.node.keyfile import current
from palermo.node.models import BlindToken, Case, Consent, Event, PersonKey, SealedPart, SealedTier
from palermo.node.sealing import Kind
from palermo.protection.access_matrix import matrix
from palermo.protection.track import Track
from palermo.standards import identifier, tree
from palermo.standards import record as records
from palermo.standards.field import declared
from palermo.standards.record import Record

SUPPORT, IDENTIFICATION, OVERSIGHT = "support", "identification", "oversight"
CLEAR = "T1"
NONE_HERE = "No case by that reference here. Check it, or ask the agency that owns the case."


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A validated record on its way in, with the file and row it came from and when, if not now.

    `parts` is what it holds, by tier.
    """

    record: Record
    file: str = ""
    row: int | None = None
    at: datetime | None = None
    parts: Mapping[str, dict[str, Any]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", {str(tier): part for tier, part in self.record.tiers().items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """Everything that storing one case writes."""

    case: Case
    parts: tuple[SealedPart, ...]
    tokens: tuple[BlindToken, ...]
    keys: tuple[PersonKey, ...]
    consents: tuple[Consent, ...]
    events: tuple[Event, ...]


def store(
    record: Record, *, agency: str, by: Actor, now: datetime, purpose: str = SUPPORT, once: str = ""
) -> Case:
    """A new case of `agency`; NotAllowed unless `by` may create every tier of the record there.

    A key given as `once` stores one case however often it is sent by the same actor, and answers with it;
    WrongState when it comes again with another record.
    """
    with refusal.recorded("case.store", by=by, object=f"agency:{agency}", purpose=purpose, now=now):
        permit_creation(tiers(record), agency=agency, by=by, now=now, purpose=purpose)
        mark = sha256(f"{by.name}\n{once}".encode()).hexdigest() if once else ""
        audit.wait_turn()
        known = Case.objects.filter(agency_id=agency, origin_file=mark).first() if mark else None
        if known:
            _insist_same(known, record)
            return known
        (case,) = insert(
            [Incoming(record=record, file=mark, row=0 if mark else None)], agency=agency, by=by, now=now
        )
        audit.record(
            action="case.store",
            actor=by.name,
            agency=by.agency,
            object=f"case:{case.id}",
            purpose=purpose,
            at=now,
        )
    return case


def _insist_same(case: Case, record: Record) -> None:
    """A case that has moved on since it was stored cannot be compared any more, and is taken as the same."""
    if case.version > 1 or case.erased_at:
        return
    stored = {CLEAR: case.record, **sealed_part.read(case, SealedTier.values)}
    sent = {str(tier): part for tier, part in record.tiers().items()}
    if any(stored.get(tier, {}) != sent.get(tier, {}) for tier in matrix_tiers()):
        raise WrongState(f"case {case.id}: was stored by this key from another record. Send a new key.")


def tiers(record: Record) -> frozenset[str]:
    """The tiers in which the record holds anything."""
    return frozenset(str(tier) for tier, part in record.tiers().items() if part)


def permit_creation(wanted: Iterable[str], *, agency: str, by: Actor, now: datetime, purpose: str) -> None:
    """NotAllowed, with the reasons, unless `by` may create records with these tiers in `agency`."""
    permission.require_all(by, "create", agency=agency, tiers=sorted(wanted), purpose=purpose, now=now)


def insert(incoming: Sequence[Incoming], *, agency: str, by: Actor, now: datetime) -> list[Case]:
    """Write new cases inside the caller's transaction; the caller asks permission and records the audit."""
    ring = current()
    rows = [_rows(one, agency=agency, by=by, now=one.at or now, ring=ring) for one in incoming]
    bulk.insert([row.case for row in rows])
    bulk.insert([part for row in rows for part in row.parts])
    bulk.insert([token for row in rows for token in row.tokens])
    bulk.insert([key for row in rows for key in row.keys])
    bulk.insert([consent for row in rows for consent in row.consents])
    bulk.insert([event for row in rows for event in row.events])
    return [row.case for row in rows]


def _rows(one: Incoming, *, agency: str, by: Actor, now: datetime, ring: keyrings.Keyring) -> _Rows:
    case = Case(
        id=identifier.make(secrets.token_bytes),
        agency_id=agency,
        record=one.parts.get(CLEAR, {}),
        origin_file=one.file,
        origin_row=one.row,
        created_by=by.name,
        created_at=now,
        updated_at=now,
    )
    document = one.record.document
    sealed = {tier: part for tier, part in one.parts.items() if tier != CLEAR}
    return _Rows(
        case=case,
        parts=tuple(sealed_part.make(case, tier, part, ring=ring) for tier, part in sealed.items()),
        tokens=tuple(sealed_part.tokens(case, identifiers(document), ring=ring)),
        keys=tuple(sealed_part.keys(case, document, ring=ring)),
        consents=tuple(consent.rows(case, document, by=by.name, now=now)),
        events=tuple(case_event.first(case, by=by, now=now)),
    )


def find(case_id: str, *, by: Actor, now: datetime, purpose: str = "") -> Case:
    """The case, its statistical part in clear, and one event that says who looked; refused ones too.

    A case that may not be read and a case that is not there give the same answer: Unknown.
    """
    case = _sought(case_id, by=by)
    allowed = case is not None and bool(_reading(case, by=by, now=now, purpose=purpose))
    with tenancy.acting_as(by):
        audit.record(
            action="case.read" if allowed else "case.read.refused",
            actor=by.name,
            agency=by.agency,
            object=f"case:{case.id}" if case else "",
            purpose=purpose,
            at=now,
        )
    if case is None or not allowed:
        raise Unknown(NONE_HERE)
    return case


def known(case_id: str, *, by: Actor, now: datetime, purpose: str = "") -> Case:
    """The case if `by` may know of it, without an event: for an action that records its own."""
    case = _sought(case_id, by=by)
    if case is None or not _reading(case, by=by, now=now, purpose=purpose):
        raise Unknown(NONE_HERE)
    return case


def _sought(case_id: str, *, by: Actor) -> Case | None:
    with tenancy.acting_as(by):
        return Case.objects.filter(pk=identifier.canonical(case_id)).first()


def _reading(case: Case, *, by: Actor, now: datetime, purpose: str) -> bool:
    """Whether `by` may read the statistical part, for this purpose or (none named) for any."""
    purposes = (purpose,) if purpose else tuple(matrix().purposes)
    return any(
        permission.ask(by, "read", case=case, tier=CLEAR, purpose=one, now=now).allowed for one in purposes
    )


@contextmanager
def concealed(case: Case, *, by: Actor, now: datetime, instead: str = NONE_HERE) -> Iterator[None]:
    """Who may not know of the case is told, when refused a step on it, what is told of one not here."""
    try:
        yield
    except NotAllowed:
        if _reading(case, by=by, now=now, purpose="") or _overseeing(case, by=by, now=now):
            raise
        raise Unknown(instead) from None


def _overseeing(case: Case, *, by: Actor, now: datetime) -> bool:
    return permission.ask(by, "inspect", case=case, tier="T2", purpose=OVERSIGHT, now=now).allowed


def look_up(*, kind: Kind, value: str, by: Actor, now: datetime, purpose: str = SUPPORT) -> list[Case]:
    """The cases of `by`'s own agency that hold exactly this name, number or address.

    Only cases whose identity `by` may read are given; one event says how many, never what was sought.
    NotAllowed when `by` may read no identity at all, or has read too many within the hour.
    """
    with refusal.recorded("case.look_up", by=by, object=f"agency:{by.agency}", purpose=purpose, now=now):
        permission.insist_reach(by, "read", tier="T3", purpose=purpose, now=now)
        token = sealing.blind(value, keyring=current(), agency=by.agency, kind=kind)
        found = [
            case
            for case in Case.objects.holding(agency=by.agency, kind=kind.value, token=token).distinct()
            if permission.ask(by, "read", case=case, tier="T3", purpose=purpose, now=now)
        ]
        audit.record(
            action="case.look_up",
            actor=by.name,
            agency=by.agency,
            object=f"agency:{by.agency}",
            purpose=purpose,
            detail={"kind": kind.value, "found": len(found)},
            at=now,
        )
    return found


def amend(
    case_id: str,
    *,
    document: Mapping[str, Any],
    version: int,
    by: Actor,
    now: datetime,
    purpose: str = SUPPORT,
    only: Iterable[str] = ("T1", "T2", "T3", "T4"),
) -> Case:
    """Put what `document` says in place of the tiers named in `only`; other tiers stay as they are.

    The whole record is validated again (InvalidRecord). WrongState when the case has moved on since
    `version`, when the document moves a track, or when the person was erased. The event names field paths
    only.
    """
    case = known(case_id, by=by, now=now)
    with refusal.recorded("case.amend", by=by, object=f"case:{case.id}", purpose=purpose, now=now):
        case = Case.objects.select_for_update().get(pk=case.pk)
        before = {CLEAR: case.record, **sealed_part.read(case, SealedTier.values)}
        record = _amended(case, before, document, version=version, only=frozenset(only))
        after = {str(tier): part for tier, part in record.tiers().items()}
        changed = [tier for tier in matrix_tiers() if after.get(tier, {}) != before.get(tier, {})]
        permission.require_all(by, "write", case=case, tiers=changed, purpose=purpose, now=now)
        if changed:
            _rewrite(case, after, changed, record.document, by=by, now=now)
            fields = sorted(
                {path for tier in changed for path in differences(before.get(tier, {}), after.get(tier, {}))}
            )
            case_event.append(case, kind="amended", payload={"fields": fields}, by=by, now=now)
        audit.record(
            action="case.amend",
            actor=by.name,
            agency=by.agency,
            object=f"case:{case.id}",
            purpose=purpose,
            detail={"tiers": changed},
            at=now,
        )
    return case


def matrix_tiers() -> tuple[str, ...]:
    """The tiers in order: the clear one, then the sealed ones."""
    return (CLEAR, *SealedTier.values)


def _amended(
    case: Case,
    before: Mapping[str, dict[str, Any]],
    document: Mapping[str, Any],
    *,
    version: int,
    only: frozenset[str],
) -> Record:
    if case.erased_at:
        raise WrongState(f"case {case.id}: the person was erased on {case.erased_at:%Y-%m-%d}.")
    if case.version != version:
        raise WrongState(
            f"case {case.id}: you changed version {version}, and it is now {case.version}. "
            "Open the case again and make your change there."
        )
    where = f"case {case.id}"
    faults = records.faults(dict(document))
    if faults:
        raise InvalidRecord(where, faults)
    given = {str(tier): part for tier, part in tree.split(document).items()}
    parts = {tier: (given if tier in only else before).get(tier, {}) for tier in matrix_tiers()}
    whole = tree.merge(part for part in parts.values() if part)
    if _unlike(tree.split(whole), {tier: part for tier, part in parts.items() if part}):
        raise WrongState(f"{where}: a list grew or shrank in one tier only. Give every tier that holds it.")
    record = records.read(whole, where=where)
    states = case_event.recorded(case.record)
    if case_event.recorded(record.tier(CLEAR)) != states:
        tracks = ", ".join(f"{name.value} {states[name]}" for name in Track)
        raise WrongState(f"{where}: a track is moved by a step of its own, not by an amendment ({tracks}).")
    return record


def _unlike(split: Mapping[Any, Any], parts: Mapping[str, Any]) -> bool:
    return {str(tier): part for tier, part in split.items()} != parts


def _rewrite(
    case: Case,
    after: Mapping[str, dict[str, Any]],
    changed: Sequence[str],
    document: Mapping[str, Any],
    *,
    by: Actor,
    now: datetime,
) -> None:
    ring = current()
    for tier in changed:
        if tier == CLEAR:
            case.record = after[CLEAR]
        else:
            sealed_part.replace(case, tier, after.get(tier, {}), ring=ring)
    if set(changed) - {CLEAR}:
        case.blind_tokens.all().delete()
        BlindToken.objects.bulk_create(sealed_part.tokens(case, identifiers(document), ring=ring))
        case.person_keys.all().delete()
        PersonKey.objects.bulk_create(sealed_part.keys(case, document, ring=ring))
    consent.reconcile(case, document, by=by.name, now=now)
    save(case, now=now)


def save(case: Case, *, now: datetime) -> None:
    """Write the statistical document as the case's next version, inside the caller's transaction."""
    case.version += 1
    case.updated_at = now
    case.save(update_fields=["record", "version", "updated_at"])


def differences(before: Any, after: Any) -> set[str]:
    """The declared paths (`exploitation[].form`) at which two documents differ; never the values."""
    return {declared(place) for place, _ in set(_leaves(before)) ^ set(_leaves(after))}


def _leaves(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every place of a document where something ends (an answer, a value, an empty object), and what."""
    if isinstance(value, Mapping) and value and "state" not in value:
        for key, held in value.items():
            yield from _leaves(held, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list) and value:
        for number, held in enumerate(value):
            yield from _leaves(held, f"{place}[{number}]")
    else:
        yield place, json.dumps(value, sort_keys=True)


def inspect(case_id: str, *, by: Actor, now: datetime) -> Case:
    """The case for whoever may see that its parts exist, never their content; one event says who looked."""
    found = _sought(case_id, by=by)
    if found is None or not _overseeing(found, by=by, now=now):
        raise Unknown(NONE_HERE)
    with tenancy.acting_as(by):
        audit.record(
            action="case.inspect",
            actor=by.name,
            agency=by.agency,
            object=f"case:{found.id}",
            purpose=OVERSIGHT,
            at=now,
        )
    return found
