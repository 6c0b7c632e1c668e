"""Agencies, members and cases for tests of the node, as functions with defaults."""

import io
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from palermo.node import keyfile, keyring, tenancy
from palermo.node.actions import case
from palermo.node.actor import Actor
from palermo.node.models import Agency, Case, HeldRole, Member, Standing
from palermo.protection.access import Role
from palermo.standards import record as records
from palermo.standards.record import Record

NOW = datetime(2026, 5, 1, 12, 30, tzinfo=UTC)
CANARY = "Zephyrine Quillfeather"
PHONE = "+999 555 0147"
PASSPORT = "QX-7714-0093"


def an_agency(code: str = "xa-shelter") -> Agency:
    """An agency with a key of its own."""
    agency, _ = Agency.objects.get_or_create(
        code=code, defaults={"name": code.title(), "kind": "NGO", "country": "XA"}
    )
    place = keyfile.place()
    ring = keyfile.load(place) if place.exists() else keyring.Keyring()
    if code not in ring.agencies:
        keyfile.save(keyring.make(ring, code, today=date(2026, 1, 1)), place)
    return agency


def a_member(*roles: Role, name: str = "", agency: str = "xa-shelter") -> Member:
    """A member who holds these roles; the name is made of them unless given."""
    name = name or "-".join(sorted(role.value.replace("_", "-") for role in roles)) or "nobody"
    member = Member.objects.create(name=name, display_name=name.title(), agency=an_agency(agency))
    HeldRole.objects.bulk_create(HeldRole(member=member, role=role, granted_by="test") for role in roles)
    return member


def an_actor(*roles: Role, name: str = "", agency: str = "xa-shelter") -> Actor:
    """Someone in these roles, without an account."""
    an_agency(agency)
    return Actor(name=name or "-".join(sorted(roles)) or "nobody", agency=agency, roles=frozenset(roles))


def facts(**more: Any) -> dict[str, Any]:
    """Places of a document with plain values, as `records.document` takes them."""
    return {
        "case.ref": "XA-0001",
        "case.year_registered": 2026,
        "person.sex": "f",
        "person.age_band": "18-20",
        "person.citizenships": ["KZ"],
        "exploitation[0].form": "ForcedLabour",
    } | more


CONSENTED = {
    "consent[0].purpose": "services",
    "consent[0].given": True,
    "consent[0].scope": ["T1", "T2", "T3", "T4"],
    "consent[0].given_at": "2026-01-02",
}
IDENTITY = CONSENTED | {
    "person.names[0].given": CANARY.split()[0],
    "person.names[0].family": CANARY.split()[1],
    "person.documents[0].number": PASSPORT,
    "person.contact[0].channel": "mobile_phone",
    "person.contact[0].value": PHONE,
    "exploitation[0].place": "A farm",
}


def a_record(**more: Any) -> Record:
    """A record of coded facts; identifying ones come by `**IDENTITY`."""
    return records.read(records.document(facts(**more)), where="test")


FIRST = Role.FIRST_RESPONDER
WORKER = Role.CASE_WORKER


def a_case(*, by: Actor | None = None, agency: str = "xa-shelter", now: datetime = NOW, **more: Any) -> Case:
    """A stored case of coded facts."""
    by = by or an_actor(FIRST, name="first", agency=agency)
    an_agency(agency)
    return case.store(a_record(**more), agency=agency, by=by, now=now)


@contextmanager
def inside(agency: str = "xa-shelter") -> Iterator[None]:
    """Where a test itself looks at the rows of an agency, past every page and action; or the whole test, by
    `@inside()`. Row-level security hides them from it as from anyone else."""
    with tenancy.acting_for(agency):
        yield


def stand(kept: Case, kind: str, holder: str) -> Standing:
    """Someone's relation to a case."""
    return Standing.objects.create(case=kept, kind=kind, holder=holder, granted_by="test", granted_at=NOW)


def a_file(rows: Iterable[dict[str, Any]]) -> io.BytesIO:
    """A file of records as JSON lines."""
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    return io.BytesIO("".join(f"{line}\n" for line in lines).encode())
