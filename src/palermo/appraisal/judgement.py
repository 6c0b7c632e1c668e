"""What people made of a provision: an assessor, a reviewer who is another, and the State's reply.

A judgement takes the place of what the rules found, and is bound by the same limits: what is shown done needs
proof stronger than the State's own statement (`assessment.faults`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from palermo.appraisal.assessment import Status
from palermo.appraisal.evidence import Evidence
from palermo.appraisal.obstacle import Reason
from palermo.appraisal.reply import Reply as Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The status that two people gave to a provision of a State in a cycle, with the evidence they named.

    `brought` are documents that the assessor added to the evidence; `codes` are the reasons that stand in the
    way, as the assessor saw them. `reviewer` is empty until the second person agreed; only then it stands.
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
    codes: tuple[Reason, ...] = ()
    brought: tuple[Evidence, ...] = ()

    def __post_init__(self) -> None:
        if self.reviewer and self.reviewer == self.assessor:
            raise ValueError(
                f"{self.state} {self.provision}: the reviewer is the assessor. Ask another person."
            )

    @property
    def stands(self) -> bool:
        return bool(self.reviewer)

    def known_on(self, today: date) -> "Judgement":
        """The judgement as it stood on that day: a review or a reply of a later day is not known yet."""
        agreed = not self.reviewed_on or self.reviewed_on <= today
        answered = self.reply is not None and self.reply.on <= today
        return replace(
            self,
            reviewer=self.reviewer if agreed else "",
            reviewed_on=self.reviewed_on if agreed else None,
            reply=self.reply if answered else None,
        )


def standing(judgements: Iterable[Judgement], *, provision: str, cycle: str) -> Judgement | None:
    """The newest judgement of two people on that provision in that cycle; None where there is none."""
    ours = [one for one in judgements if (one.provision, one.cycle, one.stands) == (provision, cycle, True)]
    return max(ours, key=_age, default=None)


def _age(one: Judgement) -> tuple[date, date, str, str]:
    return (one.reviewed_on or one.assessed_on, one.assessed_on, one.assessor, one.status)
