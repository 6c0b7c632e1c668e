"""Administration of sessions: who is signed in now."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.node.actions import session
from palermo.node.table import Code, Column, Link, Table
from palermo.node.views.administration_kit import administrators_only, list_page


@administrators_only
def session_list(request: HttpRequest) -> HttpResponse:
    """Who is signed in now."""
    rows = [
        {
            "member": Link(one.user.display_name, reverse("member_page", args=[one.user_id])),
            "agency": one.user.agency.name,
            "began": one.created_at,
            "seen": one.last_seen_at,
            "address": Code(one.ip),
            "end": Link(_("End"), reverse("session_end", args=[one.pk])),
        }
        for one in session.every()
    ]
    columns = (
        Column(name="member", label=_("Member"), heads_row=True),
        Column(name="agency", label=_("Agency")),
        Column(name="began", label=_("Signed in")),
        Column(name="seen", label=_("Last seen")),
        Column(name="address", label=_("Address")),
        Column(name="end", label=_("End it")),
    )
    table = Table(id="sessions", caption=_("Sessions"), columns=columns, rows=rows)
    return list_page(request, table, title=_("Sessions"))


@administrators_only
def session_end(request: HttpRequest, number: int) -> HttpResponse:
    """End one session, after one more question."""
    if request.method == "POST":
        ended = session.kill(number, by=session.member_of(request).actor, now=timezone.now())
        messages.success(request, _("The session of %(name)s has ended.") % {"name": ended.display_name})
        return redirect("session_list")
    context = {
        "title": _("End this session?"),
        "text": _("The member is signed out at once, and loses what they have not saved."),
        "button": _("End the session"),
        "back": reverse("session_list"),
    }
    return render(request, "administration/confirm.html", context)
