"""Public statements as evidence: the list, a document with its passages, and the desk where they are read."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.errors import InvalidRecord, Unknown
from palermo.node import jobs, permission, stated, statement_shown, statement_words
from palermo.node.actions import session, statement
from palermo.node.actor import Actor
from palermo.node.estimation_preview import told
from palermo.node.models import Statement, StatementPassage, StatementState
from palermo.node.statement_forms import (
    AboutForm,
    ReadingForm,
    StatementFilter,
    StatementForm,
    WithdrawForm,
)
from palermo.node.table import Code, Column, Empty, Link, Table

SHOWN = 200
COLUMNS = (
    Column(name="name", label=gettext_lazy("Document"), heads_row=True),
    Column(name="speaker", label=gettext_lazy("Speaker")),
    Column(name="state", label=gettext_lazy("State that speaks of itself")),
    Column(name="spoken_on", label=gettext_lazy("Said on")),
    Column(name="standing", label=gettext_lazy("Reading")),
    Column(name="open", label=gettext_lazy("Passages left to read"), numeric=True),
)


def reader(request: HttpRequest) -> Actor:
    """Who asks, if appraising is theirs; NotAllowed otherwise."""
    by = session.member_of(request).actor
    permission.require(by, statement.APPRAISE, purpose=statement.STATISTICS, now=timezone.now())
    return by


def statement_list(request: HttpRequest) -> HttpResponse:
    """Every statement of the node, the newest first, and the form to add one."""
    by = reader(request)
    form = StatementForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and (made := _added(form, by)):
        return redirect("statement_page", reference=str(made))
    asked = StatementFilter(request.GET)
    every = statement.visible(by, now=timezone.now())
    table = Table(
        id="statements",
        caption=_("Statements"),
        columns=COLUMNS,
        rows=[_row(one) for one in _narrowed(every, asked)[:SHOWN]],
        filter=asked if every.exists() else None,
        empty=Empty(
            title=_("No statement is kept here yet."),
            hint=_("Add what a State has said in public: a speech, a report, a press release."),
        ),
    )
    waiting = StatementPassage.objects.queue(by=by.name).count()
    return render(
        request,
        "appraisal/statement_list.html",
        {"here": _("Statements"), "statements": table, "form": form, "waiting": waiting},
    )


def _added(form: StatementForm, by: Actor) -> Statement | None:
    """The statement of the uploaded file, queued to be read; None, with the fault in the form, otherwise."""
    file = form.cleaned_data["file"]
    try:
        made, new = statement.add(file.read(), name=file.name, about=form.about, by=by, now=timezone.now())
    except InvalidRecord as error:
        for problem in error.problems:
            form.add_error("file", told(problem))
        return None
    if new:
        jobs.put_statement(made)
    return made


def _narrowed(found: QuerySet[Statement], asked: StatementFilter) -> QuerySet[Statement]:
    counted = found.defer("content", "text").annotate(
        left=Count("passages", filter=Q(passages__settled=False, passages__language__in=["en", "fr"]))
    )
    wanted = asked.cleaned_data["q"].strip() if asked.is_valid() else ""
    if not wanted:
        return counted
    fits = Q(name__icontains=wanted) | Q(speaker__icontains=wanted) | Q(speaks_for__iexact=wanted)
    return counted.filter(fits)


def _row(one: Any) -> dict[str, Any]:
    return {
        "name": Link(Code(one.name), reverse("statement_page", args=[str(one)])),
        "speaker": one.speaker or None,
        "state": statement_words.state_name(one.speaks_for),
        "spoken_on": one.spoken_on,
        "standing": statement_shown.standing(one),
        "open": one.left,
    }


def statement_page(request: HttpRequest, reference: str) -> HttpResponse:
    """One document: its text with each passage marked, and beside it what each claims and who agreed."""
    by = reader(request)
    one = statement.known(reference, by=by, now=timezone.now())
    context = {
        "here": one.name,
        "statement": one,
        "standing": statement_shown.standing(one),
        "facts": statement_shown.facts(one),
    }
    if one.state != StatementState.DONE:
        context["share"] = min(99, round(100 * one.progress))
        return render(request, "appraisal/statement_waiting.html", context)
    return render(request, "appraisal/statement_page.html", context | statement_shown.context(one))


def statement_file(request: HttpRequest, reference: str) -> HttpResponse:
    """The file as it was given; it is never shown in the browser."""
    by = reader(request)
    one = statement.known(reference, by=by, now=timezone.now())
    response = HttpResponse(bytes(one.content), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="statement-{one}"'
    return response


def passage_next(request: HttpRequest) -> HttpResponse:
    """On to the next passage that the member can still read; `?statement=` stays within one document."""
    by = reader(request)
    queue = StatementPassage.objects.queue(by=by.name)
    if within := request.GET.get("statement", ""):
        queue = queue.filter(statement__pk__startswith=within)
    row = queue.select_related("statement").defer("statement__content").first()
    if row is None:
        messages.success(request, _("Nothing is left for you to read."))
        return redirect("statement_list")
    query = f"?statement={within}" if within else ""
    return redirect(reverse("passage_page", args=[str(row.statement), row.number]) + query)


def passage_page(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """One passage in its place in the document, and the form for what a person makes of it."""
    by = reader(request)
    one = statement.known(reference, by=by, now=timezone.now())
    row = one.passages.filter(number=number).first()
    if row is None:
        raise Unknown("No passage by that number in this statement. Go back to it.")
    claim = stated.claim(stated.document(one), row, one)
    initial = {"kind": claim.kind.value, "actor": claim.actor.value, "because": "general"}
    form = ReadingForm(request.POST or None, proposals=claim.proposals, initial=initial)
    if request.method == "POST" and form.is_valid() and _read(form, row, by):
        query = f"?statement={request.GET['statement']}" if request.GET.get("statement") else ""
        return redirect(reverse("passage_next") + query)
    queue = StatementPassage.objects.queue(by=by.name)
    context = {
        "here": _("Passage %(number)s") % {"number": number},
        "statement": one,
        "claim": claim,
        "row": row,
        "form": form,
        "readable": not row.settled and not row.readings.filter(by=by.name).exists(),
        "left": queue.count(),
        **statement_shown.passage(claim, one),
    }
    return render(request, "appraisal/passage_page.html", context)


def _read(form: ReadingForm, row: StatementPassage, by: Actor) -> bool:
    try:
        statement.read(row.pk, form.reading(by=by.name), by=by, now=timezone.now())
    except InvalidRecord as error:
        for problem in error.problems:
            form.add_error(None, told(problem))
        return False
    return True


def statement_describe(request: HttpRequest, reference: str) -> HttpResponse:
    """Say who speaks, for which State and when, in place of what was guessed."""
    by = reader(request)
    one = statement.known(reference, by=by, now=timezone.now())
    spoken_on = one.spoken_on.isoformat() if one.spoken_on else ""
    initial = {"speaker": one.speaker, "speaks_for": one.speaks_for, "spoken_on": spoken_on}
    form = AboutForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        statement.describe(str(one), form.about, by=by, now=timezone.now())
        messages.success(request, _("Kept. Nothing of this is a guess any more."))
        return redirect("statement_page", reference=str(one))
    return _form(request, one, form, here=_("Who speaks, and when"), button=_("Keep"))


def statement_withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Why the statement must no longer be cited."""
    by = reader(request)
    one = statement.known(reference, by=by, now=timezone.now())
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        statement.withdraw(str(one), reason=form.cleaned_data["reason"], by=by, now=timezone.now())
        messages.success(request, _("The statement is withdrawn. It stays to be read, and counts no more."))
        return redirect("statement_page", reference=str(one))
    return _form(request, one, form, here=_("Withdraw a statement"), button=_("Withdraw"))


def _form(request: HttpRequest, one: Statement, form: Any, *, here: str, button: str) -> HttpResponse:
    context = {"here": here, "statement": one, "form": form, "button": button}
    return render(request, "appraisal/statement_form.html", context)
