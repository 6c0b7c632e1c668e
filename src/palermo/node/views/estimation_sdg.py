"""Indicator 16.2.2 from an estimation: victims per 100,000 people, by sex, age and form."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from palermo.errors import InvalidRecord
from palermo.node import estimation_preview, estimation_rates
from palermo.node.actions import estimation, population
from palermo.node.actor import Actor
from palermo.node.estimation_figures import Source
from palermo.node.estimation_forms import PopulationForm
from palermo.node.models import Estimation
from palermo.node.table import Column, csv_response, wants_csv
from palermo.node.views.estimation import analyst


def page(request: HttpRequest, reference: str) -> HttpResponseBase:
    """The table from the node's file of the population; `?format=csv` gives every row, and
    `?format=groups` an empty file of the population to fill in."""
    by = analyst(request)
    one = estimation.known(reference, by=by, now=timezone.now())
    if request.GET.get("format") == "groups":
        return _empty_file(one)
    form = PopulationForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _kept(form, by):
        messages.success(request, _("The population is kept, for every estimation of this node."))
        return redirect("estimation_sdg", reference=one.pk)
    context = {
        "here": _("Indicator 16.2.2"),
        "estimation": one,
        "form": form,
        "groups": bool(estimation_rates.groups(one)),
    }
    return _shown(request, one, context)


def _shown(request: HttpRequest, one: Estimation, context: dict[str, Any]) -> HttpResponseBase:
    people = population.kept()
    try:
        found = people and estimation_rates.table(one, people)
    except InvalidRecord as error:
        context["faults"] = [estimation_preview.told(problem) for problem in error.problems]
        return render(request, "prevention/estimation_sdg.html", context)
    if found and wants_csv(request):
        return csv_response(estimation_rates.EXPORT, estimation_rates.lines(found, one), name="sdg-16-2-2")
    if found:
        day = one.finished_at or timezone.now()
        sources = "; ".join(
            dict.fromkeys(f"{row.population.source}, {row.population.date}" for row in found.rows)
        )
        source = Source(
            text=_("This estimation; population: %(sources)s") % {"sources": sources}, as_of=day.date()
        )
        context["figures"] = list(estimation_rates.figures(found, one, source=source))
        context["csv_url"] = f"{reverse('estimation_sdg', args=[one.pk])}?format=csv"
        context["faults"] = [estimation_preview.told(problem) for problem in found.problems]
    return render(request, "prevention/estimation_sdg.html", context)


def _kept(form: PopulationForm, by: Actor) -> bool:
    """Whether the file was kept; its faults stand in the form otherwise."""
    content = form.cleaned_data["population"].read(population.LARGEST + 1)
    try:
        population.keep(content, by=by, now=timezone.now())
    except InvalidRecord as error:
        for problem in error.problems:
            form.add_error("population", estimation_preview.told(problem))
        return False
    return True


def _empty_file(one: Estimation) -> HttpResponseBase:
    """One line for each group of the estimation; its people, source and date to be filled in."""
    rows = estimation_rates.groups(one)
    names = [*(rows[0] if rows else ()), "population", "source", "date"]
    columns = [Column(name=name, label=name, plain=True) for name in names]
    return csv_response(columns, rows, name="population")
