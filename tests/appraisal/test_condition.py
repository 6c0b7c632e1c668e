"""The table of obstacles: complete both ways, readable, and each row of it firing with its evidence."""

from dataclasses import replace
from datetime import date

import pytest

from palermo.appraisal import condition, provision, words
from palermo.appraisal.assessment import Status
from palermo.appraisal.condition import BY_PEOPLE, CONDITIONS, EVERY, rules
from palermo.appraisal.evidence import Grade
from palermo.appraisal.obstacle import Reason, merged
from palermo.appraisal.reservation import Declared, Reservation
from palermo.appraisal.treaty import Act
from tests.appraisal.dossiers import a_claim, a_judgement, a_plan, unconfirmed
from tests.appraisal.dossiers import a_mention as named
from tests.appraisal.made import STALE, a_place, an_action, an_observation, some_evidence
from tests.appraisal.test_dossier import appraised

PROOF = some_evidence()
ABSENT = tuple(an_action(Act.NO_ENTRY, on=None, treaty=one) for one in ("TIP", "UNTOC"))
BOTH = tuple(one.evidence for one in ABSENT)


def a_level(level):
    return an_observation(level, series="criminalisation_level", grade=Grade.INDEPENDENT)


def a_reservation(kind=Declared.RESERVATION):
    return Reservation(
        state="XA",
        treaty="TIP",
        kind=kind,
        on=date(2005, 5, 5),
        heading="Not bound by article 15",
        text_hash="0" * 16,
        found=a_place(source="declarations"),
    )


# What makes each condition hold for a provision: facts of the register, parts of the dossier.
HOLDS = {
    "treaty_not_joined": ("GPA-T01", ABSENT, ()),
    "treaty_signed_only": ("GPA-T01", (an_action(Act.SIGNATURE),), ()),
    "treaty_with_reservation": ("GPA-T01", (an_action(), a_reservation()), ()),
    "treaty_in_no_register": ("GPA-T01", (), ()),
    "treaty_register_old": ("GPA-T01", (an_action(as_of=STALE),), ()),
    "treaty_registers_differ": (
        "GPA-T01",
        (an_action(Act.NO_ENTRY, on=None, as_of=STALE, source="old"), an_action()),
        (),
    ),
    "no_figure": ("GPA-P05", (), ()),
    "figure_old": ("GPA-P05", (an_observation(year=2019),), ()),
    "figures_differ": ("GPA-P05", (an_observation("29"), an_observation("31", source="other")), ()),
    "not_broken_down": ("GPA-P05", (an_observation(),), ()),
    "not_a_crime": ("GPA-J01", (a_level("0"),), ()),
    "part_a_crime": ("GPA-J01", (a_level("1"),), ()),
    "no_plan_known": ("GPA-P04", (), ()),
    "plan_ended": ("GPA-P04", (), (unconfirmed("GPA-P04", plans=(named(2025),)),)),
    "plan_without_money": ("GPA-P04", (), (a_plan(budget=0),)),
    "plan_only_named": ("GPA-P04", (), (unconfirmed("GPA-P04", plans=(named(2030),)),)),
    "only_said": ("GPA-R04", (), (a_claim("GPA-R04"),)),
    "people_say": (
        "GPA-R04",
        (),
        (
            a_judgement(
                Status.PARTLY, provision="GPA-R04", brought=(PROOF,), codes=condition.chosen_by_people()
            ),
        ),
    ),
    "judged_otherwise": (
        "GPA-T01",
        ABSENT,
        (a_judgement(provision="GPA-T01", evidence=BOTH),),
    ),
    "judgement_unborne": ("GPA-R04", (), (a_judgement(provision="GPA-R04", evidence_ids=("e-gone",)),)),
}
WITHOUT_EVIDENCE = {"treaty_in_no_register", "no_figure", "no_plan_known", "judgement_unborne"}


def test_every_reason_has_a_rule_and_every_rule_a_reason_with_words():
    assert {row.reason for row in rules()} == set(Reason) == set(words.table("obstacles.toml"))


def test_every_condition_stands_in_the_table_and_every_row_names_one_that_exists():
    assert {row.when for row in rules()} == set(CONDITIONS) == set(HOLDS)


@pytest.mark.parametrize("row", rules(), ids=lambda row: f"{row.reason}-{row.when}")
def test_a_row_asks_of_provisions_that_are_asked_of_a_state(row):
    assert row.provisions == (EVERY,) or all(provision.provision(one).scored for one in row.provisions)
    assert row.means.en.endswith(".")
    assert row.means.fr.endswith(".")
    assert row.means.en != row.means.fr


def test_no_row_stands_twice():
    rows = [(row.reason, row.when) for row in rules()]

    assert len(set(rows)) == len(rows)


@pytest.mark.parametrize("row", rules(), ids=lambda row: f"{row.reason}-{row.when}")
def test_a_row_fires_when_its_condition_holds_and_only_then(row):
    asked, facts, parts = HOLDS[row.when]
    found = appraised(*parts, facts=facts).assessments[asked]
    others = appraised().assessments["GPA-R16"]

    fired = [one for one in found.obstacles if one.reason is row.reason]
    assert row.asks(asked)
    assert fired
    assert all(one.provision == asked for one in fired)
    assert all({item.id for item in one.evidence} <= set(found.evidence_ids) for one in fired)
    assert row.when in WITHOUT_EVIDENCE or all(one.evidence for one in fired)
    assert others.obstacles == ()


@pytest.mark.parametrize("row", rules(), ids=lambda row: f"{row.reason}-{row.when}")
def test_what_a_row_says_is_said_in_both_languages(row):
    asked, facts, parts = HOLDS[row.when]
    found = appraised(*parts, facts=facts).assessments[asked]

    for one in found.obstacles:
        for phrase, part in ((one.text, "text"), (one.step, "step"), (one.helper, "helper")):
            assert phrase.key == f"obstacle.{one.reason}.{part}"
            assert {name for name, _ in phrase.values} == set(words.places(words.phrase_text(phrase.key).fr))


def test_what_no_table_can_tell_is_named_by_people():
    assert {Reason.NO_LAW, Reason.LAW_PARTIAL, Reason.SERVICE_GAP, Reason.PROCEDURE_SLOW} <= set(
        condition.chosen_by_people()
    )
    assert all(row.provisions == (EVERY,) for row in rules() if row.when == BY_PEOPLE)


def test_a_level_of_law_is_an_obstacle_and_never_a_status():
    found = appraised(facts=(a_level("0"),)).assessments["GPA-J01"]

    assert found.status is Status.NOT_ASSESSED
    assert found.at_most is Status.DONE


def test_a_declaration_is_no_reservation_and_who_is_no_party_has_none():
    declared = appraised(facts=(an_action(), a_reservation(Declared.DECLARATION)))
    absent = appraised(facts=(*ABSENT, a_reservation()))

    for made in (declared, absent):
        assert Reason.RESERVATION not in {one.reason for one in made.assessments["GPA-T01"].obstacles}


def test_full_criminalisation_is_no_obstacle():
    assert appraised(facts=(a_level("2"),)).assessments["GPA-J01"].obstacles == ()


def test_obstacles_that_say_the_same_are_one_with_all_their_evidence():
    one, other = (
        a_claim(name, document=f"{number}" * 64) for number, name in enumerate(("GPA-R04", "GPA-R05"))
    )
    found = [
        (obstacle, provisions)
        for obstacle, provisions in merged(appraised(one, other).obstacles)
        if obstacle.reason is Reason.ONLY_CLAIMED
    ]

    assert [provisions for _, provisions in found] == [("GPA-R04", "GPA-R05")]
    assert {item.id for item in found[0][0].evidence} == {one.evidence.id, other.evidence.id}


def test_a_newer_plan_of_the_same_years_with_actions_takes_the_place_of_a_name():
    plan = a_plan(ends_on=a_plan().ends_on)
    mention = named(2028, since=2024, title=plan.title)
    found = appraised(unconfirmed("GPA-P04", plans=(mention,)), plan).assessments["GPA-P04"]

    assert found.status is Status.DONE
    assert found.obstacles == ()


def test_two_names_of_one_plan_are_one_obstacle():
    said = unconfirmed("GPA-P04", plans=(named(2025),))
    again = replace(said, passage=replace(said.passage, start=1), plans=(named(2025),))
    found = appraised(said, again).assessments["GPA-P04"]

    assert [one.reason for one in found.obstacles] == [Reason.PLAN_EXPIRED]
    assert len(found.obstacles[0].evidence) == 2
