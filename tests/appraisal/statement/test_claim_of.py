"""Claims: who acts, what carries over between clauses, and what a passage names."""

from datetime import date

import pytest

from palermo.appraisal import register
from palermo.appraisal.statement import claim_of, plan_name, support, treaty_name
from palermo.appraisal.statement.actor import speaker
from palermo.appraisal.statement.claim import Actor, Check, Kind, PlanMention, Support
from palermo.appraisal.statement.match import matcher
from palermo.appraisal.statement.opening import opened
from palermo.appraisal.statement.passage import passages
from palermo.appraisal.statement.treaty_claim import checked
from tests.appraisal.made import public
from tests.appraisal.statement.spoken import ADDED, a_document, claim, claims, public_statement

STATE, UN, EVERYONE, OTHER = Actor


@pytest.mark.parametrize(
    "text, wanted",
    [
        ("We have adopted a law.", STATE),
        ("Pakistan has adopted a law.", STATE),
        ("The Pakistani authorities have closed six brothels.", STATE),
        ("Our police have arrested forty men.", STATE),
        ("The Government is building a shelter.", STATE),
        ("A law was adopted in 2019.", STATE),
        ("A law was adopted by the General Assembly.", UN),
        ("A mechanism is being developed with the support of IOM.", STATE),
        ("The Federal Investigation Agency is implementing the plan.", STATE),
        ("We need technical assistance.", STATE),
        ("Our neighbours have adopted laws.", OTHER),
        ("The United States has ranked us.", OTHER),
        ("She urged all countries to ratify.", STATE),
        ("We call upon all States to ratify.", STATE),
        ("All States must ratify.", EVERYONE),
        ("We must all act together.", EVERYONE),
        ("The international community should help.", EVERYONE),
        ("UNODC has trained our judges.", UN),
        ("The General Assembly adopted a declaration.", UN),
        ("India has adopted a law.", OTHER),
        ("NGOs have opened shelters.", OTHER),
        ("Trafficking is a crime.", OTHER),
    ],
)
def test_who_acts_in_an_english_sentence_of_a_state(text, wanted):
    assert claim(text).actor is wanted


@pytest.mark.parametrize(
    "text, wanted",
    [
        ("Nous avons adopté une loi.", STATE),
        ("Le Gouvernement a ouvert un foyer.", STATE),
        ("Le Sénégal a adopté une loi.", STATE),
        ("Une loi a été adoptée en 2019.", STATE),
        ("Nous exhortons tous les États à ratifier.", STATE),
        ("Les États doivent ratifier.", EVERYONE),
        ("Il nous faut agir ensemble.", EVERYONE),
        ("L’ONUDC a formé nos juges.", UN),
        ("La France a adopté une loi.", OTHER),
        ("La traite est un crime.", OTHER),
    ],
)
def test_who_acts_in_a_french_sentence_of_a_state(text, wanted):
    assert claim(text, state="SEN", language="fr").actor is wanted


def test_an_appeal_of_the_secretary_general_is_no_act_of_a_state():
    text = "Message of the Secretary-General\nI urge all countries to ratify the Protocol."

    last = claims(text, state=None)[-1]

    assert (last.actor, last.kind, last.state) == (UN, Kind.URGED, None)


def test_a_speaker_for_nobody_known_is_another():
    assert speaker(a_document("Words.", state=None)) is OTHER


def test_a_clause_without_a_doer_goes_on_with_the_clause_before_it():
    found = claims(
        "We have adopted a new law; set up two shelters there; and strengthened the border police."
    )

    assert [(one.actor, one.kind) for one in found] == [(STATE, Kind.DONE)] * 3


def test_a_sentence_of_its_own_does_not_go_on():
    assert claims("We have adopted a new law. Shelters for women and for girls.")[1].kind is Kind.DESCRIBED


def test_what_nobody_is_named_to_have_done_is_described():
    assert claim("Conflict and hunger have worsened poverty.").kind is Kind.DESCRIBED


def test_a_third_language_is_kept_and_given_nothing():
    kept = claim("Мы приняли закон в 2019 году.", language="ru")

    assert (kept.kind, kept.actor, kept.proposals, kept.match) == (Kind.DESCRIBED, OTHER, (), 0.0)
    assert kept.passage.language == "ru"


def test_progress_is_told_of_each_passage():
    document = a_document("One law. Two laws.")
    told = []

    claim_of.claims(
        document,
        passages(document),
        matcher=matcher(embed=False),
        added_on=ADDED,
        progress=lambda done, every: told.append((done, every)),
    )

    assert told == [(1, 2), (2, 2)]


def treaties(text, language="en"):
    return [(one.treaty, one.joined) for one in treaty_name.mentions(text, language, own=True)]


@pytest.mark.parametrize(
    "text, wanted",
    [
        ("We are party to the UN Convention against Transnational Organised Crime.", [("UNTOC", True)]),
        ("We have ratified the Palermo Protocol.", [("TIP", True)]),
        ("We intend to ratify the Palermo Protocol.", [("TIP", False)]),
        ("We have not yet ratified the Palermo Protocol.", [("TIP", False)]),
        ("We are pleased to say that we acceded to the Palermo Protocol.", [("TIP", True)]),
        ("We are about to become a party to the Palermo Protocol.", [("TIP", False)]),
        ("We support the universal ratification of UNTOC.", [("UNTOC", False)]),
        ("We urge all to ratify CEDAW.", [("CEDAW", False)]),
        ("The Slavery Convention was adopted long ago.", [("SLAVERY1926", False)]),
        ("party to the Abolition of Forced Labor Convention, 1957", [("C105", True)]),
        ("party to the Forced Labour Convention and its Protocol of 2014 to the Forced Labour Convention",
         [("C029", True), ("P029", True)]),
        ("party to the International Convention for the Suppression of the Trafficking in Women and Children",
         [("TRAFFIC1921", True)]),
        ("acceded to the Optional Protocol on the Sale of Children", [("CRC-OP-SC", True)]),
        ("the conventions against transnational organized crime and against corruption",
         [("UNTOC", False), ("UNCAC", False)]),
        ("UNTOC, UNTOC and UNTOC", [("UNTOC", False)]),
        ("no treaty at all", []),
    ],
)  # fmt: skip
def test_treaties_are_found_by_their_english_names(text, wanted):
    assert treaties(text) == wanted


@pytest.mark.parametrize(
    "text, wanted",
    [
        ("partie à la Convention des Nations Unies contre la criminalité transnationale organisée",
         [("UNTOC", True)]),
        ("Nous avons ratifié le Protocole additionnel relatif à la traite.", [("TIP", True)]),
        ("Nous devons ratifier le Protocole de Palerme.", [("TIP", False)]),
        ("Nous n’avons pas ratifié le Protocole de Palerme.", [("TIP", False)]),
        ("a adhéré à la convention sur l'abolition du travail forcé", [("C105", True)]),
        ("la convention nº 182", [("C182", False)]),
    ],
)  # fmt: skip
def test_treaties_are_found_by_their_french_names(text, wanted):
    assert treaties(text, "fr") == wanted


def test_a_passage_of_another_claims_no_treaty_for_the_state():
    assert not treaty_name.mentions("party to UNTOC", "en", own=False)[0].joined


@pytest.mark.parametrize(
    "text, language, wanted",
    [
        ("our Strategic National Action Plan (2021-2025) to combat", "en",
         [("Strategic National Action Plan", 2021, 2025)]),
        ("implementing Strategic Framework 2016-22.", "en", [("Strategic Framework", 2016, 2022)]),
        ("The National Strategy against Trafficking, 2019 to 2024, is", "en",
         [("National Strategy against Trafficking", 2019, 2024)]),
        ("known as the National Action Plan for Combating Human Trafficking", "en",
         [("National Action Plan for Combating Human Trafficking", None, None)]),
        ("the 2022–2026 National Action Plan", "en", [("National Action Plan", 2022, 2026)]),
        ("le Plan d’action national 2020-2024 contre", "fr", [("Plan d’action national", 2020, 2024)]),
        ("the United Nations Global Plan of Action 2010-2020", "en", []),
        ("the 2030 Agenda for Sustainable Development", "en", []),
        ("we plan to act in 2020", "en", []),
        ("National Action Plan (2025-2021)", "en", [("National Action Plan", None, None)]),
    ],
)  # fmt: skip
def test_national_plans_are_found_with_their_years(text, language, wanted):
    named = plan_name.mentions(text, language)

    assert list(named) == [
        PlanMention(title=title, since=since, until=until) for title, since, until in wanted
    ]


@pytest.mark.parametrize(
    "text, language, wanted",
    [
        ("We need technical and financial help to collect data.", "en",
         (Support.FINANCIAL, Support.TECHNICAL, Support.DATA)),
        ("We request training for our judges.", "en", (Support.TRAINING,)),
        ("We ask our partners for technical and financial help with the collection of data.", "en",
         (Support.FINANCIAL, Support.TECHNICAL, Support.DATA)),
        ("We call on all States to cut the money of the traffickers.", "en", ()),
        ("We call on donors to increase their contributions.", "en", (Support.FINANCIAL,)),
        ("Donors gave funds for training.", "en", ()),
        ("Nous avons besoin d’un appui technique et de formations.", "fr",
         (Support.TECHNICAL, Support.TRAINING)),
        ("Мы просим помощи", "ru", ()),
    ],
)  # fmt: skip
def test_the_help_that_a_passage_asks_for_is_named(text, language, wanted):
    assert support.asked(text, language) == wanted


def read(number):
    document = opened(public_statement(number))
    found = claim_of.claims(document, passages(document), matcher=matcher(embed=False), added_on=ADDED)
    return document, found


def test_ten_acts_that_a_state_claims_for_itself_are_found_in_the_public_statements():
    """Spec, section 4(b): ten of all items are acts a State claims for itself, every one by Pakistan."""
    acts = [one for number in ("000", "001", "002", "003", "004") for one in read(number)[1]]
    own = [one for one in acts if one.state and one.kind in {Kind.DONE, Kind.UNDER_WAY}]

    assert len([one for one in own if one.state == "PAK"]) == 10


def test_the_treaty_claims_of_2017_are_checked_against_the_public_register():
    public()
    document, found = read("002")
    known = register.read(public())

    said = [mention for one in found for mention in one.treaties if mention.joined]
    told = {
        one.treaty: checked(one, document.state, known, today=ADDED, spoken_on=document.spoken_on)
        for one in said
    }

    assert {treaty: (one.check, one.on) for treaty, one in told.items()} == {
        "UNTOC": (Check.CONFIRMED, date(2010, 1, 13)),
        "TRAFFIC1921": (Check.CONFIRMED, date(1947, 11, 12)),
        "C105": (Check.CANNOT_CHECK, None),
    }


def test_the_plans_and_the_request_for_help_of_the_public_statements_are_found():
    plans = [plan for number in ("001", "002") for one in read(number)[1] for plan in one.plans]
    asked = {kind for one in read("002")[1] for kind in one.support}

    assert PlanMention(title="Strategic National Action Plan", since=2021, until=2025) in plans
    assert PlanMention(title="Strategic Framework", since=2016, until=2022) in plans
    assert {Support.FINANCIAL, Support.TECHNICAL, Support.DATA} <= asked


def test_what_kazakhstan_urged_is_urged_and_not_done():
    urged = [one for one in read("003")[1] if "ratify" in one.passage.text]

    assert [(one.kind, one.actor, one.state) for one in urged] == [(Kind.URGED, STATE, "KAZ")]
