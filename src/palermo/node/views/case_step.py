"""Steps on one case, each a form that is sent: opening parts, moving tracks, two-person steps."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from palermo.errors import Unknown
from palermo.node import case_panel, case_words
from palermo.node.actions import approval, case, case_track, emergency, erasure, sealed_part, session
from palermo.node.case_forms import EmergencyForm, EraseForm
from palermo.node.models import EmergencyReason, SealedTier
from palermo.node.views.case import page
from palermo.protection.track import Step, Track


@require_POST
def case_unseal(request: HttpRequest, reference: str) -> HttpResponse:
    """Show sealed parts in this one answer, for the purpose given; the opening is recorded."""
    by, now = session.member_of(request).actor, timezone.now()
    found = case.known(reference, by=by, now=now)
    form = case_panel.unseal_form(found, request.POST, by=by, now=now)
    if not form.is_valid():
        return page(request, found, by=by, now=now, forms={"form": form, "unseal_form": form})
    tiers, purpose = form.cleaned_data["tiers"], form.cleaned_data["purpose"]
    opened = sealed_part.unseal(found, tiers=tiers, by=by, purpose=purpose, now=now)
    return page(request, found, by=by, now=now, opened=opened)


@require_POST
def case_move(request: HttpRequest, reference: str) -> HttpResponse:
    """Take one step on one track."""
    try:
        to = Step(track=Track(request.POST.get("track", "")), to=request.POST.get("to", ""))
    except ValueError:
        raise Unknown("No such track. Go back to the case and choose a step there.") from None
    if not to.to:
        messages.error(request, _("Choose the step to take."))
        return redirect("case_page", reference=reference)
    case_track.move(reference, to=to, by=session.member_of(request).actor, now=timezone.now())
    state = {"track": case_words.TRACKS[to.track], "state": case_words.step(to)}
    messages.success(request, _("%(track)s is now: %(state)s.") % state)
    return redirect("case_page", reference=reference)


@require_POST
def case_approve(request: HttpRequest, reference: str) -> HttpResponse:
    """Approve a step that another member takes."""
    step = request.POST.get("step", "")
    if step not in case_words.STEPS:
        raise Unknown("No such step. Go back to the case and choose one there.")
    approval.give(reference, step=step, by=session.member_of(request).actor, now=timezone.now())
    messages.success(request, _("Your approval is noted. Another person can now take the step."))
    return redirect("case_page", reference=reference)


@require_POST
def case_erase(request: HttpRequest, reference: str) -> HttpResponse:
    """Erase the person, once the member says that they know it is for good."""
    if not EraseForm(request.POST).is_valid():
        messages.error(request, _("Tick the box first: what is erased can never be brought back."))
        return redirect("case_page", reference=reference)
    erasure.erase(reference, by=session.member_of(request).actor, now=timezone.now())
    messages.success(request, _("The person is erased. Coded facts and the audit stay."))
    return redirect("case_page", reference=reference)


@require_POST
def case_emergency(request: HttpRequest, reference: str) -> HttpResponse:
    """Open parts without consent, for a reason that a second person will judge."""
    by, now = session.member_of(request).actor, timezone.now()
    form = EmergencyForm(request.POST, tiers=SealedTier.values)
    if not form.is_valid():
        messages.error(request, _("Choose the parts to open and the reason."))
        return redirect("case_page", reference=reference)
    given = form.cleaned_data
    emergency.open(reference, tiers=given["tiers"], reason=given["reason"], by=by, now=now)
    reason = EmergencyReason(given["reason"]).label
    messages.warning(
        request,
        _("Opened in an emergency (%(reason)s). It ends unless a second person confirms it within 24 hours.")
        % {"reason": reason},
    )
    return redirect("case_page", reference=reference)


@require_POST
def emergency_answer(request: HttpRequest, number: int) -> HttpResponse:
    """Confirm or refuse another member's emergency opening."""
    confirm = request.POST.get("answer") == "confirm"
    by, now = session.member_of(request).actor, timezone.now()
    opening = emergency.answer(number, confirm=confirm, by=by, now=now)
    said = (
        _("The emergency opening is confirmed.")
        if confirm
        else _("The emergency opening is refused and has ended.")
    )
    messages.success(request, said)
    return redirect("case_page", reference=opening.case_id)
