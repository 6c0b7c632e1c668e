"""Cases: the list with its search, and the page of one case."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from palermo.errors import NotAllowed
from palermo.node import case_panel, case_search, case_words, permission
from palermo.node.actions import approval, case, session
from palermo.node.actions.case import OVERSIGHT
from palermo.node.actor import Actor
from palermo.node.case_forms import CaseFilter, LookUpForm, listed
from palermo.node.case_search import MOST_COUNTED, Asked
from palermo.node.models import Case
from palermo.node.sealing import Kind
from palermo.node.table import Code, Column, Empty, Link, Order, Pages, Table, Tag, csv_response

COLUMNS = (
    Column(name="case", label=gettext_lazy("Case"), heads_row=True),
    Column(name="created_at", label=gettext_lazy("Stored"), sortable=True),
    Column(name="year", label=gettext_lazy("Year"), plain=True),
    Column(name="sex", label=gettext_lazy("Sex")),
    Column(name="age_band", label=gettext_lazy("Age")),
    Column(name="forms", label=gettext_lazy("Form of exploitation")),
    Column(name="citizenships", label=gettext_lazy("Citizenship")),
    Column(name="identification", label=gettext_lazy("Identification")),
)


def case_list(request: HttpRequest) -> HttpResponse:
    """The cases the member may see, narrowed down by codes."""
    by, now = session.member_of(request).actor, timezone.now()
    if not permission.serves_any(by, "read", "T1"):
        raise NotAllowed("Your role opens no case. What you may do is on your home page.")
    chosen = CaseFilter(request.GET)
    order = Order.read(request.GET, COLUMNS, default="-created_at")
    asked = Asked(codes=chosen.codes(), oldest_first=not order.descending)
    found = case_search.page(
        asked, to=by, now=now, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    table = Table(
        id="cases",
        caption=_("Cases"),
        columns=COLUMNS,
        rows=[_row(one) for one in found.cases],
        order=order,
        pages=Pages.keyset(before=found.before, after=found.after),
        filter=chosen,
        note=_counted(asked, found, to=by, now=now),
        empty=_empty(by),
    )
    return _list_page(request, table, by=by, now=now)


def _list_page(request: HttpRequest, table: Table, *, by: Actor, now: datetime, **more: Any) -> HttpResponse:
    looks_up = permission.serves(by, "read", "T3", "support")
    context = {
        "cases": table,
        "look_up": LookUpForm(initial={"kind": "name"}) if looks_up else None,
        "export": _export(by, now),
        "asked": request.GET.urlencode(),
    }
    return render(request, "protection/case_list.html", context | more)


def _row(one: Case) -> dict[str, Any]:
    return {
        "case": Link(Code(one.reference or one.pk), reverse("case_page", args=[one.pk])),
        "created_at": one.created_at.date(),
        "year": one.year,
        "sex": case_words.code("sex", one.sex),
        "age_band": case_words.code("age_band", one.age_band),
        "forms": case_words.codes("exploitation_form", listed(one, "forms")),
        "citizenships": case_words.codes("country", listed(one, "citizenships")),
        "identification": Tag(_("Erased"), "quiet")
        if one.erased_at
        else case_words.code("identification_state", one.identification or "drafted"),
    }


def _counted(asked: Asked, found: case_search.Found, *, to: Actor, now: datetime) -> str:
    if not found.before and not found.after:
        number = len(found.cases)
    else:
        number = case_search.count(asked, to=to, now=now)
    if number > MOST_COUNTED:
        most = number_format(MOST_COUNTED, use_l10n=True, force_grouping=True)
        return _("More than %(most)s cases") % {"most": most}
    shown = number_format(number, use_l10n=True, force_grouping=True)
    return ngettext("%(shown)s case", "%(shown)s cases", number) % {"shown": shown}


def _empty(by: Actor) -> Empty:
    if permission.serves(by, "create", "T1", "support"):
        return Empty(
            title=_("No cases yet."),
            hint=_("Bring in a file of cases; you see everything before it is stored."),
            action=_("Import cases"),
            url=reverse("import_list"),
        )
    return Empty(
        title=_("No cases yet."), hint=_("A case stands here once it is written down or given to you.")
    )


@require_POST
def case_look_up(request: HttpRequest) -> HttpResponse:
    """The cases with exactly this name, number or address; the answer of a request whose body holds it."""
    by, now = session.member_of(request).actor, timezone.now()
    form = LookUpForm(request.POST)
    rows: list[dict[str, Any]] = []
    if form.is_valid():
        kind = Kind(form.cleaned_data["kind"])
        rows = [
            _row(one) for one in case.look_up(kind=kind, value=form.cleaned_data["value"], by=by, now=now)
        ]
    table = Table(
        id="cases",
        caption=_("Cases with exactly this"),
        columns=[
            Column(name=one.name, label=one.label, plain=one.plain, heads_row=one.heads_row)
            for one in COLUMNS
        ],
        rows=rows,
        empty=Empty(
            title=_("No case of your agency holds exactly this."),
            hint=_("Check the spelling, or try a telephone number or the number of a paper."),
            action=_("Back to all cases"),
            url=reverse("case_list"),
        ),
    )
    more = {"look_up": form, "form": form, "looked_up": form.is_valid()}
    return _list_page(request, table, by=by, now=now, **more)


# -- taking out the list ------------------------------------------------------------------------------------


def _export(by: Actor, now: datetime) -> Mapping[str, Any] | None:
    """For roles that may take out the list: whether now, else why not and whether to approve for another."""
    if not permission.serves(by, approval.LIST_STEP, "T1", "support"):
        return None
    decision = approval.list_decision(by, now=now)
    return {"allowed": decision.allowed, "reasons": case_words.reasons(decision.reasons)}


@require_POST
def case_list_approve(request: HttpRequest) -> HttpResponse:
    """Approve that another supervisor takes out the list once."""
    approval.give_for_list(by=session.member_of(request).actor, now=timezone.now())
    messages.success(request, _("Another supervisor of your agency may now take out the list once."))
    return redirect("case_list")


@require_POST
def case_export(request: HttpRequest) -> HttpResponseBase:
    """The coded facts of every case that fits, as CSV; uses up a second person's approval."""
    by, now = session.member_of(request).actor, timezone.now()
    asked = Asked(codes=CaseFilter(request.POST).codes())
    approval.take_list(by=by, now=now, asked=dict(asked.codes))
    codes = ("id", "reference", "year", "sex", "age_band", "forms", "citizenships", "identification")
    columns = [Column(name=name, label=name) for name in codes]
    rows = (
        {name: _exported(one, name) for name in codes}
        for one in case_search.everything(asked, to=by, now=now)
    )
    return csv_response(columns, rows, name="cases")


def _exported(one: Case, name: str) -> Any:
    return " ".join(listed(one, name)) if name in {"forms", "citizenships"} else getattr(one, name)


# -- one case -----------------------------------------------------------------------------------------------


def case_page(request: HttpRequest, reference: str) -> HttpResponse:
    """One case as far as the member may see it: the record, or only that its parts exist."""
    by, now = session.member_of(request).actor, timezone.now()
    if permission.serves(by, "inspect", "T2", OVERSIGHT) and not permission.serves_any(by, "read", "T1"):
        return inspection(request, case.inspect(reference, by=by, now=now), by=by, now=now)
    return page(request, case.find(reference, by=by, now=now), by=by, now=now)


def page(
    request: HttpRequest,
    found: Case,
    *,
    by: Actor,
    now: datetime,
    opened: Mapping[str, Any] | None = None,
    forms: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """The page of a case, with the sealed parts that were just opened for this answer only."""
    context = case_panel.context(found, by=by, now=now, opened=opened or {})
    return render(request, "protection/case_page.html", context | dict(forms or {}))


def inspection(request: HttpRequest, found: Case, *, by: Actor, now: datetime) -> HttpResponse:
    """What a data-protection officer sees: that parts exist, since when, who looked, and the erasure."""
    context = case_panel.oversight(found, by=by, now=now)
    return render(request, "protection/case_inspection.html", context)
