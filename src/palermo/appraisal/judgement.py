"""What people made of a provision: an assessor, a reviewer who is another, and the State's reply.

A judgement takes the place of what the rules found, and is bound by the same limits: what is shown done needs
proof stronger than the State's own statement (`assessment.faults`).
"""

from dataclasses import dataclass
from datetime import date

from palermo.appraisal.assessment import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the State answered before publication; it is printed with the judgement."""

    text: str
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The status that two people gave to a provision of a State in a cycle, with the evidence they named.

    `reviewer` is empty until the second person has agreed; only then does it stand.
    """

    state: str
    provision: str
    cycle: str
    status: Status
    evidence_ids: tuple[str, ...]
    reason: str
    assessor: str
    assessed_on: date
    reviewer: str = ""
    reviewed_on: date | None = None
    reply: Reply | None = None

    def __post_init__(self) -> None:
        if self.reviewer and self.reviewer == self.assessor:
            raise ValueError(
                f"{self.state} {self.provision}: the reviewer is the assessor. Ask another person."
            )

    @property
    def stands(self) -> bool:
        return bool(self.reviewer)
