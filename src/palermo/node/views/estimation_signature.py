"""Signing for a range of an estimation, signing as the second person, and withdrawing it."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from palermo.errors import InvalidRecord, Problem
from palermo.node import estimation_answer, estimation_preview
from palermo.node.actions import estimation
from palermo.node.estimation_forms import SignForm, WithdrawForm
from palermo.node.models import Estimation
from palermo.node.views.estimation import analyst


def estimation_sign(request: HttpRequest, reference: str) -> HttpResponse:
    """The range to report, filled in from the spread of the intervals, and every assumption to judge."""
    by = analyst(request)
    one = estimation.known(reference, by=by, now=timezone.now())
    if against := estimation.against_signing(one):
        return _not_now(request, one, against)
    form = SignForm(
        request.POST or None,
        answered=estimation_answer.answered(one),
        assumptions=estimation_answer.assumptions(one),
        initial=estimation_answer.proposed(one),
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        report = estimation.Report(low=told["low"], high=told["high"], method=told["method"])
        try:
            estimation.sign(reference, report=report, statement=form.statement, by=by, now=timezone.now())
        except InvalidRecord as error:
            for problem in error.problems:
                form.add_error(None, estimation_preview.told(problem))
        else:
            messages.success(request, _("You have signed. Another analyst must sign before it is cited."))
            return redirect("estimation_page", reference=one.pk)
    context = {"here": _("Report a range and sign"), "estimation": one, "form": form}
    return render(request, "prevention/estimation_sign.html", context)


@require_POST
def estimation_countersign(request: HttpRequest, reference: str) -> HttpResponse:
    """The second person's signature."""
    by = analyst(request)
    one = estimation.countersign(reference, by=by, now=timezone.now())
    messages.success(request, _("Signed by two people. The appraisal of the State cites this range now."))
    return redirect("estimation_page", reference=one.pk)


def estimation_withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Why the estimation must no longer be cited."""
    by = analyst(request)
    one = estimation.known(reference, by=by, now=timezone.now())
    if against := estimation.against_withdrawing(one):
        return _not_now(request, one, against)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        estimation.withdraw(reference, reason=form.cleaned_data["reason"], by=by, now=timezone.now())
        messages.success(request, _("The estimation is withdrawn."))
        return redirect("estimation_page", reference=one.pk)
    context = {
        "layout": "prevention/estimation_layout.html",
        "here": _("Withdraw an estimation"),
        "title": one.title,
        "estimation": one,
        "form": form,
        "explained": _(
            "The estimation stays here with your reason, and the appraisal stops citing it. This cannot be "
            "taken back; ask for a new estimation instead."
        ),
    }
    return render(request, "prevention/withdraw.html", context)


def _not_now(request: HttpRequest, one: Estimation, against: Iterable[Problem]) -> HttpResponse:
    """Back to the estimation, which says what its state is; and why the step cannot be taken."""
    for problem in against:
        messages.warning(request, estimation_preview.told(problem))
    return redirect("estimation_page", reference=one.pk)
