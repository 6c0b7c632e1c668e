"""The pages of administration, and who may open them."""

import re
import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from palermo.node import readiness
from palermo.node.actions import member, token
from palermo.node.models import Agency, ApiToken, Member
from palermo.node.views.administration import NEEDS
from palermo.protection.access import Role
from tests.node.people import PASSWORD, a_member, an_administrator, an_agency, sign_in

pytestmark = pytest.mark.django_db

PAGES = [
    "administration",
    "agency_list",
    "agency_open",
    "member_add",
    "token_list",
    "token_issue",
    "session_list",
]


@pytest.fixture(autouse=True)
def _no_attempts_yet():
    cache.clear()


@pytest.fixture
def root(client):
    """An administrator who has just signed in."""
    one = an_administrator()
    sign_in(client, one.name)
    return one


def step(client, one, name, **data):
    return client.post(reverse("member_step", args=[one.pk, name]), data)


@pytest.mark.parametrize("page", [*PAGES, "member_list"])
def test_an_administrator_opens_every_page_of_it(client, root, page):
    text = client.get(reverse(page)).content.decode()

    assert text.count("<h1") == 1
    assert not re.search(r'<script(?![^>]*(src=|type="application/json"))|\son\w+=|\sstyle=|<style', text)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR, Role.PEER_NODE}))
def test_nobody_else_opens_any(client, role):
    a_member("someone", role)
    sign_in(client, "someone")

    assert {client.get(reverse(page)).status_code for page in PAGES} == {403}
    assert client.get(reverse("member_list")).status_code == (200 if role == "supervisor" else 403)


def test_an_agency_is_opened_closed_and_opened_again(client, root):
    client.post(
        reverse("agency_open"), {"name": "North", "code": "north-1", "kind": "Shelter", "country": "XA"}
    )
    assert b"north-1" in client.get(reverse("agency_list")).content

    assert client.get(reverse("agency_close", args=["north-1"])).status_code == 200
    client.post(reverse("agency_close", args=["north-1"]))

    assert Agency.objects.get(pk="north-1").closed_on

    again = reverse("agency_reopen", args=["north-1"])
    assert again.encode() in client.get(reverse("agency_list")).content
    assert client.get(again).status_code == 200
    assert Agency.objects.get(pk="north-1").closed_on
    client.post(again)

    assert Agency.objects.get(pk="north-1").closed_on is None


def test_an_agency_that_does_not_fit_is_shown_again_with_the_faults(client, root):
    answer = client.post(
        reverse("agency_open"), {"name": "N", "code": "no code", "kind": "Shelter", "country": "xa"}
    )

    assert set(answer.context["form"].errors) == {"code", "country"}


def test_a_member_is_added_and_signs_in_with_the_code_that_is_shown(client, root, client_of):
    an_agency()
    answer = client.post(
        reverse("member_add"),
        {"display_name": "B. Keita", "name": "b-keita", "agency": "shelter", "roles": ["case_worker"]},
    )
    code = answer.context["code"]
    assert code in answer.content.decode()

    other = client_of()
    new = {"name": "b-keita", "code": code, "password": PASSWORD, "again": PASSWORD}
    assert other.post(reverse("account_code"), new).status_code == 302
    assert sign_in(other, "b-keita").status_code == 302


def test_a_member_who_does_not_fit_is_shown_again_with_the_faults(client, root):
    an_agency()
    answer = client.post(
        reverse("member_add"),
        {"display_name": "X", "name": "No Name", "agency": "shelter", "roles": ["administrator", "analyst"]},
    )

    assert set(answer.context["form"].errors) == {"name", "roles"}


def test_what_may_be_done_to_a_member_is_done(client, root):
    one = a_member()

    assert client.get(reverse("member_page", args=[one.pk])).status_code == 200
    step(client, one, "roles", roles=["supervisor"])
    assert member.find(one.name).roles == {Role.SUPERVISOR}
    assert "code" in step(client, one, "code").context
    step(client, one, "end-sessions")
    step(client, one, "forget-factors")
    step(client, one, "deactivate")
    assert not member.find(one.name).is_active
    assert b"Let them in again" in client.get(reverse("member_page", args=[one.pk])).content
    step(client, one, "reactivate")
    assert member.find(one.name).is_active


def test_roles_that_do_not_go_together_are_refused_on_the_page(client, root):
    one = a_member()

    answer = client.post(
        reverse("member_step", args=[one.pk, "roles"]), {"roles": ["administrator", "analyst"]}, follow=True
    )

    assert b"opens no record" in answer.content
    assert member.find(one.name).roles == {Role.CASE_WORKER}


def test_a_step_that_does_not_exist_is_not_found(client, root):
    assert step(client, a_member(), "promote").status_code == 404


def test_a_step_is_not_done_by_following_a_link(client, root):
    assert client.get(reverse("member_step", args=[a_member().pk, "deactivate"])).status_code == 405


def test_one_does_not_change_oneself(client, root):
    assert b"This is you." in client.get(reverse("member_page", args=[root.pk])).content
    assert step(client, root, "deactivate").status_code == 403


def test_a_supervisor_sees_their_own_agency_and_hands_out_codes(client):
    a_member("boss", "supervisor")
    near, far = a_member(), a_member("e-far", at="elsewhere")
    sign_in(client, "boss")

    page = client.get(reverse("member_list")).content
    assert b"a-diallo" in page
    assert b"e-far" not in page
    assert client.get(reverse("member_page", args=[near.pk])).status_code == 200
    assert client.get(reverse("member_page", args=[far.pk])).status_code == 404
    assert "code" in step(client, near, "code").context
    assert step(client, near, "deactivate").status_code == 403


def test_a_supervisor_is_offered_no_code_for_someone_who_decides(client):
    a_member("boss", "supervisor")
    second = a_member("c-second", "competent_authority")
    sign_in(client, "boss")

    page = client.get(reverse("member_page", args=[second.pk])).content
    assert b"only an administrator looks after the account" in page
    assert reverse("member_step", args=[second.pk, "code"]).encode() not in page
    assert step(client, second, "code").status_code == 403
    assert step(client, second, "end-sessions").status_code == 403


def test_a_token_is_issued_shown_once_and_revoked(client, root):
    an_agency()
    day = timezone.now() + timedelta(days=30)
    parts = {"expires_at_0": day.day, "expires_at_1": day.month, "expires_at_2": day.year}
    answer = client.post(
        reverse("token_issue"), {"agency": "shelter", "name": "intake", "roles": ["case_worker"], **parts}
    )
    secret = answer.context["issued"].secret
    assert secret in answer.content.decode()
    assert secret not in client.get(reverse("token_list")).content.decode()
    made = token.authenticate(secret, now=timezone.now())

    assert client.get(reverse("token_revoke", args=[made.pk])).status_code == 200
    client.post(reverse("token_revoke", args=[made.pk]))

    assert ApiToken.objects.get().revoked_at
    assert b"Revoked" in client.get(reverse("token_list")).content


def test_a_token_that_does_not_fit_is_shown_again_with_the_fault(client, root):
    an_agency()
    parts = {"expires_at_0": 1, "expires_at_1": 1, "expires_at_2": 2020}
    answer = client.post(
        reverse("token_issue"), {"agency": "shelter", "name": "x", "roles": ["case_worker"], **parts}
    )

    assert set(answer.context["form"].errors) == {"expires_at"}


def test_a_session_is_ended_from_the_list(client, root, client_of):
    a_member()
    other = client_of()
    sign_in(other)
    number = next(one.pk for one in Member.objects.get(name="a-diallo").usersession_set.all())
    assert b"Member a-diallo" in client.get(reverse("session_list")).content

    assert client.get(reverse("session_end", args=[number])).status_code == 200
    client.post(reverse("session_end", args=[number]))

    assert other.get("/account/").status_code == 302


def test_an_old_sign_in_confirms_itself_before_a_step(client, root, monkeypatch):
    one = a_member()
    present = time.time
    monkeypatch.setattr(time, "time", lambda: present() + 6 * 60)

    answer = step(client, one, "deactivate")
    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert member.find(one.name).is_active

    client.post(answer.url, {"password": PASSWORD})
    assert not member.find(one.name).is_active


def test_the_state_of_the_node_says_what_to_do(client, root):
    text = client.get(reverse("administration")).content.decode()

    assert "Tables of this edition" in text
    assert "Keys of the agencies" in text


def test_every_need_of_the_node_has_a_name():
    assert set(NEEDS) == {check.name for check in readiness.checks()}
