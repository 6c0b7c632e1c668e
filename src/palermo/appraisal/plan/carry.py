"""Carry what a plan left undone over into the next one."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from palermo.appraisal.plan.plan import Action, Milestone, Plan
from palermo.errors import WrongState


def carried(plan: Plan, into: Plan) -> tuple[Action, ...]:
    """The actions that are neither done nor dropped, as new actions of the next plan.

    Each names the action that it comes from; one that was carried over before is not carried twice. Owner,
    goal, provisions, indicators and the milestones not reached stay. Money has to be set aside anew, reports
    begin anew, and days before the next plan are left to be set.
    """
    _check(plan, into)
    taken = {one.id for one in into.actions}
    before = {one.carried_from for one in into.actions}
    return tuple(_anew(plan, before, taken, into))


def joined(plan: Plan, into: Plan) -> Plan:
    """The next plan with what the one before left undone; it then follows that plan."""
    return replace(into, actions=(*into.actions, *carried(plan, into)), follows=into.follows or plan.id)


def _check(plan: Plan, into: Plan) -> None:
    if plan.state != into.state:
        raise WrongState(
            f"plan {into.id}: is of {into.state}, not of {plan.state}. Carry over within one State."
        )
    if plan.id == into.id:
        raise WrongState(f"plan {into.id}: is the same plan. Carry over into the one that follows it.")
    if plan.ends_on and into.ends_on and into.ends_on < plan.ends_on:
        raise WrongState(
            f"plan {into.id}: ends before plan {plan.id}. Carry over from the older into the newer."
        )


def _anew(plan: Plan, before: set[str], taken: set[str], into: Plan) -> Iterator[Action]:
    for one in plan.actions:
        if one.open and one.id not in before:
            id = _free(one.id, taken)
            taken.add(id)
            yield _new(one, id, into)


def _new(one: Action, id: str, into: Plan) -> Action:
    first = into.starts_on or into.found.as_of
    return replace(
        one,
        id=id,
        carried_from=one.id,
        starts_on=one.starts_on if one.starts_on and one.starts_on >= first else None,
        due_on=one.due_on if one.due_on and one.due_on >= first else None,
        budget=(),
        milestones=_unreached(one.milestones),
        reports=(),
        line=0,
    )


def _unreached(milestones: Iterable[Milestone]) -> tuple[Milestone, ...]:
    return tuple(one for one in milestones if one.done_on is None)


def _free(id: str, taken: set[str]) -> str:
    """The id itself, or with the first number that makes it one that nobody has."""
    copies = (f"{id}-{number}" for number in range(2, len(taken) + 3))
    return id if id not in taken else next(one for one in copies if one not in taken)
