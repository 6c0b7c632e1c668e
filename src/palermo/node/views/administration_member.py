"""Administration of members: an administrator looks after all, a supervisor after their own agency's."""

from collections.abc import Callable, Mapping
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from palermo.errors import InvalidRecord, NotAllowed, Unknown
from palermo.node import permission, role_labels
from palermo.node.actions import member, session
from palermo.node.administration_forms import MemberForm, RolesForm, refuse
from palermo.node.models import Member
from palermo.node.table import Code, Column, Link, Table, Tag
from palermo.node.views.administration_kit import administrators_only, form_page, list_page
from palermo.protection.access import Role


def _members_seen_by(request: HttpRequest) -> Any:
    actor = session.member_of(request).actor
    members = Member.objects.select_related("agency").prefetch_related("held_roles")
    if permission.ask(actor, "administer", purpose="administration", now=timezone.now()):
        return members
    if Role.SUPERVISOR in actor.roles:
        return members.filter(agency=actor.agency).exclude(held_roles__role=Role.ADMINISTRATOR)
    raise NotAllowed("Members are seen by administrators and by the supervisors of their agency.")


def _member(request: HttpRequest, number: int) -> Member:
    found: Member | None = _members_seen_by(request).filter(pk=number).first()
    if found is None:
        raise Unknown("No such member here. Go back to the list of members.")
    return found


def member_list(request: HttpRequest) -> HttpResponse:
    """The members that the reader looks after."""
    rows = [
        {
            "name": Link(one.display_name, reverse("member_page", args=[one.pk])),
            "sign_in": Code(one.name),
            "agency": one.agency.name,
            "roles": _(", ").join(str(role_labels.label(held.role)) for held in one.held_roles.all()),
            "last": one.last_login,
            "state": Tag(_("Active"), "good") if one.is_active else Tag(_("Deactivated"), "quiet"),
        }
        for one in _members_seen_by(request)
    ]
    columns = (
        Column(name="name", label=_("Name"), heads_row=True),
        Column(name="sign_in", label=_("Sign-in name")),
        Column(name="agency", label=_("Agency")),
        Column(name="roles", label=_("Roles")),
        Column(name="last", label=_("Last sign-in")),
        Column(name="state", label=_("State")),
    )
    table = Table(id="members", caption=_("Members"), columns=columns, rows=rows)
    administers = Role.ADMINISTRATOR in session.member_of(request).roles
    add = (_("Add a member"), reverse("member_add")) if administers else None
    return list_page(request, table, title=_("Members"), add=add)


@administrators_only
def member_add(request: HttpRequest) -> HttpResponse:
    """Add a member, and show the code with which they choose a password."""
    form = MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by, now = session.member_of(request).actor, timezone.now()
        try:
            new = member.add(**form.cleaned_data, by=by, now=now)
        except InvalidRecord as error:
            refuse(form, error)
        else:
            return _code_page(request, new, member.issue_code(new, by=by, now=now))
    parent = (_("Members"), reverse("member_list"))
    return form_page(request, form, title=_("Add a member"), button=_("Add the member"), parent=parent)


def member_page(request: HttpRequest, number: int) -> HttpResponse:
    """One member: roles, sessions, and what may be done about the account."""
    one, reader = _member(request, number), session.member_of(request)
    administers = Role.ADMINISTRATOR in reader.roles
    rows = [
        (_("Sign-in name"), Code(one.name)),
        (_("Agency"), one.agency.name),
        (_("Roles"), _(", ").join(str(role_labels.label(role)) for role in sorted(one.roles))),
        (_("Second factor"), _("Set up") if session.has_second_factor(one) else _("None yet")),
        (_("Sessions"), len(session.of(one))),
        (_("Last sign-in"), one.last_login),
        (_("State"), Tag(_("Active"), "good") if one.is_active else Tag(_("Deactivated"), "quiet")),
    ]
    context = {
        "one": one,
        "rows": rows,
        "administers": administers,
        "looks_after": administers or session.supervises(reader.actor, one),
        "oneself": one.pk == request.user.pk,
        "form": RolesForm(initial={"roles": [role.value for role in one.roles]}) if administers else None,
    }
    return render(request, "administration/member.html", context)


@require_POST
@reauthentication_required(app="palermo.node")
def member_step(request: HttpRequest, number: int, step: str) -> HttpResponse:
    """One of the STEPS, done to one member."""
    if step not in STEPS:
        raise Unknown("There is no such step. Go back to the member's page.")
    return STEPS[step](request, _member(request, number))


def _code(request: HttpRequest, one: Member) -> HttpResponse:
    return _code_page(
        request, one, member.issue_code(one, by=session.member_of(request).actor, now=timezone.now())
    )


def _code_page(request: HttpRequest, one: Member, code: str) -> HttpResponse:
    return render(request, "administration/code.html", {"one": one, "code": code})


def _roles(request: HttpRequest, one: Member) -> HttpResponse:
    form = RolesForm(request.POST)
    try:
        chosen = form.cleaned_data["roles"] if form.is_valid() else []
        member.change_roles(one, to=chosen, by=session.member_of(request).actor, now=timezone.now())
    except InvalidRecord as error:
        for problem in error.problems:
            messages.error(request, f"{_(problem.wrong)} {_(problem.remedy)}")
        return redirect("member_page", number=one.pk)
    return _done(request, one, _("The roles are changed, from the next page that the member opens."))


def _deactivate(request: HttpRequest, one: Member) -> HttpResponse:
    member.deactivate(one, by=session.member_of(request).actor, now=timezone.now())
    return _done(request, one, _("The member can no longer sign in. Their sessions have ended."))


def _reactivate(request: HttpRequest, one: Member) -> HttpResponse:
    member.reactivate(one, by=session.member_of(request).actor, now=timezone.now())
    return _done(request, one, _("The member may sign in again. Give them a one-time code."))


def _forget_factors(request: HttpRequest, one: Member) -> HttpResponse:
    session.forget_factors(one, by=session.member_of(request).actor, now=timezone.now())
    return _done(
        request, one, _("The second factors are gone. The member sets up a new one at the next sign-in.")
    )


def _end_sessions(request: HttpRequest, one: Member) -> HttpResponse:
    session.kill_all(one, by=session.member_of(request).actor, now=timezone.now())
    return _done(request, one, _("Every session of the member has ended."))


def _done(request: HttpRequest, one: Member, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("member_page", number=one.pk)


STEPS: Mapping[str, Callable[[HttpRequest, Member], HttpResponse]] = {
    "code": _code,
    "roles": _roles,
    "deactivate": _deactivate,
    "reactivate": _reactivate,
    "forget-factors": _forget_factors,
    "end-sessions": _end_sessions,
}
