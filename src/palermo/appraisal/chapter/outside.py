"""The chapters on what stands beside an appraisal and never enters it: outside measures, and root causes."""

from palermo.appraisal.beside import Beside, Exposure
from palermo.appraisal.chapter.cell import column, refs
from palermo.appraisal.context import Agreement, Comparison, Said
from palermo.appraisal.evidence import Evidence, Figure, counted, distinct
from palermo.appraisal.report import Block, Paragraph, Row, Section, Table, Tag
from palermo.appraisal.words import Phrase, say

AGREEMENT_TONES = {Agreement.AGREE: "green", Agreement.DIFFER: "yellow", Agreement.OPPOSITE: "red"}


def context(beside: Beside) -> Section:
    title = say("context.title")
    found = beside.context
    if found is None or not found.rows:
        return Section(id="context", title=title, blocks=(Paragraph(text=say("context.none")),))
    rows = Table(
        caption=say("context.caption"),
        columns=(
            column("series", width=4),
            column("year", numeric=True),
            column("value", numeric=True),
            column("band", width=2),
            column("source", width=4),
            column("as_of", width=2),
        ),
        rows=tuple(_row(one) for one in found.rows),
    )
    text = Paragraph(text=say("context.text"), inset=True)
    return Section(id="context", title=title, blocks=(text, rows, *_compared(found.comparisons)))


def cited(beside: Beside) -> tuple[Evidence, ...]:
    """The outside figures that the chapter prints."""
    if beside.context is None:
        return ()
    compared = [each for one in beside.context.comparisons for each in (one.first, one.second)]
    return distinct(one.observation.evidence for one in (*beside.context.rows, *compared))


def _row(one: Said) -> Row:
    band = say(f"context.band.{one.band}") if one.band else say("dash")
    return Row(
        cells=(
            one.name,
            str(one.period),
            one.observation.figure,
            band,
            one.source.publisher,
            one.observation.found.as_of,
        )
    )


def _compared(comparisons: tuple[Comparison, ...]) -> tuple[Table, ...]:
    rows = tuple(
        Row(
            cells=(
                one.says,
                Tag(label=say(f"context.name.{one.agreement}"), tone=AGREEMENT_TONES[one.agreement]),
                refs((one.first.observation.evidence, one.second.observation.evidence)),
            )
        )
        for one in comparisons
    )
    columns = (column("compared", width=6), column("agreement", width=2), column("evidence", width=2))
    return (Table(caption=say("context.compared"), columns=columns, rows=rows),) if rows else ()


def causes(beside: Beside) -> Section:
    title = say("causes.title")
    found = beside.exposure
    if found is None:
        return Section(id="causes", title=title, blocks=(Paragraph(text=say("causes.none")),))
    blocks: tuple[Block, ...] = (
        Paragraph(text=say("causes.text"), inset=True),
        Paragraph(text=_group(found)),
        Paragraph(
            text=say(
                "causes.interval",
                units=_ours(found.units),
                place=Figure(low=found.low, high=found.high, opens=("causes",)),
                draws=_ours(found.draws),
            )
        ),
        Paragraph(text=say("causes.filled", share=_ours(round(100 * found.filled)))),
    )
    return Section(id="causes", title=title, blocks=blocks)


def _group(found: Exposure) -> Phrase:
    first, last = say(f"causes.group.{found.first}"), say(f"causes.group.{found.last}")
    if found.first == found.last:
        return say("causes.sure", first=first)
    return say("causes.between", first=first, last=last)


def _ours(number: int) -> Figure:
    return counted(number, opens="causes")
