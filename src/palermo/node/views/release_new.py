"""Preparing a release: the question, how wrong its counts would be, and the draft."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from palermo.errors import InvalidRecord
from palermo.node import release_account, release_figures, release_shown
from palermo.node.actions import release
from palermo.node.estimation_preview import told
from palermo.node.release_forms import ReleaseForm
from palermo.node.views.release import statistician


def release_new(request: HttpRequest) -> HttpResponse:
    """The question; an address of the next page fills it in again."""
    statistician(request)
    return _asking(request, _form(request.GET))


def _form(given: QueryDict) -> ReleaseForm:
    """Bound where the address holds a question; otherwise the last five years and every column."""
    year = timezone.now().year
    return ReleaseForm(given if "title" in given else None, initial={"since": year - 4, "until": year})


def _asking(request: HttpRequest, form: ReleaseForm) -> HttpResponse:
    context = {"here": _("Prepare a release"), "form": form}
    return render(request, "prevention/release_new.html", context)


def release_look(request: HttpRequest) -> HttpResponse:
    """How wrong the counts would be and what the budget would be after; no case is read."""
    by = statistician(request)
    form = _form(request.GET)
    if not form.is_bound or not form.is_valid():
        return _asking(request, form)
    asked, now = form.question(), timezone.now()
    outlook = release.predict(asked, by=by, now=now)
    context = {
        "here": _("What it would be like"),
        "said": _("Nothing is spent yet, and no case was read: this is known from the question alone."),
        "warnings": [told(one) for one in (*outlook.problems, *outlook.warnings)],
        "startable": not outlook.problems,
        "predicted": release_shown.predicted(asked),
        "after": release_shown.after(outlook),
        "buys": release_figures.buys(release_account.bought(asked), as_of=now.date(), chosen=asked.epsilon),
        "facts": release_shown.asked_facts(asked),
        "change": f"{reverse('release_new')}?{request.GET.urlencode()}",
        "asked": [(name, value) for name, values in request.GET.lists() for value in values],
    }
    return render(request, "prevention/release_look.html", context)


@require_POST
def release_draft(request: HttpRequest) -> HttpResponse:
    """Keep the question as a draft, which two people must approve."""
    by = statistician(request)
    form = _form(request.POST)
    if not form.is_bound or not form.is_valid():
        return _asking(request, form)
    asked = form.question()
    licence = form.cleaned_data["licence"]
    try:
        made = release.draft(asked, texts=form.texts, licence=licence, by=by, now=timezone.now())
    except InvalidRecord as refused:
        for problem in refused.problems:
            form.add_error(None, told(problem))
        return _asking(request, form)
    messages.success(request, _("Saved as a draft. Nothing is spent until two people have approved it."))
    return redirect("release_page", reference=made.pk)
