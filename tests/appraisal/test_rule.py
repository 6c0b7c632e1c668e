"""What each rule answers, and which obstacle it raises."""

from dataclasses import replace
from datetime import date

import pytest

from palermo.appraisal import question
from palermo.appraisal.assessment import Status
from palermo.appraisal.evidence import Grade
from palermo.appraisal.obstacle import Reason
from palermo.appraisal.treaty import Act
from tests.appraisal.made import (
    FRESH,
    STALE,
    TODAY,
    a_place,
    a_publication,
    an_action,
    an_appraisal,
    an_observation,
)

ALL_OF_T02 = tuple(an_action(treaty=one) for one in question.settings("GPA-T02")["treaties"])


def answered(provision, *facts, **more):
    return an_appraisal(*facts, **more).assessments[provision]


def reasons(assessed):
    return {one.reason for one in assessed.obstacles}


def test_every_listed_treaty_joined_is_done():
    assessed = answered("GPA-T02", *ALL_OF_T02)

    assert assessed.status is assessed.at_most is Status.DONE
    assert assessed.obstacles == ()
    assert assessed.grade is Grade.REGISTER


def test_a_provision_that_asks_for_application_is_partly_at_most_on_a_register():
    assessed = answered("GPA-T01", an_action(treaty="TIP"), an_action(treaty="UNTOC"))

    assert assessed.status is Status.PARTLY
    assert assessed.at_most is Status.DONE


def test_a_known_gap_caps_what_could_still_be_shown():
    absent = [an_action(Act.NO_ENTRY, on=None, treaty=one) for one in ("TIP", "UNTOC")]

    none, one = answered("GPA-T01", *absent), answered("GPA-T01", absent[0], an_action(treaty="UNTOC"))

    assert none.status is none.at_most is Status.NO_EVIDENCE
    assert one.status is one.at_most is Status.PARTLY
    assert reasons(one) == {Reason.NOT_PARTY}


def test_an_old_absence_is_no_known_gap_any_more():
    assessed = answered(
        "GPA-T01", *(an_action(Act.NO_ENTRY, on=None, treaty=t, as_of=STALE) for t in ("TIP", "UNTOC"))
    )

    assert assessed.status is Status.NO_EVIDENCE
    assert assessed.at_most is Status.DONE
    assert reasons(assessed) == {Reason.NOT_PARTY, Reason.OLD_DATA}


def test_a_signature_alone_is_its_own_obstacle():
    assert reasons(answered("GPA-T01", an_action(Act.SIGNATURE), an_action(treaty="UNTOC"))) == {
        Reason.SIGNED_ONLY
    }


def test_a_treaty_without_a_register_is_named_so():
    assessed = answered("GPA-T01", an_action())

    assert reasons(assessed) == {Reason.NO_REGISTER}
    assert [one.about for one in assessed.obstacles] == [("UNTOC",)]


def test_conflicting_sources_are_an_obstacle_with_both_as_evidence():
    older = an_action(Act.NO_ENTRY, on=None, as_of=STALE, source="old")
    assessed = answered("GPA-T01", older, an_action(source="new"), an_action(treaty="UNTOC"))

    conflict = next(one for one in assessed.obstacles if one.reason is Reason.CONFLICT)
    assert {one.found.source.id for one in conflict.evidence} == {"old", "new"}


def test_a_claim_alone_lifts_a_treaty_provision_to_claimed_only():
    claims = [an_action(treaty=one, grade=Grade.CLAIM) for one in ("TIP", "UNTOC")]

    assert answered("GPA-T01", *claims).status is Status.CLAIMED


def test_a_machine_proposal_lifts_nothing():
    proposals = [an_action(treaty=one, grade=Grade.PROPOSAL) for one in ("TIP", "UNTOC")]

    assert answered("GPA-T01", *proposals).status is Status.NO_EVIDENCE


PARTS = (
    an_observation("9", sex="female"),
    an_observation("9", age="0 to 17 years"),
    an_observation("9", form="forced labour"),
)


def test_no_figure_is_no_evidence_with_a_next_step():
    assessed = answered("GPA-P05", covered=[("detected_victims", a_place(grade=Grade.STATISTIC, line=0))])

    assert assessed.status is Status.NO_EVIDENCE
    assert reasons(assessed) == {Reason.NO_DATA}
    assert len(assessed.evidence) == 1


def test_fresh_figures_with_parts_and_an_estimate_are_done():
    estimate = an_observation("120", series="estimated_victims", grade=Grade.NODE)
    assessed = answered("GPA-P05", an_observation(), *PARTS, estimate)

    assert assessed.status is assessed.at_most is Status.DONE
    assert assessed.obstacles == ()


def test_figures_without_an_estimate_of_the_extent_are_partly():
    assessed = answered("GPA-P05", an_observation(), *PARTS)

    assert assessed.status is Status.PARTLY
    assert assessed.at_most is Status.DONE
    assert assessed.obstacles == ()


def test_data_that_was_published_is_evidence_of_statistics():
    newest, older = a_publication("New", as_of=TODAY), a_publication("Old", as_of=STALE)
    assessed = answered("GPA-P05", an_observation(), *PARTS, older, newest)

    assert {newest.evidence, older.evidence} <= set(assessed.evidence)
    told = dict(assessed.reasons[-1].values)["titles"]
    assert [title.en for title in told] == ["New", "Old"]


def test_data_that_was_published_proves_a_part_where_no_total_was_read():
    assessed = answered("GPA-P05", a_publication())

    assert assessed.status is Status.PARTLY
    assert assessed.grade is Grade.NODE
    assert reasons(assessed) == {Reason.NO_DATA}


@pytest.mark.parametrize(
    "other", [{"state": "XB"}, {"as_of": date(2030, 1, 1)}], ids=["another's", "of later"]
)
def test_data_that_another_state_or_a_later_day_published_proves_nothing(other):
    assessed = answered("GPA-P05", a_publication(**other))

    assert assessed.status is Status.NO_EVIDENCE
    assert len(assessed.reasons) == 1


@pytest.mark.parametrize("missing", ["sex", "age", "form"])
def test_a_missing_breakdown_is_named(missing):
    parts = [one for one in PARTS if getattr(one, missing) == "total"]
    assessed = answered("GPA-P05", an_observation(), *parts)

    assert reasons(assessed) == {Reason.NO_BREAKDOWN}
    assert assessed.at_most is Status.PARTLY


def test_a_part_of_a_part_is_no_breakdown_of_the_whole():
    part = an_observation("<5", sex="female", age="0 to 17 years", form="forced labour")
    assessed = answered("GPA-P05", an_observation(), PARTS[2], part)

    missing = next(one for one in assessed.obstacles if one.reason is Reason.NO_BREAKDOWN)
    assert [one.key for one in dict(missing.text.values)["missing"]] == ["by.sex", "by.age"]


def test_unknown_is_no_breakdown():
    parts = (*PARTS[1:], an_observation("9", sex="unknown"))

    assert reasons(answered("GPA-P05", an_observation(), *parts)) == {Reason.NO_BREAKDOWN}


def test_old_figures_are_an_obstacle_and_leave_the_rest_open():
    facts = [replace(one, period=2021) for one in (an_observation(), *PARTS)]
    assessed = answered("GPA-P05", *facts)

    assert reasons(assessed) == {Reason.OLD_DATA}
    assert assessed.at_most is Status.DONE


@pytest.mark.parametrize("said, conflict", [("31", True), ("29", False), ("<5", True), ("<30", False)])
def test_two_sources_that_cannot_both_be_right_are_a_conflict(said, conflict):
    other = an_observation(said, source="another", as_of=date(2025, 6, 1))
    assessed = answered("GPA-P05", an_observation("29"), other, *PARTS)

    assert (Reason.CONFLICT in reasons(assessed)) is conflict


@pytest.mark.parametrize(
    "known, old",
    [(date(2024, 11, 21), False), (date(2024, 11, 20), True), (FRESH, False), (date(2024, 2, 29), True)],
)
def test_two_years_to_the_day_are_not_yet_old(known, old):
    assert question.old(known, TODAY) is old


def test_what_was_published_later_is_not_known_earlier():
    facts = (an_action(as_of=FRESH), an_observation(as_of=FRESH))
    before = an_appraisal(*facts, today=date(2025, 12, 31))

    assert before.standing("TIP").party is None
    assert before.victims == {}


def test_an_act_of_a_later_day_does_not_count_yet():
    coming = an_action(on=date(2026, 12, 1), as_of=date(2026, 6, 1))

    assert an_appraisal(coming).standing("TIP").party is None


@pytest.mark.parametrize("fact", [*ALL_OF_T02[:2], an_observation()], ids=["treaty", "treaty", "figure"])
def test_every_obstacle_has_words_in_both_languages_and_evidence_of_its_provision(fact):
    appraisal = an_appraisal(fact)

    for one in appraisal.obstacles:
        assessed = appraisal.assessments[one.provision]
        assert {item.id for item in one.evidence} <= set(assessed.evidence_ids)
        assert one.text.key == f"obstacle.{one.reason}.text"
        assert one.step.key == f"obstacle.{one.reason}.step"
