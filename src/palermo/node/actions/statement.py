"""Public statements as evidence: kept, read by the machine, then by people, and withdrawn.

The audit names the document by its hash and the passage by its number, never what was said.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from palermo.appraisal import state as states
from palermo.appraisal.statement import opening, passage, reading
from palermo.appraisal.statement.claim import Claim
from palermo.appraisal.statement.reading import Reading
from palermo.errors import InvalidRecord, PalermoError, Problem, Unknown, WrongState
from palermo.node import permission, stated
from palermo.node.actions import audit, refusal
from palermo.node.actor import Actor
from palermo.node.models import PassageReading, Statement, StatementPassage, StatementState
from palermo.node.models.statement import StatementQuerySet

STATISTICS = "statistics"
APPRAISE = "appraise"
LARGEST = 25 * 1024 * 1024
BATCH = 200
NONE_HERE = "No statement by that reference here. Go back to the list of statements."

Clock = Callable[[], datetime]
Told = Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the person who adds a document knows of it; what is left empty is guessed from the text."""

    speaker: str = ""
    speaks_for: str = ""
    spoken_on: date | None = None


UNKNOWN = About()


def add(
    content: bytes, *, name: str, about: About = UNKNOWN, by: Actor, now: datetime
) -> tuple[Statement, bool]:
    """The statement of this file, and whether it is new: the same bytes are the same statement."""
    digest = hashlib.sha256(content).hexdigest()
    with refusal.recorded(
        "statement.add", by=by, object=f"statement:{digest[:10]}", purpose=STATISTICS, now=now
    ):
        permission.require(by, APPRAISE, purpose=STATISTICS, now=now)
        if len(content) > LARGEST:
            raise InvalidRecord(name, [_TOO_LARGE])
        code = states.state(about.speaks_for).code if about.speaks_for.strip() else ""
        made, new = Statement.objects.get_or_create(
            id=digest,
            defaults={
                "name": name[:200],
                "content": content,
                "speaker": about.speaker.strip(),
                "speaks_for": code,
                "spoken_on": about.spoken_on,
                "added_by": by.name,
                "added_at": now,
            },
        )
        if new:
            _note("add", made, by=by, now=now)
    return made, new


def visible(by: Actor, *, now: datetime) -> StatementQuerySet:
    """The statements that `by` may see: all of the node for who may appraise, else none."""
    allowed = permission.ask(by, APPRAISE, purpose=STATISTICS, now=now)
    found: StatementQuerySet = Statement.objects.all() if allowed else Statement.objects.none()
    return found


def known(statement_id: str, *, by: Actor, now: datetime) -> Statement:
    """The statement if `by` may see it; Unknown, the same for one that is not here, otherwise."""
    found = visible(by, now=now).filter(pk__startswith=statement_id).first() if statement_id else None
    if found is None:
        raise Unknown(NONE_HERE)
    return found


def open_text(one: Statement, *, now: datetime, told: Told | None = None) -> Statement:
    """Read the text out of the file, with what it tells of speaker, State and date where nobody said so.

    A file of no such kind marks the statement failed, and says why.
    """
    try:
        document = opening.opened(
            bytes(one.content),
            name=one.name,
            speaker=one.speaker,
            state=one.speaks_for or None,
            spoken_on=one.spoken_on,
            progress=lambda done, of: told(done / of) if told else None,
        )
    except PalermoError as error:
        return _failed(one, str(error), now=now)
    with transaction.atomic():
        one = Statement.objects.select_for_update().get(pk=one.pk)
        one.text, one.language, one.state = document.text, document.language, StatementState.OPENED
        one.speaker, one.speaks_for, one.spoken_on = (
            document.speaker,
            document.state or "",
            document.spoken_on,
        )
        one.guessed = sorted(guess.about for guess in document.guesses)
        one.notes = list(document.notes)
        one.save()
        audit.record(action="statement.open", actor=one.added_by, object=_thing(one), at=now)
    return one


def propose(one: Statement, *, clock: Clock, told: Told | None = None) -> Statement:
    """Cut an opened statement into passages and propose what each claims; cut off, it begins again."""
    from palermo.appraisal.statement import claim_of, match  # what embeds texts is read when it is used

    if one.state == StatementState.WAITING:
        one = open_text(one, now=clock())
    if one.state != StatementState.OPENED:
        return one
    document = stated.document(one)
    cut = passage.passages(document)
    matcher = match.matcher()
    found: list[Claim] = []
    for start in range(0, len(cut), BATCH):
        found += claim_of.claims(
            document, cut[start : start + BATCH], matcher=matcher, added_on=one.added_at.date()
        )
        Statement.objects.filter(pk=one.pk).update(progress=len(found) / len(cut))
        if told:
            told(len(found) / len(cut))
    return _kept(one, found, matcher=matcher.name, now=clock())


def read(passage_id: int, new: Reading, *, by: Actor, now: datetime) -> StatementPassage:
    """Keep what a person makes of a passage; InvalidRecord says why it cannot be taken."""
    with refusal.recorded("passage.read", by=by, object=f"passage:{passage_id}", purpose=STATISTICS, now=now):
        permission.require(by, APPRAISE, purpose=STATISTICS, now=now)
        one = StatementPassage.objects.select_for_update().filter(pk=passage_id).first()
        if one is None:
            raise Unknown("No passage by that number here. Go back to the statement.")
        earlier = stated.readings(one)
        if problems := reading.against(new, earlier=earlier):
            raise InvalidRecord(f"passage {one.number}", problems)
        PassageReading.objects.create(
            passage=one,
            by=by.name,
            at=now,
            provisions=list(new.provisions),
            actor=new.actor.value,
            kind=new.kind.value,
            because=new.because.strip(),
        )
        after = reading.outcome([*earlier, new])
        one.read_by, one.settled = len(earlier) + 1, after.settled
        one.save(update_fields=["read_by", "settled"])
        audit.record(
            action="passage.read" if new.provisions else "passage.refuse",
            actor=by.name,
            agency=by.agency,
            object=f"passage:{one}",
            purpose=STATISTICS,
            detail={"provisions": list(new.provisions), "standing": after.standing.value},
            at=now,
        )
    return one


def describe(statement_id: str, about: About, *, by: Actor, now: datetime) -> Statement:
    """Say who speaks, for which State and when; what a person says is no longer a guess."""
    known(statement_id, by=by, now=now)
    with _step("describe", statement_id, by=by, now=now) as one:
        code = states.state(about.speaks_for).code if about.speaks_for.strip() else ""
        one.speaker, one.speaks_for, one.spoken_on = about.speaker.strip(), code, about.spoken_on
        one.guessed = []
        one.save()
    return one


def withdraw(statement_id: str, *, reason: str, by: Actor, now: datetime) -> Statement:
    """Say that a statement counts no more, and why; it stays to be read."""
    known(statement_id, by=by, now=now)
    with _step("withdraw", statement_id, by=by, now=now) as one:
        if one.withdrawn_at:
            raise WrongState(f"statement {one}: was withdrawn already.")
        if not reason.strip():
            raise InvalidRecord(f"statement {one}", [_NO_REASON])
        one.withdrawn_by, one.withdrawn_at, one.withdrawn_reason = by.name, now, reason.strip()
        one.save()
    return one


def _failed(one: Statement, why: str, *, now: datetime) -> Statement:
    with transaction.atomic():
        one = Statement.objects.select_for_update().get(pk=one.pk)
        one.state, one.fault = StatementState.FAILED, why
        one.save()
        audit.record(action="statement.failed", actor=one.added_by, object=_thing(one), at=now)
    return one


def _kept(one: Statement, found: Sequence[Claim], *, matcher: str, now: datetime) -> Statement:
    """All passages in one transaction, unless another worker was first."""
    with transaction.atomic():
        one = Statement.objects.select_for_update().get(pk=one.pk)
        if one.state != StatementState.OPENED:
            return one
        StatementPassage.objects.bulk_create(
            [stated.row(claim, statement=one) for claim in found], batch_size=500
        )
        one.state, one.matcher, one.progress, one.read_at = StatementState.DONE, matcher, 1.0, now
        one.save()
        detail = {"passages": len(found), "matcher": matcher}
        audit.record(action="statement.done", actor=one.added_by, object=_thing(one), detail=detail, at=now)
    return one


@contextmanager
def _step(step: str, statement_id: str, *, by: Actor, now: datetime) -> Iterator[Statement]:
    """One transaction that holds the row and records the step, or its refusal."""
    where = f"statement:{statement_id[:10]}"
    with refusal.recorded(f"statement.{step}", by=by, object=where, purpose=STATISTICS, now=now):
        permission.require(by, APPRAISE, purpose=STATISTICS, now=now)
        one = Statement.objects.select_for_update().get(pk__startswith=statement_id)
        yield one
        _note(step, one, by=by, now=now)


def _note(step: str, one: Statement, *, by: Actor, now: datetime) -> None:
    audit.record(
        action=f"statement.{step}",
        actor=by.name,
        agency=by.agency,
        object=_thing(one),
        purpose=STATISTICS,
        at=now,
    )


def _thing(one: Statement) -> str:
    return f"statement:{one}"


_TOO_LARGE = Problem(
    rule="statement-size",
    path="file",
    wrong=f"is larger than {LARGEST // 1024 // 1024} MB.",
    wrong_fr=f"dépasse {LARGEST // 1024 // 1024} Mo.",
    remedy="Give the text alone, or the pages that matter.",
    remedy_fr="Donnez le texte seul, ou les pages qui comptent.",
)
_NO_REASON = Problem(
    rule="statement-no-reason",
    path="reason",
    wrong="is empty.",
    wrong_fr="est vide.",
    remedy="Say why it counts no more.",
    remedy_fr="Dites pourquoi elle ne compte plus.",
)
