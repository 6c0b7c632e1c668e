"""Who may do what: one pure function, `decide`, over the matrix in access_matrix.toml; default deny.

A decision allows, or carries the reasons against. Facts come in as small values (who asks, what the case is
to them, which consents and emergency openings there are); the clock comes in as `now`, which knows its zone.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from palermo.errors import NotAllowed
from palermo.protection.access_facts import Consent, Emergency, Object, Scope, Subject
from palermo.protection.access_matrix import IDENTITY, TIERS, Grant, Relation, Role, matrix
from palermo.protection.access_reasons import Reason

__all__ = [
    "TIERS",
    "Consent",
    "Decision",
    "Emergency",
    "Object",
    "Reason",
    "Relation",
    "Role",
    "Scope",
    "Subject",
    "decide",
    "reach",
    "relations",
    "require",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`reasons` against (none when allowed), the `basis` that allowed, whether the audit must `log` it."""

    reasons: tuple[Reason, ...] = ()
    basis: tuple[str, ...] = ()
    log: bool = True

    @property
    def allowed(self) -> bool:
        return not self.reasons

    @property
    def awaits_second(self) -> bool:
        """Only a second person's approval is missing, so the step may be proposed."""
        return self.reasons == (Reason.SECOND_PERSON,)

    def __bool__(self) -> bool:
        return self.allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    subject: Subject
    action: str
    object: Object
    tier: str | None
    purpose: str
    now: datetime


def decide(
    subject: Subject, action: str, object: Object, *, tier: str | None = None, purpose: str, now: datetime
) -> Decision:
    """May `subject` do `action` to the `tier` part of `object` for `purpose`? Refusals are logged."""
    question = _Question(subject=subject, action=action, object=object, tier=tier, purpose=purpose, now=now)
    against = tuple(reason for reason, applies in _HARD.items() if applies(question))
    if against:
        return Decision(reasons=against)
    grants: tuple[Grant, ...] = tuple(
        grant for role in sorted(subject.roles) for grant in matrix().grants.get((role, action, tier), ())
    )
    for reason, fits in _SOFT.items():
        if not (grants := tuple(grant for grant in grants if fits(question, grant))):
            return Decision(reasons=(reason,))
    grant = min(grants, key=lambda grant: grant.consent)
    return Decision(basis=_basis(question, grant), log=tier in IDENTITY or grant.consent)


def require(decision: Decision, *, where: str) -> Decision:
    """The decision if it allows; NotAllowed with its reasons otherwise. `where` names a case at most."""
    if decision.allowed:
        return decision
    texts = " ".join(reason.text("en") for reason in decision.reasons)
    raise NotAllowed(f"{where}: {texts}", decision.reasons)


def reach(roles: Iterable[str]) -> frozenset[str]:
    """The actions that these roles can have at all, for a menu; `decide` says whether one is allowed."""
    held = set(roles)
    return frozenset(action for role, action, _tier in matrix().grants if role in held)


def relations(subject: Subject, object: Object, *, tier: str | None, now: datetime) -> frozenset[str]:
    """What `object` is to `subject`; an empty member or agency stands in no relation."""
    member, agency = subject.member or None, subject.agency or None
    here = agency == object.agency
    facts = {
        Relation.ANY: True,
        Relation.AGENCY: here,
        Relation.TEAM: here and (object.team is None or member in object.team),
        Relation.AUTHOR: member == object.author,
        Relation.SELF: member == object.person,
        Relation.WARD: member in object.guardians,
        Relation.MANDATE: member in object.mandates,
        Relation.DECISION_BODY: agency in object.decision_bodies,
        Relation.RECIPIENT: any(scope.agency == agency and scope.opens(tier, now) for scope in object.scopes),
    }
    return frozenset(relation for relation, holds in facts.items() if holds)


def _related(question: _Question, grant: Grant) -> bool:
    return grant.relation in relations(
        question.subject, question.object, tier=question.tier, now=question.now
    )


def _consented(question: _Question) -> bool:
    readers = {question.subject.agency, question.subject.member} - {""}
    return any(
        consent.recipient in readers
        and consent.purpose == question.purpose
        and question.tier in consent.tiers
        and consent.live(question.now)
        for consent in question.object.consents
    )


def _in_emergency(question: _Question) -> bool:
    return any(
        opening.member == question.subject.member
        and question.tier in opening.tiers
        and opening.live(question.now)
        for opening in question.object.emergencies
    )


def _seconded(question: _Question) -> bool:
    return bool(question.object.approvals - {question.subject.member, ""})


def _harvesting(question: _Question) -> bool:
    counted = question.tier in IDENTITY and question.action in matrix().counted
    return counted and question.subject.identities_read >= matrix().rules["identities_an_hour"]


def _conflicted(question: _Question) -> bool:
    return bool(question.object.conflicts & {question.subject.member, question.subject.agency})


def _basis(question: _Question, grant: Grant) -> tuple[str, ...]:
    if not grant.consent:
        return (grant.role, grant.relation)
    return (grant.role, grant.relation, "consent" if _consented(question) else "emergency")


_KNOWN_ROLES = frozenset(role.value for role in Role)

# Reasons that nothing can outweigh; all that apply are given.
_HARD: Mapping[Reason, Callable[[_Question], bool]] = {
    Reason.UNKNOWN_ROLE: lambda asked: not asked.subject.roles & _KNOWN_ROLES,
    Reason.UNKNOWN_ACTION: lambda asked: matrix().actions.get(asked.action) != asked.object.kind,
    Reason.UNKNOWN_TIER: lambda asked: asked.tier is not None and asked.tier not in TIERS,
    Reason.UNKNOWN_PURPOSE: lambda asked: asked.purpose not in matrix().purposes,
    Reason.NEVER: lambda asked: asked.purpose in matrix().never,
    Reason.NO_KEYS: lambda asked: Role.ADMINISTRATOR in asked.subject.roles and asked.object.kind == "case",
    Reason.CONFLICT: _conflicted,
    Reason.HARVEST: _harvesting,
}

# Each narrows the grants; the first that leaves none is the reason.
_SOFT: Mapping[Reason, Callable[[_Question, Grant], bool]] = {
    Reason.ROLE: lambda _asked, _grant: True,
    Reason.RELATION: _related,
    Reason.PURPOSE: lambda asked, grant: asked.purpose in grant.purposes,
    Reason.CONSENT: lambda asked, grant: not grant.consent or _consented(asked) or _in_emergency(asked),
    Reason.SECOND_PERSON: lambda asked, grant: not grant.second or _seconded(asked),
}
