"""Plans that a statement names: their years, and when they have expired."""

from datetime import date

import pytest

from palermo.appraisal.evidence import Grade
from palermo.appraisal.plan import review
from palermo.appraisal.plan.named import named
from palermo.appraisal.statement.claim import Actor
from tests.appraisal.plan.plans import TODAY, a_claim, a_mention


def test_a_plan_named_for_2021_to_2025_expired_on_31_december_2025():
    plans = named(a_claim(a_mention()))

    (found,) = review.findings(plans, today=TODAY)

    assert found.kind is review.Kind.EXPIRED
    assert dict(found.text.values)["on"] == date(2025, 12, 31)
    assert not review.findings(plans, today=date(2025, 12, 31))


def test_a_named_plan_runs_from_the_first_day_to_the_last_and_stands_where_the_passage_stands():
    (plan,) = named(a_claim(a_mention("National  Action\nPlan")))

    assert (plan.starts_on, plan.ends_on) == (date(2021, 1, 1), date(2025, 12, 31))
    assert (plan.title, plan.years, plan.state) == ("National Action Plan", "2021–2025", "XA")
    assert (plan.found.file, plan.found.line) == ("speech.txt", 3)
    assert plan.evidence.grade is Grade.PROPOSAL


def test_the_same_plan_named_in_two_statements_is_one_plan():
    first, second = named(a_claim(a_mention())), named(a_claim(a_mention(), text="Another sentence."))

    assert first[0].id == second[0].id


def test_a_plan_with_a_beginning_alone_does_not_expire():
    (plan,) = named(a_claim(a_mention(until=None)))

    assert plan.ends_on is None
    assert not review.findings((plan,), today=TODAY)


@pytest.mark.parametrize(
    "claim",
    [
        pytest.param(a_claim(a_mention(), actor=Actor.EVERYONE), id="a plan that all are asked for"),
        pytest.param(a_claim(a_mention(), state=None), id="a speaker who is no State"),
        pytest.param(a_claim(a_mention(since=None, until=None)), id="no year at all"),
        pytest.param(a_claim(), id="no plan"),
    ],
)
def test_nothing_is_named_where_nothing_could_be_checked(claim):
    assert named(claim) == ()
