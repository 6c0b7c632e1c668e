"""Signing in with a real browser: a passkey, an app without scripts, what a refusal looks like."""

import time

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.urls import reverse
from selenium.webdriver.common.virtual_authenticator import Protocol, Transport, VirtualAuthenticatorOptions

from palermo.node.models import AuditEvent
from tests.journeys import browser
from tests.node import people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _no_attempts_yet():
    cache.clear()


@pytest.fixture
def passkeys(chromium):
    """A device that answers for passkeys, as a telephone with a fingerprint would."""
    device = VirtualAuthenticatorOptions(
        protocol=Protocol.CTAP2,
        transport=Transport.INTERNAL,
        has_resident_key=True,
        has_user_verification=True,
        is_user_verified=True,
    )
    chromium.driver.add_virtual_authenticator(device)
    yield
    chromium.driver.remove_virtual_authenticator()
    chromium.driver.delete_all_cookies()


def signs_in(chromium, live_server, name="a-diallo"):
    chromium.driver.delete_all_cookies()
    chromium.open(f"{live_server.url}{reverse('account_login')}?next=/account/")
    chromium.type("#id_login", name)
    chromium.type("#id_password", people.PASSWORD)
    chromium.click("main form button[type=submit]")
    chromium.wait(".pal-header__member, #id_code")


def looked_over(chromium, name):
    assert chromium.faults() == []
    assert chromium.complaints() == []
    assert chromium.overflow() == 0
    chromium.picture(name)


def adds_a_passkey(chromium, live_server, *, alone):
    signs_in(chromium, live_server)
    chromium.open(live_server.url + reverse("mfa_add_webauthn"))
    if alone:
        chromium.click("label[for=id_passwordless]")
    chromium.click("[data-passkey-start]")
    chromium.wait("ol.govuk-list--number")


@pytest.mark.usefixtures("passkeys")
def test_a_passkey_is_added_and_signs_in_on_its_own(chromium, live_server):
    people.a_member()
    adds_a_passkey(chromium, live_server, alone=True)
    assert Authenticator.objects.filter(type="webauthn").count() == 1

    chromium.driver.delete_all_cookies()
    chromium.open(f"{live_server.url}{reverse('account_login')}?next=/account/")
    chromium.click("[data-passkey-start]")

    chromium.wait(".pal-header__member")
    assert AuditEvent.objects.filter(action="session.begin").last().detail == {"methods": ["webauthn"]}
    assert chromium.complaints() == []


@pytest.mark.usefixtures("passkeys")
def test_a_passkey_is_the_second_factor_beside_the_password(chromium, live_server):
    people.a_member()
    adds_a_passkey(chromium, live_server, alone=False)

    signs_in(chromium, live_server)
    chromium.wait("[data-passkey-start]")
    looked_over(chromium, "second-factor")
    chromium.click("[data-passkey-start]")

    chromium.wait(".pal-header__member")
    assert AuditEvent.objects.filter(action="session.begin").last().detail == {
        "methods": ["password", "webauthn"]
    }


def test_a_passkey_that_does_not_answer_says_so(chromium, live_server):
    people.a_member()
    chromium.driver.delete_all_cookies()
    chromium.open(live_server.url + reverse("account_login"))
    chromium.driver.execute_script(
        "navigator.credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError'))"
    )

    assert not chromium.find("[data-passkey-error] p").is_displayed()

    chromium.click("[data-passkey-start]")

    chromium.wait("[data-passkey-error]:not([hidden])")
    assert chromium.find("[data-passkey-error] p").is_displayed()


def test_an_app_is_set_up_and_asked_for_without_scripts(live_server):
    people.a_member()
    with browser.chromium(scripts=False) as plain:
        signs_in(plain, live_server)
        plain.open(live_server.url + reverse("mfa_activate_totp"))
        secret = plain.find(".pal-code").text
        plain.type("#id_code", people.app_code(secret, now=time.time()))
        plain.click("main form button[type=submit]")
        recovery = plain.wait("ol .pal-code").text

        signs_in(plain, live_server)
        plain.type("#id_code", recovery)
        plain.click("main form button[type=submit]")

        assert "Member a-diallo" in plain.wait(".pal-header__member").text
        assert not plain.driver.find_elements("css selector", "[data-passkey]:not([hidden])")


def test_a_refused_sign_in_leads_the_focus_to_what_is_wrong(chromium, live_server):
    chromium.driver.delete_all_cookies()
    chromium.open(live_server.url + reverse("account_login"))
    chromium.click("main form button[type=submit]")

    chromium.wait(".govuk-error-summary")
    assert chromium.driver.title.startswith("Error:")
    looked_over(chromium, "sign-in-refused")
