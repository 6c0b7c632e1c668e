"""Administration of agencies."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.errors import InvalidRecord
from palermo.node.actions import agency, session
from palermo.node.administration_forms import AgencyForm, refuse
from palermo.node.models import Agency
from palermo.node.table import Code, Column, Empty, Link, Table, Tag
from palermo.node.views.administration_kit import administrators_only, form_page, list_page


@administrators_only
def agency_list(request: HttpRequest) -> HttpResponse:
    """Every agency, closed ones too."""
    rows = [
        {
            "name": one.name,
            "code": Code(one.code),
            "country": Code(one.country),
            "members": one.members.filter(is_active=True).count(),
            "state": Tag(_("Closed"), "quiet") if one.closed_on else Tag(_("Is open"), "good"),
            "step": Link(_("Open again"), reverse("agency_reopen", args=[one.code]))
            if one.closed_on
            else Link(_("Close"), reverse("agency_close", args=[one.code])),
        }
        for one in Agency.objects.all()
    ]
    columns = (
        Column(name="name", label=_("Name"), heads_row=True),
        Column(name="code", label=_("Code")),
        Column(name="country", label=_("Country")),
        Column(name="members", label=_("Members"), numeric=True),
        Column(name="state", label=_("State")),
        Column(name="step", label=_("Close or open again")),
    )
    empty = Empty(
        title=_("No agency yet."),
        hint=_("An agency is whoever keeps a list of people: a shelter, a ministry, a helpline."),
        action=_("Open an agency"),
        url=reverse("agency_open"),
    )
    table = Table(id="agencies", caption=_("Agencies"), columns=columns, rows=rows, empty=empty)
    return list_page(request, table, title=_("Agencies"), add=(_("Open an agency"), reverse("agency_open")))


@administrators_only
def agency_open(request: HttpRequest) -> HttpResponse:
    """Open a new agency; it gets a key of its own."""
    form = AgencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            new = agency.open(**form.cleaned_data, by=session.member_of(request).actor, now=timezone.now())
        except InvalidRecord as error:
            refuse(form, error)
        else:
            messages.success(request, _("The agency %(name)s is open.") % {"name": new.name})
            return redirect("agency_list")
    parent = (_("Agencies"), reverse("agency_list"))
    return form_page(request, form, title=_("Open an agency"), button=_("Open it"), parent=parent)


@administrators_only
def agency_close(request: HttpRequest, code: str) -> HttpResponse:
    """Close an agency, after one more question."""
    closing = agency.find(code)
    if request.method == "POST":
        agency.close(closing, by=session.member_of(request).actor, now=timezone.now())
        messages.success(request, _("The agency %(name)s is closed.") % {"name": closing.name})
        return redirect("agency_list")
    context = {
        "title": _("Close %(name)s?") % {"name": closing.name},
        "text": _("Its members can no longer sign in and its tokens stop. Its cases stay as they are."),
        "button": _("Close the agency"),
        "back": reverse("agency_list"),
    }
    return render(request, "administration/confirm.html", context)


@administrators_only
def agency_reopen(request: HttpRequest, code: str) -> HttpResponse:
    """Open a closed agency again, after one more question."""
    closed = agency.find(code)
    if request.method == "POST":
        agency.reopen(closed, by=session.member_of(request).actor, now=timezone.now())
        messages.success(request, _("The agency %(name)s is open.") % {"name": closed.name})
        return redirect("agency_list")
    context = {
        "title": _("Open %(name)s again?") % {"name": closed.name},
        "text": _("It takes cases again. Let each member in again on their page, and issue new tokens."),
        "button": _("Open it again"),
        "back": reverse("agency_list"),
    }
    return render(request, "administration/confirm.html", context)
