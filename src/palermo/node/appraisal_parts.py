"""The parts of the appraisal, as the cards of its first page: each page, what it holds, who sees it."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from palermo.node.actor import Actor
from palermo.node.navigation import STAFF
from palermo.protection.access import Role

ANALYSTS = frozenset({Role.ANALYST})
KEEPERS = frozenset({Role.ANALYST, Role.COMPETENT_AUTHORITY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part: its page in urls.py, what a person finds there, and the roles that may open it."""

    page: str
    label: Any
    text: Any
    roles: frozenset[Role] = STAFF


PARTS = (
    Part(
        page="appraisal_global",
        label=_("All States"),
        text=_(
            "How near treaties are to universal, frequent obstacles, gaps in the data, support asked for."
        ),
    ),
    Part(
        page="treaty_list",
        label=_("Treaties"),
        text=_("How far each treaty reaches, by year and region, and who signed and still waits."),
    ),
    Part(
        page="statement_list",
        label=_("Statements"),
        text=_("What States have said in public, passage by passage, confirmed by two people."),
        roles=ANALYSTS,
    ),
    Part(
        page="plan_list",
        label=_("National plans"),
        text=_("What States set out to do, over time, and what is overdue, unfunded or silent."),
        roles=KEEPERS,
    ),
    Part(
        page="causes_list",
        label=_("Root causes"),
        text=_("How vulnerable people are, in groups with intervals, and what drives it. Never a league."),
    ),
    Part(
        page="framework_list",
        label=_("Framework"),
        text=_("What the Plan asks, where each provision stands, and which references somebody checked."),
    ),
)


def parts(by: Actor) -> list[dict[str, Any]]:
    """The cards that `by` may open, in the order of the table."""
    return [
        {"label": one.label, "text": one.text, "url": reverse(one.page)}
        for one in PARTS
        if one.roles & by.roles
    ]
