"""The first chapters: the State in brief, and the profile of the four pillars."""

from collections.abc import Iterable

from palermo.appraisal.assess import Appraisal
from palermo.appraisal.assessment import Status
from palermo.appraisal.chapter.cell import column, refs
from palermo.appraisal.chapter.plans import current, expired, named
from palermo.appraisal.chapter.statements import checks_counted
from palermo.appraisal.chapter.treaties import differs, party
from palermo.appraisal.evidence import Figure, counted
from palermo.appraisal.obstacle import merged
from palermo.appraisal.profile import Share
from palermo.appraisal.report import Chart, Column, Fact, Facts, Paragraph, Point, Row, Section, Table, Value
from palermo.appraisal.statement.claim import Check, Standing
from palermo.appraisal.words import Phrase, say


def summary(appraisal: Appraisal) -> Section:
    facts = (
        Fact(label=say("summary.provisions"), values=(_status_counts(appraisal),)),
        Fact(label=say("summary.protocol"), values=_protocol(appraisal)),
        *_said(appraisal),
        Fact(label=say("summary.plan"), values=_plan(appraisal)),
        Fact(label=say("summary.victims"), values=(_newest_victims(appraisal),)),
        Fact(label=say("summary.obstacles"), values=(_obstacle_count(appraisal),)),
    )
    note = Paragraph(text=say("summary.note"), inset=True)
    made_up = (Paragraph(text=say("report.made_up"), inset=True),) if appraisal.state.made_up else ()
    return Section(id="summary", title=say("summary.title"), blocks=(*made_up, Facts(items=facts), note))


def _said(appraisal: Appraisal) -> tuple[Fact, ...]:
    """What the State said, in numbers; nothing where no statement was read."""
    if not appraisal.claims:
        return ()
    checks = checks_counted(appraisal)
    numbers = {
        "confirmed": sum(one.standing is Standing.CONFIRMED for one in appraisal.claims),
        "checked": sum(checks.values()),
        "right": checks[Check.CONFIRMED],
        "wrong": checks[Check.CONTRADICTED],
        "open": checks[Check.CANNOT_CHECK],
    }
    given = {name: counted(number, opens="statements") for name, number in numbers.items()}
    return (Fact(label=say("summary.said"), values=(say("summary.said.text", **given),)),)


def _plan(appraisal: Appraisal) -> tuple[Value, ...]:
    """The plans in force; else those that expired, else that none is known."""
    if in_force := current(appraisal):
        return tuple(say("summary.plan.in_force", title=named(one), years=one.years) for one in in_force)
    return tuple(one.text for one in expired(appraisal)) or (say("summary.plan.none"),)


def profile(appraisal: Appraisal) -> Section:
    shares = appraisal.shares
    points = tuple(
        Point(name=say(f"pillar.{one.pillar}"), low=one.percent(one.low), high=one.percent(one.high))
        for one in shares
    )
    chart = Chart(picture="profile", caption=say("profile.chart"), alt=say("profile.alt"), points=points)
    statuses = (Status.DONE, Status.PARTLY, Status.CLAIMED, Status.NO_EVIDENCE, Status.NOT_ASSESSED)
    table = Table(
        caption=say("profile.caption"),
        columns=(
            column("pillar", width=3),
            column("scored", numeric=True),
            *(Column(head=say(f"status.{one}"), numeric=True) for one in statuses),
            column("range", numeric=True, width=2),
        ),
        rows=tuple(_share_row(one, statuses) for one in shares),
    )
    return Section(
        id="profile", title=say("profile.title"), blocks=(Paragraph(text=say("profile.text")), chart, table)
    )


def _status_counts(appraisal: Appraisal) -> Phrase:
    counts = {status: counted(count, opens="provisions") for status, count in appraisal.counts().items()}
    return say(
        "summary.provisions.text",
        scored=counted(len(appraisal.assessments), opens="provisions"),
        done=counts[Status.DONE],
        partly=counts[Status.PARTLY],
        claimed=counts[Status.CLAIMED],
        no_evidence=counts[Status.NO_EVIDENCE],
        not_assessed=counts[Status.NOT_ASSESSED],
    )


def _protocol(appraisal: Appraisal) -> tuple[Value, ...]:
    standing = appraisal.standing("TIP")
    if standing.known_on is None:
        return (say("summary.protocol.unknown"),)
    text = say("summary.protocol.text", party=party(standing), known_on=standing.known_on)
    return (text, *(differs(one) for one in standing.conflicting[:1]), refs(standing.evidence))


def _newest_victims(appraisal: Appraisal) -> Phrase:
    years = appraisal.victims
    if not years:
        return say("summary.victims.none")
    newest = years[max(years)][0]
    return say(
        "summary.victims.text",
        value=newest.figure,
        year=str(newest.period),
        source=newest.found.source.publisher,
        as_of=newest.found.as_of,
    )


def _obstacle_count(appraisal: Appraisal) -> Phrase:
    return say("summary.obstacles.text", count=counted(len(merged(appraisal.obstacles)), opens="obstacles"))


def _share_row(share: Share, statuses: Iterable[Status]) -> Row:
    section = f"provisions-{share.pillar}"
    low, high = share.percent(share.low), share.percent(share.high)
    return Row(
        cells=(
            say(f"pillar.{share.pillar}"),
            counted(share.scored, opens=section),
            *(counted(share.having(status), opens=section) for status in statuses),
            Figure(low=low, high=high, opens=(section,)),
        )
    )
