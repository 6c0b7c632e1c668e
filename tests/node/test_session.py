"""Sessions: listed, ended by oneself and by those who look after an account."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.urls import reverse

from palermo.errors import NotAllowed, Unknown
from palermo.node.actions import member, session
from palermo.node.models import AuditEvent
from palermo.protection.access import Role
from tests.node.people import BY, NOW, a_member, an_administrator, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_attempts_yet():
    cache.clear()


def only(member):
    return UserSession.objects.get(user=member).pk


def test_a_killed_session_is_over_at_once(client):
    one = a_member()
    sign_in(client)

    session.kill(only(one), by=an_administrator().actor, now=NOW)

    assert client.get("/account/").status_code == 302
    event = AuditEvent.objects.get(action="session.kill")
    assert (event.actor, event.object, event.detail) == ("root-admin", "member:a-diallo", {"count": 1})


def test_a_member_kills_their_own_session_and_no_one_elses(client, client_of):
    one, other = a_member(), a_member("b-keita")
    sign_in(client)
    sign_in(client_of(), "b-keita")

    session.kill(only(one), by=one.actor, now=NOW)
    with pytest.raises(NotAllowed):
        session.kill(only(other), by=one.actor, now=NOW)


def test_a_supervisor_ends_the_sessions_of_their_agency(client, client_of):
    boss = a_member("boss", "supervisor").actor
    near, far = a_member(), a_member("e-far", at="elsewhere")
    sign_in(client)
    sign_in(client_of(), "e-far")

    assert session.kill_all(near, by=boss, now=NOW) == 1
    with pytest.raises(NotAllowed):
        session.kill_all(far, by=boss, now=NOW)


LOOKED_AFTER_BY_A_SUPERVISOR = {
    "first_responder": True,
    "case_worker": True,
    "service_provider": True,
    "border_officer": True,
    "supervisor": False,
    "competent_authority": False,
    "data_protection_officer": False,
    "prosecutor": False,
    "guardian": False,
    "survivor": False,
    "analyst": False,
    "administrator": False,
}


def test_the_table_names_every_role_that_a_person_holds():
    assert set(LOOKED_AFTER_BY_A_SUPERVISOR) == {role.value for role in Role} - {Role.PEER_NODE}


@pytest.mark.parametrize(("role", "looked_after"), LOOKED_AFTER_BY_A_SUPERVISOR.items())
def test_a_supervisor_looks_after_those_who_neither_decide_nor_check(role, looked_after):
    boss, other = a_member("boss", "supervisor").actor, a_member("other", role)

    assert session.supervises(boss, other) is looked_after
    if looked_after:
        assert session.kill_all(other, by=boss, now=NOW) == 0
        assert member.issue_code(other, by=boss, now=NOW)
    else:
        with pytest.raises(NotAllowed):
            session.kill_all(other, by=boss, now=NOW)
        with pytest.raises(NotAllowed):
            member.issue_code(other, by=boss, now=NOW)


def test_one_role_too_many_takes_a_member_out_of_a_supervisors_hands():
    boss = a_member("boss", "supervisor").actor

    assert not session.supervises(boss, a_member("both", "case_worker", "competent_authority"))


def test_ending_no_session_is_no_event():
    one = a_member()

    assert session.kill_all(one, by=BY, now=NOW) == 0
    assert not AuditEvent.objects.filter(action="session.kill").exists()


def test_a_session_that_is_over_cannot_be_killed():
    with pytest.raises(Unknown):
        session.kill(4711, by=BY, now=NOW)


def test_only_living_sessions_are_listed(client, client_of):
    one = a_member()
    sign_in(client)
    sign_in(client_of())
    assert len(session.of(one)) == len(session.every()) == 2

    Session.objects.filter(pk=client.session.session_key).delete()

    assert len(session.of(one)) == len(session.every()) == 1


def test_a_member_ends_all_other_sessions_from_the_list(client, client_of):
    a_member()
    other = client_of()
    sign_in(client)
    sign_in(other)
    assert b"This one" in client.get(reverse("usersessions_list")).content

    client.post(reverse("usersessions_list"))

    assert other.get("/account/").status_code == 302
    assert client.get("/account/").status_code == 200
    assert AuditEvent.objects.get(action="session.kill").detail == {"count": 1}


def test_lost_factors_are_taken_away_by_an_administrator(client):
    one = a_member()
    Authenticator.objects.create(user=one, type="totp", data={})
    client.force_login(one)
    client.get("/account/")

    assert session.forget_factors(one, by=an_administrator().actor, now=NOW) == 1

    assert not session.has_second_factor(one)
    assert client.get("/account/").status_code == 302
    assert AuditEvent.objects.get(action="factor.forget").detail == {"count": 1, "sessions": 1}


def test_nobody_takes_away_their_own_factors_that_way():
    root = an_administrator()

    with pytest.raises(NotAllowed):
        session.forget_factors(root, by=root.actor, now=NOW)


def test_a_supervisor_takes_no_factor_away():
    boss = a_member("boss", "supervisor").actor

    with pytest.raises(NotAllowed):
        session.forget_factors(a_member(), by=boss, now=NOW)


def test_a_lock_is_recorded_once_while_it_lasts():
    a_member()

    session.locked("a-diallo", seconds=60)
    session.locked("a-diallo", seconds=60)

    assert AuditEvent.objects.filter(action="session.lock").count() == 1
