"""The chapters on obstacles, on the provisions of the Plan and on later commitments."""

from palermo.appraisal import provision
from palermo.appraisal.assess import Appraisal
from palermo.appraisal.assessment import Assessment, Status
from palermo.appraisal.chapter.cell import TONES, column, refs
from palermo.appraisal.obstacle import Obstacle, merged
from palermo.appraisal.provision import Pillar, Provision, Set
from palermo.appraisal.report import Lines, Paragraph, Row, Section, Table, Tag, Value
from palermo.appraisal.words import Text, say


def obstacles(appraisal: Appraisal) -> Section:
    found = merged(appraisal.obstacles)
    if not found:
        return Section(
            id="obstacles", title=say("obstacles.title"), blocks=(Paragraph(text=say("obstacles.none")),)
        )
    table = Table(
        caption=say("obstacles.caption"),
        columns=(
            column("obstacle", width=5),
            column("step", width=4),
            column("who", width=3),
            column("provisions", width=2),
            column("evidence", width=2),
        ),
        rows=tuple(_obstacle_row(one, provisions) for one, provisions in found),
    )
    return Section(
        id="obstacles", title=say("obstacles.title"), blocks=(Paragraph(text=say("obstacles.text")), table)
    )


def _obstacle_row(one: Obstacle, asked: tuple[str, ...]) -> Row:
    name = Tag(label=say(f"obstacle.{one.reason}.name"), tone="yellow")
    return Row(
        cells=(
            Lines(items=(name, one.text)),
            one.step,
            one.helper,
            Lines(items=asked),
            refs(one.evidence),
        )
    )


def provisions(appraisal: Appraisal) -> Section:
    tables = tuple(_pillar_table(pillar, appraisal) for pillar in Pillar)
    return Section(
        id="provisions",
        title=say("provisions.title"),
        blocks=(Paragraph(text=say("provisions.text")), *tables),
    )


def _pillar_table(pillar: Pillar, appraisal: Appraisal) -> Table:
    asked = [one for one in provision.plan() if one.pillar is pillar]
    return Table(
        caption=say("provisions.caption", pillar=say(f"pillar.{pillar}")),
        columns=(
            column("provision", width=6),
            column("reference", width=3),
            column("status", width=2),
            column("basis", width=5),
        ),
        rows=tuple(
            provision_row(appraisal.cited(one), appraisal.assessments.get(one.id), first=one is asked[0])
            for one in asked
        ),
    )


def provision_row(one: Provision, assessed: Assessment | None, *, first: bool) -> Row:
    return Row(
        id=f"provisions-{one.pillar}" if first else "",
        cells=(
            Lines(items=(one.id, one.text)),
            Lines(items=reference(one)),
            _status(assessed),
            _basis(assessed),
        ),
    )


def _status(assessed: Assessment | None) -> Tag:
    if assessed is None:
        return Tag(label=say("status.un"), tone="purple")
    return Tag(label=say(f"status.{assessed.status}"), tone=TONES[assessed.status])


def _basis(assessed: Assessment | None) -> Value:
    if assessed is None:
        return say("reason.un")
    if assessed.status is Status.NOT_ASSESSED and not (assessed.reasons or assessed.evidence):
        return say("reason.not_assessed")
    grade = (say("provision.grade", grade=str(assessed.grade)),) if assessed.grade else ()
    return Lines(items=(*assessed.reasons, *_reply(assessed), *grade, refs(assessed.evidence)))


def _reply(assessed: Assessment) -> tuple[Value, ...]:
    """What the State answered to the judgement, in its own words."""
    if assessed.reply is None:
        return ()
    said = Text(en=assessed.reply.text, fr=assessed.reply.text)
    return (say("reason.reply", by=assessed.reply.by, on=assessed.reply.on, text=said),)


def linked(appraisal: Appraisal) -> Section:
    others = [appraisal.cited(one) for one in provision.provisions().values() if one.set is not Set.PLAN]
    table = Table(
        caption=say("linked.caption"),
        columns=(column("commitment", width=5), column("reference", width=2)),
        rows=tuple(
            Row(cells=(Lines(items=(one.id, one.text)), Lines(items=reference(one)))) for one in others
        ),
    )
    return Section(id="linked", title=say("linked.title"), blocks=(Paragraph(text=say("linked.text")), table))


def reference(one: Provision) -> tuple[Value, ...]:
    """Where a provision stands; a paragraph that nobody checked says so."""
    part = one.part if one.paragraph or one.part in ("resolution", "preamble", "theme") else "whole"
    given = {"instrument": one.instrument, "paragraph": one.paragraph.replace("-", "–")}
    wanted = {"instrument"} if part in ("whole", "resolution", "preamble", "theme") else set(given)
    named = say(f"reference.{part}", **{name: given[name] for name in wanted})
    if one.checked_by and one.checked_on:
        return (named, say("reference.checked", by=one.checked_by, on=one.checked_on))
    if one.reference_checked:
        return (named,)
    return (named, Tag(label=say("reference.unchecked"), tone="yellow"))
