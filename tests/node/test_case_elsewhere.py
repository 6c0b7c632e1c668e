"""What is done to a case of another agency: by whoever stands to it in some relation, and by no one else.

The same on SQLite and on PostgreSQL, where row-level security must open just enough for each step.
"""

import pytest
from django.db import DatabaseError

from palermo.errors import NotAllowed
from palermo.node.actions import case, case_track, emergency, sealed_part
from palermo.node.actor import Actor
from palermo.node.models import Case, Event
from palermo.node.sealing import Kind
from palermo.protection.access import Role
from palermo.protection.track import Step, Track
from tests.node.cases import (
    CANARY,
    FIRST,
    IDENTITY,
    NOW,
    WORKER,
    a_case,
    a_record,
    an_actor,
    an_agency,
    inside,
    stand,
)

pytestmark = pytest.mark.django_db

UNCONSENTED = {key: value for key, value in IDENTITY.items() if "scope" not in key}
OTTOLINE = IDENTITY | {"person.names[0].given": "Ottoline"}


def held(kind: str, holder: str, **facts) -> Case:
    kept = a_case(**IDENTITY | facts)
    stand(kept, kind, holder)
    return kept


def found(name: str) -> list[Case]:
    return case.look_up(kind=Kind.NAME, value=name, by=an_actor(WORKER), now=NOW)


def test_a_decision_body_amends_coded_facts_and_the_names_stay_where_they_are():
    kept = held("decision_body", "xa-authority")
    by = an_actor(Role.COMPETENT_AUTHORITY, name="ama", agency="xa-authority")
    changed = a_record(**IDENTITY | {"person.sex": "m"}).document

    case.amend(kept.pk, document=changed, version=1, by=by, now=NOW, purpose="identification", only=["T1"])

    with inside():
        assert Case.objects.get(pk=kept.pk).sex == "m"
        assert Event.objects.filter(case=kept).last().by == "ama"
    assert found(CANARY) == [kept]


@pytest.mark.parametrize(
    "kind, role", [("guardian", Role.GUARDIAN), ("decision_body", Role.COMPETENT_AUTHORITY)]
)
def test_who_only_reads_a_case_elsewhere_is_refused_a_change_with_reasons(kind, role):
    kept = held(kind, "xa-office" if kind == "decision_body" else "gina")
    by = an_actor(role, name="gina", agency="xa-office")

    with pytest.raises(NotAllowed):
        case.amend(kept.pk, document=a_record(**OTTOLINE).document, version=1, by=by, now=NOW)
    with pytest.raises(NotAllowed):
        case_track.move(kept.pk, to=Step(track=Track.SUPPORT, to="closed"), by=by, now=NOW)

    assert found(CANARY) == [kept]


def test_the_person_corrects_their_own_name_from_anywhere():
    kept = held("person", "noor")
    noor = an_actor(Role.SURVIVOR, name="noor", agency="xa-elsewhere")

    case.amend(
        kept.pk,
        document=a_record(**OTTOLINE).document,
        version=1,
        by=noor,
        now=NOW,
        purpose="own_access",
        only=["T3"],
    )

    assert not found(CANARY)
    assert found(f"Ottoline {CANARY.split()[1]}") == [kept]


def test_who_wrote_a_case_down_goes_on_with_it_from_where_they_work_now():
    kept = a_case(by=an_actor(FIRST, name="ana"), **IDENTITY)
    ana = an_actor(FIRST, name="ana", agency="xa-police")

    kept = case.amend(kept.pk, document=a_record(**OTTOLINE).document, version=1, by=ana, now=NOW)
    opened = sealed_part.unseal(kept, tiers=["T3"], by=ana, purpose="support", now=NOW)

    assert opened["person"]["names"][0]["given"] == "Ottoline"
    assert found(f"Ottoline {CANARY.split()[1]}") == [kept]


def opens_life_safety(kept: Case, by: Actor) -> bool:
    try:
        return bool(sealed_part.unseal(kept, tiers=["T4"], by=by, purpose="support", now=NOW))
    except NotAllowed:
        return False


def test_an_emergency_of_a_guardian_is_answered_where_the_case_is_kept():
    kept = a_case(**UNCONSENTED)
    stand(kept, "guardian", "gina")
    gina = an_actor(Role.GUARDIAN, name="gina", agency="xa-office")
    assert not opens_life_safety(kept, gina)

    opening = emergency.open(kept.pk, tiers=["T4"], reason="child_in_danger", by=gina, now=NOW)
    assert opens_life_safety(kept, gina)
    emergency.answer(
        opening.pk, confirm=False, by=an_actor(Role.DATA_PROTECTION_OFFICER, name="dora"), now=NOW
    )

    assert not opens_life_safety(kept, gina)
    with inside():
        assert [event.kind for event in kept.events.all()] == ["received", "emergency", "emergency-refuse"]


def test_a_case_keeps_its_agency_even_in_the_database():
    kept = a_case(**IDENTITY)
    an_agency("xa-police")

    with pytest.raises(DatabaseError, match="keeps its agency"), inside():
        Case.objects.filter(pk=kept.pk).update(agency_id="xa-police")
