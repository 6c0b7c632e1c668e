"""What is known of one State beside the tables: what it said, what it plans, what people judged."""

from dataclasses import dataclass

from palermo.appraisal.judgement import Judgement
from palermo.appraisal.plan.plan import Plan
from palermo.appraisal.statement.claim import Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Claims of and about a State, its plans and judgements; an appraisal reads it beside the register."""

    claims: tuple[Claim, ...] = ()
    plans: tuple[Plan, ...] = ()
    judgements: tuple[Judgement, ...] = ()


EMPTY = Dossier()
