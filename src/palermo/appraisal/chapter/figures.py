"""The chapters on figures: detected victims by year and part, and the goal series."""

from collections.abc import Mapping

from palermo.appraisal.assess import Appraisal
from palermo.appraisal.chapter.cell import column
from palermo.appraisal.evidence import Figure
from palermo.appraisal.observation import TOTAL, Observation, group, total, yearly
from palermo.appraisal.published import SDG_SERIES
from palermo.appraisal.report import Block, Chart, Lines, Paragraph, Point, Row, Section, Table, Value
from palermo.appraisal.words import Phrase, say

JUSTICE = ("persons_prosecuted", "persons_convicted")
Years = Mapping[int, tuple[Observation, ...]]


def victims(appraisal: Appraisal) -> Section:
    years = appraisal.victims
    definitions = Paragraph(text=say("victims.definitions"), inset=True)
    if not years:
        blocks: tuple[Block, ...] = (Paragraph(text=say("victims.none")), definitions)
    else:
        blocks = (
            Paragraph(text=_level(years)),
            *_trend(years),
            definitions,
            _victims_chart(years),
            _victims_table(years),
            *_gaps(years),
            *_suppressed(years),
            *_parts(appraisal, max(years)),
        )
    return Section(id="victims", title=say("victims.title"), blocks=(*blocks, *_justice(appraisal)))


def _level(years: Years) -> Phrase:
    newest = years[max(years)][0]
    found = newest.found
    return say(
        "victims.level",
        value=newest.figure,
        year=str(newest.period),
        source=found.source.publisher,
        as_of=found.as_of,
    )


def _trend(years: Years) -> tuple[Paragraph, ...]:
    """First against last year; nothing is said where the intervals meet."""
    if len(years) == 1:
        return ()
    first, last = years[min(years)][0], years[max(years)][0]
    lower, higher = last.bounds.high < first.bounds.low, last.bounds.low > first.bounds.high
    text = say(
        f"victims.trend.{'lower' if lower else 'higher' if higher else 'open'}",
        first=first.figure,
        first_year=str(first.period),
        last=last.figure,
        last_year=str(last.period),
    )
    return (Paragraph(text=text),)


def _victims_chart(years: Years) -> Chart:
    points = tuple(
        Point(name=str(year), low=found[0].bounds.low, high=found[0].bounds.high)
        for year, found in years.items()
    )
    return Chart(picture="victims", caption=say("victims.chart"), alt=say("victims.alt"), points=points)


def _victims_table(years: Years) -> Table:
    return Table(
        caption=say("victims.caption"),
        columns=(
            column("year"),
            column("value", numeric=True),
            column("source", width=4),
            column("as_of", width=2),
            column("differs", width=3),
        ),
        rows=tuple(_year_row(found) for found in years.values()),
    )


def _gaps(years: Years) -> tuple[Paragraph, ...]:
    """The years between the first and the last that have no figure."""
    missing = tuple(str(year) for year in range(min(years), max(years)) if year not in years)
    return (Paragraph(text=say("victims.gaps", years=missing)),) if missing else ()


def _suppressed(years: Years) -> tuple[Paragraph, ...]:
    exact = all(one.bounds.exact for found in years.values() for one in found)
    return () if exact else (Paragraph(text=say("victims.suppressed")),)


def _year_row(found: tuple[Observation, ...]) -> Row:
    """The newest source decides; another that gives another number is shown beside it."""
    first = found[0]
    others = [one for one in found[1:] if one.bounds != first.bounds]
    differs = tuple(
        say("figure.other", source=one.found.source.publisher, value=one.figure) for one in others
    )
    return Row(
        cells=(
            str(first.period),
            first.figure,
            first.found.source.publisher,
            first.found.as_of,
            Lines(items=differs) if differs else say("dash"),
        )
    )


def _parts(appraisal: Appraisal, year: int) -> tuple[Block, ...]:
    """The newest year told apart by one thing at a time, and the forms added up as bounds."""
    ours = [one for one in appraisal.series("detected_victims") if one.period == year]
    one_way = sorted((one for one in ours if len(one.told_by) == 1), key=_by_group)
    if not one_way:
        return ()
    forms = [one for one in one_way if one.form != TOTAL]
    rows = tuple(Row(cells=(_group(one), one.figure)) for one in one_way)
    table = Table(
        caption=say("victims.parts", year=str(year)),
        columns=(column("group", width=3), column("value", numeric=True)),
        rows=(*rows, *_sum_row(forms)),
    )
    several = len({_groups(one) for one in one_way}) < len(one_way)
    remark = (Paragraph(text=say("victims.parts.several")),) if several else ()
    return (table, Paragraph(text=say("victims.parts.note")), *remark)


def _groups(one: Observation) -> tuple[str, str, str]:
    return (one.sex, one.age, one.form)


def _by_group(one: Observation) -> tuple[bool, bool, str, str, str, int]:
    """Sexes first, then ages, then forms of exploitation."""
    return (one.form != TOTAL, one.age != TOTAL, one.sex, one.age, one.form, one.found.line)


def _sum_row(forms: list[Observation]) -> tuple[Row, ...]:
    if not forms:
        return ()
    bounds = total(forms)
    figure = Figure(low=bounds.low, high=bounds.high, opens=tuple(one.evidence_id for one in forms))
    return (Row(cells=(say("victims.sum"), figure)),)


def _group(one: Observation) -> Value:
    return next((group(part) for part in (one.sex, one.age, one.form) if part != TOTAL), group(TOTAL))


def _justice(appraisal: Appraisal) -> tuple[Block, ...]:
    newest = [years[max(years)][0] for name in JUSTICE if (years := yearly(appraisal.series(name)))]
    if not newest:
        return ()
    table = Table(
        caption=say("victims.justice"),
        columns=(
            column("series", width=4),
            column("year", numeric=True),
            column("value", numeric=True),
            column("as_of", width=2),
        ),
        rows=tuple(
            Row(cells=(say(f"series.{one.series}"), str(one.period), one.figure, one.found.as_of))
            for one in newest
        ),
    )
    return (table,)


def goals(appraisal: Appraisal) -> Section:
    newest: dict[tuple[str, str, str, str], Observation] = {}
    for one in sorted(appraisal.series(*SDG_SERIES), key=lambda one: one.period):
        newest[(one.series, one.sex, one.age, one.form)] = one
    shown = [one for key, one in sorted(newest.items()) if _worth_showing(one, newest)]
    if not shown:
        return Section(id="goals", title=say("goals.title"), blocks=(Paragraph(text=say("goals.none")),))
    table = Table(
        caption=say("goals.caption"),
        columns=(
            column("series", width=4),
            column("group", width=2),
            column("year", numeric=True),
            column("value", numeric=True),
            column("as_of", width=2),
        ),
        rows=tuple(Row(cells=_goal_cells(one)) for one in shown),
    )
    return Section(id="goals", title=say("goals.title"), blocks=(Paragraph(text=say("goals.text")), table))


def _worth_showing(one: Observation, newest: Mapping[tuple[str, str, str, str], Observation]) -> bool:
    """Leave out detected victims (they have a chapter) and parts of a figure whose whole is shown."""
    if one.series.startswith("VC_HTF_DETV"):
        return False
    wholes = {(TOTAL, one.age, one.form), (one.sex, one.age, TOTAL)} - {_groups(one)}
    return not any((one.series, *whole) in newest for whole in wholes)


def _goal_cells(one: Observation) -> tuple[Value, ...]:
    parts = tuple(group(part) for part in _groups(one) if part != TOTAL)
    return (
        say(f"series.{one.series}"),
        Lines(items=parts) if parts else group(TOTAL),
        str(one.period),
        one.figure,
        one.found.as_of,
    )
