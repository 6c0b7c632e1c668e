"""Tokens by which an agency's own systems speak to the interface: issued once, checked, revoked."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from palermo.errors import InvalidRecord, NotAllowed, Problem, Unknown, WrongState
from palermo.node import permission
from palermo.node.actions import audit
from palermo.node.actor import Actor
from palermo.node.models import Agency, ApiToken
from palermo.protection.access import Role

PREFIX = "palermo_"
LONGEST = timedelta(days=366)
MACHINE_ROLES = frozenset(
    {
        Role.FIRST_RESPONDER,
        Role.CASE_WORKER,
        Role.SUPERVISOR,
        Role.SERVICE_PROVIDER,
        Role.ANALYST,
        Role.PEER_NODE,
    }
)
"""What a machine may act as: never a person who decides, accompanies, oversees or administers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A new token with its secret, which exists nowhere else and is shown this once."""

    token: ApiToken
    secret: str = field(repr=False)


def find(number: int) -> ApiToken:
    """The token with this number; Unknown when there is none."""
    token = ApiToken.objects.filter(pk=number).first()
    if token is None:
        raise Unknown(f"No token {number} on this node. Load the list of tokens again.")
    return token


def living(*, now: datetime) -> QuerySet[ApiToken]:
    """The tokens that open something now."""
    return ApiToken.objects.filter(revoked_at=None, expires_at__gt=now, agency__closed_on=None)


def named(actor: str, *, agency: str, now: datetime) -> ApiToken | None:
    """The living token of `agency` that acts under this name, if there is one."""
    held = living(now=now).filter(agency=agency)
    return next((token for token in held if token.actor.name == actor), None)


@transaction.atomic
def issue(
    *, agency: Agency, name: str, roles: Iterable[str], expires_at: datetime, by: Actor, now: datetime
) -> Issued:
    """A new token of `agency` for at most a year; its roles are among MACHINE_ROLES."""
    permission.require(by, "administer", purpose="administration", now=now)
    held = frozenset(roles)
    problems = _problems(agency, name.strip(), held, expires_at=expires_at, now=now)
    if problems:
        raise InvalidRecord("token", problems)
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        agency=agency,
        name=name.strip(),
        roles=sorted(held),
        digest=_digest(secret),
        created_by=by.name,
        expires_at=expires_at,
    )
    _record(
        "token.issue",
        token,
        by=by,
        now=now,
        detail={"roles": sorted(held), "until": expires_at.date().isoformat()},
    )
    return Issued(token=token, secret=secret)


def _problems(
    agency: Agency, name: str, roles: frozenset[str], *, expires_at: datetime, now: datetime
) -> tuple[Problem, ...]:
    allowed = ", ".join(sorted(MACHINE_ROLES))
    rules = (
        (
            "agency",
            agency.closed_on is not None,
            gettext_noop("This agency is closed."),
            gettext_noop("Choose one that is open."),
        ),
        (
            "name",
            not 0 < len(name) <= 80,
            gettext_noop("A name is missing or longer than 80 letters."),
            gettext_noop("Name the system."),
        ),
        (
            "name",
            ApiToken.objects.filter(agency=agency, name=name).exists(),
            gettext_noop("Another token of this agency has this name."),
            gettext_noop("Choose another."),
        ),
        (
            "roles",
            not roles or not roles <= MACHINE_ROLES,
            gettext_noop("A token needs roles for machines."),
            f"Use of: {allowed}.",
        ),
        (
            "expires_at",
            not now < expires_at <= now + LONGEST,
            gettext_noop("A token ends in the future, and within a year."),
            gettext_noop("Choose another day."),
        ),
    )
    return tuple(
        Problem(rule=f"token-{path.replace('_', '-')}", path=path, wrong=wrong, remedy=remedy)
        for path, applies, wrong, remedy in rules
        if applies
    )


@transaction.atomic
def revoke(token: ApiToken, *, by: Actor, now: datetime) -> ApiToken:
    """The token opens nothing from now on."""
    permission.require(by, "administer", purpose="administration", now=now)
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at:
        raise WrongState(f"token {token.name}: is revoked already.")
    token.revoked_at = now
    token.save(update_fields=["revoked_at"])
    _record("token.revoke", token, by=by, now=now)
    return token


def authenticate(secret: str, *, now: datetime) -> ApiToken:
    """The token with this secret; NotAllowed says the same for one unknown, expired or revoked.

    It is looked up by digest, so the time taken tells nothing about any stored secret.
    """
    digest = _digest(secret)
    token = ApiToken.objects.select_related("agency").filter(digest=digest).first()
    known = hmac.compare_digest(bytes(token.digest) if token else b"", digest)
    if token is None or not known or token.revoked_at or token.expires_at <= now or token.agency.closed_on:
        raise NotAllowed("This token opens nothing. Ask an administrator of the node for a new one.")
    return token


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _record(
    action: str, token: ApiToken, *, by: Actor, now: datetime, detail: dict[str, Any] | None = None
) -> None:
    audit.record(
        action=action,
        actor=by.name,
        agency=token.agency_id,
        object=f"token:{token.pk}",
        detail=detail or {},
        at=now,
    )
