"""What a plan left undone becomes part of the next: each action once, under an id of its own."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from palermo.appraisal.plan import carry
from palermo.appraisal.plan.plan import Progress, Report
from palermo.errors import WrongState
from tests.appraisal.plan.plans import a_milestone, a_plan, an_action

DONE, DROPPED = ((Report(on=date(2025, 1, 1), progress=one),) for one in (Progress.DONE, Progress.DROPPED))


def old(*actions):
    return a_plan(*actions, id="OLD", starts_on=date(2021, 1, 1), ends_on=date(2025, 12, 31))


def test_what_is_done_or_dropped_stays_behind():
    plan = old(an_action("1", reports=DONE), an_action("2", reports=DROPPED), an_action("3"))

    assert [one.carried_from for one in carry.carried(plan, a_plan())] == ["3"]


def test_a_carried_action_keeps_who_and_why_and_leaves_money_and_reports_behind():
    step = a_milestone("open", due_on=date(2024, 1, 1))
    action = an_action(
        "1",
        goal="Goal 1",
        starts_on=date(2021, 2, 1),
        due_on=date(2027, 6, 30),
        milestones=(step, a_milestone("reached", done_on=date(2023, 1, 1))),
    )

    (new,) = carry.carried(old(action), a_plan())

    assert (new.owner, new.goal, new.indicators) == (action.owner, "Goal 1", action.indicators)
    assert (new.budget, new.reports, new.milestones) == ((), (), (step,))
    assert (new.starts_on, new.due_on) == (None, date(2027, 6, 30))


def test_an_id_that_is_taken_gets_a_number_and_names_where_it_came_from():
    new = a_plan(an_action("1"), an_action("1-2"))

    assert [(one.id, one.carried_from) for one in carry.carried(old(an_action("1")), new)] == [("1-3", "1")]


def test_carrying_twice_adds_nothing():
    plan = old(an_action("1"), an_action("2"))
    once = carry.joined(plan, a_plan(an_action("1")))

    assert carry.joined(plan, once) == once
    assert once.follows == "OLD"


@pytest.mark.parametrize(
    "into, why",
    [
        ({"state": "XB"}, "within one State"),
        ({"id": "OLD"}, "same plan"),
        ({"ends_on": date(2022, 1, 1), "starts_on": date(2021, 1, 1)}, "ends before"),
    ],
)
def test_a_plan_that_cannot_be_the_next_is_refused(into, why):
    with pytest.raises(WrongState, match=why):
        carry.carried(old(an_action()), replace(a_plan(), **into))


ids = some.lists(some.sampled_from("1234"), max_size=4, unique=True)


@given(ids, ids, some.sets(some.sampled_from("1234")))
def test_every_open_action_is_carried_once_and_no_id_stands_twice(before, after, done):
    plan = old(*(an_action(one, reports=DONE if one in done else ()) for one in before))

    joined = carry.joined(plan, a_plan(*(an_action(one) for one in after)))

    assert sorted(one.carried_from for one in joined.actions if one.carried_from) == sorted(
        one for one in before if one not in done
    )
    assert len({one.id for one in joined.actions}) == len(joined.actions)
