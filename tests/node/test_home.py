"""Home: what waits for each role, counted, and nothing of another's."""

import pytest

from palermo.node.actions import approval
from palermo.protection.access import Role
from tests.node.cases import FIRST, NOW, WORKER, a_case, a_member, an_actor, stand

pytestmark = pytest.mark.django_db


def cards(client, *roles: Role, **more) -> dict[str, int | None]:
    client.force_login(a_member(*roles, **more))
    return {card.title: card.number for card in client.get("/").context["cards"]}


def test_a_case_worker_sees_who_waits_and_who_is_not_safe(client):
    a_case(**{"case.identification": "received"})
    a_case(**{"case.safety": "at_risk"})
    a_case(**{"case.safety": "missing"})
    a_case(agency="xa-police", **{"case.safety": "missing"})

    found = cards(client, WORKER)

    assert found["Reported, not presumed yet"] == 1
    assert (found["At risk"], found["Missing"], found["Cases of your team"]) == (1, 1, 3)


def test_a_first_responder_counts_what_they_wrote_themselves(client):
    a_case(by=an_actor(FIRST, name="me"))
    a_case(by=an_actor(FIRST, name="another"))

    assert cards(client, FIRST, name="me")["Cases you wrote down"] == 1


def test_a_supervisor_sees_what_may_be_closed(client):
    a_case(**{"case.support": "follow_up"})

    assert cards(client, Role.SUPERVISOR)["Ready to be closed"] == 1


def test_the_deciding_body_sees_only_what_was_sent_to_it(client):
    sent = a_case(**{"case.identification": "referred_to_authority"})
    stand(sent, "decision_body", "xa-authority")
    a_case(**{"case.identification": "referred_to_authority"})

    found = cards(client, Role.COMPETENT_AUTHORITY, agency="xa-authority")

    assert found == {"Waiting for your first decision": 1, "Waiting for the final decision": 0}


def test_a_guardian_counts_those_they_stand_by(client):
    stand(a_case(), "guardian", "guardian")
    a_case()

    assert cards(client, Role.GUARDIAN) == {"People you stand by": 1}


def test_an_officer_sees_erasures_that_wait_for_a_second_person(client):
    kept = a_case()
    officer = an_actor(Role.DATA_PROTECTION_OFFICER, name="one")
    approval.give(kept.pk, step="erase", by=officer, now=NOW)

    assert "Erasure waits for a second person" in cards(client, Role.DATA_PROTECTION_OFFICER, name="two")


def test_an_officer_is_not_asked_to_second_themselves(client):
    kept = a_case()
    officer = an_actor(Role.DATA_PROTECTION_OFFICER, name="one")
    approval.give(kept.pk, step="erase", by=officer, now=NOW)

    found = cards(client, Role.DATA_PROTECTION_OFFICER, name="one")

    assert "Erasure waits for a second person" not in found


def test_two_roles_see_the_cards_of_both_each_once(client):
    found = cards(client, Role.PROSECUTOR, Role.BORDER_OFFICER)

    assert set(found) == {"Cases under your mandate", "What you did here"}


def test_who_has_nothing_waiting_is_told_so(client):
    client.force_login(a_member(Role.PEER_NODE))

    assert "Nothing waits for you" in client.get("/").content.decode()
