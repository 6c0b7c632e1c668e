"""Administration: what there is to look after, and the state of the node; never a case."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.node import readiness
from palermo.node.actions import session, token
from palermo.node.models import Agency, Member
from palermo.node.table import Column, Table, Tag
from palermo.node.views.administration_kit import administrators_only

NEEDS = {
    "database": gettext_lazy("Database"),
    "migrations": gettext_lazy("Tables of this edition"),
    "keyring": gettext_lazy("Keys of the agencies"),
    "disk": gettext_lazy("Free space on the disk"),
    "assets": gettext_lazy("Style sheets and scripts"),
}


@administrators_only
def overview(request: HttpRequest) -> HttpResponse:
    """What there is to administer, and whether the node has all it needs."""
    counts = (
        (gettext_lazy("Agencies"), Agency.objects.filter(closed_on=None).count(), reverse("agency_list")),
        (gettext_lazy("Members"), Member.objects.filter(is_active=True).count(), reverse("member_list")),
        (gettext_lazy("Tokens"), token.living(now=timezone.now()).count(), reverse("token_list")),
        (gettext_lazy("Sessions"), len(session.every()), reverse("session_list")),
    )
    return render(request, "administration/overview.html", {"counts": counts, "table": _state()})


def _state() -> Table:
    rows = [
        {
            "need": NEEDS.get(check.name, check.name),
            "state": Tag(_("Met"), "good") if check.passed else Tag(_("Missing"), "bad"),
            "remedy": "" if check.passed else check.remedy,
        }
        for check in readiness.checks()
    ]
    columns = (
        Column(name="need", label=_("Need"), heads_row=True),
        Column(name="state", label=_("State")),
        Column(name="remedy", label=_("What to do")),
    )
    return Table(id="state", caption=_("State of the node"), columns=columns, rows=rows)
