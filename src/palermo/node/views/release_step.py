"""The steps of a release: approved by one, by another, made, published, withdrawn."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from palermo.node import jobs, release_terms
from palermo.node.actions import release
from palermo.node.estimation_preview import told
from palermo.node.models import Release
from palermo.node.release_forms import WithdrawForm
from palermo.node.views.release import statistician


@require_POST
def release_approve(request: HttpRequest, reference: str) -> HttpResponse:
    """The first approval."""
    said = _("You have approved it. Another analyst must approve it as well.")
    return _taken(request, reference, release.approve, said)


@require_POST
def release_countersign(request: HttpRequest, reference: str) -> HttpResponse:
    """The second person's approval."""
    return _taken(request, reference, release.countersign, _("Approved by two people. It can be made now."))


@require_POST
def release_start(request: HttpRequest, reference: str) -> HttpResponse:
    """Reserve the budget, and let the release be made in the background."""
    by = statistician(request)
    jobs.put_release(release.start(reference, by=by, now=timezone.now()))
    return redirect("release_page", reference=reference)


@require_POST
def release_publish(request: HttpRequest, reference: str) -> HttpResponse:
    """Let anybody have the pack."""
    return _taken(request, reference, release.publish, _("Published. Anyone can read it without signing in."))


def release_withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """The notice that stands in its place."""
    by = statistician(request)
    one = release.known(reference, by=by, now=timezone.now())
    if against := release.against_withdrawing(one):
        for problem in against:
            messages.warning(request, told(problem))
        return redirect("release_page", reference=one.pk)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        release.withdraw(reference, reason=form.cleaned_data["reason"], by=by, now=timezone.now())
        messages.success(request, _("The release is withdrawn."))
        return redirect("release_page", reference=one.pk)
    context = {
        "here": _("Withdraw a release"),
        "title": release_terms.text_of(one, "title"),
        "release": one,
        "form": form,
        "layout": "prevention/release_layout.html",
        "explained": _(
            "The public page shows your notice in the place of the pack. Copies that people have already "
            "stay with them, and the budget stays spent. This cannot be taken back."
        )
        if one.published_at
        else _(
            "It stays here with your notice and can no longer be made or published. What it has spent stays "
            "spent."
        ),
    }
    return render(request, "prevention/withdraw.html", context)


def _taken(request: HttpRequest, reference: str, step: Callable[..., Release], said: str) -> HttpResponse:
    by = statistician(request)
    one = step(reference, by=by, now=timezone.now())
    messages.success(request, said)
    return redirect("release_page", reference=one.pk)
