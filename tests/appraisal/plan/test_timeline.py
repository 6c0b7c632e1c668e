"""The timeline: bars, milestones, today, in three languages and for phones; all drawn is a row too."""

from datetime import date

import pytest

from palermo.appraisal import chart
from palermo.appraisal.plan import timeline
from palermo.appraisal.plan.plan import Progress, Report
from palermo.appraisal.plan.timeline import Standing
from tests.appraisal.plan.plans import TODAY, a_milestone, a_plan, an_action

LANGUAGES = ["en", "fr", "ar"]


def told(progress):
    return (Report(on=date(2026, 2, 1), progress=progress),)


def a_full_plan():
    return a_plan(
        an_action("1", reports=told(Progress.DONE), milestones=(a_milestone(done_on=date(2026, 2, 1)),)),
        an_action("2", due_on=date(2026, 5, 1), milestones=(a_milestone(),)),
        an_action("3", reports=()),
        an_action("4"),
        an_action("5", reports=told(Progress.DROPPED)),
    )


def test_every_action_stands_as_it_was_reported_or_is_overdue():
    standings = [one.standing for one in timeline.bars(a_full_plan(), today=TODAY)]

    assert standings == [
        Standing.DONE,
        Standing.OVERDUE,
        Standing.NOT_BEGUN,
        Standing.UNDER_WAY,
        Standing.DROPPED,
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "phone"])
def test_a_drawing_names_its_actions_standings_and_today_in_the_language(language, narrow):
    drawn = chart.svg(timeline.spec(a_full_plan(), today=TODAY, language=language, narrow=narrow))

    assert drawn.count("Open a shelter") >= 5
    assert timeline.label("today", language, group="word") in drawn
    for one in Standing:
        assert f">{timeline.label(one, language)}<" in drawn
    assert timeline.label("reached", language, group="word") in drawn


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_drawing_for_phones_is_narrower_than_a_phone(language):
    drawn = chart.svg(timeline.spec(a_full_plan(), today=TODAY, language=language, narrow=True))

    assert int(chart.SIZE.search(drawn)[1]) <= 328


def test_an_action_without_days_of_its_own_has_its_plans():
    (bar,) = timeline.bars(a_plan(an_action(starts_on=None, due_on=None)), today=TODAY)

    assert (bar.begins, bar.ends) == (date(2026, 1, 1), date(2029, 12, 31))


def test_an_action_due_before_its_plan_begins_is_drawn_on_its_day():
    (bar,) = timeline.bars(a_plan(an_action(starts_on=None, due_on=date(2020, 1, 1))), today=TODAY)

    assert bar.begins == bar.ends == date(2020, 1, 1)


def test_an_action_whose_days_nobody_gave_is_a_row_and_no_bar():
    plan = a_plan(an_action(starts_on=None, due_on=None), starts_on=None, ends_on=None)

    assert [one.drawn for one in timeline.bars(plan, today=TODAY)] == [False]
    assert "Open a shelter" not in chart.svg(timeline.spec(plan, today=TODAY, language="en"))


def test_a_plan_without_actions_is_drawn_with_today_alone():
    assert "today" in chart.svg(timeline.spec(a_plan(), today=TODAY, language="en"))


def test_a_plan_of_less_than_two_years_has_its_months():
    plan = a_plan(an_action(due_on=date(2026, 12, 31)), ends_on=date(2026, 12, 31))

    assert "2026-07" in chart.svg(timeline.spec(plan, today=TODAY, language="en"))


def test_a_long_name_is_cut_in_the_drawing():
    drawn = chart.svg(timeline.spec(a_plan(an_action(title="long " * 30)), today=TODAY, language="en"))

    assert "…</text>" in drawn


def test_an_action_of_one_day_can_still_be_seen():
    plan = a_plan(an_action(starts_on=date(2026, 1, 1), due_on=date(2026, 1, 1)), an_action("A2"))

    (first, second) = timeline.spec(plan, today=TODAY, language="en")["layer"][0]["data"]["values"]

    assert (first["begins"], first["ends"]) == ("2026-01-01", "2026-01-06")
    assert second["ends"] == "2027-06-30"
