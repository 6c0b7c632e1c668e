"""What is known of one State beside the tables: what it said, what it plans, what people judged."""

from dataclasses import dataclass
from datetime import date

from palermo.appraisal.judgement import Judgement
from palermo.appraisal.plan.named import named
from palermo.appraisal.plan.plan import Plan
from palermo.appraisal.statement.claim import Claim, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Claims of and about a State, its plans and judgements; an appraisal reads it beside the register."""

    claims: tuple[Claim, ...] = ()
    plans: tuple[Plan, ...] = ()
    judgements: tuple[Judgement, ...] = ()

    def known(self, *, of: str, on: date) -> "Dossier":
        """What belongs to that State and could be known on that day, in one order whatever it came in."""
        claims = {one.evidence.id: one for one in sorted(self.claims, key=repr) if one.document.state == of}
        plans = {one.evidence.id: one for one in sorted(self.plans, key=repr) if one.state == of}
        ours = [one for one in self.judgements if one.state == of and one.assessed_on <= on]
        return Dossier(
            claims=tuple(one for _, one in sorted(claims.items()) if one.evidence.found.as_of <= on),
            plans=tuple(one for _, one in sorted(plans.items()) if one.found.as_of <= on),
            judgements=tuple(
                one.known_on(on)
                for one in sorted(ours, key=lambda one: (one.provision, one.assessed_on, one.assessor))
            ),
        )

    @property
    def told(self) -> tuple[Claim, ...]:
        """The claims that nobody refused."""
        return tuple(one for one in self.claims if one.standing is not Standing.REFUSED)

    @property
    def plans_named(self) -> tuple[Plan, ...]:
        """The plans of the dossier, and those that its claims only name."""
        return (*self.plans, *(plan for claim in self.told for plan in named(claim)))


EMPTY = Dossier()
