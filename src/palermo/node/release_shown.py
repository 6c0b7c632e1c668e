"""What the page of a release says: the draft and its approvals, the work, or what came of it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from palermo.node import (
    case_words,
    estimation_words,
    release_account,
    release_figures,
    release_files,
    release_forms,
    release_pack,
    release_terms,
    risk_shown,
)
from palermo.node.actions import ledger, release
from palermo.node.actor import Actor
from palermo.node.estimation_preview import told
from palermo.node.models import Release, ReleaseState
from palermo.node.release_question import ReleaseQuestion, read
from palermo.node.step import Step
from palermo.node.table import Code, Column, Table, text
from palermo.prevention import compiled
from palermo.prevention.release import pack
from palermo.prevention.release.plan import FEWEST

TEMPLATES: Mapping[ReleaseState, str] = {
    ReleaseState.DRAFT: "prevention/release_draft.html",
    ReleaseState.APPROVED: "prevention/release_draft.html",
    ReleaseState.RUNNING: "prevention/running.html",
    ReleaseState.FAILED: "prevention/release_failed.html",
    ReleaseState.DONE: "prevention/release_page.html",
    ReleaseState.PUBLISHED: "prevention/release_page.html",
    ReleaseState.WITHDRAWN: "prevention/release_page.html",
}


def context(one: Release, *, by: Actor, now: datetime) -> dict[str, Any]:
    """Everything that the page of a release shows in its state."""
    asked = read(one.question)
    found = {
        "release": one,
        "here": release_terms.text_of(one, "title"),
        "title": release_terms.text_of(one, "title"),
        "state": release_terms.state(one),
        "facts": [*asked_facts(asked), *_facts(one)],
        "reasons": [*_reasons(one, by=by)],
    }
    return found | _MORE[ReleaseState(one.state)](one, asked, by=by, now=now)


def _draft(one: Release, asked: ReleaseQuestion, *, by: Actor, now: datetime) -> dict[str, Any]:
    outlook = release.predict(asked, by=by, now=now)
    return {
        "approvals": _approvals(one),
        "warnings": [told(problem) for problem in (*outlook.problems, *outlook.warnings)],
        "steps": [*_steps(one, by=by, blocked=bool(outlook.problems))],
        "withdraw": reverse("release_withdraw", args=[one.pk]) if one.state != "withdrawn" else "",
        "predicted": predicted(asked),
        "after": after(outlook),
    }


def _running(one: Release, asked: ReleaseQuestion, *, by: Actor, now: datetime) -> dict[str, Any]:
    return progress(one) | {
        "layout": "prevention/release_layout.html",
        "heading": "prevention/release_head.html",
        "moving": reverse("release_progress", args=[one.pk]),
    }


def progress(one: Release) -> dict[str, Any]:
    """How far the work is."""
    standing = _("The release is being made.") if one.begun_at else _("It waits for its turn.")
    if one.begun_at and not compiled.prepared(["release"]):
        standing = _("The first release after an installation prepares the work for about half a minute.")
    return {"share": min(99, round(100 * one.progress)), "standing": standing}


def _failed(one: Release, asked: ReleaseQuestion, *, by: Actor, now: datetime) -> dict[str, Any]:
    said = _("The work was stopped: %(why)s") % {"why": one.fault}
    return {"warnings": [said], "again": f"{reverse('release_new')}?{release_forms.query(one)}"}


def _made(one: Release, asked: ReleaseQuestion, *, by: Actor, now: datetime) -> dict[str, Any]:
    address = reverse("release_file", args=[one.pk, "NAME"]).replace("NAME", "{name}")
    public = reverse("release_public_pack", args=[case_words.language(), one.pk])
    return {
        "steps": [*_steps(one, by=by, blocked=False)],
        "links": release_files.links(one, language=case_words.language(), address=address),
        "withdraw": reverse("release_withdraw", args=[one.pk]) if _may_withdraw(one) else "",
        "public": public if one.published_at else "",
        "risk": risk_shown.link(one),
        "rowless": _rowless(one, asked),
        "entry": [*_entry(one)],
        **answered(one),
    }


def _rowless(one: Release, asked: ReleaseQuestion) -> str:
    """Why there are no rows though they were asked for."""
    if not asked.rows or release_pack.file(one, pack.ROWS):
        return ""
    return _("No rows were made: they need %(people)s people at the least.") % {"people": text(FEWEST)}


def _withdrawn(one: Release, asked: ReleaseQuestion, *, by: Actor, now: datetime) -> dict[str, Any]:
    whole = {"withdrawn": notice(one)}
    if not one.digest:
        return whole
    return _made(one, asked, by=by, now=now) | whole


_MORE: Mapping[ReleaseState, Any] = {
    ReleaseState.DRAFT: _draft,
    ReleaseState.APPROVED: _draft,
    ReleaseState.RUNNING: _running,
    ReleaseState.FAILED: _failed,
    ReleaseState.DONE: _made,
    ReleaseState.PUBLISHED: _made,
    ReleaseState.WITHDRAWN: _withdrawn,
}


def answered(one: Release) -> dict[str, Any]:
    """What is in the pack: how many people, the first figures with their intervals, how wrong they are."""
    card = release_files.card(one)
    people = card["persons"]
    day = (one.finished_at or one.drafted_at).date()
    return {
        "people": _("About %(about)s people (%(span)s).")
        % {"about": text(people["about"]), "span": release_terms.span(people["low"], people["high"])},
        "figures": release_figures.counts(card, release_files.counts(one), as_of=day),
        "errors": release_figures.errors(card),
    }


def notice(one: Release) -> dict[str, str] | None:
    """Who withdrew it, when, and what stands in its place."""
    if not one.withdrawn_at:
        return None
    return {
        "said": _("Withdrawn on %(day)s.") % {"day": text(one.withdrawn_at.date())},
        "notice": one.withdrawn_reason,
    }


def _steps(one: Release, *, by: Actor, blocked: bool) -> Iterator[Step]:
    """The next step, if it is this member's to take."""
    for name in NEXT:
        step = STEPS[name](one, by)
        if step and not blocked:
            yield Step(text=step[0], label=step[1], url=reverse(f"release_{name}", args=[one.pk]))


def _approve(one: Release, by: Actor) -> tuple[str, str] | None:
    if release.against_approving(one):
        return None
    said = _("Approving says that what it is for is worth what it spends of everyone's privacy.")
    return said, _("Approve")


def _countersign(one: Release, by: Actor) -> tuple[str, str] | None:
    if release.against_countersigning(one) or one.approved_by == by.name:
        return None
    said = _(
        "Approving as the second person says that you have looked at the question, the error and the budget "
        "yourself, and stand behind it."
    )
    return said, _("Approve as the second person")


def _start(one: Release, by: Actor) -> tuple[str, str] | None:
    if one.state != ReleaseState.APPROVED:
        return None
    said = _("From this moment on its budget is spent, whatever happens. The work goes on in the background.")
    return said, _("Make the release")


def _publish(one: Release, by: Actor) -> tuple[str, str] | None:
    if release.against_publishing(one):
        return None
    said = _("Anyone can then read it without signing in. What is published cannot be called back.")
    return said, _("Publish")


STEPS: Mapping[str, Any] = {
    "approve": _approve,
    "countersign": _countersign,
    "start": _start,
    "publish": _publish,
}
NEXT = tuple(STEPS)


def _may_withdraw(one: Release) -> bool:
    return not release.against_withdrawing(one)


def _reasons(one: Release, *, by: Actor) -> Iterator[str]:
    """Why the next step is not this member's."""
    if one.state == ReleaseState.DRAFT and one.approved_by == by.name:
        yield _("You have approved it. Another analyst must approve it as well before it is made.")
    if one.state == ReleaseState.DONE and not risk_shown.settled(one):
        yield _("No data-protection officer has signed its risk report yet.")


def _approvals(one: Release) -> list[tuple[Any, Any]]:
    nobody = _("nobody yet")
    return [
        (_("Drafted"), release_terms.by(one.drafted_by, one.drafted_at)),
        (_("Approved"), release_terms.by(one.approved_by, one.approved_at) if one.approved_at else nobody),
        (_("Second person"), release_terms.by(one.second_by, one.second_at) if one.second_at else nobody),
    ]


def asked_facts(asked: ReleaseQuestion) -> list[tuple[Any, Any]]:
    """The question as pairs of label and value."""
    language = case_words.language()
    columns = (one.label.in_language(language) for one in asked.schema.columns)
    rows = _("counts and rows") if asked.rows else _("counts only")
    return [
        (_("Years of registration"), estimation_words.period(asked.since, asked.until)),
        (_("Columns"), _(", ").join(columns)),
        (_("Counts of up to"), release_terms.ways(asked.ways)),
        (_("What is published"), rows),
        (_("Epsilon"), release_terms.epsilon(asked.epsilon)),
        (_("Delta"), release_terms.delta(asked.delta)),
        (_("Exactly"), release_terms.rho(asked.plan.rho)),
        (_("People it could be about, at most"), asked.persons),
    ]


def _facts(one: Release) -> Iterator[tuple[Any, Any]]:
    yield _("What it is for"), release_terms.text_of(one, "purpose")
    yield _("Licence"), one.licence
    yield _("Drafted"), release_terms.by(one.drafted_by, one.drafted_at)
    if one.second_at:
        yield _("Approved"), release_terms.by(one.approved_by, one.approved_at)
        yield _("Second person"), release_terms.by(one.second_by, one.second_at)
    if one.started_at:
        yield _("Started"), release_terms.by(one.started_by, one.started_at)
    if one.published_at:
        yield _("Published"), release_terms.by(one.published_by, one.published_at)
    if one.version:
        yield _("Version of palermo"), Code(one.version)


def _entry(one: Release) -> Iterator[tuple[Any, Any]]:
    """What the ledger holds of it."""
    found = [entry for entry in ledger.kept().entries if entry.release == one.pk]
    for entry in found[:1]:
        yield _("Reserved"), release_terms.rho(entry.rho_micro)
        yield _("Epsilon"), release_terms.epsilon(entry.epsilon)
        yield _("Delta"), release_terms.delta(entry.delta)
        yield _("Limit of a lifetime then"), release_terms.epsilon(entry.lifetime)
        yield _("Whom it is about"), estimation_words.period(*_years(one))
        yield _("Approved by"), _(", ").join(entry.approvers)
    for entry in found[-1:]:
        yield _("Most fields of one person"), entry.cap
        yield _("Mark of the table"), Code(entry.table) if entry.table else None
    yield _("Mark of the pack"), Code(one.digest) if one.digest else None


def _years(one: Release) -> tuple[int, int]:
    return one.question["since"], one.question["until"]


def predicted(asked: ReleaseQuestion) -> Table:
    """The noise of counts by number of columns: usual, at worst, and as an example."""
    worst = {one.ways: one for one in asked.plan.predicted()}
    rows = [
        {
            "ways": release_terms.ways(one.ways),
            "example": release_terms.example(one),
            "usual": release_terms.margin(one),
            "worst": release_terms.margin(worst[one.ways]),
        }
        for one in release_account.usual(asked, asked.epsilon)
    ]
    columns = (
        Column(name="ways", label=_("Count of"), heads_row=True),
        Column(name="example", label=_("What that means")),
        Column(name="usual", label=_("With one value a column"), numeric=True),
        Column(name="worst", label=_("If people have every value"), numeric=True),
    )
    caption = _("How wrong the counts will be")
    return Table(id="predicted", caption=caption, columns=columns, rows=rows)


def after(outlook: release.Outlook) -> str:
    """What the account would say after it."""
    return _(
        "It would spend epsilon %(epsilon)s. All releases together would then have spent epsilon %(after)s "
        "of %(all)s."
    ) % {
        "epsilon": release_terms.epsilon(outlook.epsilon),
        "after": release_terms.epsilon(outlook.after),
        "all": release_terms.epsilon(outlook.lifetime),
    }
