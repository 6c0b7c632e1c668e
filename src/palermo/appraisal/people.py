"""How what people confirmed and judged changes what the rules found, and how far it may.

A State's own statement lifts a provision to "claimed" at most, and never above what fresh evidence leaves
open. A judgement of two people takes the place of the rules' status, within `assessment.faults`.
"""

from dataclasses import replace

from palermo.appraisal import assessment
from palermo.appraisal.assessment import LADDER, NEEDS_NOTHING, Assessment, Status, higher, lower
from palermo.appraisal.evidence import Evidence, Figure, distinct
from palermo.appraisal.judgement import Judgement
from palermo.appraisal.question import Question
from palermo.appraisal.words import Phrase, Text, say

SETTLED = frozenset({Status.PARTLY, Status.DONE, Status.NOT_APPLICABLE})


def lifted(question: Question, ruled: Assessment) -> Assessment:
    """The answer with what the State says of itself; machine proposals change nothing."""
    proof = tuple(one.evidence for one in question.said)
    if not proof:
        return ruled
    status = lower(Status.CLAIMED, ruled.at_most) if ruled.status in NEEDS_NOTHING else ruled.status
    count = Figure(low=len(proof), high=len(proof), opens=tuple(one.id for one in proof))
    said = say("reason.claimed", count=count)
    return replace(
        ruled,
        status=status,
        evidence=distinct([*ruled.evidence, *proof]),
        reasons=(*ruled.reasons, said),
    )


def judged(question: Question, ruled: Assessment) -> Assessment:
    """The answer of two people where they gave one that its evidence carries; else the rules' own."""
    found = question.judgement
    if found is None:
        return ruled
    if unborne(question, found):
        return replace(ruled, reply=found.reply, reasons=(*ruled.reasons, *_unborne_reason(found)))
    return question.answer(
        found.status,
        at_most=_at_most(found.status, ruled),
        evidence=distinct([*named(question, found), *ruled.evidence]),
        reasons=(_said(found), *ruled.reasons),
        assessor=found.assessor,
        reviewer=found.reviewer,
        reply=found.reply,
    )


def named(question: Question, found: Judgement) -> tuple[Evidence, ...]:
    """The evidence that a judgement names and that is known, with the documents that it brought."""
    known = [question.library[one] for one in found.evidence_ids if one in question.library]
    return distinct([*known, *found.brought])


def unborne(question: Question, found: Judgement) -> tuple[str, ...]:
    """Why the evidence that a judgement names does not carry it; an empty tuple means that it does."""
    return assessment.faults(status=found.status, at_most=found.status, evidence=named(question, found))


def contradicts(status: Status, ruled: Assessment) -> bool:
    """Whether the judgement is above what the rules leave open, or below what they found shown."""
    if status not in LADDER or ruled.status is Status.NOT_ASSESSED:
        return False
    place = LADDER.index(status)
    return not LADDER.index(ruled.status) <= place <= LADDER.index(ruled.at_most)


def _at_most(status: Status, ruled: Assessment) -> Status:
    """People who found "partly" have seen a gap; below that, evidence may still be missing."""
    if status in SETTLED or status is Status.NOT_ASSESSED:
        return Status.DONE if status is Status.NOT_ASSESSED else status
    return higher(status, ruled.at_most)


def _said(found: Judgement) -> Phrase:
    reason = Text(en=found.reason, fr=found.reason)
    return say(
        "reason.judged",
        assessor=found.assessor,
        on=found.assessed_on,
        reviewer=found.reviewer,
        reviewed_on=found.reviewed_on or found.assessed_on,
        reason=reason,
    )


def _unborne_reason(found: Judgement) -> tuple[Phrase, ...]:
    return (say("reason.unborne", judged=say(f"status.{found.status}")),)
