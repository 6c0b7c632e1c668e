"""How far each treaty reaches: parties of the 193 by year and region, who waits, and every State's act."""

from collections.abc import Iterator, Set
from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.appraisal import universal
from palermo.appraisal.evidence import Found
from palermo.appraisal.provision import instruments
from palermo.appraisal.register import Register
from palermo.appraisal.treaty import Standing, Verdict
from palermo.appraisal.universal import Universal
from palermo.node import appraised, treaty_figures, treaty_words
from palermo.node.forms import FilterForm
from palermo.node.table import NOTHING_FITS, Code, Column, Empty, Link, Table, csv_response, text, wants_csv

LIST = (
    Column(name="treaty", label=gettext_lazy("Treaty"), heads_row=True),
    Column(name="parties", label=gettext_lazy("Parties"), numeric=True),
    Column(name="states", label=gettext_lazy("States"), numeric=True),
    Column(name="others", label=gettext_lazy("Other participants"), numeric=True),
    Column(name="waiting", label=gettext_lazy("Signed and waiting"), numeric=True),
    Column(name="complete_on", label=gettext_lazy("Complete list of")),
    Column(name="known_on", label=gettext_lazy("Not known after")),
)
STATES = (
    Column(name="state", label=gettext_lazy("Member State"), heads_row=True),
    Column(name="standing", label=gettext_lazy("Standing")),
    Column(name="act", label=gettext_lazy("Act")),
    Column(name="on", label=gettext_lazy("Date")),
    Column(name="source", label=gettext_lazy("Source")),
    Column(name="found", label=gettext_lazy("Found in")),
    Column(name="known_on", label=gettext_lazy("Not known after")),
    Column(name="differ", label=gettext_lazy("Other sources")),
)


class StandingFilter(FilterForm):
    """Which States of a treaty to show."""

    region = forms.ChoiceField(
        label=gettext_lazy("Regional group"),
        required=False,
        choices=[("", gettext_lazy("All")), *treaty_words.REGIONS.items()],
    )
    standing = forms.ChoiceField(
        label=gettext_lazy("Standing"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            *treaty_words.STANDINGS.items(),
            ("undated", gettext_lazy("Party since an unknown day")),
            ("differ", gettext_lazy("Sources differ")),
        ],
    )
    joined = forms.IntegerField(label=gettext_lazy("Joined in the year"), required=False)
    left = forms.IntegerField(label=gettext_lazy("Left in the year"), required=False)


def treaty_list(request: HttpRequest) -> HttpResponseBase:
    """Every treaty of which the register knows anything, in the order of the framework."""
    counted = appraised.universals(today=timezone.localdate())
    rows = [_listed(one) for one in counted]
    if wants_csv(request):
        return csv_response(LIST, rows, name="treaties")
    table = Table(
        id="treaties",
        caption=_("Treaties"),
        columns=LIST,
        rows=rows,
        csv=True,
        empty=Empty(
            title=_("The register knows no treaty."),
            hint=_("Put the tables of the depositaries into the folder of published tables."),
        ),
    )
    return render(request, "appraisal/treaty_list.html", {"treaties": table})


def _listed(one: Universal) -> dict[str, Any]:
    return {
        "treaty": Link(treaty_words.said(one.instrument.short), reverse("treaty_page", args=[one.treaty])),
        "parties": len(one.parties),
        "states": len(one.states),
        "others": sum(bool(other.party) for other in one.outside),
        "waiting": len(one.waiting),
        "complete_on": one.complete_on,
        "known_on": one.known_on,
    }


def treaty_page(request: HttpRequest, treaty: str) -> HttpResponseBase:
    """One treaty: its reach by year and region, who waits, every State with its act, date and source."""
    today = timezone.localdate()
    one = appraised.universal_of(universal.treaty(treaty), today=today)
    asked = StandingFilter(request.GET)
    waiting = {waits.state for waits in one.waiting}
    wanted = _wanted(one, asked.cleaned_data if asked.is_valid() else {}, waiting=waiting)
    rows = [_row(one, code, waiting=code in waiting) for code in wanted]
    rows.sort(key=lambda row: str(row["state"].text))
    if wants_csv(request):
        return csv_response(STATES, rows, name=f"treaty-{one.treaty}")
    context = {
        "treaty": one,
        "short": treaty_words.said(one.instrument.short),
        "name": treaty_words.said(one.instrument.name),
        "spoken": one.instrument.name.spoken(treaty_words.language()).value,
        "replaced": _replaced(one),
        "figures": treaty_figures.figures(one),
        "waiting": treaty_figures.waiting(one),
        "declared": _declared(one, appraised.tables(today=today)),
        "outside": _outside(one),
        "states": Table(
            id="states",
            caption=_("Every State: act, date and source"),
            columns=STATES,
            rows=rows,
            filter=asked,
            empty=NOTHING_FITS,
            csv=True,
        ),
    }
    return render(request, "appraisal/treaty_page.html", context)


def _replaced(one: Universal) -> str:
    """The short name of the treaty that took this one's place."""
    later = one.instrument.replaced_by
    return treaty_words.said(instruments()[later].short) if later else ""


def _wanted(one: Universal, asked: dict[str, Any], *, waiting: Set[str]) -> Iterator[str]:
    """The codes of the States that fit the filter."""
    some = {"undated": set(one.undated), "differ": set(one.conflicting)}
    turned = {
        name: {step.state for step in one.steps if step.on.year == asked.get(name) and step.party is party}
        for name, party in (("joined", True), ("left", False))
    }
    for code, standing in one.standings.items():
        kind = treaty_words.kind(standing, waiting=code in waiting)
        wanted = asked.get("standing") or kind
        fits = code in some[wanted] if wanted in some else wanted == kind
        region = asked.get("region") in {"", None, one.states[code].region}
        years = all(code in turned[name] for name in turned if asked.get(name))
        if fits and region and years:
            yield code


def _row(one: Universal, code: str, *, waiting: bool) -> dict[str, Any]:
    standing = one.standings[code]
    name = treaty_words.named(one.states[code])
    return {
        "state": Link(name, reverse("appraisal_state", args=[code])),
        "standing": treaty_words.tag(treaty_words.kind(standing, waiting=waiting)),
        **_proof(standing),
        "differ": "; ".join(_other(verdict) for verdict in standing.conflicting),
    }


def _proof(standing: Standing) -> dict[str, Any]:
    """The act with its day, and where it stands."""
    act = standing.act
    if act is None or standing.verdict is None:
        return {}
    return {
        "act": treaty_words.ACTS[act.act],
        "on": act.on,
        "source": treaty_words.said(act.found.source.publisher),
        "found": Code(_place(act.found)),
        "known_on": standing.known_on,
    }


def _place(found: Found) -> str:
    return f"{found.file}:{found.line}" if found.line else found.file


def _other(verdict: Verdict) -> str:
    words = _("%(source)s, as of %(as_of)s: not a party")
    if verdict.party:
        words = _("%(source)s, as of %(as_of)s: party")
    publisher = treaty_words.said(verdict.action.found.source.publisher)
    return words % {"source": publisher, "as_of": text(verdict.as_of)}


def _outside(one: Universal) -> Table | None:
    """Participants that are no members, shown apart and never counted."""
    if not one.outside:
        return None
    return Table(
        id="outside",
        caption=_("Other participants, not counted among the States"),
        columns=(Column(name="state", label=_("Participant"), heads_row=True), *STATES[1:6]),
        rows=[
            {
                "state": Code(standing.state),
                "standing": treaty_words.tag(treaty_words.kind(standing, waiting=False)),
                **_proof(standing),
            }
            for standing in one.outside
        ],
    )


def _declared(one: Universal, known: Register) -> Table | None:
    """Reservations and declarations that are open, where a table lists them."""
    if not any(treaty == one.treaty for treaty, _found in known.listed):
        return None
    rows = [
        {
            "state": treaty_words.named(one.states[code]),
            "kind": treaty_words.DECLARED[item.kind],
            "on": item.on,
            "text": item.heading,
            "found": Code(_place(item.found)),
            "objections": len(known.objections(code, one.treaty)),
        }
        for code in sorted(one.states)
        for item in known.reservations(code, one.treaty)
    ]
    return Table(
        id="declared",
        caption=_("Reservations and declarations that are open"),
        columns=(
            Column(name="state", label=_("Member State"), heads_row=True),
            Column(name="kind", label=_("Kind")),
            Column(name="on", label=_("Date")),
            Column(name="text", label=_("How it begins")),
            Column(name="found", label=_("Found in")),
            Column(name="objections", label=_("Objections to the State"), numeric=True),
        ),
        rows=rows,
    )
