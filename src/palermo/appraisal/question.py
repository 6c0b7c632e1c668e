"""One provision asked of one State on one day, with all that may answer it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from palermo.appraisal import judgement, obstacle, words
from palermo.appraisal.assessment import Assessment, Status
from palermo.appraisal.dossier import EMPTY, Dossier
from palermo.appraisal.evidence import Evidence
from palermo.appraisal.judgement import Judgement
from palermo.appraisal.obstacle import Obstacle, Reason
from palermo.appraisal.provision import Provision
from palermo.appraisal.register import Register
from palermo.appraisal.statement.claim import Claim
from palermo.appraisal.treaty import Standing

YEARS_UNTIL_OLD = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`settings` is the provision's row in the table of rules, empty where no rule assesses it.

    `register` and `dossier` hold only what could be known on `today`, the dossier only what is of the State.
    `library` is all evidence of the State that a judgement may name, by id.
    """

    state: str
    provision: Provision
    settings: Mapping[str, Any]
    register: Register
    dossier: Dossier = EMPTY
    library: Mapping[str, Evidence]
    today: date
    cycle: str

    def answer(self, status: Status, **rest: Any) -> Assessment:
        return Assessment(
            state=self.state, provision=self.provision.id, cycle=self.cycle, status=status, **rest
        )

    def obstacle(self, reason: Reason, **rest: Any) -> Obstacle:
        return obstacle.raised(reason, provision=self.provision.id, **rest)

    @property
    def standings(self) -> tuple[Standing, ...]:
        """Where the State stands towards each treaty that the rule lists."""
        return tuple(self.register.standing(self.state, one) for one in self.settings.get("treaties", ()))

    @property
    def said(self) -> tuple[Claim, ...]:
        """What the State says of itself on this provision, done or under way, confirmed by two people."""
        return tuple(one for one in self.dossier.claims if one.counts and self.provision.id in one.provisions)

    @property
    def judgement(self) -> Judgement | None:
        """What two people made of it in this cycle."""
        return judgement.standing(self.dossier.judgements, provision=self.provision.id, cycle=self.cycle)


def settings(provision: str) -> Mapping[str, Any] | None:
    """The row of the rule table for a provision; None where no rule assesses it."""
    row: Mapping[str, Any] | None = words.table("rules.toml").get(provision)
    return row


def old(known_on: date, today: date) -> bool:
    """Whether more than two years lie between; the anniversary itself is not yet old."""
    return (known_on.year + YEARS_UNTIL_OLD, known_on.month, known_on.day) < (
        today.year,
        today.month,
        today.day,
    )
