"""What the Plan asks, as data: provisions, the instruments they come from and what would measure them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from palermo.appraisal.state import items, rows
from palermo.appraisal.words import Text
from palermo.errors import Unknown


class Pillar(StrEnum):
    """The four pillars of the Plan, and the treaty group that cuts across them."""

    PREVENTION = "prevention"
    PROTECTION = "protection"
    PROSECUTION = "prosecution"
    PARTNERSHIP = "partnership"
    TREATIES = "treaties"


class Set(StrEnum):
    """Where a provision belongs: the Plan itself, or a later or linked commitment."""

    PLAN = "plan"
    DECLARATION = "declaration"
    GOAL = "goal"
    COMPACT = "compact"


class ReferenceStatus(StrEnum):
    """How surely the paragraph is known: its text seen, its substance seen, or from memory."""

    VERIFIED = "verified"
    SECONDARY = "secondary"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A treaty, resolution or declaration; `adopted_status` says how surely its date is known."""

    id: str
    kind: str
    short: Text
    name: Text
    reference: str
    reference_status: ReferenceStatus
    adopted_on: date
    adopted_status: ReferenceStatus
    depositary: str
    replaced_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One way to measure a provision; it belongs to that provision alone."""

    id: str
    provision: str
    unit: str
    source: str
    direction: str
    label: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """What a provision is tied to: treaty articles, goals, objectives of the Compact, the Plan."""

    treaty: tuple[str, ...]
    sdg: tuple[str, ...]
    gcm: tuple[str, ...]
    plan: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """One thing that is asked, in our own words; `scored` is false where the United Nations is asked."""

    id: str
    set: Set
    instrument: str
    part: str
    paragraph: str
    reference_status: ReferenceStatus
    checked_by: str | None
    checked_on: date | None
    pillar: Pillar
    addressee: str
    scored: bool
    text: Text
    evidence_kinds: tuple[str, ...]
    measures: tuple[str, ...]
    links: Links
    valid_from: date
    supersedes: tuple[str, ...]

    @property
    def reference_checked(self) -> bool:
        """Whether the paragraph may be cited without a warning."""
        return self.reference_status is ReferenceStatus.VERIFIED or self.checked_on is not None


@cache
def instruments() -> Mapping[str, Instrument]:
    return {row["id"]: _instrument(row) for row in rows("instruments.csv")}


@cache
def measures() -> Mapping[str, Measure]:
    return {row["id"]: _measure(row) for row in rows("measures.csv")}


@cache
def provisions() -> Mapping[str, Provision]:
    """Every provision by id, in the order of the framework."""
    return {row["id"]: _provision(row) for row in rows("provisions.csv")}


def provision(given: str) -> Provision:
    if given not in provisions():
        raise Unknown(f"No provision has the id {given!r}. See the list in docs/reference/framework.md.")
    return provisions()[given]


def plan() -> tuple[Provision, ...]:
    """The provisions of the Plan itself, which a State is appraised on."""
    return tuple(one for one in provisions().values() if one.set is Set.PLAN)


def in_force(on: date) -> tuple[Provision, ...]:
    """What is asked on that day: what has begun, and that nothing which has begun took the place of."""
    begun = [one for one in provisions().values() if one.valid_from <= on]
    replaced = {name for one in begun for name in one.supersedes}
    return tuple(one for one in begun if one.id not in replaced)


def meaning(one: Provision) -> str:
    """A hash of what the id means; where the provision stands and who checked that are no part of it."""
    parts = (one.id, one.set, one.instrument, one.pillar, one.addressee, one.text.en, one.text.fr)
    text = "\x1f".join((*parts, str(one.scored), str(one.valid_from)))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _instrument(row: Mapping[str, str]) -> Instrument:
    return Instrument(
        id=row["id"],
        kind=row["kind"],
        short=Text(en=row["short_en"], fr=row["short_fr"]),
        name=Text(en=row["name_en"], fr=row["name_fr"]),
        reference=row["reference"],
        reference_status=ReferenceStatus(row["reference_status"]),
        adopted_on=date.fromisoformat(row["adopted_on"]),
        adopted_status=ReferenceStatus(row["adopted_status"]),
        depositary=row["depositary"],
        replaced_by=row["replaced_by"],
    )


def _measure(row: Mapping[str, str]) -> Measure:
    label = Text(en=row["label_en"], fr=row["label_fr"])
    return Measure(
        label=label, **{key: row[key] for key in ("id", "provision", "unit", "source", "direction")}
    )


def _provision(row: Mapping[str, str]) -> Provision:
    return Provision(
        id=row["id"],
        set=Set(row["set"]),
        instrument=row["instrument"],
        part=row["part"],
        paragraph=row["paragraph"],
        reference_status=ReferenceStatus(row["reference_status"]),
        checked_by=row["checked_by"] or None,
        checked_on=date.fromisoformat(row["checked_on"]) if row["checked_on"] else None,
        pillar=Pillar(row["pillar"]),
        addressee=row["addressee"],
        scored=row["scored"] == "yes",
        text=Text(en=row["text_en"], fr=row["text_fr"]),
        evidence_kinds=items(row["evidence_kinds"]),
        measures=items(row["measures"]),
        links=Links(**{name: items(row[f"{name}_links"]) for name in ("treaty", "sdg", "gcm", "plan")}),
        valid_from=date.fromisoformat(row["valid_from"]),
        supersedes=items(row["supersedes"]),
    )
