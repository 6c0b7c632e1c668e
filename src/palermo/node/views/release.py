"""Releases: the list with the account of the budget, what a year buys, and the page of one release."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.node import (
    case_words,
    estimation_words,
    permission,
    release_account,
    release_files,
    release_forms,
    release_shown,
    release_terms,
)
from palermo.node.actions import release, session
from palermo.node.actor import Actor
from palermo.node.models import Release, ReleaseState
from palermo.node.release_question import read
from palermo.node.table import Column, Empty, Link, Table

SHOWN = 200
COLUMNS = (
    Column(name="title", label=gettext_lazy("Release"), heads_row=True),
    Column(name="state", label=gettext_lazy("State")),
    Column(name="period", label=gettext_lazy("Years")),
    Column(name="epsilon", label=gettext_lazy("Epsilon"), numeric=True),
    Column(name="approvals", label=gettext_lazy("Approved by")),
    Column(name="drafted_at", label=gettext_lazy("Drafted")),
    Column(name="published_at", label=gettext_lazy("Published")),
    Column(name="purpose", label=gettext_lazy("What it is for")),
)
STANDINGS: Mapping[str, Q] = {
    "draft": Q(state=ReleaseState.DRAFT, approved_at=None),
    "once": Q(state=ReleaseState.DRAFT, approved_at__isnull=False),
    "done": Q(state=ReleaseState.DONE),
    "published": Q(state=ReleaseState.PUBLISHED),
    "withdrawn": Q(state=ReleaseState.WITHDRAWN),
}
ENDED = frozenset(ReleaseState) - {ReleaseState.RUNNING}


def statistician(request: HttpRequest) -> Actor:
    """Who asks, if releasing is theirs; NotAllowed otherwise."""
    by = session.member_of(request).actor
    decision = permission.ask(
        by, release.RELEASE, tier=release.TIER, purpose=release.STATISTICS, now=timezone.now()
    )
    permission.insist_but_second(decision, where=f"agency {by.agency}")
    return by


def release_list(request: HttpRequest) -> HttpResponse:
    """Every release of the node, the newest first, under the account of the budget."""
    by, now = statistician(request), timezone.now()
    every = release.visible(by, now=now)
    asked = release_forms.StateFilter(request.GET)
    table = Table(
        id="releases",
        caption=_("Releases"),
        columns=COLUMNS,
        rows=[_row(one) for one in _narrowed(every, asked)[:SHOWN]],
        filter=asked if every.exists() else None,
        empty=Empty(
            title=_("Nothing has been released yet."),
            hint=_(
                "A release publishes counts and rows of nobody, made from the cases of this node. Two people "
                "approve it, and it spends some of a budget that is kept for a lifetime."
            ),
            action=_("Prepare a release"),
            url=reverse("release_new"),
        ),
    )
    context = {
        "releases": table,
        "some": every.exists(),
        "account": release_account.shown(by=by, now=now),
        "public_url": reverse("release_public", args=[case_words.language()]),
    }
    return render(request, "prevention/release_list.html", context)


def _narrowed(found: QuerySet[Release], asked: release_forms.StateFilter) -> QuerySet[Release]:
    wanted = STANDINGS.get(asked.cleaned_data["standing"], Q()) if asked.is_valid() else Q()
    return found.filter(wanted)


def _row(one: Release) -> dict[str, Any]:
    asked = read(one.question)
    return {
        "title": Link(release_terms.text_of(one, "title"), reverse("release_page", args=[one.pk])),
        "state": release_terms.state(one),
        "period": estimation_words.period(asked.since, asked.until),
        "epsilon": release_terms.epsilon(one.epsilon),
        "approvals": _(", ").join(one.approvers) or _("nobody yet"),
        "drafted_at": one.drafted_at.date(),
        "published_at": one.published_at and one.published_at.date(),
        "purpose": release_terms.text_of(one, "purpose"),
    }


def release_plan(request: HttpRequest) -> HttpResponse:
    """What the rest of the budget buys, shared over years and releases; no case is read."""
    by, now = statistician(request), timezone.now()
    context = {
        "here": _("What the budget of a year buys"),
        "account": release_account.shown(by=by, now=now),
        **release_account.plan(request.GET, by=by, now=now),
    }
    return render(request, "prevention/release_plan.html", context)


def release_page(request: HttpRequest, reference: str) -> HttpResponse:
    """One release: what is asked and who has approved, how far it is, or what came of it."""
    by = statistician(request)
    one = release.known(reference, by=by, now=timezone.now())
    context = release_shown.context(one, by=by, now=timezone.now())
    return render(request, release_shown.TEMPLATES[ReleaseState(one.state)], context)


def release_progress(request: HttpRequest, reference: str) -> HttpResponse:
    """The moving part of the page of a running release; when it has ended, the whole page is asked for."""
    by = statistician(request)
    one = release.known(reference, by=by, now=timezone.now())
    if one.state in ENDED:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "prevention/progress.html", release_shown.progress(one))


def release_file(request: HttpRequest, reference: str, name: str) -> FileResponse:
    """A file of the pack, or all of it as one, inside the node."""
    by = statistician(request)
    return release_files.answer(release.known(reference, by=by, now=timezone.now()), name)
