"""From what the node stores to the one decision function: who asks, about what, and the answer."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from palermo.errors import NotAllowed
from palermo.node.actor import Actor
from palermo.node.models import AuditEvent, Case, Standing, StandingKind
from palermo.protection import access
from palermo.protection.access import Consent, Decision, Emergency, Object, Relation, Subject


def ask(
    by: Actor,
    action: str,
    *,
    purpose: str,
    now: datetime,
    case: Case | None = None,
    agency: str = "",
    tier: str | None = None,
) -> Decision:
    """The decision for `by`; without a case the object is a new one of `agency`, or what the action is done to."""
    if case is not None:
        asked = about(case, step=action)
    else:
        asked = Object(kind=access.matrix().actions.get(action, "case"), agency=agency)
    counted = tier in access.IDENTITY
    return access.decide(
        subject(by, now=now, counted=counted), action, asked, tier=tier, purpose=purpose, now=now
    )


def require(
    by: Actor,
    action: str,
    *,
    purpose: str,
    now: datetime,
    case: Case | None = None,
    agency: str = "",
    tier: str | None = None,
) -> Decision:
    """The decision if it allows; NotAllowed with every reason otherwise."""
    decision = ask(by, action, purpose=purpose, now=now, case=case, agency=agency, tier=tier)
    return access.require(
        decision, where=f"case {case.id}" if case else f"{action}, agency {agency or by.agency}"
    )


def refusal(case: Case, refused: Iterable[Decision]) -> NotAllowed:
    """One error for several refused decisions, each reason once."""
    reasons = tuple(dict.fromkeys(reason for decision in refused for reason in decision.reasons))
    texts = " ".join(reason.text("en") for reason in reasons)
    return NotAllowed(f"case {case.id}: {texts}", reasons)


def subject(by: Actor, *, now: datetime, counted: bool = False) -> Subject:
    """Who asks; the identities they opened in the last hour are counted only where a rule asks for them."""
    return Subject(
        member=by.name,
        agency=by.agency,
        roles=frozenset(by.roles),
        identities_read=identities_read(by.name, now=now) if counted else 0,
    )


def identities_read(member: str, *, now: datetime) -> int:
    """How many T3 and T4 parts the member opened in the hour before `now`, by the audit."""
    opened = AuditEvent.objects.filter(
        actor=member, action="case.unseal", at__gt=now - timedelta(hours=1)
    ).values_list("detail", flat=True)
    return sum(len(access.IDENTITY & set(detail.get("tiers", ()))) for detail in opened)


def about(case: Case, *, step: str) -> Object:
    """The facts about a case that a decision may turn on."""
    holders: dict[str, set[str]] = {kind: set() for kind in StandingKind.values}
    for kind, holder in case.standings.values_list("kind", "holder"):
        holders[kind].add(holder)
    persons = holders[StandingKind.PERSON]
    return Object(
        kind=access.matrix().actions.get(step, "case"),
        agency=case.agency_id,
        team=frozenset(holders[StandingKind.TEAM]) or None,
        author=case.created_by,
        person=next(iter(persons), ""),
        guardians=frozenset(holders[StandingKind.GUARDIAN]),
        mandates=frozenset(holders[StandingKind.MANDATE]),
        decision_bodies=frozenset(holders[StandingKind.DECISION_BODY]),
        conflicts=frozenset(holders[StandingKind.CONFLICT]),
        consents=_consents(case),
        emergencies=_emergencies(case),
        approvals=frozenset(case.approvals.filter(step=step, used_at=None).values_list("by", flat=True)),
    )


def _consents(case: Case) -> tuple[Consent, ...]:
    return tuple(
        Consent(
            purpose=given.purpose,
            recipient=given.recipient,
            tiers=frozenset(given.tiers),
            given_at=given.given_at,
            expires_at=given.expires_at,
            withdrawn_at=given.withdrawn_at,
        )
        for given in case.consents.all()
    )


def _emergencies(case: Case) -> tuple[Emergency, ...]:
    return tuple(
        Emergency(
            member=opening.member,
            tiers=frozenset(opening.tiers),
            reason=opening.reason,
            opened_at=opening.opened_at,
            second=opening.second or None,
            second_at=opening.second_at,
            refused=opening.refused,
        )
        for opening in case.emergencies.all()
    )


def visible(cases: QuerySet[Case], *, to: Actor) -> QuerySet[Case]:
    """Those cases whose statistical part `to` may read without asking anyone, for lists and look-ups."""
    wanted = Q(pk__in=[])
    for role in to.roles:
        for grant in access.matrix().grants.get((role, "read", "T1"), ()):
            if not grant.consent:
                wanted |= _RELATED[Relation(grant.relation)](to)
    return cases.filter(wanted).exclude(pk__in=_held(StandingKind.CONFLICT, to.name, to.agency))


def _held(kind: StandingKind, *holders: str) -> QuerySet[Standing]:
    return Standing.objects.filter(kind=kind, holder__in=holders).values("case")


def _in_team(to: Actor) -> Q:
    other_teams = Standing.objects.filter(kind=StandingKind.TEAM).values("case")
    return Q(agency=to.agency) & (~Q(pk__in=other_teams) | Q(pk__in=_held(StandingKind.TEAM, to.name)))


_RELATED: Mapping[Relation, Callable[[Actor], Q]] = {
    Relation.ANY: lambda to: Q(),
    Relation.AGENCY: lambda to: Q(agency=to.agency),
    Relation.TEAM: _in_team,
    Relation.AUTHOR: lambda to: Q(created_by=to.name),
    Relation.RECIPIENT: lambda to: Q(pk__in=[]),
    Relation.DECISION_BODY: lambda to: Q(pk__in=_held(StandingKind.DECISION_BODY, to.agency)),
    Relation.WARD: lambda to: Q(pk__in=_held(StandingKind.GUARDIAN, to.name)),
    Relation.SELF: lambda to: Q(pk__in=_held(StandingKind.PERSON, to.name)),
    Relation.MANDATE: lambda to: Q(pk__in=_held(StandingKind.MANDATE, to.name)),
}
