"""The evidence that an assessor of one provision sees first: what bears on it, of all that is known."""

from collections.abc import Iterator

from palermo.appraisal.assess import Appraisal
from palermo.appraisal.evidence import Evidence, distinct
from palermo.appraisal.provision import Provision
from palermo.appraisal.statement.claim import Claim, Standing

FEW = 3


def candidates(appraisal: Appraisal, asked: Provision) -> tuple[Evidence, ...]:
    """What was weighed, what was said or proposed of the provision, and plans where it asks for policy."""
    weighed = appraisal.assessments[asked.id].evidence
    library = appraisal.library()
    return distinct(one for one in (*weighed, *_near(appraisal, asked)) if one.id in library)


def _near(appraisal: Appraisal, asked: Provision) -> Iterator[Evidence]:
    yield from (one.evidence for one in appraisal.claims if _speaks_of(one, asked.id))
    if "policy" in asked.evidence_kinds:
        yield from (one.evidence for one in appraisal.dossier.plans)
    if "treaty" in asked.evidence_kinds:
        yield from (item for one in appraisal.standings for item in one.evidence)


def _speaks_of(claim: Claim, provision: str) -> bool:
    if claim.standing is Standing.REFUSED:
        return False
    proposed = [one.provision for one in claim.proposals[:FEW]]
    return provision in (claim.provisions or proposed)
