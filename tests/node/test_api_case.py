"""Cases through the interface."""

import json

import pytest

from palermo.node.models import AuditEvent, BlindToken, Case, SealedPart
from palermo.protection.access import Role
from tests.node.cases import CANARY, IDENTITY, PASSPORT, inside
from tests.node.systems import a_document, a_system, problem

pytestmark = pytest.mark.django_db


def stored(system, **more):
    response = system.post("/cases", a_document(**more))
    assert response.status_code == 201, response.content
    return response.json()["id"]


def test_a_record_sent_is_a_case_of_the_tokens_agency():
    system = a_system()

    with inside():
        case = Case.objects.get(pk=stored(system))

    assert (case.agency_id, case.created_by) == ("xa-shelter", f"token:{system.token.pk}")
    assert AuditEvent.objects.filter(action="case.store", object=f"case:{case.pk}").count() == 1


def test_a_case_is_read_back_as_it_was_sent_tier_by_tier():
    system = a_system()
    case_id = stored(system, **IDENTITY)

    coded = system.get(f"/cases/{case_id}").json()["record"]
    whole = system.get(f"/cases/{case_id}", tier=["T2", "T3", "T4"]).json()["record"]

    assert CANARY.split()[0] not in json.dumps(coded)
    assert whole == a_document(**IDENTITY)


def test_every_reading_is_in_the_audit_with_its_purpose():
    system = a_system()
    case_id = stored(system, **IDENTITY)

    system.get(f"/cases/{case_id}", tier="T3", purpose="support")

    seen = AuditEvent.objects.filter(object=f"case:{case_id}", action__in=["case.read", "case.unseal"])
    assert {event.action: event.purpose for event in seen} == {
        "case.read": "support",
        "case.unseal": "support",
    }


def test_the_same_key_stores_one_case_and_answers_with_it():
    system = a_system()

    answers = [system.post("/cases", a_document(), idempotency_key="intake-7") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    with inside():
        assert (Case.objects.count(), SealedPart.objects.count()) == (1, 0)


def test_the_same_key_with_sealed_parts_stores_them_once():
    system = a_system()
    for _ in range(2):
        assert system.post("/cases", a_document(**IDENTITY), idempotency_key="k").status_code == 201

    with inside():
        assert SealedPart.objects.values("case", "tier").distinct().count() == SealedPart.objects.count()
        assert BlindToken.objects.count() == len(set(BlindToken.objects.values_list("kind", "token")))


@pytest.mark.parametrize("other", [{"person.sex": "m"}, {"person.names[0].given": "Another"}])
def test_the_same_key_with_another_record_is_a_conflict_and_loses_nothing(other):
    system = a_system()
    first = system.post("/cases", a_document(**IDENTITY), idempotency_key="k").json()["id"]

    body = problem(system.post("/cases", a_document(**IDENTITY | other), idempotency_key="k"), 409)

    assert first in body["detail"]
    assert "Another" not in json.dumps(body)
    with inside():
        assert Case.objects.count() == 1


def test_a_key_sent_again_after_the_case_moved_on_still_answers_with_it():
    system = a_system()
    first = system.post("/cases", a_document(), idempotency_key="k").json()["id"]
    system.post(f"/cases/{first}/moves", {"track": "support", "to": "accepted"})

    again = system.post("/cases", a_document(), idempotency_key="k")

    assert (again.status_code, again.json()["id"]) == (201, first)


def test_the_key_of_one_system_is_not_the_key_of_another():
    ours, theirs = a_system(name="one"), a_system(name="two")
    abroad = a_system(agency="xa-police", name="one")

    made = {
        one.post("/cases", a_document(), idempotency_key="k").json()["id"] for one in (ours, theirs, abroad)
    }

    assert len(made) == 3


def test_a_list_is_read_page_by_page_without_a_gap_or_a_double():
    system = a_system()
    made = [stored(system) for _ in range(53)]

    first = system.get("/cases").json()
    second = system.get("/cases", after=first["after"]).json()

    assert (len(first["cases"]), len(second["cases"]), second["after"]) == (50, 3, None)
    assert [case["id"] for case in first["cases"] + second["cases"]] == made[::-1]


def test_a_list_holds_what_was_asked_for():
    system = a_system()
    man, woman = stored(system, **{"person.sex": "m"}), stored(system, **{"person.citizenships": ["UZ"]})

    assert [case["id"] for case in system.get("/cases", sex="m").json()["cases"]] == [man]
    assert [case["id"] for case in system.get("/cases", citizenship="UZ").json()["cases"]] == [woman]
    assert system.get("/cases", form="Servitude").json() == {"cases": [], "after": None}


def test_a_track_moves_and_a_step_that_the_state_refuses_says_what_is_possible():
    system = a_system()
    case_id = stored(system)

    moved = system.post(f"/cases/{case_id}/moves", {"track": "support", "to": "accepted"})
    refused = problem(system.post(f"/cases/{case_id}/moves", {"track": "support", "to": "accepted"}), 409)

    assert moved.json()["record"]["case"]["support"] == {"value": "accepted", "state": "answered"}
    with inside():
        assert (moved.json()["version"], Case.objects.get(pk=case_id).version) == (2, 2)
    assert "Possible now" in refused["detail"]


SAME_NAME = pytest.mark.parametrize("name", ["intake", "other"], ids=["same name", "another name"])
ROLE = pytest.mark.parametrize(
    "role", [Role.FIRST_RESPONDER, Role.CASE_WORKER, Role.SUPERVISOR, Role.SERVICE_PROVIDER, Role.PEER_NODE]
)


@SAME_NAME
@ROLE
def test_a_token_never_reaches_the_cases_of_another_agency(role, name):
    case_id = stored(a_system(), **IDENTITY)
    abroad = a_system(role, agency="xa-police", name=name)

    here = problem(abroad.get(f"/cases/{case_id}"), 404)
    nowhere = problem(abroad.get("/cases/01ARZ3NDEKTSV4RRFFQ69G5FAV"), 404)
    problem(abroad.get(f"/cases/{case_id}", tier=["T2", "T3", "T4"]), 404)
    problem(abroad.post(f"/cases/{case_id}/moves", {"track": "support", "to": "accepted"}), 404)

    assert here == nowhere
    assert abroad.get("/cases").json() == {"cases": [], "after": None}
    with inside():
        assert Case.objects.get(pk=case_id).version == 1


def test_a_place_in_a_list_tells_nothing_of_another_agencys_case():
    case_id = stored(a_system())
    abroad = a_system(agency="xa-police")
    stored(abroad)

    there = problem(abroad.get("/cases", after=case_id), 404)

    assert there == problem(abroad.get("/cases", after="nothing-of-that-name"), 404)


@pytest.mark.parametrize("role", [Role.ANALYST, Role.PEER_NODE])
def test_a_role_that_stores_no_case_is_refused_with_reasons_and_the_refusal_stays(role):
    system = a_system(role)

    body = problem(system.post("/cases", a_document(**IDENTITY)), 403)

    assert body["reasons"]
    assert PASSPORT not in json.dumps(body)
    with inside():
        assert Case.objects.count() == 0
    assert AuditEvent.objects.filter(action="case.store.refused").count() == 1


def test_the_fifty_first_identity_of_an_hour_is_refused_with_its_reason():
    system = a_system()
    case_id = stored(system, **IDENTITY)
    opened = [system.get(f"/cases/{case_id}", tier="T3").status_code for _ in range(50)]

    body = problem(system.get(f"/cases/{case_id}", tier="T3"), 403)

    assert set(opened) == {200}
    assert body["reasons"]
    assert AuditEvent.objects.filter(action="case.unseal.refused").count() == 1


def test_a_record_with_faults_is_refused_with_all_of_them_by_path_and_without_their_values():
    document = a_document(**IDENTITY)
    document["person"]["sex"]["value"] = CANARY
    document["case"]["year_registered"] = 1700

    body = problem(a_system().post("/cases", document), 422)

    assert {fault["path"] for fault in body["problems"]} == {"person.sex", "case.year_registered"}
    assert all(fault["wrong"] and fault["remedy"] for fault in body["problems"])
    assert CANARY not in json.dumps(body)
