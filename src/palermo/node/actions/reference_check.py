"""A person says that they compared a paragraph number with the official text, and what it is there."""

from datetime import datetime

from palermo.appraisal import provision
from palermo.errors import InvalidRecord, Problem
from palermo.node.actions import audit, judgement, refusal
from palermo.node.actor import Actor
from palermo.node.models import ReferenceCheck

LONGEST = 40


def check(
    asked: str, *, paragraph: str, note: str = "", by: Actor, named: str, now: datetime
) -> ReferenceCheck:
    """Keep the check; the newest of a provision is the one that reports use."""
    one = provision.provision(asked)
    with refusal.recorded(
        "reference.check", by=by, object=f"provision:{one.id}", purpose=judgement.STATISTICS, now=now
    ):
        judgement.require(by, now=now)
        if len(paragraph.strip()) > LONGEST:
            raise InvalidRecord(f"reference {one.id}", [_TOO_LONG])
        made = ReferenceCheck.objects.create(
            provision=one.id,
            paragraph=paragraph.strip(),
            note=note.strip(),
            by=by.name,
            named=named or by.name,
            at=now,
        )
        audit.record(
            action="reference.check",
            actor=by.name,
            agency=by.agency,
            object=f"provision:{one.id}",
            purpose=judgement.STATISTICS,
            detail={"corrected": one.paragraph != made.paragraph},
            at=now,
        )
    return made


_TOO_LONG = Problem(
    rule="reference-paragraph",
    path="paragraph",
    wrong=f"A paragraph number has at most {LONGEST} characters.",
    remedy="Give the number alone, such as 14 or 26(a).",
    wrong_fr=f"Un numéro de paragraphe a au plus {LONGEST} caractères.",
    remedy_fr="Donnez seulement le numéro, comme 14 ou 26(a).",
)
