"""The audit as far as the member's roles reach: who did what to what, and whether the chain is whole."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from palermo.errors import NotAllowed
from palermo.node import audit_words, case_words
from palermo.node.actions import audit, session
from palermo.node.actor import Actor
from palermo.node.case_forms import AuditFilter
from palermo.node.models import AuditEvent
from palermo.node.table import Code, Column, Empty, Link, Pages, Table, csv_response, row_number, wants_csv
from palermo.protection import access

SHOWN = 50
COLUMNS = (
    Column(name="number", label=gettext_lazy("No."), numeric=True, plain=True),
    Column(name="at", label=gettext_lazy("When")),
    Column(name="actor", label=gettext_lazy("Who"), heads_row=True),
    Column(name="agency", label=gettext_lazy("Agency")),
    Column(name="action", label=gettext_lazy("What")),
    Column(name="object", label=gettext_lazy("On what")),
    Column(name="purpose", label=gettext_lazy("Why")),
)
VERIFIERS = frozenset({"audit_all", "audit_system"})

# What each action of the access matrix shows here, widest first. Who looked at one case stands on its page.
SCOPES: Mapping[str, tuple[Any, Callable[[Actor], Q]]] = {
    "audit_all": (gettext_lazy("Everything that was done on this node."), lambda by: Q()),
    "audit_team": (
        gettext_lazy("Everything that members of your agency did."),
        lambda by: Q(agency=by.agency),
    ),
    "audit_system": (
        gettext_lazy(
            "What was done to the node itself: sign-ins, members, agencies, tokens; never to a case."
        ),
        lambda by: ~Q(action__startswith="case.") & ~Q(action__startswith="list."),
    ),
    "audit_case": (gettext_lazy("What you did yourself."), lambda by: Q(actor=by.name)),
    "audit_own": (gettext_lazy("What you did yourself."), lambda by: Q(actor=by.name)),
}


def scope(by: Actor) -> str:
    """The widest action of the audit that the member's roles reach; NotAllowed when there is none."""
    reached = access.reach(role.value for role in by.roles)
    for action in SCOPES:
        if action in reached:
            return action
    raise NotAllowed("Your role does not read the audit. Who looked at your record stands on its page.")


def audit_list(request: HttpRequest) -> HttpResponseBase:
    """The events in reach, newest first, narrowed down by who, what and which case."""
    by = session.member_of(request).actor
    reach = scope(by)
    chosen = AuditFilter(request.GET)
    events = _asked(AuditEvent.objects.filter(SCOPES[reach][1](by)), chosen.asked())
    if wants_csv(request):
        return _exported(events, by)
    shown, before, after = _page(events, request.GET)
    table = Table(
        id="audit",
        caption=_("Events"),
        columns=COLUMNS,
        rows=[_row(event, by) for event in shown],
        pages=Pages.keyset(before=before, after=after),
        filter=chosen,
        csv=True,
        tight=True,
        empty=Empty(
            title=_("Nothing was done yet."), hint=_("Every step on this node leaves one line here.")
        ),
    )
    context = {"events": table, "reach": SCOPES[reach][0], "verifies": reach in VERIFIERS}
    return render(request, "audit/audit_list.html", context)


def _asked(events: Any, asked: Mapping[str, str]) -> Any:
    found = dict(asked)
    if thing := found.pop("object", ""):
        events = events.filter(object__in=[thing, f"case:{thing.upper()}"])
    return events.filter(**found)


def _page(events: Any, query: Mapping[str, Any]) -> tuple[list[AuditEvent], str, str]:
    """The events of one page, and the numbers to read before and after."""
    after, before = row_number(query, "after"), row_number(query, "before")
    if before is not None:
        found = list(events.filter(number__gt=before).order_by("number")[: SHOWN + 1])
        shown = found[:SHOWN][::-1]
        return (
            shown,
            str(shown[0].number) if len(found) > SHOWN else "",
            str(shown[-1].number) if shown else "",
        )
    past = events if after is None else events.filter(number__lt=after)
    found = list(past.order_by("-number")[: SHOWN + 1])
    shown = found[:SHOWN]
    newer = str(shown[0].number) if after is not None and shown else ""
    return shown, newer, str(shown[-1].number) if len(found) > SHOWN else ""


def _row(event: AuditEvent, by: Actor) -> dict[str, Any]:
    return {
        "number": event.number,
        "at": event.at,
        "actor": Code(event.actor),
        "agency": Code(event.agency),
        "action": audit_words.action(event.action),
        "object": _object(event, by),
        "purpose": case_words.PURPOSES.get(event.purpose, event.purpose),
    }


def _object(event: AuditEvent, by: Actor) -> Any:
    """What it was done to; a case of one's own agency leads to its page."""
    kind, _colon, reference = event.object.partition(":")
    if kind != "case":
        return audit_words.thing(event.object)
    near = event.agency == by.agency
    return Link(Code(reference), reverse("case_page", args=[reference])) if near else Code(reference)


def _exported(events: Any, by: Actor) -> HttpResponseBase:
    """The events as CSV, in codes; taking them out is an event itself."""
    with transaction.atomic():
        audit.record(action="audit.export", actor=by.name, agency=by.agency, at=timezone.now())
    columns = [Column(name=column.name, label=column.name) for column in COLUMNS]
    return csv_response(columns, _coded(events.order_by("number").iterator(), columns), name="audit")


def _coded(events: Iterable[AuditEvent], columns: Iterable[Column]) -> Iterator[dict[str, Any]]:
    names = [column.name for column in columns]
    return ({name: getattr(event, name) for name in names} for event in events)


@require_POST
def audit_verify(request: HttpRequest) -> HttpResponse:
    """Read the whole chain again and say whether it is whole."""
    by = session.member_of(request).actor
    if scope(by) not in VERIFIERS:
        raise NotAllowed("The audit is verified by a data protection officer or an administrator.")
    verdict = audit.verify()
    with transaction.atomic():
        audit.record(
            action="audit.verify",
            actor=by.name,
            agency=by.agency,
            detail={"events": verdict.count, "faults": verdict.faults},
            at=timezone.now(),
        )
    count = number_format(verdict.count, use_l10n=True, force_grouping=True)
    if verdict.whole:
        messages.success(
            request, _("The chain is whole: %(count)s events, none changed or missing.") % {"count": count}
        )
    else:
        said = _(
            "The chain is broken: %(faults)s faults, the first at event %(number)s. "
            "Keep this node as it is and call whoever answers for it."
        )
        messages.error(request, said % {"faults": verdict.faults, "number": verdict.findings[0].number})
    return redirect("audit_list")
