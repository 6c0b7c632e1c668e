"""The agencies that have cases, with how many: what lists of people can be made of."""

from dataclasses import dataclass

from django.db.models import Count

from palermo.node import tenancy
from palermo.node.models import Agency, Case

NEAREST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeper:
    """An agency and its cases to the nearest five."""

    agency: Agency
    cases: int


def keepers() -> tuple[Keeper, ...]:
    """Every agency of the node that has a case, by name; closed ones too, for what they know stays known."""
    with tenancy.scope(tenancy.EVERY_AGENCY):
        counted = Case.objects.order_by().values_list("agency").annotate(cases=Count("pk"))
        cases = dict(counted)
    found = Agency.objects.filter(pk__in=cases).order_by("name", "pk")
    return tuple(Keeper(agency=one, cases=NEAREST * round(cases[one.pk] / NEAREST)) for one in found)
