"""The steps of a plan that ends: what was left undone carried over, or the plan withdrawn."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.errors import WrongState
from palermo.node.actions import plan
from palermo.node.plan_forms import CarryForm, PlanWithdrawForm
from palermo.node.views.plan import keeper


def plan_carry(request: HttpRequest, reference: str) -> HttpResponse:
    """Carry what this plan left undone over into the one that follows."""
    by = keeper(request)
    one = plan.known(reference, by=by, now=timezone.now())
    others = plan.visible(by, now=timezone.now()).of(one.state or "").exclude(pk=one.pk)
    form = CarryForm(request.POST or None, plans=others) if others else None
    if request.method == "POST" and form and form.is_valid():
        try:
            made, count = plan.carry(one.pk, into=form.cleaned_data["into"], by=by, now=timezone.now())
        except WrongState as error:
            form.add_error("into", str(error))
        else:
            messages.success(request, _("Actions carried over: %(count)s.") % {"count": count})
            return redirect("plan_page", made.pk)
    context = {"here": _("Carry over"), "plan": one, "title": one.document["title"], "form": form}
    return render(request, "appraisal/plan_carry.html", context)


def plan_withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Why a plan counts no more."""
    by = keeper(request)
    one = plan.known(reference, by=by, now=timezone.now())
    form = PlanWithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        plan.withdraw(one.pk, reason=form.cleaned_data["reason"], by=by, now=timezone.now())
        messages.success(request, _("The plan is withdrawn."))
        return redirect("plan_page", one.pk)
    context = {"here": _("Withdraw the plan"), "plan": one, "title": one.document["title"], "form": form}
    return render(request, "appraisal/plan_withdraw.html", context)
