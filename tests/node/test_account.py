"""Signing in: password, second factor, lock-out, time limits, one-time codes."""

import re
import time

import pytest
from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.urls import NoReverseMatch, reverse

from palermo.errors import WrongState
from palermo.node import factor, keyring, lifetime
from palermo.node.account import RECORDED
from palermo.node.actions import member, session
from palermo.node.models import AuditEvent
from tests.node.people import PASSWORD, a_member, an_administrator, app_code, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_attempts_yet():
    cache.clear()


@pytest.fixture
def required(monkeypatch):
    """A node that requires a second factor."""
    from dataclasses import replace

    monkeypatch.setattr(settings, "NODE", replace(settings.NODE, second_factor_required=True))


def recorded(action):
    return list(AuditEvent.objects.filter(action=action))


@pytest.fixture
def enrolled(django_capture_on_commit_callbacks):
    """Signs in, sets up an app through the pages, and gives its secret back."""

    def set_up(client, name="a-diallo"):
        sign_in(client, name)
        secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
        with django_capture_on_commit_callbacks(execute=True):
            client.post(reverse("mfa_activate_totp"), {"code": app_code(secret, now=time.time())})
        return secret

    return set_up


def later(monkeypatch, seconds):
    present = time.time
    monkeypatch.setattr(time, "time", lambda: present() + seconds)


# -- password --------


def test_a_member_signs_in_by_name_and_password(client):
    a_member()

    answer = sign_in(client)

    assert answer.url == "/account/"
    assert b"Member a-diallo" in client.get("/account/").content
    assert [(event.actor, event.detail) for event in recorded("session.begin")] == [
        ("a-diallo", {"methods": ["password"]})
    ]


def test_the_case_of_the_sign_in_name_does_not_matter(client):
    a_member()

    assert sign_in(client, "A-Diallo").status_code == 302


def test_passwords_are_hashed_by_argon2id_with_nineteen_mebibytes():
    assert re.match(r"argon2\$argon2id\$v=19\$m=19456,t=2,p=1\$", make_password("x"))


def test_a_wrong_password_and_an_unknown_name_get_the_same_page(client):
    a_member()

    known = sign_in(client, "a-diallo", "wrong")
    unknown = sign_in(client, "b-unknown", "wrong")

    def bare(answer, name):
        text = answer.content.decode().replace(name, "")
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)

    assert known.status_code == unknown.status_code == 200
    assert bare(known, "a-diallo") == bare(unknown, "b-unknown")
    assert b"The sign-in name or the password is not correct." in known.content


def test_an_unknown_name_costs_as_many_hashes_as_a_wrong_password(client, monkeypatch):
    from palermo.node.hasher import Argon2

    a_member()
    hashed = []
    encode, verify = Argon2.encode, Argon2.verify
    monkeypatch.setattr(Argon2, "encode", lambda *a: hashed.append("encode") or encode(*a))
    monkeypatch.setattr(Argon2, "verify", lambda *a: hashed.append("verify") or verify(*a))

    sign_in(client, "a-diallo", "wrong")
    known = len(hashed)
    sign_in(client, "b-unknown", "wrong")

    assert known == len(hashed) - known == 1


def test_a_failed_sign_in_names_the_member_and_never_what_was_typed_for_another(client):
    a_member()

    sign_in(client, "a-diallo", "wrong")
    sign_in(client, PASSWORD, "a-diallo")

    first, second = recorded("session.fail")
    assert (first.actor, first.object, first.detail) == (
        "a-diallo",
        "member:a-diallo",
        {"reason": "password"},
    )
    assert (second.actor, second.object, second.detail) == ("nobody", "", {"reason": "unknown-name"})
    assert PASSWORD not in str(list(AuditEvent.objects.values()))


def test_signing_out_ends_the_session_and_is_recorded(client):
    a_member()
    sign_in(client)

    client.post(reverse("account_logout"))

    assert client.get("/account/").status_code == 302
    assert [event.actor for event in recorded("session.end")] == ["a-diallo"]


def test_a_changed_password_ends_the_other_sessions(client, client_of):
    a_member()
    other = client_of()
    sign_in(client)
    sign_in(other)

    new = "another-orchard-lantern-4"
    client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )

    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302
    assert len(recorded("member.change_password")) == 1


def test_a_deactivated_member_with_the_right_password_is_told_that_the_account_is_closed(client):
    someone = a_member()
    someone.is_active = False
    someone.save()

    answer = sign_in(client)

    assert answer.url == reverse("account_inactive")
    assert client.get(answer.url).status_code == 200
    assert [event.detail for event in recorded("session.fail")] == [{"reason": "deactivated"}]


def test_a_member_without_a_password_is_led_from_changing_it_to_their_code(client):
    client.force_login(a_member(password=None))

    answer = client.get(reverse("account_change_password"), follow=True)

    assert answer.request["PATH_INFO"] == reverse("account_code")


# -- what is not there --------


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_reset_password"])
def test_there_is_no_page_for_sign_up_or_e_mail(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_sign_up_is_closed_even_where_a_page_for_it_were_served(rf):
    assert get_adapter().is_open_for_signup(rf.get("/")) is False


def test_no_e_mail_is_ever_sent():
    with pytest.raises(WrongState, match="sends no e-mail"):
        get_adapter().send_mail("account/email/password_reset_key", "someone@example.org", {})


def test_every_change_that_would_be_mailed_is_recorded_instead():
    assert {action for action, _detail in RECORDED.values()} == {
        "member.change_password",
        "factor.add",
        "factor.remove",
        "factor.renew",
    }


# -- lock-out --------


def test_five_wrong_passwords_shut_the_name_even_for_the_right_one(client):
    a_member()
    for _ in range(5):
        sign_in(client, "a-diallo", "wrong")

    answer = sign_in(client)

    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"
    assert "Wait 15 minutes" in answer.content.decode()
    assert [event.actor for event in recorded("session.lock")] == ["a-diallo"]


def test_a_shut_name_leaves_others_open(client):
    a_member()
    a_member("b-keita")
    for _ in range(5):
        sign_in(client, "a-diallo", "wrong")

    assert sign_in(client, "b-keita").status_code == 302


def test_a_shut_name_opens_again_after_a_quarter_of_an_hour(client, monkeypatch):
    a_member()
    for _ in range(5):
        sign_in(client, "a-diallo", "wrong")
    cache.clear()  # the counters last no longer than that

    later(monkeypatch, 15 * 60 + 1)

    assert sign_in(client).status_code == 302


def test_a_name_that_is_not_a_members_is_shut_alike(client):
    for _ in range(5):
        sign_in(client, "b-unknown", "wrong")

    assert sign_in(client, "b-unknown").status_code == 429
    assert [event.actor for event in recorded("session.lock")] == ["nobody"]


def test_thirty_failures_shut_an_address(client, monkeypatch):
    monkeypatch.setattr(
        settings, "ACCOUNT_RATE_LIMITS", {"login_failed": "30/15m/ip,5/15m/key", "login": "99/m/ip"}
    )
    a_member()
    for number in range(30):
        sign_in(client, f"nobody-{number}", "x")

    assert sign_in(client).status_code == 429


def test_the_cache_holds_more_counters_than_an_attacker_can_push_out():
    assert cache._max_entries >= 100_000


# -- second factor --------


def test_an_app_is_set_up_and_asked_for_from_then_on(client, client_of, monkeypatch, enrolled):
    a_member()
    secret = enrolled(client)
    assert [event.detail for event in recorded("factor.add")] == [{"kind": "totp"}]

    other = client_of()
    assert sign_in(other).url == reverse("mfa_authenticate")
    assert other.get("/account/").status_code == 302
    later(monkeypatch, 60)
    answer = other.post(reverse("mfa_authenticate"), {"code": app_code(secret, now=time.time())})

    assert answer.status_code == 302
    assert other.get("/account/").status_code == 200
    assert recorded("session.begin")[-1].detail == {"methods": ["password", "totp"]}


def test_a_wrong_code_is_refused_and_recorded(client, client_of, enrolled):
    a_member()
    enrolled(client)
    other = client_of()
    sign_in(other)

    answer = other.post(reverse("mfa_authenticate"), {"code": "000000"})

    assert b"The code is not correct." in answer.content
    assert recorded("session.fail")[-1].detail == {"reason": "second-factor"}
    assert other.get("/account/").status_code == 302


def test_five_wrong_codes_shut_the_second_factor(client, client_of, enrolled):
    a_member()
    enrolled(client)
    other = client_of()
    sign_in(other)
    for _ in range(5):
        other.post(reverse("mfa_authenticate"), {"code": "000000"})

    assert other.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 429


def test_a_used_code_is_refused_while_it_could_still_be_right(client, client_of, monkeypatch, enrolled):
    a_member()
    secret = enrolled(client)
    later(monkeypatch, 60)
    code = app_code(secret, now=time.time())
    first, second = client_of(), client_of()
    sign_in(first)
    assert first.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302

    cache.delete(f"allauth.mfa.totp.used?user={session.Member.objects.get().pk}&code={code}")
    sign_in(second)
    answer = second.post(reverse("mfa_authenticate"), {"code": code})

    assert b"The code is not correct." in answer.content


def test_a_recovery_code_replaces_the_app_once(client, client_of, enrolled):
    a_member()
    enrolled(client)
    code = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"][0]

    first, second = client_of(), client_of()
    sign_in(first)
    sign_in(second)

    assert first.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    assert second.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200


def test_recovery_codes_are_shown_once(client, enrolled):
    a_member()
    enrolled(client)

    first = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    second = client.get(reverse("mfa_view_recovery_codes"))

    assert len(first) == 10
    assert first[0] not in second.content.decode()


def test_a_new_factor_ends_the_sessions_that_never_showed_it(client, client_of, enrolled):
    a_member()
    other = client_of()
    sign_in(other)

    enrolled(client)

    assert other.get("/account/").status_code == 302
    assert client.get("/account/").status_code == 200


def test_the_secret_of_an_app_and_of_recovery_codes_is_sealed_at_rest(client, enrolled):
    a_member()
    secret = enrolled(client)

    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert stored.count("f1.") == 2


def test_a_sealed_factor_opens_with_its_keyring_only():
    ring = keyring.Keyring()
    sealed = factor.seal("secret", keyring=ring)

    assert factor.unseal(sealed, keyring=ring) == "secret"
    with pytest.raises(WrongState, match="Restore the keyring"):
        factor.unseal(sealed, keyring=keyring.Keyring())
    with pytest.raises(WrongState, match="Restore the keyring"):
        factor.unseal(sealed[:-4] + "AAA=", keyring=ring)


def test_where_a_factor_is_required_a_member_without_one_can_only_set_one_up(client, required):
    a_member()
    sign_in(client)

    assert client.get("/account/").url == reverse("mfa_index")
    assert client.get(reverse("usersessions_list")).url == reverse("mfa_index")
    assert client.get(reverse("mfa_index")).status_code == 200
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    assert client.get(reverse("mfa_add_webauthn")).status_code == 200


def test_where_a_factor_is_required_one_who_has_it_goes_on(client, required, enrolled):
    a_member()
    enrolled(client)

    assert client.get("/account/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(client, required):
    someone = a_member()
    Authenticator.objects.create(user=someone, type="recovery_codes", data={})
    client.force_login(someone)

    assert client.get("/account/").url == reverse("mfa_index")


def test_taking_the_app_away_is_recorded_and_takes_the_recovery_codes_too(client, enrolled):
    a_member()
    enrolled(client)

    client.post(reverse("mfa_deactivate_totp"))

    assert not Authenticator.objects.exists()
    assert [event.detail for event in recorded("factor.remove")] == [{"kind": "totp"}]


def test_new_recovery_codes_end_the_old_ones(client, enrolled, django_capture_on_commit_callbacks):
    a_member()
    enrolled(client)
    old = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_generate_recovery_codes"))

    assert client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"] != old
    assert len(recorded("factor.renew")) == 1


def test_an_old_sign_in_confirms_itself_before_a_factor_is_changed(client, monkeypatch):
    a_member()
    sign_in(client)
    later(monkeypatch, 6 * 60)

    answer = client.get(reverse("mfa_activate_totp"))

    assert answer.url.startswith(reverse("account_reauthenticate"))
    confirmed = client.post(answer.url, {"password": PASSWORD, "next": reverse("mfa_activate_totp")})
    assert confirmed.url == reverse("mfa_activate_totp")
    assert client.get(confirmed.url).status_code == 200


def test_a_wrong_password_when_confirming_is_recorded(client, monkeypatch):
    a_member()
    sign_in(client)
    later(monkeypatch, 6 * 60)

    answer = client.post(reverse("account_reauthenticate"), {"password": "wrong"})

    assert b"The password is not correct." in answer.content
    assert recorded("session.fail")[-1].actor == "a-diallo"


# -- what asks for a sign-in --------


def test_a_page_sends_a_stranger_to_sign_in_and_back(client):
    assert client.get("/administration/?page=2").url == "/account/login/?next=%2Fadministration%2F%3Fpage%3D2"


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(client):
    answer = client.get("/account/", headers={"HX-Request": "true"})

    assert answer["HX-Redirect"].startswith("/account/login/")


def test_an_address_that_does_not_exist_tells_a_stranger_nothing(client):
    assert client.get("/no-such-page").url.startswith("/account/login/")


def test_the_browsers_own_request_for_a_picture_sets_no_cookie(client):
    answer = client.get("/favicon.ico")

    assert answer.url.startswith("/static/")
    assert not answer.cookies


@pytest.mark.parametrize("path", ["/healthz", "/account/login/", "/account/code/"])
def test_few_pages_are_open_to_everyone(client, path):
    assert client.get(path).status_code == 200


# -- time limits --------


@pytest.mark.parametrize(
    "began, seen, ended",
    [
        (0, 0, False),
        (0, 1_199, True),
        (0, 1, False),
        (28_799, 0, False),
        (28_800, 0, True),
    ],
    ids=["new", "idle-limit", "busy", "old-but-busy", "eight-hours"],
)
def test_a_session_ends_by_idleness_or_age(began, seen, ended):
    now = 1_000_000.0
    seen = now - (seen + 1 if ended and seen else seen)

    assert lifetime.over(began=now - began, seen=seen, now=now) is ended


def test_an_idle_session_is_signed_out_and_recorded(client, monkeypatch):
    a_member()
    sign_in(client)
    client.get("/account/")
    later(monkeypatch, lifetime.IDLE_SECONDS + 1)

    assert client.get("/account/").url.startswith("/account/login/")
    assert [event.actor for event in recorded("session.expire")] == ["a-diallo"]


def test_activity_keeps_a_session_for_eight_hours_and_no_longer(client, monkeypatch):
    a_member()
    sign_in(client)
    for _ in range(31):
        later(monkeypatch, 15 * 60)
        assert client.get("/account/").status_code == 200

    later(monkeypatch, 15 * 60)

    assert client.get("/account/").status_code == 302


def test_activity_is_written_once_a_minute_at_most(client, django_assert_num_queries):
    a_member()
    sign_in(client)
    client.get("/account/")

    seen = client.session[lifetime.SEEN]
    client.get("/account/")

    assert client.session[lifetime.SEEN] == seen


# -- one-time codes --------


def redeem(client, code, name="a-diallo", password="another-orchard-lantern-4"):
    return client.post(
        reverse("account_code"), {"name": name, "code": code, "password": password, "again": password}
    )


@pytest.fixture
def code():
    someone = a_member(password=None)
    from django.utils import timezone

    return member.issue_code(someone, by=an_administrator().actor, now=timezone.now())


def test_a_code_sets_a_password_once(client, code):
    assert redeem(client, code.lower().replace("-", " ")).url == reverse("account_login")
    assert sign_in(client, password="another-orchard-lantern-4").status_code == 302

    client.logout()
    assert b"is not correct" in redeem(client, code).content


def test_a_wrong_code_and_an_unknown_name_get_the_same_answer(client, code):
    wrong = redeem(client, "2222-2222-2222-2222")
    unknown = redeem(client, code, name="b-unknown")

    text = "The sign-in name or the code is not correct, or the code has been used or is too old."
    assert text in wrong.content.decode()
    assert text in unknown.content.decode()


def test_a_weak_password_is_refused_and_the_code_stays_good(client, code):
    assert b"too short" in redeem(client, code, password="short").content
    assert redeem(client, code).status_code == 302


def test_two_passwords_that_differ_are_refused(client, code):
    answer = client.post(
        reverse("account_code"), {"name": "a-diallo", "code": code, "password": PASSWORD, "again": "other"}
    )

    assert b"The two passwords differ." in answer.content


def test_codes_cannot_be_guessed_without_end(client, code):
    for _ in range(5):
        redeem(client, "2222-2222-2222-2222")

    assert redeem(client, code).status_code == 429


# -- pages --------


@pytest.mark.parametrize(
    "page",
    [
        "account",
        "account_change_password",
        "account_logout",
        "account_reauthenticate",
        "mfa_index",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_deactivate_totp",
        "mfa_reauthenticate",
        "usersessions_list",
    ],
)
def test_every_page_of_the_account_is_drawn_in_our_layout_without_inline_code(client, page, enrolled):
    a_member()
    enrolled(client)

    text = client.get(reverse(page)).content.decode()

    assert "pal-header" in text
    assert not re.search(r'<script(?![^>]*(src=|type="application/json"))|\son\w+=|\sstyle=|<style', text)


def test_the_login_page_has_no_inline_code_and_no_placeholder(client):
    text = client.get(reverse("account_login")).content.decode()

    assert not re.search(r"<script(?![^>]*src=)|placeholder=|\sstyle=", text)
    assert "passkey.js" in text
