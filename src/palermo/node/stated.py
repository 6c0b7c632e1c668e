"""Stored statements as the appraisal's own values: documents, passages, and claims with their readings."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from django.db.models import Prefetch

from palermo.appraisal.statement import reading
from palermo.appraisal.statement.claim import (
    Actor,
    Claim,
    Kind,
    PlanMention,
    Proposal,
    Support,
    TreatyMention,
)
from palermo.appraisal.statement.document import UNKNOWN, Document, Passage
from palermo.appraisal.statement.reading import Outcome, Reading
from palermo.node.models import PassageReading, Statement, StatementPassage


def claims_of(code: str) -> tuple[Claim, ...]:
    """Every claim of the documents in which this State speaks, oldest document first, in order of reading."""
    found = Statement.objects.standing().filter(speaks_for=code).order_by("spoken_on", "added_at", "id")
    return tuple(claim for one in found for claim in claims(one))


def claims(one: Statement) -> tuple[Claim, ...]:
    """The claims of one document in the order of its passages."""
    told = document(one)
    read = Prefetch("readings", queryset=PassageReading.objects.order_by("at", "id"))
    return tuple(claim(told, row, one) for row in one.passages.order_by("number").prefetch_related(read))


def document(one: Statement) -> Document:
    """The stored statement as a document."""
    return Document(
        id=one.pk,
        name=one.name,
        text=one.text,
        language=one.language or UNKNOWN,
        speaker=one.speaker,
        state=one.speaks_for or None,
        spoken_on=one.spoken_on,
    )


def claim(told: Document, row: StatementPassage, one: Statement) -> Claim:
    """One stored passage as a claim, with what its readers made of it."""
    after = reading.outcome(readings(row))
    return Claim(
        document=told,
        passage=_passage(told, row),
        added_on=one.added_at.date(),
        actor=after.actor or Actor(row.actor),
        kind=after.kind or Kind(row.kind),
        proposals=proposals(row),
        match=row.match,
        **_standing(after),
        treaties=tuple(TreatyMention(**mention) for mention in row.treaties),
        plans=tuple(PlanMention(**mention) for mention in row.plans),
        support=tuple(Support(name) for name in row.support),
    )


def _standing(after: Outcome) -> dict[str, Any]:
    return {
        "standing": after.standing,
        "provisions": after.provisions,
        "confirmed_by": after.confirmed_by,
        "refused_because": after.because,
    }


def readings(row: StatementPassage) -> tuple[Reading, ...]:
    """What people made of a passage, in order."""
    return tuple(
        Reading(
            by=one.by,
            actor=Actor(one.actor),
            kind=Kind(one.kind),
            provisions=tuple(one.provisions),
            because=one.because,
        )
        for one in row.readings.all()
    )


def proposals(row: StatementPassage) -> tuple[Proposal, ...]:
    """What the machine proposed, best first."""
    return tuple(
        Proposal(provision=one["provision"], score=one["score"], why=tuple(one["why"]))
        for one in row.proposals
    )


def row(one: Claim, *, statement: Statement) -> StatementPassage:
    """A claim as it is stored."""
    return StatementPassage(
        statement=statement,
        number=one.passage.number,
        start=one.passage.start,
        end=one.passage.end,
        language=one.passage.language,
        actor=one.actor.value,
        kind=one.kind.value,
        proposals=_plain(one.proposals),
        match=one.match,
        treaties=_plain(one.treaties),
        plans=_plain(one.plans),
        support=[name.value for name in one.support],
    )


def _plain(values: Iterable[Any]) -> list[Mapping[str, Any]]:
    return [asdict(one) for one in values]


def _passage(told: Document, row: StatementPassage) -> Passage:
    return Passage(
        document=told.id,
        number=row.number,
        start=row.start,
        end=row.end,
        text=told.text[row.start : row.end],
        language=row.language,
    )
