"""What a decision on access is made from: who asks, what the case is to them, what the person agreed to."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from palermo.protection.access_matrix import matrix


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """The person's agreement that `recipient` (an agency or a member) sees `tiers` for `purpose`."""

    purpose: str
    recipient: str
    tiers: frozenset[str]
    given_at: datetime
    expires_at: datetime | None = None
    withdrawn_at: datetime | None = None

    def live(self, now: datetime) -> bool:
        ends = [end for end in (self.expires_at, self.withdrawn_at) if end is not None]
        return self.given_at <= now and all(now < end for end in ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """A break-glass opening by one member; it lapses unless another confirms it in time, or refuses it."""

    member: str
    tiers: frozenset[str]
    reason: str
    opened_at: datetime
    second: str | None = None
    second_at: datetime | None = None
    refused: bool = False

    def live(self, now: datetime) -> bool:
        rules = matrix().rules
        age = now - self.opened_at
        due = self.opened_at + timedelta(hours=rules["second_within_hours"])
        lasts = timedelta(0) <= age < timedelta(hours=rules["emergency_hours"])
        return (
            lasts and bool(self.reason.strip()) and not self.refused and (now < due or self._confirmed(due))
        )

    def _confirmed(self, due: datetime) -> bool:
        another = self.second not in (None, "", self.member)
        return another and self.second_at is not None and self.opened_at <= self.second_at <= due


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a referral opens to its recipient: identity once accepted, life-safety once scheduled."""

    agency: str
    tiers: frozenset[str]
    accepted: bool = False
    scheduled: bool = False
    ends_at: datetime | None = None
    revoked: bool = False

    def opens(self, tier: str | None, now: datetime) -> bool:
        running = not self.revoked and (self.ends_at is None or now < self.ends_at)
        return running and (tier is None or (tier in self.tiers and self._reached(tier)))

    def _reached(self, tier: str) -> bool:
        return {"T3": self.accepted or self.scheduled, "T4": self.scheduled}.get(tier, True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Who asks. `identities_read` counts the T3 and T4 parts that the member opened in the last hour."""

    member: str
    agency: str
    roles: frozenset[str]
    identities_read: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    """What is asked about: its kind, its owner, and who stands in which relation to it.

    `team` None means that the whole owner agency is the team. `conflicts` names members and agencies linked
    to a perpetrator of this case. `approvals` names the members who approved this very step.
    """

    kind: str = "case"
    agency: str = ""
    team: frozenset[str] | None = None
    author: str = ""
    person: str = ""
    guardians: frozenset[str] = frozenset()
    mandates: frozenset[str] = frozenset()
    decision_bodies: frozenset[str] = frozenset()
    scopes: tuple[Scope, ...] = ()
    consents: tuple[Consent, ...] = ()
    emergencies: tuple[Emergency, ...] = ()
    conflicts: frozenset[str] = frozenset()
    approvals: frozenset[str] = frozenset()
