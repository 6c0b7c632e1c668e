"""The national plans that this node keeps, as the appraisal of a State reads them."""

from palermo.appraisal.plan import stored
from palermo.appraisal.plan.plan import Plan
from palermo.node.models import NationalPlan


def plans_of(state: str) -> tuple[Plan, ...]:
    """The plans of a State that were not withdrawn, the oldest first."""
    documents = NationalPlan.objects.of(state).values_list("document", flat=True)
    return tuple(stored.plan(one) for one in documents)
