"""Adding members, their roles and passwords, and letting them go; each in one transaction with one event."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_noop

from palermo.errors import InvalidRecord, NotAllowed, Problem, Unknown, WrongState
from palermo.node import maintainer, password_code, permission
from palermo.node.actions import audit, session
from palermo.node.actor import Actor
from palermo.node.models import Agency, ApiToken, HeldRole, Member
from palermo.protection.access import Role

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{1,59}")
# Who acts on the node's own machine, and who is written down for a failed sign-in: a member of that name
# would be taken for the author of what they did.
RESERVED = frozenset({maintainer.actor().name, session.NOBODY})


def find(name: str) -> Member:
    """The member who signs in by this name; Unknown when there is none."""
    member = Member.objects.filter(name=name).first()
    if member is None:
        raise Unknown(f"No member {name[:60]!r} on this node. See them all: palermo member list")
    return member


@transaction.atomic
def add(
    *, name: str, display_name: str, agency: Agency, roles: Iterable[str], by: Actor, now: datetime
) -> Member:
    """A new member, who cannot sign in until `issue_code` or `set_password` gives them a way to."""
    _administering(by, now)
    held = frozenset(roles)
    problems = (*_problems(name, display_name, agency), *against(held))
    if problems:
        raise InvalidRecord("member", problems)
    member = Member(name=name, display_name=display_name.strip(), agency=agency)
    member.set_unusable_password()
    member.save()
    _grant(member, held, by=by)
    _record("member.add", member, by=by, now=now, detail={"roles": sorted(held)})
    return member


def _problems(name: str, display_name: str, agency: Agency) -> Iterator[Problem]:
    if not NAME.fullmatch(name):
        yield _problem(
            "name",
            gettext_noop("A sign-in name has 2 to 60 small letters, figures, dashes or underscores."),
            gettext_noop("Use such as a-diallo."),
        )
    elif name in RESERVED or Member.objects.filter(name=name).exists():
        yield _problem(
            "name", gettext_noop("Another member signs in by this name."), gettext_noop("Choose another.")
        )
    if not 0 < len(display_name.strip()) <= 120:
        yield _problem(
            "display_name",
            gettext_noop("The name shown is missing or longer than 120 letters."),
            gettext_noop("Shorten or add it."),
        )
    if agency.closed_on:
        yield _problem(
            "agency", gettext_noop("This agency is closed."), gettext_noop("Choose one that is open.")
        )


def against(roles: frozenset[str]) -> tuple[Problem, ...]:
    """The reasons why nobody may hold these roles together; an empty tuple means they fit."""
    known = {role.value for role in Role}
    rules = (
        (not roles, gettext_noop("Nobody works here without a role."), gettext_noop("Choose at least one.")),
        (
            not roles <= known,
            gettext_noop("One of these is no role."),
            f"Use of: {', '.join(sorted(known))}.",
        ),
        (
            Role.ADMINISTRATOR in roles and len(roles) > 1,
            gettext_noop("An administrator opens no record, so holds no other role."),
            gettext_noop("Give the person a second account for work on cases."),
        ),
        (
            Role.PEER_NODE in roles,
            gettext_noop("A peer node is a machine."),
            gettext_noop("Issue a token to the other node instead."),
        ),
    )
    return tuple(_problem("roles", wrong, remedy) for applies, wrong, remedy in rules if applies)


def _problem(path: str, wrong: str, remedy: str) -> Problem:
    return Problem(rule=f"member-{path.replace('_', '-')}", path=path, wrong=wrong, remedy=remedy)


def grant(member: Member, role: str, *, by: Actor, now: datetime) -> Member:
    """The member holds this role too, from the next page they open."""
    return change_roles(member, to={*member.roles, role}, by=by, now=now)


def revoke(member: Member, role: str, *, by: Actor, now: datetime) -> Member:
    """The member no longer holds this role, from the next page they open."""
    if role not in member.roles:
        raise WrongState(f"member {member.name}: does not hold that role. Nothing was changed.")
    return change_roles(member, to=member.roles - {role}, by=by, now=now)


@transaction.atomic
def change_roles(member: Member, *, to: Iterable[str], by: Actor, now: datetime) -> Member:
    """The member holds exactly these roles; nobody changes their own."""
    _administering(by, now)
    _not_oneself(member, by)
    member = _locked(member)
    wanted, held = frozenset(str(role) for role in to), frozenset(role.value for role in member.roles)
    problems = against(wanted)
    if problems:
        raise InvalidRecord(f"member {member.name}", problems)
    member.held_roles.filter(role__in=held - wanted).delete()
    _grant(member, wanted - held, by=by)
    detail = {"granted": sorted(wanted - held), "revoked": sorted(held - wanted)}
    _record("member.change_roles", member, by=by, now=now, detail=detail)
    member.refresh_from_db()
    return member


def _grant(member: Member, roles: Iterable[str], *, by: Actor) -> None:
    HeldRole.objects.bulk_create(
        HeldRole(member=member, role=role, granted_by=by.name) for role in sorted(roles)
    )


@transaction.atomic
def deactivate(member: Member, *, by: Actor, now: datetime) -> Member:
    """The member can no longer sign in; their sessions end now, and the tokens that they issued stop."""
    _administering(by, now)
    _not_oneself(member, by)
    member = _locked(member)
    if not member.is_active:
        raise WrongState(f"member {member.name}: is deactivated already.")
    member.is_active = False
    member.set_unusable_password()
    member.save(update_fields=["is_active", "password"])
    detail = {
        "sessions": _end_sessions(member),
        "tokens": ApiToken.objects.filter(created_by=member.name, revoked_at=None).update(revoked_at=now),
    }
    _record("member.deactivate", member, by=by, now=now, detail=detail)
    return member


@transaction.atomic
def reactivate(member: Member, *, by: Actor, now: datetime) -> Member:
    """The member may sign in again, once a new code gave them a password."""
    _administering(by, now)
    member = _locked(member)
    if member.is_active or member.agency.closed_on:
        raise WrongState(f"member {member.name}: is active, or their agency is closed. Nothing was changed.")
    member.is_active = True
    member.save(update_fields=["is_active"])
    _record("member.reactivate", member, by=by, now=now)
    return member


@transaction.atomic
def issue_code(member: Member, *, by: Actor, now: datetime) -> str:
    """A one-time code to set a password with; the old password and every session end now.

    An administrator may issue one to anyone but themselves, a supervisor to those of their own agency who
    hold none but the roles in `session.SUPERVISED`.
    """
    _not_oneself(member, by)
    member = _locked(member)
    session.require_over(member, by=by, now=now)
    if not member.is_active:
        raise WrongState(f"member {member.name}: is deactivated. Let them in again first.")
    code, kept = password_code.make(now=now)
    member.password = kept
    member.save(update_fields=["password"])
    _record("member.issue_code", member, by=by, now=now, detail={"sessions": _end_sessions(member)})
    return code


def redeem_code(*, name: str, code: str, password: str, now: datetime) -> Member:
    """Set a password by a one-time code; NotAllowed says the same whether the name or the code was wrong."""
    with transaction.atomic():
        member = Member.objects.select_for_update().filter(name=name.strip().lower(), is_active=True).first()
        if not password_code.fits(code, member.password if member else "", now=now) or member is None:
            raise NotAllowed(
                "The sign-in name or the code is not correct, or the code is used up or older than 48 hours. "
                "Ask your administrator or supervisor for a new one."
            )
        _store(member, password)
        _record("member.redeem_code", member, by=member.actor, now=now)
    return member


@transaction.atomic
def set_password(member: Member, password: str, *, by: Actor, now: datetime) -> Member:
    """Give the member this password; every session of theirs ends now."""
    _administering(by, now)
    member = _locked(member)
    _store(member, password)
    _record("member.set_password", member, by=by, now=now, detail={"sessions": _end_sessions(member)})
    return member


def _store(member: Member, password: str) -> None:
    try:
        password_validation.validate_password(password, member)
    except ValidationError as weak:
        raise InvalidRecord(
            f"member {member.name}",
            [_problem("password", text, gettext_noop("Choose another password.")) for text in weak.messages],
        ) from None
    member.set_password(password)
    member.save(update_fields=["password"])


def _administering(by: Actor, now: datetime) -> None:
    permission.require(by, "administer", purpose="administration", now=now)


def _not_oneself(member: Member, by: Actor) -> None:
    if member.name == by.name:
        raise NotAllowed(
            f"member {member.name}: nobody changes their own account this way. Ask another administrator."
        )


def _locked(member: Member) -> Member:
    return Member.objects.select_for_update().get(pk=member.pk)


def _end_sessions(member: Member) -> int:
    return session.end(UserSession.objects.filter(user=member))


def _record(
    action: str, member: Member, *, by: Actor, now: datetime, detail: dict[str, Any] | None = None
) -> None:
    audit.record(
        action=action,
        actor=by.name,
        agency=member.agency_id,
        object=f"member:{member.name}",
        detail=detail or {},
        at=now,
    )
