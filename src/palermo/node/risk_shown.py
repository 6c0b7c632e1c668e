"""What pages say of the risk report on a release: how far it is, what it found, and who has signed it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.node import case_words, release_risk, release_terms, rounded
from palermo.node.actions import risk
from palermo.node.actor import Actor
from palermo.node.estimation_preview import told
from palermo.node.models import Release, RiskReport, RiskState
from palermo.node.release_question import read
from palermo.node.step import Step
from palermo.node.table import Code, Column, Link, Table, Tag, text
from palermo.prevention.release import risk_document, risk_page, risk_text
from palermo.prevention.release.report import Report
from palermo.prevention.release.risk_words import LANGUAGES
from palermo.prevention.release.share import Share

if TYPE_CHECKING:
    from palermo.prevention.release.compare import Apart, Beside, Comparison, Found

STATES: Mapping[str, tuple[Any, str]] = {
    "none": (gettext_lazy("No report"), "quiet"),
    "waiting": (gettext_lazy("Waiting"), "quiet"),
    "running": (gettext_lazy("Running"), "warn"),
    "failed": (gettext_lazy("Stopped"), "bad"),
    "done": (gettext_lazy("Waits for a signature"), "warn"),
    "broken": (gettext_lazy("A test found too much"), "bad"),
    "signed": (gettext_lazy("Signed"), "good"),
}
PAGE, DATA = "risk-report.{language}.html", "risk-report.json"
FILES: Mapping[str, str] = {PAGE.format(language=language): language for language in LANGUAGES} | {DATA: ""}
"""What can be kept of a report, with its language; the data has none."""


def report_of(kept: RiskReport) -> Report:
    """What was found, as the report's own value."""
    return risk_document.read(kept.found or {})


def standing(kept: RiskReport | None) -> str:
    """How far a report is, by a name of STATES."""
    if kept is None:
        return "none"
    if kept.read_at:
        return "signed"
    return "broken" if kept.state == RiskState.DONE and report_of(kept).broken else kept.state


def state(kept: RiskReport | None) -> Tag:
    """How far a report is."""
    return Tag(*STATES[standing(kept)])


def link(one: Release) -> dict[str, Any]:
    """Where the report stands and how far it is, for the page of the release."""
    return {"url": reverse("risk_page", args=[one.pk]), "state": state(risk.of(one))}


def settled(one: Release) -> bool:
    """Whether an officer has signed the report, or there is nothing to report on."""
    kept = risk.of(one)
    return bool(kept.read_at) if kept else not release_risk.reportable(one)


def context(one: Release, *, by: Actor, now: datetime) -> dict[str, Any]:
    """Everything that the page of a report shows in its state."""
    kept = risk.of(one)
    found = {
        "here": _("Risk report"),
        "title": release_terms.text_of(one, "title"),
        "release": one,
        "state": state(kept),
        "facts": [*_facts(one, kept)],
        "compare": reverse("risk_compare", args=[one.pk]),
        "own": reverse("release_page", args=[one.pk]) if risk.may_release(by, now=now) else "",
    }
    if kept and kept.state == RiskState.DONE:
        return found | _done(one, kept, by=by, now=now)
    if kept and kept.state != RiskState.FAILED:
        return found | progress(kept) | _running(one)
    return found | _undone(one, kept)


def _running(one: Release) -> dict[str, Any]:
    return {
        "layout": "prevention/risk_layout.html",
        "heading": "prevention/risk_head.html",
        "moving": reverse("risk_progress", args=[one.pk]),
    }


def progress(kept: RiskReport) -> dict[str, Any]:
    """How far the work is."""
    waits = kept.state == RiskState.WAITING
    standing = _("It waits for its turn.") if waits else _("Releases are made and searched for persons.")
    return {"share": min(99, round(100 * kept.progress)), "standing": standing}


def _undone(one: Release, kept: RiskReport | None) -> dict[str, Any]:
    against = risk.against_asking(one, kept)
    said = _("Nobody has looked for persons in this release yet.")
    step = Step(
        text=_("It takes some minutes in the background, reads the real records and spends nothing."),
        label=_("Have the report worked out"),
        url=reverse("risk_ask", args=[one.pk]),
    )
    return {
        "said": " ".join(map(told, against)) or said,
        "warnings": [_("The work was stopped: %(why)s") % {"why": kept.fault}] if kept else [],
        "steps": [] if against else [step],
    }


def _done(one: Release, kept: RiskReport, *, by: Actor, now: datetime) -> dict[str, Any]:
    found, schema, language = report_of(kept), read(one.question).schema, case_words.language()
    inside, about, verdict = risk_text.head(found, schema, language)
    return {
        "warnings": [inside, *_doubts(found, kept, verdict)],
        "head": [about] if found.broken else [about, verdict],
        "sections": risk_text.sections(found, schema, language),
        "signed": signed(kept),
        "steps": [*_signing(one, kept, by=by, now=now)],
        "links": [
            Link(_("The report as a page, to print or keep"), _file(one, PAGE.format(language=language))),
            Link(_("The report for other programs (JSON)"), _file(one, DATA)),
        ],
    }


def _doubts(found: Report, kept: RiskReport, verdict: str) -> Iterator[str]:
    if found.broken:
        yield verdict
    if not kept.same_table:
        yield _(
            "The cases have changed since the release was made: what is said of the real table is of now."
        )


def signed(kept: RiskReport) -> str:
    """Who has read it and when, or that nobody has."""
    if not kept.read_at:
        return _("No data-protection officer has signed yet.")
    day = {"who": kept.read_by, "day": text(kept.read_at.date())}
    return _("%(who)s, data-protection officer, has read it and signed on %(day)s.") % day


def _signing(one: Release, kept: RiskReport, *, by: Actor, now: datetime) -> Iterator[Step]:
    if risk.against_signing(kept) or not risk.may_sign(by, now=now):
        return
    yield Step(
        text=_("Your name and the day will stand below the report, which then stays as you read it."),
        label=_("I have read this report, and know what it does not show"),
        url=reverse("risk_sign", args=[one.pk]),
    )


def _facts(one: Release, kept: RiskReport | None) -> Iterator[tuple[Any, Any]]:
    yield _("What it is for"), release_terms.text_of(one, "purpose")
    yield _("Release"), release_terms.state(one).text
    if one.second_at:
        yield _("Approved"), release_terms.by(one.approved_by, one.approved_at)
        yield _("Second person"), release_terms.by(one.second_by, one.second_at)
    if kept and kept.finished_at:
        yield _("Worked out"), kept.finished_at.date()
        yield _("Version of palermo"), Code(kept.version)
    yield _("Reference"), Code(one.pk)


def _file(one: Release, name: str) -> str:
    return reverse("risk_file", args=[one.pk, name])


def written(one: Release, kept: RiskReport, language: str) -> str:
    """The report as a page in a language; as data where there is none."""
    found, schema = report_of(kept), read(one.question).schema
    if not language:
        return risk_document.written(found, schema)
    said = [signed(kept)] if kept.read_at else []
    return risk_page.page(found, schema, language=language, title=one.text("title", language), signed=said)


# -- the comparison with the real table ----------------------------------------------------------------------


def compared(found: "Comparison", one: Release) -> list[Table]:
    """What was published beside the real table; real counts are rounded as everywhere on this node."""
    return [_ones(found.ones, one), _apart(found.apart), _found(found.found)]


def _ones(ones: Sequence["Beside"], one: Release) -> Table:
    columns = {column.name: column for column in read(one.question).schema.columns}
    language = case_words.language()
    rows = [
        {
            "column": release_terms.named(columns[beside.figure.columns[0]].label.in_language(language)),
            "value": release_terms.named(
                columns[beside.figure.columns[0]].said(beside.figure.values[0], language)
            ),
            "released": beside.figure.count,
            "span": release_terms.span(beside.figure.low, beside.figure.high),
            "real": rounded.figure(beside.real),
            "within": _("yes") if beside.within else _("no"),
        }
        for beside in ones
    ]
    return Table(
        id="ones",
        caption=_("Counts of one column"),
        columns=(
            Column(name="column", label=_("Column")),
            Column(name="value", label=_("Value"), heads_row=True),
            Column(name="released", label=_("Released"), numeric=True),
            Column(name="span", label=_("Interval")),
            Column(name="real", label=_("Real, rounded"), numeric=True),
            Column(name="within", label=_("Interval holds it")),
        ),
        rows=rows,
        tight=True,
    )


def _apart(apart: Sequence["Apart"]) -> Table:
    rows = [
        {
            "ways": release_terms.ways(one.ways),
            "size": release_terms.size(one.start, None if one.end is None else one.end - 1),
            "cells": one.cells,
            "error": release_terms.more_or_less(round(one.error, 1)),
            "relative": percent(one.relative),
            "within": _share(one.within),
        }
        for one in apart
    ]
    return Table(
        id="apart",
        caption=_("How wrong the counts are"),
        columns=(
            Column(name="ways", label=_("Count of"), heads_row=True),
            Column(name="size", label=_("Real people in the count")),
            Column(name="cells", label=_("Counts of that size"), numeric=True),
            Column(name="error", label=_("Mean error"), numeric=True),
            Column(name="relative", label=_("Mean error as a share"), numeric=True),
            Column(name="within", label=_("Intervals that hold the truth"), numeric=True),
        ),
        rows=rows,
        tight=True,
    )


def _found(found: Sequence["Found"]) -> Table:
    rows = [
        {
            "ways": release_terms.ways(one.ways),
            "published": one.nobody.of,
            "nobody": _share(one.nobody),
            "lost": _share(one.lost),
        }
        for one in found
    ]
    return Table(
        id="found",
        caption=_("What was invented and what was lost"),
        columns=(
            Column(name="ways", label=_("Count of"), heads_row=True),
            Column(name="published", label=_("Published"), numeric=True),
            Column(name="nobody", label=_("Published, of nobody"), numeric=True),
            Column(name="lost", label=_("Of somebody, not published"), numeric=True),
        ),
        rows=rows,
        tight=True,
    )


def _share(one: Share) -> str:
    return percent(one.value) if one.of else "–"


def percent(share: float) -> str:
    """A share of one as a percentage with one place below ten."""
    whole = 100 * share
    return _("%(number)s%%") % {"number": text(round(whole, 1) if whole < 10 else round(whole))}
