"""The last chapters: the evidence that everything opens to, and the tables it was read from."""

from collections.abc import Iterable

from palermo.appraisal.assess import Appraisal
from palermo.appraisal.beside import NOTHING, Beside
from palermo.appraisal.chapter.cell import column
from palermo.appraisal.chapter.judgements import cited as judged
from palermo.appraisal.chapter.outside import cited as said_outside
from palermo.appraisal.chapter.plans import cited as planned
from palermo.appraisal.chapter.statements import cited as said
from palermo.appraisal.evidence import Evidence, counted, distinct
from palermo.appraisal.observation import Observation
from palermo.appraisal.report import Lines, Paragraph, Refs, Row, Section, Table
from palermo.appraisal.words import say


def evidence_table(cited: tuple[Evidence, ...]) -> Section:
    table = Table(
        caption=say("evidence.caption"),
        columns=(
            column("number", width=1),
            column("says", width=5),
            column("source", width=4),
            column("as_of", width=2),
            column("grade", width=1),
            column("where", width=5),
        ),
        rows=tuple(_evidence_row(one) for one in cited),
    )
    texts = (Paragraph(text=say("evidence.text")), Paragraph(text=say("evidence.grades")))
    return Section(id="evidence", title=say("evidence.title"), blocks=(*texts, table))


def _evidence_row(one: Evidence) -> Row:
    found = one.found
    where = say("evidence.where", file=found.file, line=str(found.line))
    whole = say("evidence.whole", file=found.file)
    grade = say("evidence.unconfirmed", grade=str(one.grade))
    if one.confirmed_by:
        grade = say("evidence.confirmed", grade=str(one.grade), by=one.confirmed_by)
    return Row(
        id=one.id,
        cells=(
            Refs(ids=(one.id,)),
            one.says,
            found.source.name,
            found.as_of,
            grade,
            Lines(items=(where if found.line else whole, one.id)),
        ),
    )


def sources(appraisal: Appraisal, cited: tuple[Evidence, ...], beside: Beside = NOTHING) -> Section:
    left_out = tuple(Paragraph(text=say("sources.left_out", file=one.file)) for one in appraisal.left_out)
    table = Table(
        caption=say("sources.caption"),
        columns=(
            column("file", width=4),
            *(column(name, numeric=True, width=2) for name in ("rows", "used", "unused", "unreadable")),
            column("hash", width=3),
        ),
        rows=tuple(
            Row(
                cells=(
                    one.file,
                    counted(one.rows, opens="sources"),
                    counted(one.used, opens="sources"),
                    counted(sum(count for _, count in one.unused), opens="sources"),
                    counted(len(one.problems), opens="sources"),
                    one.sha256[:16],
                )
            )
            for one in (*appraisal.tables, *beside.tables)
        ),
    )
    text = Paragraph(text=say("sources.text"))
    named = _source_table(cited)
    return Section(id="sources", title=say("sources.title"), blocks=(named, text, *left_out, table))


def _source_table(cited: Iterable[Evidence]) -> Table:
    """Who is cited, with publisher and grade."""
    found = sorted({one.found.source.id: one.found.source for one in cited}.items())
    return Table(
        caption=say("sources.cited"),
        columns=(column("source", width=4), column("publisher", width=4), column("grade")),
        rows=tuple(Row(cells=(one.name, one.publisher, str(one.grade))) for _, one in found),
    )


def cited_by(
    appraisal: Appraisal, chapters: Iterable[Section], beside: Beside = NOTHING
) -> tuple[Evidence, ...]:
    """All evidence that the chapters may cite: what was weighed, said and planned, every figure."""
    weighed = [one for assessed in appraisal.assessments.values() for one in assessed.evidence]
    registers = [one for standing in appraisal.standings for one in standing.evidence]
    checked = [one for check in appraisal.treaty_checks for one in check.checked.standing.evidence]
    return distinct(
        [
            *registers,
            *weighed,
            *checked,
            *(one.evidence for one in said(appraisal)),
            *planned(appraisal),
            *judged(appraisal),
            *(one.evidence for one in _shown(appraisal, chapters)),
            *said_outside(beside),
        ]
    )


def _shown(appraisal: Appraisal, chapters: Iterable[Section]) -> list[Observation]:
    """The observations whose figures the chapters print."""
    printed = {target for one in chapters for figure in one.figures() for target in figure.opens}
    return [one for one in appraisal.observations if one.evidence_id in printed]
