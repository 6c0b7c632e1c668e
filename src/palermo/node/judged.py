"""Stored judgements and checked references as the appraisal's own values."""

from datetime import UTC, date, datetime
from typing import Any

from palermo.appraisal import evidence
from palermo.appraisal import reference_check as reference
from palermo.appraisal.assessment import Status
from palermo.appraisal.evidence import Evidence, Found, Grade, Source
from palermo.appraisal.judgement import Judgement as Judged
from palermo.appraisal.judgement import Reply
from palermo.appraisal.obstacle import Reason
from palermo.appraisal.words import Text, say
from palermo.node.models import Judgement, ReferenceCheck


def judgements_of(code: str) -> tuple[Judged, ...]:
    """What two people agreed of this State and published."""
    return tuple(judgement(one) for one in Judgement.objects.published(code))


def judgement(one: Judgement) -> Judged:
    """The stored judgement as a value; people are named as reports name them."""
    return Judged(
        state=one.state,
        provision=one.provision,
        cycle=one.cycle,
        status=Status(one.status),
        evidence_ids=tuple(one.evidence_ids),
        reason=one.reason,
        assessor=person(one.assessor_named, one.assessor),
        assessed_on=_day(one.assessed_at),
        reviewer=person(one.reviewer_named, one.reviewer),
        reviewed_on=_day(one.reviewed_at) if one.reviewed_at else None,
        reply=Reply(text=one.reply, by=one.reply_by, on=_day(one.reply_at)) if one.reply_at else None,
        codes=tuple(Reason(code) for code in one.codes),
        brought=tuple(map(document, one.brought)),
    )


def person(named: str, member: str) -> str:
    """A person with the name of their account, so that two people of one name stay two."""
    return f"{named} ({member})" if named and member else member


def document(given: dict[str, Any]) -> Evidence:
    """A document that an assessor added to the evidence: what it is, where it stands, of which day."""
    name = Text(en=given["title"], fr=given["title"])
    publisher = Text(en=given["place"], fr=given["place"])
    id_ = evidence.identity("brought", given["title"], given["place"], given["as_of"], given["grade"])
    source = Source(id=f"document-{id_[2:]}", name=name, publisher=publisher, grade=Grade(given["grade"]))
    found = Found(source=source, as_of=date.fromisoformat(given["as_of"]), file=given["place"], line=0)
    return Evidence(id=id_, says=say("evidence.brought", title=name), found=found)


def checks() -> dict[str, reference.ReferenceCheck]:
    """The newest check of each provision's reference."""
    return {one.provision: check(one) for one in ReferenceCheck.objects.order_by("at", "id")}


def check(one: ReferenceCheck) -> reference.ReferenceCheck:
    return reference.ReferenceCheck(
        provision=one.provision, by=one.named, on=_day(one.at), paragraph=one.paragraph, note=one.note
    )


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
