"""Opening, closing and reopening agencies: whoever keeps a list of people on this node."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext_noop

from palermo.errors import InvalidRecord, Problem, Unknown, WrongState
from palermo.node import keyfile, keyring, permission
from palermo.node.actions import audit, session
from palermo.node.actor import Actor
from palermo.node.models import Agency
from palermo.standards.vocabulary import vocabulary

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
COUNTRY = re.compile(r"[A-Z]{2}")


def find(code: str) -> Agency:
    """The agency with this code; Unknown when there is none."""
    agency = Agency.objects.filter(pk=code).first()
    if agency is None:
        raise Unknown(f"No agency {code[:40]!r} on this node. See them all: palermo agency list")
    return agency


def open(*, code: str, name: str, kind: str, country: str, by: Actor, now: datetime) -> Agency:
    """A new agency, with a first key of its own in the keyring if it has none."""
    permission.require(by, "administer", purpose="administration", now=now)
    problems = tuple(_problems(code=code, name=name, kind=kind, country=country))
    if problems:
        raise InvalidRecord("agency", problems)
    make_key(code, now=now)
    with transaction.atomic():
        agency = Agency.objects.create(code=code, name=name.strip(), kind=kind, country=country)
        audit.record(action="agency.open", actor=by.name, agency=code, object=f"agency:{code}", at=now)
    return agency


def make_key(code: str, *, now: datetime) -> None:
    """Make the agency's first key unless the keyring holds one."""

    def step(ring: keyring.Keyring) -> keyring.Keyring:
        return ring if code in ring.agencies else keyring.make(ring, code, today=now.date())

    keyfile.change(keyfile.place(), step, passphrase=keyfile.passphrase())


def _problems(*, code: str, name: str, kind: str, country: str) -> Iterator[Problem]:
    if not CODE.fullmatch(code):
        yield _CODE
    elif Agency.objects.filter(pk__iexact=code).exists():
        yield replace(
            _CODE, wrong=gettext_noop("Another agency has this code."), remedy=gettext_noop("Choose another.")
        )
    if not 0 < len(name.strip()) <= 200:
        yield Problem(
            rule="agency-name",
            path="name",
            wrong=gettext_noop("A name is missing or too long."),
            remedy=gettext_noop("Use 1 to 200 letters."),
        )
    if kind not in vocabulary("organisation_type"):
        yield Problem(
            rule="agency-kind",
            path="kind",
            wrong=gettext_noop("This is no kind of agency that the vocabulary organisation_type has."),
            remedy=f"Use one of: {', '.join(vocabulary('organisation_type').codes)}.",
        )
    if not COUNTRY.fullmatch(country):
        yield Problem(
            rule="agency-country",
            path="country",
            wrong=gettext_noop("This is no country code."),
            remedy=gettext_noop("Use the two capital letters of ISO 3166-1, such as KZ."),
        )


_CODE = Problem(
    rule="agency-code",
    path="code",
    wrong=gettext_noop("A code has 1 to 40 letters, figures, dashes or underscores."),
    remedy=gettext_noop("Use a short one, such as shelter-north."),
)


@transaction.atomic
def close(agency: Agency, *, by: Actor, now: datetime) -> Agency:
    """Nobody works here any more: members can no longer sign in, tokens stop; cases stay as they are."""
    permission.require(by, "administer", purpose="administration", now=now)
    agency = Agency.objects.select_for_update().get(pk=agency.pk)
    if agency.closed_on:
        raise WrongState(f"agency {agency.code}: closed already on {agency.closed_on:%Y-%m-%d}.")
    if agency.members.filter(name=by.name).exists():
        raise WrongState(f"agency {agency.code}: you work there. Let an administrator of another close it.")
    sessions = session.end(UserSession.objects.filter(user__agency=agency))
    members = agency.members.filter(is_active=True).update(is_active=False)
    tokens = agency.tokens.filter(revoked_at=None).update(revoked_at=now)
    agency.closed_on = now.date()
    agency.save(update_fields=["closed_on"])
    audit.record(
        action="agency.close",
        actor=by.name,
        agency=agency.code,
        object=f"agency:{agency.code}",
        detail={"members": members, "sessions": sessions, "tokens": tokens},
        at=now,
    )
    return agency


@transaction.atomic
def reopen(agency: Agency, *, by: Actor, now: datetime) -> Agency:
    """Undo a closing: the agency takes cases and members again, and each member is let in again by name.

    Tokens stay revoked. WrongState when the agency is open.
    """
    permission.require(by, "administer", purpose="administration", now=now)
    agency = Agency.objects.select_for_update().get(pk=agency.pk)
    if agency.closed_on is None:
        raise WrongState(f"agency {agency.code}: is open already. Nothing was changed.")
    detail = {"closed_on": agency.closed_on.isoformat()}
    agency.closed_on = None
    agency.save(update_fields=["closed_on"])
    audit.record(
        action="agency.reopen",
        actor=by.name,
        agency=agency.code,
        object=f"agency:{agency.code}",
        detail=detail,
        at=now,
    )
    return agency
