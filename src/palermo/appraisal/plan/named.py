"""Plans that a statement only names: they have years and no actions, and can still have expired."""

import re
from datetime import date

from palermo.appraisal import evidence
from palermo.appraisal.plan.plan import Plan
from palermo.appraisal.statement.claim import Claim, PlanMention

SPACES = re.compile(r"\s+")


def named(claim: Claim) -> tuple[Plan, ...]:
    """The plans that a State names of itself: from 1 January of the first year to 31 December of the last.

    A claim of nobody's own plan names none; one that gives no year tells nothing that can be checked.
    """
    if claim.state is None:
        return ()
    return tuple(_plan(claim, one, claim.state) for one in claim.plans if one.since or one.until)


def _plan(claim: Claim, mention: PlanMention, state: str) -> Plan:
    title = SPACES.sub(" ", mention.title).strip()
    return Plan(
        id=evidence.identity("plan", state, title.casefold(), mention.since, mention.until),
        state=state,
        title=title,
        starts_on=date(mention.since, 1, 1) if mention.since else None,
        ends_on=date(mention.until, 12, 31) if mention.until else None,
        found=claim.evidence.found,
    )
