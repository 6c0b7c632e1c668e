"""The real tables: figures known by hand, and every row accounted for."""

import re
from datetime import date

import pytest

from palermo.appraisal import assess, chapter, page, paper, register, state
from palermo.appraisal.assessment import Status
from palermo.appraisal.obstacle import Reason
from palermo.appraisal.treaty import Act
from palermo.appraisal.words import Language
from tests.appraisal.made import TODAY, public


@pytest.fixture(scope="module")
def read():
    return register.read(public())


@pytest.fixture(scope="module")
def pakistan(read):
    return assess.state(state.state("PAK"), register=read, today=TODAY)


@pytest.fixture(scope="module")
def kazakhstan(read):
    return assess.state(state.state("KAZ"), register=read, today=TODAY)


def test_every_row_of_every_table_is_accounted_for(read):
    for one in read.tables:
        assert one.rows == one.used + sum(count for _, count in one.unused) + len(one.problems)
    assert read.problems == ()
    assert {one.file: one.rows for one in read.tables} == {
        "detected_victims_total.csv": 1662,
        "dol_convention_status.csv": 131,
        "sdg_series_2020.csv.gz": 7992,
        "treaty_status.csv": 3093,
        "unodc_glotip_2025-04-14.csv.gz": 58769,
    }


def test_no_questionnaire_code_is_read_as_a_count(read):
    assert max(one.bounds.high for one in read.observations if one.unit == "people") == 32022


def test_the_short_victim_table_adds_nothing_to_the_full_one(read):
    alone = register.table_read(public("unodc_glotip_2025-04-14.csv.gz"))
    short = register.table_read(public("detected_victims_total.csv"))
    full = {one.evidence_id for one in alone.observations}

    assert {one.evidence_id for one in short.observations} <= full
    assert not {one.evidence_id for one in alone.observations} - {
        one.evidence_id for one in read.observations
    }


def test_pakistan_is_a_party_by_the_newer_table_and_the_older_says_otherwise(pakistan):
    found = pakistan.standing("TIP")

    assert found.party is True
    assert found.known_on == date(2023, 9, 14)
    assert [(one.action.act, one.as_of) for one in found.conflicting] == [(Act.NO_ENTRY, date(2014, 1, 27))]
    assert Reason.CONFLICT in {one.reason for one in pakistan.assessments["GPA-T01"].obstacles}


def test_pakistan_as_known_in_2015_was_not_a_party(read):
    then = assess.state(state.state("PAK"), register=read, today=date(2015, 6, 1))

    assert then.standing("TIP").party is False
    assert then.assessments["GPA-T01"].status is Status.PARTLY
    assert then.assessments["GPA-T01"].at_most is Status.PARTLY


@pytest.mark.parametrize(
    "treaty, act, on",
    [
        ("UNTOC", Act.RATIFICATION, date(2010, 1, 13)),
        ("TRAFFIC1921", Act.SUCCESSION, date(1947, 11, 12)),
        ("CRC", Act.RATIFICATION, date(1990, 11, 12)),
        ("CEDAW", Act.ACCESSION, date(1996, 3, 12)),
    ],
)
def test_pakistan_joined_by_this_act_on_this_day(pakistan, treaty, act, on):
    shown = pakistan.standing(treaty).act

    assert (shown.act, shown.on) == (act, on)


def test_kazakhstan_acceded_to_the_protocol_and_all_sources_agree(kazakhstan):
    found = kazakhstan.standing("TIP")

    assert (found.act.act, found.act.on) == (Act.ACCESSION, date(2008, 7, 31))
    assert found.conflicting == ()


def test_detected_victims_are_those_of_the_source(pakistan, kazakhstan):
    newest = {one.state.code: one.victims[max(one.victims)][0] for one in (pakistan, kazakhstan)}

    assert {code: (one.period, one.bounds.low, one.bounds.high) for code, one in newest.items()} == {
        "PAK": (2022, 26539, 26539),
        "KAZ": (2021, 29, 29),
    }
    assert {(one.found.source.id, one.found.as_of) for one in newest.values()} == {
        ("unodc-glotip", date(2025, 4, 14))
    }


def test_half_of_the_totals_that_are_suppressed_are_held_as_one_to_four(read):
    totals = [one for one in read.observations if one.series == "detected_victims" and one.is_total]
    suppressed = [one for one in totals if one.value_text == "<5"]

    assert suppressed
    assert {(one.bounds.low, one.bounds.high) for one in suppressed} == {(1, 4)}


def test_the_protocol_had_158_member_states_as_parties_in_2014(read):
    then = read.known_on(date(2014, 12, 31))

    assert sum(then.standing(code, "TIP").party is True for code in state.states()) == 158


def test_no_state_has_a_standing_that_the_table_contradicts(read):
    former = set(state.former_states())

    assert not {one.state for one in read.actions} & former
    assert {one.state for one in read.actions} <= set(state.states())


@pytest.mark.parametrize("language, number", [(Language.ENGLISH, "26,539"), (Language.FRENCH, "26\u202f539")])
def test_the_report_of_pakistan_shows_its_figure_and_its_conflict(pakistan, language, number):
    text = page.document(chapter.report(pakistan), language)

    assert re.search(rf'<data value="26539"><a [^>]*href="#e-\w+">{number}</a></data>', text)
    assert "Kazakhstan" not in text
    assert paper.pdf(chapter.report(pakistan), language).startswith(b"%PDF-")


def test_every_state_can_be_appraised_and_every_number_opens(read):
    for one in assess.states(state.states().values(), register=read, today=TODAY):
        made = chapter.report(one)
        assert {target for figure in made.figures() for target in figure.opens} <= made.anchors()
