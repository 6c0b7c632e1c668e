"""Opening, closing and reopening agencies."""

import pytest

from palermo.errors import InvalidRecord, NotAllowed, Unknown, WrongState
from palermo.node import keyfile
from palermo.node.actions import agency, member
from palermo.node.models import Agency, AuditEvent
from tests.node.people import BY, NOW, a_member, an_administrator, an_agency, sign_in

pytestmark = pytest.mark.django_db


def opening(**changes):
    given = {"code": "north", "name": "North", "kind": "NGO", "country": "XA", "by": BY, "now": NOW}
    return agency.open(**given | changes)


def test_a_new_agency_has_a_key_of_its_own():
    opening(code="with-a-key")

    assert keyfile.current().keys("with-a-key").current.number == 1
    event = AuditEvent.objects.get()
    assert (event.action, event.agency, event.object) == ("agency.open", "with-a-key", "agency:with-a-key")


def test_an_agency_that_has_a_key_keeps_it():
    agency.make_key("kept", now=NOW)
    before = keyfile.current().keys("kept")

    opening(code="kept")

    assert keyfile.current().keys("kept") == before


def test_every_fault_of_a_new_agency_is_reported_at_once():
    with pytest.raises(InvalidRecord) as error:
        opening(code="no code", name="", kind="KINGDOM", country="xa")

    assert [problem.path for problem in error.value.problems] == ["code", "name", "kind", "country"]
    assert not Agency.objects.exists()


def test_a_code_is_used_once_whatever_its_case():
    opening()

    with pytest.raises(InvalidRecord, match="Another agency"):
        opening(code="NORTH")


def test_only_administrators_open_agencies():
    with pytest.raises(NotAllowed):
        opening(by=a_member().actor)


def test_a_closed_agency_signs_everybody_out(client):
    a_member()
    sign_in(client)

    closed = agency.close(an_agency(), by=BY, now=NOW)

    assert closed.closed_on == NOW.date()
    assert client.get("/account/").status_code == 302
    assert sign_in(client).url == "/account/inactive/"
    assert AuditEvent.objects.get(action="agency.close").detail == {"members": 1, "sessions": 1, "tokens": 0}


def test_an_agency_closes_once():
    closed = agency.close(an_agency(), by=BY, now=NOW)

    with pytest.raises(WrongState, match="closed already"):
        agency.close(closed, by=BY, now=NOW)


def test_an_agency_closed_by_mistake_is_opened_again(client):
    one = a_member()
    closed = agency.close(an_agency(), by=BY, now=NOW)

    opened = agency.reopen(closed, by=BY, now=NOW)

    assert opened.closed_on is None
    event = AuditEvent.objects.get(action="agency.reopen")
    assert (event.actor, event.agency, event.object) == ("operator", "shelter", "agency:shelter")
    assert event.detail == {"closed_on": "2026-03-02"}
    assert sign_in(client).url == "/account/inactive/"
    member.reactivate(member.find(one.name), by=BY, now=NOW)
    assert sign_in(client).url == "/account/"


def test_an_agency_that_is_open_is_not_opened_again():
    with pytest.raises(WrongState, match="is open already"):
        agency.reopen(an_agency(), by=BY, now=NOW)


def test_only_administrators_open_an_agency_again():
    boss = a_member("boss", "supervisor").actor
    closed = agency.close(an_agency("north"), by=BY, now=NOW)

    with pytest.raises(NotAllowed):
        agency.reopen(closed, by=boss, now=NOW)


def test_nobody_closes_the_agency_they_work_in():
    root = an_administrator()

    with pytest.raises(WrongState, match="you work there"):
        agency.close(root.agency, by=root.actor, now=NOW)


def test_an_unknown_agency_is_said_to_be_unknown():
    with pytest.raises(Unknown, match="palermo agency list"):
        agency.find("nowhere")
