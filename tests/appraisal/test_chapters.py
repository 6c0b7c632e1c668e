"""The chapters on statements, plans, judgements, context, root causes and cycles."""

import re
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from palermo.appraisal import assess, beside, chapter, page, state
from palermo.appraisal.beside import Beside, Exposure
from palermo.appraisal.judgement import Reply
from palermo.appraisal.statement.claim import Actor, Kind, Standing, Support, TreatyMention
from palermo.appraisal.words import Language
from tests.appraisal.dossiers import a_claim, a_dossier, a_judgement, a_mention, a_plan, unconfirmed
from tests.appraisal.made import TODAY, a_register, an_action, public
from tests.appraisal.test_report import Page

SPACES = re.compile(r"\s+")


def a_report(*parts, facts=(), aside=beside.NOTHING, code="XA", today=TODAY):
    appraisal = assess.state(
        state.state(code), register=a_register(*facts), today=today, dossier=a_dossier(*parts)
    )
    return chapter.report(appraisal, aside)


def text_of(report, section, language=Language.ENGLISH):
    """The words of one section of the page."""
    whole = page.fragment(report, language)
    found = re.search(rf'<section[^>]*app-section--{section}".*?</section>', whole, re.DOTALL)
    return SPACES.sub(" ", re.sub(r"<[^>]+>", " ", found[0]))


def a_mentioned(treaty="UNTOC", *, joined=True, **more):
    mention = TreatyMention(treaty=treaty, words="the Palermo Convention", joined=joined)
    return a_claim(treaties=(mention,), **more)


def test_without_a_statement_the_chapter_says_so():
    assert "No statement of the State has been read." in text_of(a_report(), "statements")


def test_what_people_confirmed_and_what_the_machine_proposed_are_marked_apart():
    text = text_of(a_report(a_claim(), unconfirmed("GPA-J01", number=2)), "statements")

    assert "confirmed by two people GPA-P12" in text
    assert "proposed by the machine GPA-J01 (0.80)" in text


def test_a_passage_that_only_describes_and_that_nobody_read_is_counted_and_not_listed():
    described = {"kind": Kind.DESCRIBED, "text": "Trafficking is a crime."}

    text = text_of(a_report(a_claim(), unconfirmed("GPA-J01", number=2, **described)), "statements")

    assert "only the machine has read them: 1 ." in text
    assert "Trafficking is a crime." not in text


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"standing": Standing.CONFIRMED}, id="confirmed by two"),
        pytest.param({"standing": Standing.ONCE}, id="read by one"),
        pytest.param({"standing": Standing.CONFLICT}, id="read by two who differ"),
        pytest.param({"kind": Kind.PROMISED}, id="promised"),
        pytest.param({"kind": Kind.URGED}, id="urged"),
        pytest.param({"plans": (a_mention(),)}, id="names a plan"),
        pytest.param({"support": (Support.DATA,)}, id="asks for support"),
        pytest.param(
            {"treaties": (TreatyMention(treaty="UNTOC", words="the Convention", joined=False),)},
            id="names a treaty",
        ),
    ],
)
def test_a_passage_that_somebody_read_or_that_tells_something_is_listed(more):
    said = a_claim(
        text="These are the words.", **{"kind": Kind.DESCRIBED, "standing": Standing.PROPOSED, **more}
    )

    text = text_of(a_report(said), "statements")

    assert "Passages that touch a provision" in text
    assert "These are the words." in text
    assert "Not listed" not in text


def test_what_one_person_read_is_not_counted_as_the_machine_s_alone():
    once, alone = a_claim(standing=Standing.ONCE), unconfirmed(document="e" * 64)

    text = text_of(a_report(once, alone), "statements")

    assert "0 confirmed by two people, 1 read by people and not settled yet, 1 with a provision" in text


def test_what_is_urged_is_shown_as_not_done_and_lifts_nothing():
    made = a_report(a_claim("GPA-T01", kind=Kind.URGED, actor=Actor.EVERYONE))

    assert "urged, not done" in text_of(made, "statements")
    assert "all States" in text_of(made, "statements")


def test_a_passage_that_fits_nothing_is_listed_with_none():
    nuclear = unconfirmed(text="We discussed nuclear weapons.", match=0.1)

    text = text_of(a_report(nuclear), "statements")

    assert "“We discussed nuclear weapons.” none" in text
    assert "0 confirmed by two people" in text


def test_a_refused_passage_is_none_whatever_the_machine_thought():
    refused = a_claim(standing=Standing.REFUSED, provisions=(), confirmed_by=("hana",), match=0.9)

    assert "Passages that fit no provision" in text_of(a_report(refused), "statements")


def test_only_some_of_many_unfitting_passages_are_listed_and_the_rest_counted():
    many = [unconfirmed(number=one, match=0.0, document=f"{one:064d}") for one in range(45)]

    assert "Not listed, as they fit no provision: 5 ." in text_of(a_report(*many), "statements")


@pytest.mark.parametrize(
    "facts, verdict",
    [
        ([an_action(treaty="UNTOC", on=date(2010, 1, 13))], "Confirmed"),
        ([], "Cannot check"),
    ],
)
def test_a_treaty_claim_shows_what_the_register_says(facts, verdict):
    text = text_of(a_report(a_mentioned(), facts=facts), "statements")

    assert verdict in text
    assert ("13 January 2010" in text.replace("\u00a0", " ")) is bool(facts)


def test_support_that_is_asked_for_stands_with_its_passage():
    asking = a_claim(support=(Support.DATA,), text="We need help to collect data.")

    assert "data collection “We need help to collect data.”" in text_of(a_report(asking), "statements")


def test_a_passage_keeps_its_own_language():
    html = page.fragment(a_report(a_claim()), Language.FRENCH)

    assert re.search(r'lang="en"[^>]*>«\s*We have trained border police.\s*»', html)


def test_a_plan_that_a_statement_names_is_shown_expired_with_its_day():
    made = a_report(a_claim(plans=(a_mention(),)))

    assert "expired on 31 December 2025" in text_of(made, "plans").replace("\u00a0", " ")
    assert "named in a statement" in text_of(made, "plans")
    assert "expired on" in text_of(made, "summary")


def test_a_plan_in_force_is_shown_with_its_actions_and_a_time_line():
    made = a_report(a_plan())

    assert "In force" in text_of(made, "plans")
    assert "Train border police" in text_of(made, "plans")
    assert "in force" in text_of(made, "summary")
    assert "Time line of the plans" in page.fragment(made, Language.ENGLISH)


def test_the_reply_of_the_state_stands_beside_the_judgement():
    said = a_claim()
    reply = Reply(text="The law is of 2019, not of 2018.", by="Mission of XA", on=date(2026, 3, 1))
    judged = a_judgement("claimed", evidence=[said.evidence], reply=reply)

    text = text_of(a_report(said, judged), "judgements").replace("\u00a0", " ")

    assert "The law is of 2019, not of 2018." in text
    assert "Mission of XA, 1 March 2026" in text
    assert "hana, 1 February 2026; reviewed by omar, 3 February 2026" in text


def test_a_judgement_of_one_person_waits_and_says_so():
    lone = a_judgement("claimed", evidence=[a_claim().evidence], reviewer="", reviewed_on=None)

    text = text_of(a_report(a_claim(), lone), "judgements")

    assert "waits for a second person" in text
    assert "No reply was given." in text


def test_nothing_beside_the_appraisal_is_said_to_be_nothing():
    assert "No outside measure was read." in text_of(a_report(), "context")
    assert "No table of root causes" in text_of(a_report(), "causes")


@pytest.mark.parametrize("last, words", [(1, "Group: among the most exposed"), (2, "Group: not settled")])
def test_root_causes_are_a_group_and_an_interval_and_never_a_rank(last, words):
    found = Exposure(units=183, low=23, high=56, first=1, last=last, draws=2000, filled=0.1)

    text = text_of(a_report(aside=Beside(exposure=found)), "causes")

    assert words in text
    assert "place 23–56" in text
    assert "10 %" in text


@pytest.mark.parametrize("day, current", [(date(2022, 1, 1), "2021–2025"), (TODAY, "2025–2029")])
def test_the_calendar_marks_the_cycle_of_the_day(day, current):
    text = text_of(a_report(today=day), "cycles")

    assert re.search(rf"{current}[^–]*This cycle", text)


PARTS = (
    a_claim(),
    unconfirmed("GPA-J01", number=2),
    a_mentioned(number=3, text="We are party."),
    a_claim(number=4, plans=(a_mention(),), support=(Support.FINANCIAL,)),
    a_claim("GPA-T01", number=5, kind=Kind.URGED, actor=Actor.EVERYONE),
    unconfirmed(number=6, match=0.0),
    unconfirmed(number=7, kind=Kind.DESCRIBED),
    a_plan(),
    a_plan(id="old", starts_on=date(2016, 1, 1), ends_on=date(2020, 12, 31), title="Old plan"),
    a_judgement("claimed", evidence=[a_claim().evidence]),
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(some.lists(some.sampled_from(PARTS), max_size=6, unique_by=id))
def test_whatever_a_dossier_holds_every_number_and_reference_opens(parts):
    made = a_report(*parts, facts=[an_action(treaty="UNTOC")])

    pages = [Page(page.document(made, language)) for language in Language]

    assert all({link[1:] for link in one.links} <= set(one.ids) for one in pages)
    assert pages[0].numbers == pages[1].numbers == pages[2].numbers
    assert {target for one in made.figures() for target in one.opens} <= made.anchors()


def test_the_public_tables_stand_beside_the_appraisal_and_disagree_in_sight():
    from palermo.appraisal import register

    folder = public()
    read = register.read(folder)
    aside = beside.read(folder, read)

    made = a_report(aside=aside.of("PAK"), code="PAK")

    assert aside.of("PAK").exposure.low < aside.of("PAK").exposure.high
    assert "United States tier" in text_of(made, "context")
    assert "place " in text_of(made, "causes")
    assert {target for one in made.figures() for target in one.opens} <= made.anchors()
