"""The status of one provision for one State, bound to its evidence by rules that hold wherever it is made."""

from dataclasses import dataclass
from enum import StrEnum

from palermo.appraisal import evidence as proof
from palermo.appraisal.evidence import Evidence, Grade
from palermo.appraisal.obstacle import Obstacle
from palermo.appraisal.reply import Reply
from palermo.appraisal.words import Phrase


class Status(StrEnum):
    """How far a provision is shown to be carried out."""

    NOT_ASSESSED = "not assessed"
    NO_EVIDENCE = "no evidence"
    CLAIMED = "claimed"
    PARTLY = "partly"
    DONE = "done"
    NOT_APPLICABLE = "not applicable"


NEEDS_NOTHING = frozenset({Status.NOT_ASSESSED, Status.NO_EVIDENCE})
NEEDS_PROOF = frozenset({Status.PARTLY, Status.DONE})
LADDER = (Status.NO_EVIDENCE, Status.CLAIMED, Status.PARTLY, Status.DONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """A status with the proof it rests on.

    `at_most` is the status that full evidence could still show: it equals `status` where the gap is known,
    and is higher where evidence is missing. `evidence` holds all that was weighed, conflicts included.
    `assessor` and `reviewer` are the two people whose judgement it is, empty where rules found it; `reply`
    is what the State answered them.
    """

    state: str
    provision: str
    cycle: str
    status: Status
    at_most: Status
    evidence: tuple[Evidence, ...] = ()
    reasons: tuple[Phrase, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    assessor: str = ""
    reviewer: str = ""
    reply: Reply | None = None

    def __post_init__(self) -> None:
        for broken in faults(status=self.status, at_most=self.at_most, evidence=self.evidence):
            raise ValueError(f"{self.state} {self.provision}: {broken}")
        if self.reviewer and self.reviewer == self.assessor:
            raise ValueError(f"{self.state} {self.provision}: the reviewer is the assessor")

    @property
    def evidence_ids(self) -> tuple[str, ...]:
        return tuple(one.id for one in self.evidence)

    @property
    def grade(self) -> Grade | None:
        """The weakest proof among what counts; None where nothing does."""
        counting = [one.grade for one in self.evidence if one.grade is not Grade.PROPOSAL]
        return max(counting, default=None)


def faults(*, status: Status, at_most: Status, evidence: tuple[Evidence, ...]) -> tuple[str, ...]:
    """What is wrong with such a status on such evidence; an empty tuple means nothing."""
    claimed = status is Status.CLAIMED
    found = {
        f"status {status!r} needs evidence": status not in NEEDS_NOTHING and not evidence,
        f"status {status!r} needs proof stronger than grades E and F": (
            status in NEEDS_PROOF and not proof.proves(evidence)
        ),
        "a machine proposal (grade F) counts for nothing": claimed and not proof.claims(evidence),
        f"at most {at_most!r} is below {status!r}": (
            status in LADDER and at_most in LADDER and LADDER.index(at_most) < LADDER.index(status)
        ),
    }
    return tuple(text for text, broken in found.items() if broken)


def lower(one: Status, other: Status) -> Status:
    """The lower of two statuses of the ladder."""
    return min(one, other, key=LADDER.index)


def higher(one: Status, other: Status) -> Status:
    """The higher of two statuses of the ladder."""
    return max(one, other, key=LADDER.index)


def highest(evidence: tuple[Evidence, ...]) -> Status:
    """The highest status that such evidence can carry."""
    if proof.proves(evidence):
        return Status.DONE
    return Status.CLAIMED if proof.claims(evidence) else Status.NO_EVIDENCE
