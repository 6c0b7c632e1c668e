"""Conditions on national plans: none, ended, without money, or only spoken of."""

from collections.abc import Iterator, Sequence

from palermo.appraisal import evidence
from palermo.appraisal.condition.weighing import Condition, Firing, Weighing
from palermo.appraisal.evidence import Evidence, distinct
from palermo.appraisal.obstacle import Reason
from palermo.appraisal.plan.named import named
from palermo.appraisal.plan.plan import Plan
from palermo.appraisal.plan.review import superseded
from palermo.appraisal.rule import funds
from palermo.appraisal.words import Text


def no_plan(weighing: Weighing, reason: Reason) -> Iterator[Firing]:
    """No plan is known, neither by its document nor by name."""
    if not weighing.question.dossier.plans_named:
        yield Firing(about=(), evidence=(), values={})


def plan_ended(weighing: Weighing, reason: Reason) -> Iterator[Firing]:
    """The last day of a plan has passed, and no plan that followed it is known."""
    today = weighing.question.today
    for plan, proof in _current(weighing):
        if plan.ends_on and plan.expired(today):
            values = {"what": (_title(plan),), "ended_on": plan.ends_on}
            yield Firing(about=(plan.title,), evidence=proof, values=values)


def plan_unfunded(weighing: Weighing, reason: Reason) -> Iterator[Firing]:
    """A plan in force whose document is known sets no money aside."""
    for plan, proof in _current(weighing):
        if plan.in_force(weighing.question.today) and evidence.proves(proof) and not funds(plan):
            values = {"what": (_title(plan),), "known_on": plan.found.as_of}
            yield Firing(about=(plan.title,), evidence=proof, values=values)


def plan_only_named(weighing: Weighing, reason: Reason) -> Iterator[Firing]:
    """A plan that has not ended is named in a statement, and its document is not known."""
    for plan, proof in _current(weighing):
        if not plan.expired(weighing.question.today) and not evidence.proves(proof):
            values = {"known_on": plan.found.as_of}
            yield Firing(about=(plan.title,), evidence=proof, values=values)


def _current(weighing: Weighing) -> Sequence[tuple[Plan, tuple[Evidence, ...]]]:
    """The plans that no later one took the place of, each once, with what shows or names them."""
    question = weighing.question
    known = [(one, one.evidence) for one in question.dossier.plans]
    known += [(plan, claim.evidence) for claim in question.dossier.told for plan in named(claim)]
    plans = [plan for plan, _ in known]
    found: dict[tuple[str, object], tuple[Plan, tuple[Evidence, ...]]] = {}
    for plan, proof in known:
        if not superseded(plan, by=plans, today=question.today):
            first, others = found.get((plan.id, plan.ends_on), (plan, ()))
            found[plan.id, plan.ends_on] = (first, distinct([*others, proof]))
    return tuple(found.values())


def _title(plan: Plan) -> Text:
    return Text(en=plan.title, fr=plan.title)


CONDITIONS: dict[str, Condition] = {
    "no_plan_known": no_plan,
    "plan_ended": plan_ended,
    "plan_without_money": plan_unfunded,
    "plan_only_named": plan_only_named,
}
