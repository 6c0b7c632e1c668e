"""Agencies and members made up for tests, and the ways they sign in."""

from datetime import UTC, datetime

from allauth.mfa.totp.internal import auth
from django.urls import reverse

from palermo.node import keyfile, maintainer
from palermo.node.actions import agency, member
from palermo.node.models import Agency

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BY = maintainer.actor()
PASSWORD = "copper-lantern-orchard-9"


def an_agency(code="shelter", *, name="Shelter", kind="NGO", country="XA"):
    found = Agency.objects.filter(pk=code).first()
    return found or agency.open(code=code, name=name, kind=kind, country=country, by=BY, now=NOW)


def a_member(name="a-diallo", *roles, at="shelter", password=PASSWORD):
    made = member.add(
        name=name,
        display_name=f"Member {name}",
        agency=an_agency(at),
        roles=roles or ["case_worker"],
        by=BY,
        now=NOW,
    )
    return member.set_password(made, password, by=BY, now=NOW) if password else made


def an_administrator(name="root-admin"):
    return a_member(name, "administrator", at="operations")


def sign_in(client, name="a-diallo", password=PASSWORD, to="/account/"):
    return client.post(reverse("account_login"), {"login": name, "password": password, "next": to})


def app_code(secret, *, now):
    """The code that an app with this secret shows at the second `now`."""
    return auth.format_hotp_value(auth.hotp_value(secret, int(now) // 30))


def no_keyring():
    keyfile.place().unlink(missing_ok=True)
