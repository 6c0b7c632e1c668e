"""The framework: every provision with its reference, and the page where a person checks it off."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.appraisal import cycle
from palermo.appraisal.provision import Provision, instruments, provision, provisions
from palermo.appraisal.reference_check import checked
from palermo.node import judged
from palermo.node import judgement_words as words
from palermo.node.actions import judgement, reference_check, session
from palermo.node.actor import Actor
from palermo.node.judgement_forms import CheckForm, FrameworkFilter
from palermo.node.models import ReferenceCheck
from palermo.node.table import NOTHING_FITS, Code, Column, Link, Table, Tag, text

COLUMNS = (
    Column(name="id", label=gettext_lazy("Provision"), heads_row=True),
    Column(name="text", label=gettext_lazy("What it asks, in our own words")),
    Column(name="place", label=gettext_lazy("Where it stands")),
    Column(name="addressee", label=gettext_lazy("Asked of")),
    Column(name="reference", label=gettext_lazy("Reference")),
)
CYCLES = (
    Column(name="id", label=gettext_lazy("Cycle"), heads_row=True),
    Column(name="starts_on", label=gettext_lazy("From")),
    Column(name="ends_on", label=gettext_lazy("To")),
    Column(name="meeting", label=gettext_lazy("Meeting of the General Assembly")),
    Column(name="declaration", label=gettext_lazy("What it adopted")),
)
CHECKS = (
    Column(name="at", label=gettext_lazy("Day"), heads_row=True),
    Column(name="named", label=gettext_lazy("Who")),
    Column(name="paragraph", label=gettext_lazy("Paragraph")),
    Column(name="note", label=gettext_lazy("Note")),
)


def framework_list(request: HttpRequest) -> HttpResponse:
    """Every provision, narrowed by part, pillar and whether its reference was checked; and the calendar."""
    asked = FrameworkFilter(request.GET)
    wanted = asked.cleaned_data if asked.is_valid() else {}
    known = judged.checks()
    every = [checked(one, known) for one in provisions().values()]
    table = Table(
        id="provisions",
        caption=_("Provisions"),
        columns=COLUMNS,
        rows=[_row(one) for one in every if _fits(one, wanted)],
        filter=asked,
        empty=NOTHING_FITS,
    )
    calendar = Table(
        id="cycles",
        caption=_("Cycles of the appraisal"),
        columns=CYCLES,
        rows=[_cycle(one) for one in cycle.cycles()],
    )
    unchecked = sum(not one.reference_checked for one in every)
    context = {"here": _("Framework"), "provisions": table, "cycles": calendar, "unchecked": unchecked}
    return render(request, "appraisal/framework_list.html", context)


def framework_page(request: HttpRequest, reference: str) -> HttpResponse:
    """One provision, and the form with which a person says where it stands in the official text."""
    one = provision(reference)
    by = session.member_of(request).actor
    cited = checked(one, judged.checks())
    may = judgement.allowed(by, now=timezone.now())
    form = CheckForm(request.POST or None, initial={"paragraph": cited.paragraph}) if may else None
    if form and request.method == "POST" and form.is_valid():
        _keep(request, one, form.cleaned_data, by)
        return redirect("framework_page", reference=one.id)
    context = {
        "here": one.id,
        "provision": cited,
        "text": one.text.in_language(words.language()),
        "text_language": words.language().value,
        "facts": _facts(cited),
        "form": form,
        "checks": _checks(one),
    }
    return render(request, "appraisal/framework_page.html", context)


def _keep(request: HttpRequest, one: Provision, told: dict[str, Any], by: Actor) -> None:
    named = session.member_of(request).display_name
    reference_check.check(
        one.id, paragraph=told["paragraph"], note=told["note"], by=by, named=named, now=timezone.now()
    )
    messages.success(request, _("Kept with your name. Every report of this node cites it so from today."))


def _fits(one: Provision, wanted: dict[str, Any]) -> bool:
    reference = "checked" if one.reference_checked else "unchecked"
    return all(
        not wanted.get(name) or wanted[name] == value
        for name, value in (("set", one.set), ("pillar", one.pillar), ("reference", reference))
    )


def _row(one: Provision) -> dict[str, Any]:
    return {
        "id": Link(Code(one.id), reverse("framework_page", args=[one.id])),
        "text": one.text.in_language(words.language()),
        "place": words.place(one),
        "addressee": words.ADDRESSEES[one.addressee],
        "reference": words.reference_tag(one),
    }


def _cycle(one: cycle.Cycle) -> dict[str, Any]:
    days = " – ".join(text(day) for day in one.meeting) if one.meeting else ""
    adopted = instruments()[one.declaration].short.in_language(words.language()) if one.declaration else None
    return {
        "id": Code(one.id.replace("-", "–")),
        "starts_on": one.starts_on,
        "ends_on": one.ends_on if one.set else _("about %(year)s") % {"year": one.ends_on.year},
        "meeting": days or Tag(_("Not set"), "quiet"),
        "declaration": adopted,
    }


def _facts(one: Provision) -> list[tuple[Any, Any]]:
    return [
        (_("Part"), words.SETS[one.set]),
        (_("Pillar"), words.PILLARS[one.pillar]),
        (_("Asked of"), words.ADDRESSEES[one.addressee]),
        (_("Counted for a State"), _("Yes") if one.scored else _("No")),
        (_("Where it stands"), words.place(one)),
        (_("How it was seen"), words.SEEN[one.reference_status]),
        (_("Reference"), words.reference_tag(one)),
        (_("Asked since"), one.valid_from),
        (_("Takes the place of"), ", ".join(one.supersedes) or None),
    ]


def _checks(one: Provision) -> Table | None:
    kept = ReferenceCheck.objects.filter(provision=one.id).order_by("-at", "-id")
    rows = [
        {
            "at": row.at.date(),
            "named": row.named,
            "paragraph": row.paragraph or None,
            "note": row.note or None,
        }
        for row in kept
    ]
    return Table(id="checks", caption=_("Checks"), columns=CHECKS, rows=rows) if rows else None
