"""Reports of several States: one pillar side by side, and the Plan across all of them. No State is ranked."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from palermo.appraisal import provision, universal
from palermo.appraisal.assess import Appraisal
from palermo.appraisal.assessment import Assessment, Status
from palermo.appraisal.chapter.cell import column, refs
from palermo.appraisal.chapter.cycles import calendar
from palermo.appraisal.chapter.proof import evidence_table, sources
from palermo.appraisal.chapter.provisions import provision_row
from palermo.appraisal.chapter.statements import asking, quoted
from palermo.appraisal.evidence import Evidence, Figure, counted, distinct, identity
from palermo.appraisal.obstacle import Reason
from palermo.appraisal.profile import Share
from palermo.appraisal.provision import Pillar
from palermo.appraisal.question import old
from palermo.appraisal.register import Register
from palermo.appraisal.report import (
    Block,
    Column,
    Lines,
    Paragraph,
    Report,
    Row,
    Section,
    Table,
    Tag,
    Value,
)
from palermo.appraisal.state import State
from palermo.appraisal.statement.claim import Support
from palermo.appraisal.words import Phrase, Text, phrase_text, say

SHOWN = (Status.DONE, Status.PARTLY, Status.CLAIMED, Status.NO_EVIDENCE, Status.NOT_ASSESSED)
MOST_IN_FULL = 20
MOST_CODES = 40
PROTOCOL = "TIP"
WORLD = "ALL"


def pillar_report(pillar: Pillar, appraisals: Iterable[Appraisal]) -> Report:
    """One pillar in these States, in the order of their codes."""
    ours = _ordered(appraisals)
    full = ours if len(ours) <= MOST_IN_FULL else ()
    chapters = (
        _side_by_side(pillar, ours, full=bool(full)),
        *(_of_state(pillar, one) for one in full),
        _obstacles([(one, _in_pillar(one, pillar)) for one in ours]),
    )
    cited = distinct(
        item
        for one in full
        for id_ in _asked(pillar)
        if id_ in one.assessments
        for item in one.assessments[id_].evidence
    )
    count = counted(len(ours), opens="states")
    return _report(
        ours,
        code=str(pillar),
        subject=_subject("pillar.subject", pillar=phrase_text(f"pillar.{pillar}")),
        heading=say("report.pillar", pillar=say(f"pillar.{pillar}"), count=count),
        chapters=chapters,
        cited=cited,
    )


def global_report(appraisals: Iterable[Appraisal], register: Register) -> Report:
    """The Plan in these States: universalisation, obstacles, gaps in the data, support asked for."""
    ours = _ordered(appraisals)
    known = register.known_on(ours[0].today)
    treaties, tables = _universal(known, [one.state for one in ours])
    claims = [claim for one in ours for claim in asking(one.claims)]
    chapters = (
        treaties,
        _obstacles([(one, [each.reason for each in one.obstacles]) for one in ours]),
        _missing(ours),
        _support(ours),
        calendar(ours[0].today),
    )
    return _report(
        ours,
        code=WORLD,
        subject=_subject("global.subject"),
        heading=say("report.global", count=counted(len(ours), opens="universal")),
        chapters=chapters,
        cited=distinct([*tables, *(one.evidence for one in claims)]),
    )


def _ordered(appraisals: Iterable[Appraisal]) -> tuple[Appraisal, ...]:
    return tuple(sorted(appraisals, key=lambda one: one.state.code))


def _report(
    ours: tuple[Appraisal, ...],
    *,
    code: str,
    subject: Text,
    heading: Phrase,
    chapters: tuple[Section, ...],
    cited: tuple[Evidence, ...],
) -> Report:
    return Report(
        state=None,
        code=code,
        subject=subject,
        heading=heading,
        today=ours[0].today,
        cycle=ours[0].cycle,
        sections=(*chapters, evidence_table(cited), sources(ours[0], cited)),
        evidence=cited,
    )


def _subject(key: str, **values: Text) -> Text:
    wording = phrase_text(key)
    return Text(
        **{
            one: getattr(wording, one).format(**{name: getattr(text, one) for name, text in values.items()})
            for one in ("en", "fr", "ar")
        }
    )


def _asked(pillar: Pillar) -> tuple[str, ...]:
    return tuple(one.id for one in provision.plan() if one.pillar is pillar)


def _in_pillar(one: Appraisal, pillar: Pillar) -> list[Reason]:
    asked = set(_asked(pillar))
    return [each.reason for each in one.obstacles if each.provision in asked]


def _side_by_side(pillar: Pillar, ours: tuple[Appraisal, ...], *, full: bool) -> Section:
    table = Table(
        caption=say("several.caption"),
        columns=(
            column("state", width=4),
            column("scored", numeric=True),
            *(Column(head=say(f"status.{one}"), numeric=True) for one in SHOWN),
            column("range", numeric=True, width=2),
        ),
        rows=tuple(_share_row(one, pillar, full=full) for one in ours),
    )
    many = () if full else (Paragraph(text=say("several.many", most=str(MOST_IN_FULL))),)
    blocks: tuple[Block, ...] = (Paragraph(text=say("several.note"), inset=True), *many, table)
    return Section(id="states", title=say("several.title"), blocks=blocks)


def _share_row(one: Appraisal, pillar: Pillar, *, full: bool) -> Row:
    share: Share = next(each for each in one.shares if each.pillar is pillar)
    opens = f"state-{one.state.code}" if full else "states"
    return Row(
        cells=(
            one.state.names,
            counted(share.scored, opens=opens),
            *(counted(share.having(status), opens=opens) for status in SHOWN),
            Figure(low=share.percent(share.low), high=share.percent(share.high), opens=(opens,)),
        )
    )


def _of_state(pillar: Pillar, one: Appraisal) -> Section:
    asked = [each for each in provision.plan() if each.pillar is pillar]
    table = Table(
        caption=say("several.state", state=one.state.names),
        columns=(
            column("provision", width=6),
            column("reference", width=3),
            column("status", width=2),
            column("basis", width=5),
        ),
        rows=tuple(
            provision_row(one.cited(each), _at_home(one.assessments.get(each.id)), first=False)
            for each in asked
        ),
    )
    title = say("several.state", state=one.state.names)
    return Section(id=f"state-{one.state.code}", title=title, blocks=(table,))


def _at_home(assessed: Assessment | None) -> Assessment | None:
    """The assessment with the numbers of its reasons opening to its evidence: other chapters are not here."""
    if assessed is None:
        return None
    opens = assessed.evidence_ids or (f"state-{assessed.state}",)
    return replace(assessed, reasons=tuple(_rebased(one, opens) for one in assessed.reasons))


def _rebased(reason: Phrase, opens: tuple[str, ...]) -> Phrase:
    values = tuple(
        (name, replace(value, opens=opens) if isinstance(value, Figure) else value)
        for name, value in reason.values
    )
    return replace(reason, values=values)


def _obstacles(found: Iterable[tuple[Appraisal, list[Reason]]]) -> Section:
    """Each reason with the States that meet it, the most frequent first, then in the order of the rules."""
    states: dict[Reason, list[str]] = {}
    for one, reasons in found:
        for reason in dict.fromkeys(reasons):
            states.setdefault(reason, []).append(one.state.code)
    order = list(Reason)
    rows = sorted(states.items(), key=lambda item: (-len(item[1]), order.index(item[0])))
    table = Table(
        caption=say("several.obstacles"),
        columns=(column("obstacle", width=4), column("count", numeric=True), column("which", width=7)),
        rows=tuple(
            Row(
                id=f"obstacle-{reason}",
                cells=(
                    Tag(label=say(f"obstacle.{reason}.name"), tone="yellow"),
                    counted(len(codes), opens=f"obstacle-{reason}"),
                    listed(codes),
                ),
            )
            for reason, codes in rows
        ),
    )
    text = Paragraph(text=say("several.obstacles.text" if rows else "obstacles.none"))
    return Section(id="obstacles", title=say("several.obstacles"), blocks=(text, table) if rows else (text,))


def listed(codes: Iterable[str]) -> Value:
    """The codes in order; many are cut, with the number of the others."""
    known = sorted(codes)
    if len(known) <= MOST_CODES:
        return ", ".join(known) or say("dash")
    return say("states.listed", codes=", ".join(known[:MOST_CODES]), count=str(len(known) - MOST_CODES))


def _missing(ours: tuple[Appraisal, ...]) -> Section:
    gaps = {name: [one.state.code for one in ours if test(one)] for name, test in GAPS.items()}
    table = Table(
        caption=say("several.missing"),
        columns=(column("gap", width=4), column("count", numeric=True), column("which", width=7)),
        rows=tuple(
            Row(
                id=f"missing-{name}",
                cells=(
                    say(f"missing.{name}"),
                    counted(len(codes), opens=f"missing-{name}"),
                    listed(codes),
                ),
            )
            for name, codes in gaps.items()
        ),
    )
    text = Paragraph(text=say("several.missing.text"))
    return Section(id="missing", title=say("several.missing"), blocks=(text, table))


def _newest_is_old(one: Appraisal) -> bool:
    years = one.victims
    return bool(years) and old(one.today.replace(year=max(years), month=12, day=31), one.today)


def _newest_is_hidden(one: Appraisal) -> bool:
    years = one.victims
    return bool(years) and not years[max(years)][0].bounds.exact


GAPS: Mapping[str, Callable[[Appraisal], bool]] = {
    "none": lambda one: not one.victims,
    "old": _newest_is_old,
    "hidden": _newest_is_hidden,
    "register": lambda one: one.standing(PROTOCOL).party is None,
    "conflict": lambda one: bool(one.standing(PROTOCOL).conflicting),
}


def _support(ours: tuple[Appraisal, ...]) -> Section:
    """What is asked for, how many States ask, and each passage that asks."""
    rows = []
    for support in Support:
        told = [claim for one in ours for claim in asking(one.claims) if support in claim.support]
        if told:
            states = {one.document.state or "" for one in told}
            rows.append(
                Row(
                    id=f"support-{support.replace(' ', '-')}",
                    cells=(
                        say(f"support.{support}"),
                        Figure(
                            low=len(states), high=len(states), opens=tuple(one.evidence.id for one in told)
                        ),
                        Lines(items=tuple(quoted(one) for one in told)),
                        refs(one.evidence for one in told),
                    ),
                )
            )
    title = say("several.support")
    if not rows:
        return Section(id="support", title=title, blocks=(Paragraph(text=say("several.support.none")),))
    columns = (
        column("support", width=2),
        column("count", numeric=True),
        column("passage", width=7),
        column("evidence", width=2),
    )
    return Section(
        id="support", title=title, blocks=(Table(caption=title, columns=columns, rows=tuple(rows)),)
    )


def _universal(register: Register, states: Iterable[State]) -> tuple[Section, tuple[Evidence, ...]]:
    """Parties by treaty, each number opening to the tables it was counted from."""
    among = tuple(states)
    found = [universal.universal(register, one, states=among) for one in universal.treaties(register)]
    tables = {one.treaty: _tables(one) for one in found}
    table = Table(
        caption=say("several.universal"),
        columns=(
            column("treaty", width=5),
            *(column(name, numeric=True) for name in ("parties", "of", "waiting", "unknown")),
            column("known", width=2),
            column("evidence", width=2),
        ),
        rows=tuple(_treaty_row(one, tables[one.treaty]) for one in found),
    )
    blocks: tuple[Block, ...] = (
        Paragraph(text=say("several.note"), inset=True),
        Paragraph(text=say("several.universal.text")),
        table,
        *(_regions(one, tables[PROTOCOL]) for one in found if one.treaty == PROTOCOL),
    )
    section = Section(id="universal", title=say("several.universal"), blocks=blocks)
    return section, distinct(item for one in tables.values() for item in one)


def _tables(one: universal.Universal) -> tuple[Evidence, ...]:
    """The tables that say who is a party to the treaty, as of each date."""
    named = one.instrument.name
    made = {}
    for item in one.evidence:
        found = replace(item.found, line=0)
        id_ = identity(found.source.id, found.as_of, found.file, one.treaty, "table")
        made[id_] = Evidence(id=id_, says=say("evidence.table", treaty=named), found=found)
    return tuple(sorted(made.values(), key=lambda each: (-each.found.as_of.toordinal(), each.id)))


def _treaty_row(one: universal.Universal, tables: tuple[Evidence, ...]) -> Row:
    opens = tuple(each.id for each in tables) or ("universal",)
    counts = (len(one.parties), len(one.states), len(one.waiting), len(one.unknown))
    return Row(
        id=f"treaty-{one.treaty}",
        cells=(
            one.instrument.name,
            *(Figure(low=number, high=number, opens=opens) for number in counts),
            one.known_on or say("dash"),
            refs(tables),
        ),
    )


def _regions(one: universal.Universal, tables: tuple[Evidence, ...]) -> Table:
    opens = tuple(each.id for each in tables) or ("universal",)
    return Table(
        caption=say("several.regions"),
        columns=(
            column("region", width=4),
            *(column(name, numeric=True) for name in ("parties", "of", "waiting")),
        ),
        rows=tuple(
            Row(
                cells=(
                    say(f"region.{region.id}"),
                    *(
                        Figure(low=len(codes), high=len(codes), opens=opens)
                        for codes in (region.parties, region.states, region.waiting)
                    ),
                )
            )
            for region in one.regions
        ),
    )
