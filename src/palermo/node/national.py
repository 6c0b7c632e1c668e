"""National figures from the node's own cases: counted over every agency, and shown only when protected."""

import json
from collections.abc import Iterator
from functools import cache
from itertools import chain, repeat

from django.db.models import Count, Max

from palermo.node import tenancy
from palermo.node.models import Case
from palermo.prevention.disclosure import Release
from palermo.prevention.figures import EXCLUSIVE, Coded, figures
from palermo.standards.vocabulary import vocabulary

WORLD = "001"
COLUMNS = ("year", "sex", "age_band", "forms", "citizenships")
NO_REGION = frozenset({"XSTATELESS", "XUNK"})

_kept: dict[tuple[int, object], Release | None] = {}


def release() -> Release | None:
    """The protected tables of all cases of all agencies; None while there is no case.

    Counted once for each state of the cases, so that everyone who looks sees the same figures.
    """
    with tenancy.scope(tenancy.EVERY_AGENCY):
        stamp = Case.objects.aggregate(cases=Count("pk"), last=Max("updated_at"))
        key = (stamp["cases"], stamp["last"])
        if key not in _kept:
            _kept.clear()
            _kept[key] = figures(_people()).protected(known_codes()) if stamp["cases"] else None
    return _kept[key]


def _people() -> Iterator[Coded]:
    """One value for each case, made from counts by code that the database added up."""
    groups = Case.objects.order_by().values_list(*COLUMNS).annotate(cases=Count("pk"))
    return chain.from_iterable(repeat(_coded(group[:-1]), group[-1]) for group in groups.iterator())


def _coded(group: tuple[str | None, ...]) -> Coded:
    year, sex, age_band, forms, citizenships = group
    return Coded(
        year=year or "",
        sex=sex or "",
        age_band=age_band or "",
        forms=_listed(forms),
        regions=tuple(dict.fromkeys(map(region, _listed(citizenships)))),
    )


def _listed(column: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for code in json.loads(column or "[]") if code))


@cache
def region(country: str) -> str:
    """The widest M49 region below the world that holds a country; the code itself where there is none."""
    countries, regions = vocabulary("country"), vocabulary("region")
    if country in NO_REGION or country not in countries:
        return country
    place = countries.broader(country) or country
    while place in regions and regions.broader(place) not in {"", WORLD}:
        place = regions.broader(place)
    return place


@cache
def known_codes() -> dict[str, tuple[str, ...]]:
    """The codes that are always shown, also where nobody has them."""
    bands = vocabulary("age_band")
    return {"age_band": tuple(code for code in bands if bands.broader(code) not in {"", "unknown"})}


def label(dimension: str, code: str, language: str) -> str:
    """The words for a code of one of the dimensions of `prevention.figures`."""
    for name in _LISTS[dimension]:
        if code in vocabulary(name):
            return vocabulary(name).label(code, language)
    return code


_LISTS = {
    "form": ("exploitation_form",),
    "sex": ("sex",),
    "age_band": ("age_band",),
    "citizenship_region": ("region", "country"),
}
DIMENSIONS = tuple(EXCLUSIVE)
