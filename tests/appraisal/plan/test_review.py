"""What is found in plans: each kind, its words and its evidence; a slow twin asks each question alone."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from palermo.appraisal import words
from palermo.appraisal.observation import Bounds
from palermo.appraisal.plan import review
from palermo.appraisal.plan.plan import BudgetLine, Indicator, Progress, Report
from palermo.appraisal.plan.review import Kind
from tests.appraisal.plan.plans import TODAY, a_milestone, a_plan, an_action

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def kinds(*plans, today=TODAY):
    return [one.kind for one in review.findings(plans, today=today)]


def money(planned):
    return (BudgetLine(source="State", currency="XAD", planned=planned),)


def told(on, progress=Progress.UNDER_WAY):
    return (Report(on=on, progress=progress),)


@pytest.mark.parametrize(
    "changed, expected",
    [
        pytest.param({}, [], id="nothing to find"),
        pytest.param({"due_on": YESTERDAY}, [Kind.OVERDUE], id="due yesterday"),
        pytest.param({"due_on": TODAY}, [], id="due today is not yet overdue"),
        pytest.param({"due_on": None}, [], id="due with the plan, which has not ended"),
        pytest.param({"milestones": (a_milestone(due_on=YESTERDAY),)}, [Kind.MISSED], id="milestone missed"),
        pytest.param({"milestones": (a_milestone(due_on=TODAY),)}, [], id="milestone due today"),
        pytest.param(
            {"milestones": (a_milestone(due_on=date(2026, 1, 1), done_on=YESTERDAY),)},
            [],
            id="milestone reached late is reached",
        ),
        pytest.param({"budget": ()}, [Kind.UNFUNDED], id="no budget line"),
        pytest.param({"budget": money(Bounds(low=0, high=0))}, [Kind.UNFUNDED], id="a budget of nothing"),
        pytest.param({"budget": money(None)}, [], id="money of an unknown amount is money"),
        pytest.param({"budget": money(Bounds(low=1, high=4))}, [], id="fewer than five is not nothing"),
        pytest.param({"owner": " "}, [Kind.OWNERLESS], id="no owner"),
        pytest.param({"indicators": ()}, [Kind.UNMEASURED], id="no indicator"),
        pytest.param({"reports": told(date(2025, 11, 20))}, [Kind.SILENT], id="a year and a day of silence"),
        pytest.param({"reports": told(date(2025, 11, 21))}, [], id="a year to the day"),
        pytest.param({"reports": (), "starts_on": date(2025, 1, 1)}, [Kind.SILENT], id="never reported"),
        pytest.param({"reports": (), "starts_on": None}, [], id="began with the plan, less than a year ago"),
        pytest.param(
            {"reports": told(date(2020, 1, 1), Progress.DONE), "owner": "", "due_on": YESTERDAY},
            [],
            id="what is done is done",
        ),
        pytest.param({"reports": told(YESTERDAY, Progress.DROPPED), "budget": ()}, [], id="dropped"),
    ],
)
def test_what_is_found_in_an_action(changed, expected):
    assert kinds(a_plan(an_action(**changed))) == expected


def test_an_action_without_a_day_is_overdue_when_its_plan_has_ended():
    plan = a_plan(an_action(due_on=None), ends_on=YESTERDAY)

    assert kinds(plan) == [Kind.EXPIRED, Kind.OVERDUE]


def test_a_plan_is_expired_the_day_after_its_last():
    plan = a_plan(ends_on=TODAY)

    assert kinds(plan) == []
    assert kinds(plan, today=TOMORROW) == [Kind.EXPIRED]


def test_a_year_of_silence_from_a_leap_day_ends_on_28_february():
    action = an_action(reports=told(date(2024, 2, 29)), starts_on=date(2024, 1, 1))

    assert kinds(a_plan(action), today=date(2025, 2, 28)) == []
    assert kinds(a_plan(action), today=date(2025, 3, 1)) == [Kind.SILENT]


@pytest.mark.parametrize(
    "later, found",
    [
        pytest.param(
            {"starts_on": date(2026, 1, 1), "ends_on": date(2030, 1, 1)}, [], id="the next has begun"
        ),
        pytest.param(
            {"starts_on": date(2027, 1, 1), "ends_on": date(2030, 1, 1)}, [Kind.EXPIRED], id="not yet begun"
        ),
        pytest.param({"state": "XB"}, [Kind.EXPIRED], id="another State's"),
        pytest.param({"starts_on": date(2026, 1, 1), "ends_on": None}, [], id="without a last day"),
        pytest.param(
            {"follows": "OLD", "ends_on": date(2025, 12, 31)}, [Kind.EXPIRED], id="follows, expired"
        ),
    ],
)
def test_a_plan_gives_way_to_the_next(later, found):
    old = a_plan(id="OLD", starts_on=date(2021, 1, 1), ends_on=date(2025, 12, 31))
    new = a_plan(id="NEW", **later)

    findings = review.findings((old, new), today=TODAY)

    assert [one.kind for one in findings] == found
    assert {one.plan.id for one in findings} == ({"NEW" if "follows" in later else "OLD"} if found else set())


def test_a_plan_that_was_only_named_gives_way_to_the_same_with_its_actions():
    expired = {"starts_on": date(2021, 1, 1), "ends_on": date(2025, 12, 31)}
    named, whole = a_plan(id="n", **expired), a_plan(an_action(), id="w", **expired)

    assert {one.plan.id for one in review.findings((named, whole), today=TODAY)} == {"w"}


def test_a_plan_that_two_passages_name_is_found_once_as_the_first_gives_it():
    first = a_plan(ends_on=YESTERDAY)
    second = replace(first, title="The same plan")

    (found,) = review.findings((first, second), today=TODAY)

    assert found.plan is first


def test_a_finding_is_cited_by_the_line_of_its_action():
    plan = a_plan(an_action("A7", owner="", line=12))

    (found,) = review.findings((plan,), today=TODAY)

    assert found.evidence.found.line == 12
    assert found.evidence_id != plan.evidence.id
    assert found.evidence == plan.evidence_of(plan.actions[0])


def test_an_expired_plan_is_cited_as_a_whole():
    plan = a_plan(ends_on=date(2025, 12, 31))

    (found,) = review.findings((plan,), today=TODAY)

    assert found.evidence == plan.evidence
    assert dict(found.text.values)["on"] == date(2025, 12, 31)


@pytest.mark.parametrize("kind", [*Kind, "never"])
def test_every_kind_has_its_words(kind):
    assert words.phrase_text(f"finding.{kind}")


days = some.dates(min_value=date(2020, 1, 1), max_value=date(2032, 1, 1))
maybe = some.none() | days
amounts = some.none() | some.builds(
    lambda low, more: Bounds(low=low, high=low + more), *[some.integers(0, 2)] * 2
)
actions = some.builds(
    an_action,
    some.sampled_from(["A1", "A2"]),
    owner=some.sampled_from(["", "Ministry"]),
    starts_on=maybe,
    due_on=maybe,
    budget=some.lists(some.builds(money, amounts).map(lambda one: one[0]), max_size=2).map(tuple),
    milestones=some.lists(some.builds(a_milestone, due_on=days, done_on=maybe), max_size=2).map(tuple),
    indicators=some.lists(some.just(Indicator(name="n", unit="u")), max_size=1).map(tuple),
    reports=some.lists(
        some.builds(Report, on=days, progress=some.sampled_from(list(Progress))), max_size=2
    ).map(tuple),
)
plans = some.builds(
    lambda held, **dated: a_plan(*held, **dated),
    some.lists(actions, max_size=2, unique_by=lambda one: one.id),
    starts_on=maybe,
    ends_on=maybe,
)


def slow_kinds(plan, today):
    """Every question asked in full, one after another, of one plan."""
    found = []
    if plan.ends_on is not None and today > plan.ends_on:
        found.append(Kind.EXPIRED)
    for action in plan.actions:
        latest = sorted(action.reports, key=lambda one: one.on, reverse=True)[:1]
        if latest and latest[0].progress in ("done", "dropped"):
            continue
        last = action.due_on if action.due_on is not None else plan.ends_on
        if last is not None and today > last:
            found.append(Kind.OVERDUE)
        found += [Kind.MISSED for one in action.milestones if one.done_on is None and today > one.due_on]
        if all(line.planned is not None and line.planned.high == 0 for line in action.budget):
            found.append(Kind.UNFUNDED)
        if action.owner == "":
            found.append(Kind.OWNERLESS)
        if len(action.indicators) == 0:
            found.append(Kind.UNMEASURED)
        since = latest[0].on if latest else action.starts_on or plan.starts_on or plan.found.as_of
        if (today.year - since.year, today.month, today.day) > (1, since.month, since.day):
            found.append(Kind.SILENT)
    return sorted(found)


@given(plans, days)
def test_the_review_finds_what_a_slow_reader_finds(plan, today):
    assert sorted(kinds(plan, today=today)) == slow_kinds(plan, today)
