"""From what the node stores to the one decision function: who asks, about what, and the answer."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from palermo.errors import NotAllowed
from palermo.node.actor import Actor
from palermo.node.models import AuditEvent, Case, EmergencyOpening, Standing, StandingKind
from palermo.node.models import Consent as StoredConsent
from palermo.protection import access
from palermo.protection.access import Consent, Decision, Emergency, Object, Relation, Role, Subject
from palermo.protection.access_matrix import IDENTITY, Grant, matrix


def ask(
    by: Actor,
    action: str,
    *,
    purpose: str,
    now: datetime,
    case: Case | None = None,
    agency: str = "",
    tier: str | None = None,
    approvals: frozenset[str] = frozenset(),
) -> Decision:
    """The decision for `by`; without a case the object is a new one of `agency`, or what is acted on."""
    if case is not None:
        asked = about(case, step=action)
    else:
        kind = matrix().actions.get(action, "case")
        asked = Object(kind=kind, agency=agency, approvals=approvals)
    who = subject(by, now=now, counted=tier in IDENTITY and action in matrix().counted)
    return access.decide(who, action, asked, tier=tier, purpose=purpose, now=now)


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
    return insist(decision, where=f"case {case.id}" if case else f"{action}, agency {agency or by.agency}")


def answers(
    by: Actor, action: str, *, case: Case, tiers: Iterable[str], now: datetime
) -> dict[str, dict[str, Decision]]:
    """For each tier, the decision for every purpose that some role of `by` serves there; facts read once."""
    asked = about(case, step=action)
    who = subject(by, now=now, counted=action in matrix().counted)
    return {
        tier: {
            purpose: access.decide(who, action, asked, tier=tier, purpose=purpose, now=now)
            for purpose in matrix().purposes
            if serves(by, action, tier, purpose)
        }
        for tier in tiers
    }


def require_all(
    by: Actor,
    action: str,
    *,
    tiers: Iterable[str],
    purpose: str,
    now: datetime,
    case: Case | None = None,
    agency: str = "",
) -> None:
    """NotAllowed, each reason once, unless every one of these tiers is allowed.

    Tiers asked together count together: the last identity of the hour cannot be a pair.
    """
    asked = about(case, step=action) if case else Object(kind="case", agency=agency)
    who = subject(by, now=now, counted=action in matrix().counted)
    refused = []
    for tier in tiers:
        decision = access.decide(who, action, asked, tier=tier, purpose=purpose, now=now)
        if tier in IDENTITY:
            who = replace(who, identities_read=who.identities_read + 1)
        if not decision:
            refused.append(decision)
    if refused:
        raise refusal(case or agency, refused)


def insist(decision: Decision, *, where: str) -> Decision:
    """The decision if it allows; NotAllowed with every reason otherwise. `where` names a case at most."""
    return access.require(decision, where=where)


def insist_but_second(decision: Decision, *, where: str) -> None:
    """NotAllowed unless the step is allowed, or only a second person's approval is missing."""
    if not decision.awaits_second:
        insist(decision, where=where)


def insist_reach(by: Actor, action: str, *, tier: str, purpose: str, now: datetime) -> None:
    """NotAllowed when no case at all could be opened so: no role gives it, or too many were opened."""
    own = Object(kind="case", agency=by.agency, author=by.name)
    who = subject(by, now=now, counted=True)
    insist(access.decide(who, action, own, tier=tier, purpose=purpose, now=now), where=f"agency {by.agency}")


def serves(by: Actor, action: str, tier: str | None, purpose: str) -> bool:
    """Whether any role of `by` may do this for this purpose to some case."""
    grants = (grant for role in by.roles for grant in matrix().grants.get((role, action, tier), ()))
    return any(purpose in grant.purposes for grant in grants)


def serves_any(by: Actor, action: str, tier: str | None) -> bool:
    """Whether any role of `by` may do this for any purpose to some case."""
    return any(matrix().grants.get((role, action, tier)) for role in by.roles)


def refusal(where: Case | str, refused: Iterable[Decision]) -> NotAllowed:
    """One error for several refused decisions, each reason once."""
    reasons = tuple(dict.fromkeys(reason for decision in refused for reason in decision.reasons))
    texts = " ".join(reason.text("en") for reason in reasons)
    place = f"case {where.id}" if isinstance(where, Case) else f"agency {where}"
    return NotAllowed(f"{place}: {texts}", reasons)


def subject(by: Actor, *, now: datetime, counted: bool = False) -> Subject:
    """Who asks; the identities they opened in the last hour are counted only where a rule asks for them."""
    return Subject(
        member=by.name,
        agency=by.agency,
        roles=frozenset(role.value for role in by.roles),
        identities_read=identities_read(by.name, now=now) if counted else 0,
    )


def identities_read(member: str, *, now: datetime) -> int:
    """How many identities the member saw in the hour before `now`: T3 and T4 parts opened, and cases that
    an exact look-up gave."""
    events = AuditEvent.objects.filter(
        actor=member, at__gt=now - timedelta(hours=1), action__in=("case.unseal", "case.look_up")
    )
    return sum(
        len(IDENTITY & set(detail.get("tiers", ()))) + int(detail.get("found", 0))
        for detail in events.values_list("detail", flat=True)
    )


def about(case: Case, *, step: str) -> Object:
    """The facts about a case that a decision may turn on."""
    holders: dict[str, set[str]] = {kind: set() for kind in StandingKind.values}
    for kind, holder in case.standings.values_list("kind", "holder"):
        holders[kind].add(holder)
    persons = holders[StandingKind.PERSON]
    return Object(
        kind=matrix().actions.get(step, "case"),
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


def visible(cases: QuerySet[Case], *, to: Actor, now: datetime) -> QuerySet[Case]:
    """Those cases whose statistical part `to` may read for some purpose, exactly as `decide` says."""
    return cases.filter(_in_sight(to, now, near=True) | _in_sight(to, now, near=False))


def near(cases: QuerySet[Case], *, to: Actor, now: datetime) -> QuerySet[Case]:
    """The visible cases of one's own agency: one agency's rows, so that an index can be walked in order."""
    return cases.filter(_in_sight(to, now, near=True))


def far(cases: QuerySet[Case], *, to: Actor, now: datetime) -> QuerySet[Case]:
    """The visible cases of other agencies: those where `to` stands in some relation to the case itself."""
    return cases.filter(_in_sight(to, now, near=False))


def _in_sight(to: Actor, now: datetime, *, near: bool) -> Q:
    """What narrows cases down to those in sight; clauses that can match nothing are left out of the query."""
    if Role.ADMINISTRATOR in to.roles:
        return NOTHING
    wanted = NOTHING
    for role in sorted(to.roles):
        for grant in matrix().grants.get((role, "read", "T1"), ()):
            if grant.purposes - matrix().never:
                wanted |= _related(to, grant, near=near) & _agreed(to, grant, now)
    place = Q(agency=to.agency) if near else ~Q(agency=to.agency)
    return place & wanted & ~_held(StandingKind.CONFLICT, to.name, to.agency)


NOTHING = Q(pk__in=[])
EVERYTHING = ~Q(pk__in=[])


def _related(to: Actor, grant: Grant, *, near: bool) -> Q:
    relation = Relation(grant.relation)
    if near:
        return _RELATED[relation](to)
    if relation in {Relation.AGENCY, Relation.TEAM}:
        return NOTHING
    return _written_elsewhere(to) if relation is Relation.AUTHOR else _RELATED[relation](to)


def _written_elsewhere(to: Actor) -> Q:
    """What the member wrote down where they worked before: two ranges of one index, mostly empty."""
    written = Case.objects.filter(created_by=to.name).order_by()
    elsewhere = written.filter(agency__lt=to.agency).exists() or written.filter(agency__gt=to.agency).exists()
    return Q(created_by=to.name) if elsewhere else NOTHING


def _agreed(to: Actor, grant: Grant, now: datetime) -> Q:
    """Where the grant asks for consent: a live one that names the reader, or a running emergency opening."""
    if not grant.consent:
        return EVERYTHING
    return Q(Exists(_live_consents(to, grant, now))) | Q(Exists(_running_openings(to, now)))


def _live_consents(to: Actor, grant: Grant, now: datetime) -> QuerySet[StoredConsent]:
    return (
        StoredConsent.objects.alias(tiers_text=Cast("tiers", TextField()))
        .filter(case=OuterRef("pk"), recipient__in=[to.agency, to.name], purpose__in=sorted(grant.purposes))
        .filter(tiers_text__contains='"T1"', given_at__lte=now)
        .filter(Q(expires_at=None) | Q(expires_at__gt=now))
        .filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=now))
    )


def _running_openings(to: Actor, now: datetime) -> QuerySet[EmergencyOpening]:
    rules = matrix().rules
    second = timedelta(hours=rules["second_within_hours"])
    confirmed = (
        ~Q(second="")
        & ~Q(second=F("member"))
        & Q(second_at__gte=F("opened_at"))
        & Q(second_at__lte=F("opened_at") + second)
    )
    return (
        EmergencyOpening.objects.alias(tiers_text=Cast("tiers", TextField()))
        .filter(case=OuterRef("pk"), member=to.name, refused=False, tiers_text__contains='"T1"')
        .filter(opened_at__lte=now, opened_at__gt=now - timedelta(hours=rules["emergency_hours"]))
        .filter(Q(opened_at__gt=now - second) | confirmed)
    )


def _held(kind: StandingKind, *holders: str) -> Q:
    """The cases in which one of these holders stands so; nothing, in so many words, where there is none."""
    held = Standing.objects.filter(kind=kind, holder__in=[one for one in holders if one])
    return Q(pk__in=held.values("case")) if held.exists() else NOTHING


def _in_team(to: Actor) -> Q:
    """The agency's cases without a team, and those in whose team the member is."""
    teams = Standing.objects.filter(kind=StandingKind.TEAM)
    if not teams.exists():
        return EVERYTHING
    return ~Q(pk__in=teams.values("case")) | _held(StandingKind.TEAM, to.name)


# What puts a case in sight; agency and team are asked only among the cases of the member's own agency.
_RELATED: Mapping[Relation, Callable[[Actor], Q]] = {
    Relation.ANY: lambda to: EVERYTHING,
    Relation.AGENCY: lambda to: EVERYTHING,
    Relation.TEAM: _in_team,
    Relation.AUTHOR: lambda to: Q(created_by=to.name),
    Relation.RECIPIENT: lambda to: NOTHING,
    Relation.DECISION_BODY: lambda to: _held(StandingKind.DECISION_BODY, to.agency),
    Relation.WARD: lambda to: _held(StandingKind.GUARDIAN, to.name),
    Relation.SELF: lambda to: _held(StandingKind.PERSON, to.name),
    Relation.MANDATE: lambda to: _held(StandingKind.MANDATE, to.name),
}
