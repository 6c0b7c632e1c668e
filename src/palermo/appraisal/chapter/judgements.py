"""The chapter on judgements: what two people made of a provision, and the State's reply beside it."""

from collections.abc import Mapping

from palermo.appraisal import evidence as proof
from palermo.appraisal.assess import Appraisal
from palermo.appraisal.chapter.cell import TONES, column, refs
from palermo.appraisal.evidence import Evidence, distinct
from palermo.appraisal.judgement import Judgement
from palermo.appraisal.report import Lines, Paragraph, Quote, Row, Section, Table, Tag, Value
from palermo.appraisal.words import Phrase, say


def judgements(appraisal: Appraisal) -> Section:
    ours = _of_cycle(appraisal)
    text = Paragraph(text=say("judgements.text" if ours else "judgements.none"))
    known = _evidence(appraisal)
    table = Table(
        caption=say("judgements.caption"),
        columns=(
            column("provision", width=2),
            column("status", width=2),
            column("reason", width=4),
            column("judged", width=3),
            column("reply", width=4),
            column("evidence", width=1),
        ),
        rows=tuple(_row(one, known) for one in ours),
    )
    return Section(id="judgements", title=say("judgements.title"), blocks=(text, table) if ours else (text,))


def cited(appraisal: Appraisal) -> tuple[Evidence, ...]:
    """The evidence that people named, as far as it is known."""
    known = _evidence(appraisal)
    return distinct(known[id_] for one in _of_cycle(appraisal) for id_ in one.evidence_ids if id_ in known)


def _of_cycle(appraisal: Appraisal) -> tuple[Judgement, ...]:
    return tuple(one for one in appraisal.dossier.judgements if one.cycle == appraisal.cycle)


def _evidence(appraisal: Appraisal) -> Mapping[str, Evidence]:
    """All that the appraisal weighed or was told, by id."""
    weighed = [item for one in appraisal.assessments.values() for item in one.evidence]
    registers = [item for one in appraisal.standings for item in one.evidence]
    told = [one.evidence for one in appraisal.claims]
    brought = [item for one in _of_cycle(appraisal) for item in one.brought]
    return {one.id: one for one in proof.distinct([*weighed, *registers, *told, *brought])}


def _row(one: Judgement, known: Mapping[str, Evidence]) -> Row:
    status = Tag(label=say(f"status.{one.status}"), tone=TONES[one.status] if one.stands else "grey")
    return Row(
        cells=(
            one.provision,
            status,
            Quote(text=one.reason, language=""),
            _people(one),
            _reply(one),
            refs(known[id_] for id_ in one.evidence_ids if id_ in known),
        )
    )


def _people(one: Judgement) -> Phrase:
    if not one.stands:
        return say("judgement.one", assessor=one.assessor, assessed_on=one.assessed_on)
    return say(
        "judgement.two",
        assessor=one.assessor,
        assessed_on=one.assessed_on,
        reviewer=one.reviewer,
        reviewed_on=one.reviewed_on or one.assessed_on,
    )


def _reply(one: Judgement) -> Value:
    if one.reply is None:
        return say("judgement.no_reply")
    said = say("judgement.replied", by=one.reply.by, on=one.reply.on)
    return Lines(items=(Quote(text=one.reply.text, language=""), said))
