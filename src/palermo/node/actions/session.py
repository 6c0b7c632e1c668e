"""Sign-in and what belongs to it: each step recorded, sessions listed and ended, second factors changed.

A failed sign-in never writes down what was typed unless a member goes by that name: people type passwords
into the wrong box.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from palermo.errors import NotAllowed, Unknown
from palermo.node import permission
from palermo.node.actions import audit
from palermo.node.actor import Actor
from palermo.node.models import Member
from palermo.protection.access import Role

NOBODY = "nobody"
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
SUPERVISED = frozenset({Role.FIRST_RESPONDER, Role.CASE_WORKER, Role.SERVICE_PROVIDER, Role.BORDER_OFFICER})
"""Who holds nothing but these roles is looked after by a supervisor of their agency. Whoever decides, checks
or stands apart from the agency is not: who hands out a code could sign in as the second of two persons."""


def record(action: str, member: Member, *, by: Actor | None = None, **detail: Any) -> None:
    """One audit event about a member's account, by the member unless `by` says otherwise."""
    actor = by or member.actor
    with transaction.atomic():
        audit.record(
            action=action,
            actor=actor.name,
            agency=member.agency_id,
            object=f"member:{member.name}",
            detail=detail,
        )


def failed(name: str, *, reason: str) -> None:
    """A sign-in that did not succeed, under the member's name if there is such a member."""
    member = Member.objects.filter(name__iexact=name).first() if name else None
    if member:
        record("session.fail", member, reason=reason)
        return
    with transaction.atomic():
        audit.record(action="session.fail", actor=NOBODY, detail={"reason": "unknown-name"})


def locked(name: str, *, seconds: int) -> None:
    """A name or an address was shut after repeated failures; written once while it stays shut."""
    member = Member.objects.filter(name__iexact=name).first() if name else None
    if cache.add(f"session-locked:{member.pk if member else ''}", True, timeout=seconds):
        with transaction.atomic():
            audit.record(
                action="session.lock",
                actor=member.name if member else NOBODY,
                agency=member.agency_id if member else "",
                object=f"member:{member.name}" if member else "",
                detail={"seconds": seconds},
            )


def member_of(request: HttpRequest) -> Member:
    """Who is signed in, on a page that asks for a sign-in."""
    return cast("Member", request.user)


def expire(request: HttpRequest) -> None:
    """End this request's session because its time is over."""
    record("session.expire", member_of(request))
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    logout(request)


def note(request: HttpRequest) -> None:
    """Keep the list of sessions in step with this one: when it was last used, and from where."""
    UserSession.objects.create_from_request(request)


def has_second_factor(member: Member | AnonymousUser) -> bool:
    """Whether the member has one that can be asked for; recovery codes alone are none."""
    return Authenticator.objects.filter(user_id=member.pk, type__in=SECOND_FACTORS).exists()


def of(member: Member) -> list[UserSession]:
    """The member's sessions that still live, newest first."""
    return _living(UserSession.objects.filter(user=member).order_by("-last_seen_at"))


def every() -> list[UserSession]:
    """All sessions that live on this node, newest first."""
    return _living(UserSession.objects.select_related("user__agency").order_by("-last_seen_at"))


def _living(sessions: QuerySet[UserSession]) -> list[UserSession]:
    kept = set(
        Session.objects.filter(session_key__in=sessions.values("session_key")).values_list("pk", flat=True)
    )
    return [session for session in sessions if session.session_key in kept]


@transaction.atomic
def kill(number: int, *, by: Actor, now: datetime) -> Member:
    """End one session at once: one's own, or that of someone whose account `by` looks after."""
    session = UserSession.objects.select_related("user").filter(pk=number).first()
    if session is None:
        raise Unknown("That session is over. Load the list again.")
    member: Member = session.user
    require_over(member, by=by, now=now)
    session.end()
    record("session.kill", member, by=by, count=1)
    return member


@transaction.atomic
def kill_all(member: Member, *, by: Actor, now: datetime, but: str = "") -> int:
    """End every session of the member save the one with the key `but`; how many there were."""
    require_over(member, by=by, now=now)
    count = end(UserSession.objects.filter(user=member).exclude(session_key=but))
    if count:
        record("session.kill", member, by=by, count=count)
    return count


def end(sessions: Iterable[UserSession]) -> int:
    """End these sessions, inside an action that records why; how many there were."""
    ending = list(sessions)
    for session in ending:
        session.end()
    return len(ending)


def require_over(member: Member, *, by: Actor, now: datetime) -> None:
    """NotAllowed unless `by` is the member, supervises them in the same agency, or administers the node."""
    if member.name != by.name and not supervises(by, member):
        permission.require(by, "administer", purpose="administration", now=now)


def supervises(by: Actor, member: Member) -> bool:
    """Whether `by` supervises the member's agency, and the member is one whom a supervisor looks after."""
    return Role.SUPERVISOR in by.roles and by.agency == member.agency_id and member.roles <= SUPERVISED


@transaction.atomic
def forget_factors(member: Member, *, by: Actor, now: datetime) -> int:
    """Take away every second factor of a member who lost theirs; how many there were."""
    permission.require(by, "administer", purpose="administration", now=now)
    if member.name == by.name:
        raise NotAllowed("Your own second factor is changed under your account, where you are asked for it.")
    gone, _by_kind = Authenticator.objects.filter(user=member).delete()
    sessions = end(UserSession.objects.filter(user=member))
    record("factor.forget", member, by=by, count=gone, sessions=sessions)
    return gone
