"""What a passage claims: who acts, of what kind, on which provision, and how far people confirmed it.

A claim is proposed by the machine (grade F, which counts for nothing) and becomes the State's own statement
(grade E) when one person and a second, who is not the first, have confirmed it as a claim of that kind.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from palermo.appraisal import evidence
from palermo.appraisal.evidence import Evidence, Grade
from palermo.appraisal.statement.document import Document, Passage
from palermo.appraisal.words import Text, say


class Kind(StrEnum):
    """What a passage does; only what is done or under way claims that a provision is carried out."""

    DONE = "done"
    UNDER_WAY = "under way"
    PROMISED = "promised"
    URGED = "urged"
    DESCRIBED = "described"


class Actor(StrEnum):
    """Who acts in a passage; STATE is the State that speaks."""

    STATE = "state"
    UNITED_NATIONS = "united nations"
    EVERYONE = "everyone"
    OTHER = "other"


class Standing(StrEnum):
    """How far people have come with a claim."""

    PROPOSED = "proposed"
    ONCE = "confirmed once"
    CONFIRMED = "confirmed"
    CONFLICT = "conflicting"
    REFUSED = "refused"


CLAIMS = frozenset({Kind.DONE, Kind.UNDER_WAY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One provision that may fit, its score between 0 and 1, and why, in words of the passage."""

    provision: str
    score: float
    why: tuple[str, ...] = ()


class Check(StrEnum):
    """What the register says of a claim about a treaty."""

    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    CANNOT_CHECK = "cannot check"


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatyMention:
    """A treaty that the passage names, by its id in the framework, and the words that named it.

    `joined` is true where the passage says that the State is a party.
    """

    treaty: str
    words: str
    joined: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMention:
    """A national plan that the passage names, with its years; `until` is None where it gives none."""

    title: str
    since: int | None
    until: int | None


class Support(StrEnum):
    """What help a passage asks for."""

    FINANCIAL = "financial"
    TECHNICAL = "technical"
    DATA = "data collection"
    TRAINING = "training"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A passage with what the machine proposed of it and what people made of that.

    `match` is the probability that any provision fits. `provisions` are those that were confirmed; before
    that, `proposals` are the machine's, best first. `confirmed_by` names the first and the second person.
    """

    document: Document
    passage: Passage
    added_on: date
    actor: Actor
    kind: Kind
    proposals: tuple[Proposal, ...]
    match: float
    provisions: tuple[str, ...] = ()
    standing: Standing = Standing.PROPOSED
    confirmed_by: tuple[str, ...] = ()
    refused_because: str = ""
    treaties: tuple[TreatyMention, ...] = ()
    plans: tuple[PlanMention, ...] = ()
    support: tuple[Support, ...] = ()

    @property
    def state(self) -> str | None:
        """The State that says it of itself."""
        return self.document.state if self.actor is Actor.STATE else None

    @property
    def grade(self) -> Grade:
        return Grade.CLAIM if self.standing is Standing.CONFIRMED else Grade.PROPOSAL

    @property
    def counts(self) -> bool:
        """Whether it lifts a provision to "claimed": confirmed by two, of a State, as done or under way."""
        return self.grade is Grade.CLAIM and self.state is not None and self.kind in CLAIMS

    @property
    def evidence(self) -> Evidence:
        """What a report cites, with the words of the passage."""
        found = self.document.found(self.grade, number=self.passage.number, added_on=self.added_on)
        quoted = Text(en=self.passage.text, fr=self.passage.text)
        return Evidence(
            id=evidence.identity(self.document.id, self.passage.start, self.passage.end, self.grade),
            says=say(f"evidence.claim.{self.kind.replace(' ', '_')}", quoted=quoted),
            found=found,
            confirmed_by=", ".join(self.confirmed_by) or None,
        )
