"""Administration of tokens."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.errors import InvalidRecord
from palermo.node import role_labels
from palermo.node.actions import session, token
from palermo.node.administration_forms import TokenForm, refuse
from palermo.node.models import ApiToken
from palermo.node.table import Code, Column, Empty, Link, Table, Tag
from palermo.node.views.administration_kit import administrators_only, form_page, list_page


@administrators_only
def token_list(request: HttpRequest) -> HttpResponse:
    """Every token, spent ones too."""
    now = timezone.now()
    rows = [
        {
            "name": one.name,
            "agency": one.agency.name,
            "roles": _(", ").join(str(role_labels.label(role)) for role in one.roles),
            "until": one.expires_at,
            "by": Code(one.created_by),
            "state": Link(_("Revoke"), reverse("token_revoke", args=[one.pk]))
            if one.revoked_at is None and one.expires_at > now
            else Tag(_("Revoked") if one.revoked_at else _("Expired"), "quiet"),
        }
        for one in ApiToken.objects.select_related("agency")
    ]
    columns = (
        Column(name="name", label=_("System"), heads_row=True),
        Column(name="agency", label=_("Agency")),
        Column(name="roles", label=_("Roles")),
        Column(name="until", label=_("Until")),
        Column(name="by", label=_("Issued by")),
        Column(name="state", label=_("State")),
    )
    empty = Empty(
        title=_("No tokens yet."),
        hint=_("A token lets an agency's own system speak to this node."),
        action=_("Issue a token"),
        url=reverse("token_issue"),
    )
    table = Table(id="tokens", caption=_("Tokens"), columns=columns, rows=rows, empty=empty)
    return list_page(request, table, title=_("Tokens"), add=(_("Issue a token"), reverse("token_issue")))


@administrators_only
def token_issue(request: HttpRequest) -> HttpResponse:
    """Issue a token, and show it this once."""
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            issued = token.issue(**form.cleaned_data, by=session.member_of(request).actor, now=timezone.now())
        except InvalidRecord as error:
            refuse(form, error)
        else:
            return render(request, "administration/token.html", {"issued": issued})
    parent = (_("Tokens"), reverse("token_list"))
    return form_page(request, form, title=_("Issue a token"), button=_("Issue it"), parent=parent)


@administrators_only
def token_revoke(request: HttpRequest, number: int) -> HttpResponse:
    """Revoke a token, after one more question."""
    ending = token.find(number)
    if request.method == "POST":
        token.revoke(ending, by=session.member_of(request).actor, now=timezone.now())
        messages.success(request, _("The token of %(name)s is revoked.") % {"name": ending.name})
        return redirect("token_list")
    context = {
        "title": _("Revoke the token of %(name)s?") % {"name": ending.name},
        "text": _("The system that uses it is refused from now on. This cannot be undone."),
        "button": _("Revoke the token"),
        "back": reverse("token_list"),
    }
    return render(request, "administration/confirm.html", context)
