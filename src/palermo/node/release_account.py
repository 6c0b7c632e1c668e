"""The account of the privacy budget on pages: what is spent, what is left, and what a year of it buys."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from palermo.node import release_figures, release_terms
from palermo.node.actions import ledger as node_ledger
from palermo.node.actions import release
from palermo.node.actor import Actor
from palermo.node.release_forms import PlanForm
from palermo.node.release_question import ReleaseQuestion
from palermo.node.table import Column, Table, text
from palermo.prevention.release import budget
from palermo.prevention.release.ledger import Ledger, Limits
from palermo.prevention.release.plan import Plan, Prediction

SCALE = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 12.0)
"""The epsilons of the picture."""

USUAL_BOUND = 1_000_000
"""Of persons: delta is made of it while nothing is spent yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What is spent and left, in words and exactly; `share` in percent of all that may ever be spent."""

    said: str
    label: str
    share: int
    warnings: tuple[str, ...]
    facts: tuple[tuple[Any, Any], ...]


def shown(*, by: Actor, now: datetime) -> Account:
    """The account as it stands."""
    known, limits = release.account(by=by, now=now), node_ledger.limits()
    delta = known.delta() if known.spent else budget.delta(USUAL_BOUND)
    whole, left = budget.rho(limits.lifetime, delta), known.left(limits, delta=delta)
    return Account(
        said=_said(known, limits, left=left, delta=delta),
        label=_("Spent of the budget of a lifetime"),
        share=min(100, round(100 * known.spent / whole)),
        warnings=tuple(_warnings(known, limits, delta)),
        facts=tuple(_facts(known, limits, left=left, delta=delta)),
    )


def _said(known: Ledger, limits: Limits, *, left: int, delta: float) -> str:
    told = {
        "spent": release_terms.epsilon(known.epsilon(delta=delta)),
        "all": release_terms.epsilon(limits.lifetime),
        "left": release_terms.epsilon_within(budget.epsilon(left, delta)),
    }
    if not known.spent:
        return _("Nothing is spent. All releases together may spend epsilon %(all)s of one person.") % told
    if not left:
        return _("All releases together have spent epsilon %(spent)s of %(all)s. Nothing is left.") % told
    return (
        _(
            "All releases together have spent epsilon %(spent)s of %(all)s. One more release could spend up "
            "to epsilon %(left)s: epsilons do not simply add up."
        )
        % told
    )


def _warnings(known: Ledger, limits: Limits, delta: float) -> Iterator[str]:
    if known.epsilon(delta=delta) > limits.warn:
        yield _("More than epsilon %(warn)s is spent, which protects a person little.") % {
            "warn": release_terms.epsilon(limits.warn)
        }


def _facts(known: Ledger, limits: Limits, *, left: int, delta: float) -> Iterator[tuple[Any, Any]]:
    yield _("Spent"), _both(known.spent, known.epsilon(delta=delta))
    yield _("Left"), _both(left, budget.epsilon(left, delta) if left else 0.0)
    yield _("Most of a lifetime"), _both(budget.rho(limits.lifetime, delta), limits.lifetime)
    yield _("Delta"), release_terms.delta(delta)
    yield _("Releases that were started"), len([one for one in known.entries if one.rho_micro])
    yield _("Unit"), _("one person, with everything the cases say of them")


def _both(micro: int, epsilon: float) -> str:
    return _("%(rho)s (epsilon %(epsilon)s)") % {
        "rho": release_terms.rho(micro),
        "epsilon": release_terms.epsilon(epsilon),
    }


def plan(given: Mapping[str, Any], *, by: Actor, now: datetime) -> dict[str, Any]:
    """The form of a year's plan and, once it is valid, what the rest of the budget buys."""
    first = {"since": now.year - 4, "until": now.year}
    form = PlanForm(given if "ways" in given else None, initial=first)
    if form.is_bound and not form.is_valid():
        return {"form": form}
    asked = form.question(first)
    years = form.cleaned_data["years"] if form.is_bound else 1
    found = release.offers(asked, by=by, now=now, years=years)
    return {
        "form": form,
        "shared": _shared(years),
        "offers": _offers(asked, found) if found else None,
        "nothing_left": not found,
        "buys": release_figures.buys(bought(asked), as_of=now.date()),
    }


def _shared(years: int) -> str:
    if years == 1:
        return _("What is left, all of it in this year:")
    return _("What is left, shared alike over %(years)s years:") % {"years": text(years)}


def _offers(asked: ReleaseQuestion, found: Any) -> Table:
    rows = [
        {"releases": one.releases, "epsilon": release_terms.epsilon_within(one.epsilon)}
        | {f"w{part.ways}": release_terms.margin(part) for part in usual(asked, one.epsilon)}
        for one in found
    ]
    columns = (
        Column(name="releases", label=_("Releases a year"), heads_row=True),
        Column(name="epsilon", label=_("Epsilon of each"), numeric=True),
        *(
            Column(name=f"w{ways}", label=release_terms.ways(ways), numeric=True)
            for ways in range(1, asked.plan.reach + 1)
        ),
    )
    caption = _("What each release would be like")
    return Table(id="offers", caption=caption, columns=columns, rows=rows, tight=True)


def bought(asked: ReleaseQuestion) -> dict[float, tuple[Prediction, ...]]:
    """The noise to expect of the same question by epsilon; no data is touched."""
    return {epsilon: usual(asked, epsilon) for epsilon in sorted({*SCALE, asked.epsilon})}


def usual(asked: ReleaseQuestion, epsilon: float) -> tuple[Prediction, ...]:
    """The noise where people have about one value in each column."""
    plan = Plan(sizes=asked.schema.sizes, epsilon=epsilon, delta=asked.delta, ways=asked.ways)
    return plan.predicted(len(asked.columns))
