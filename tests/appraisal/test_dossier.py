"""What a State said, what it plans and what people judged: how far each may change its appraisal."""

from dataclasses import replace
from datetime import date

import pytest

from palermo.appraisal import assess, chapter, state
from palermo.appraisal.assessment import Status
from palermo.appraisal.evidence import Grade
from palermo.appraisal.judgement import Judgement
from palermo.appraisal.obstacle import Reason
from palermo.appraisal.reply import Reply
from palermo.appraisal.statement.claim import Actor, Check, Kind, Standing, TreatyMention
from palermo.appraisal.treaty import Act
from tests.appraisal.dossiers import a_claim, a_dossier, a_judgement, a_mention, a_plan, unconfirmed
from tests.appraisal.made import TODAY, a_register, an_action, some_evidence


def appraised(*parts, facts=(), code="XA", **more):
    given = {"today": TODAY, "register": a_register(*facts), "dossier": a_dossier(*parts), **more}
    return assess.state(state.state(code), **given)


def answered(provision, *parts, **more):
    return appraised(*parts, **more).assessments[provision]


def reasons(assessed):
    return {one.reason for one in assessed.obstacles}


# -- claims -------------------------------------------------------------------------------------------------


def test_a_claim_of_two_people_lifts_a_provision_to_claimed_and_asks_for_its_document():
    claim = a_claim("GPA-P12")
    assessed = answered("GPA-P12", claim)

    assert assessed.status is Status.CLAIMED
    assert assessed.at_most is Status.DONE
    assert assessed.grade is Grade.CLAIM
    assert assessed.evidence == (claim.evidence,)
    assert reasons(assessed) == {Reason.ONLY_CLAIMED}
    assert assessed.obstacles[0].evidence == (claim.evidence,)


@pytest.mark.parametrize(
    "claim",
    [
        unconfirmed(),
        a_claim(kind=Kind.PROMISED),
        a_claim(kind=Kind.URGED),
        a_claim(kind=Kind.DESCRIBED),
        a_claim(actor=Actor.UNITED_NATIONS),
        a_claim(actor=Actor.EVERYONE),
        a_claim(standing=Standing.ONCE),
        a_claim(standing=Standing.REFUSED),
        a_claim("GPA-P07"),
        a_claim(state="XB"),
        a_claim(state=None),
        a_claim(spoken_on=date(2027, 1, 1)),
    ],
    ids=[
        "proposed", "promised", "urged", "described", "the UN's", "everyone's", "confirmed by one", "refused",
        "of another provision", "another State's", "of no State", "of a later day",
    ],
)  # fmt: skip
def test_no_other_claim_lifts_anything(claim):
    assert answered("GPA-P12", claim).status is Status.NOT_ASSESSED


def test_a_claim_under_way_lifts_as_far_as_one_that_is_done():
    assert answered("GPA-P12", a_claim(kind=Kind.UNDER_WAY)).status is Status.CLAIMED


def test_a_claim_leaves_a_status_that_is_proved():
    joined = [an_action(treaty=one) for one in ("TIP", "UNTOC")]
    assessed = answered("GPA-T01", a_claim("GPA-T01"), facts=joined)

    assert assessed.status is Status.PARTLY
    assert Reason.ONLY_CLAIMED not in reasons(assessed)


def test_a_claim_does_not_lift_above_what_a_fresh_register_leaves_open():
    absent = [an_action(Act.NO_ENTRY, on=None, treaty=one) for one in ("TIP", "UNTOC")]

    assert answered("GPA-T01", a_claim("GPA-T01"), facts=absent).status is Status.NO_EVIDENCE


def test_a_claim_for_the_united_nations_is_asked_of_no_state():
    assert "GPA-P13" not in appraised(a_claim("GPA-P13")).assessments


# -- plans --------------------------------------------------------------------------------------------------


def test_a_plan_in_force_with_its_document_and_money_is_done():
    assessed = answered("GPA-P04", a_plan())

    assert assessed.status is Status.DONE
    assert assessed.grade is Grade.REGISTER
    assert assessed.obstacles == ()


def test_a_plan_in_force_without_money_is_partly():
    assessed = answered("GPA-P04", a_plan(budget=0))

    assert assessed.status is Status.PARTLY
    assert reasons(assessed) == {Reason.NO_BUDGET}


def test_a_plan_that_ended_is_no_evidence_and_says_when():
    plan = a_plan(starts_on=date(2021, 1, 1), ends_on=date(2025, 12, 31))
    assessed = answered("GPA-P04", plan)

    assert assessed.status is Status.NO_EVIDENCE
    assert reasons(assessed) == {Reason.PLAN_EXPIRED}
    assert dict(assessed.obstacles[0].text.values)["ended_on"] == date(2025, 12, 31)
    assert assessed.obstacles[0].evidence == (plan.evidence,)


def test_a_plan_that_a_later_one_followed_is_no_obstacle():
    old = a_plan(id="old", starts_on=date(2020, 1, 1), ends_on=date(2023, 12, 31))

    assert reasons(answered("GPA-P04", old, a_plan(follows="old"))) == set()


@pytest.mark.parametrize(
    "until, reason", [(2025, Reason.PLAN_EXPIRED), (2026, Reason.ONLY_CLAIMED), (2030, Reason.ONLY_CLAIMED)]
)
def test_a_plan_that_an_unconfirmed_statement_names_proves_nothing_but_is_looked_at(until, reason):
    claim = unconfirmed("GPA-P04", plans=(a_mention(until),))
    assessed = answered("GPA-P04", claim)

    assert assessed.status is Status.NO_EVIDENCE
    assert reasons(assessed) == {reason}
    assert assessed.obstacles[0].evidence == (claim.evidence,)


def test_a_plan_named_in_a_refused_claim_is_no_plan():
    assessed = answered("GPA-P04", a_claim(standing=Standing.REFUSED, plans=(a_mention(),)))

    assert reasons(assessed) == {Reason.NO_PLAN}


def test_a_plan_that_a_confirmed_claim_names_is_claimed():
    claim = a_claim("GPA-P04", plans=(a_mention(2025),))
    assessed = answered("GPA-P04", claim)

    assert assessed.status is Status.CLAIMED
    assert reasons(assessed) == {Reason.ONLY_CLAIMED, Reason.PLAN_EXPIRED}


def test_no_plan_at_all_is_an_obstacle():
    assert reasons(answered("GPA-P04")) == {Reason.NO_PLAN}


# -- judgements ---------------------------------------------------------------------------------------------


def test_a_judgement_of_two_takes_the_place_of_the_rules():
    proof = some_evidence(Grade.REGISTER)
    assessed = answered("GPA-J01", a_judgement(provision="GPA-J01", brought=(proof,)))

    assert assessed.status is assessed.at_most is Status.DONE
    assert (assessed.assessor, assessed.reviewer) == ("hana", "omar")
    assert assessed.evidence == (proof,)
    assert assessed.reasons[0].key == "reason.judged"


@pytest.mark.parametrize(
    "more",
    [
        {"reviewer": "", "reviewed_on": None},
        {"cycle": "2021-2025"},
        {"state": "XB"},
        {"reviewed_on": date(2027, 1, 1)},
        {"assessed_on": date(2027, 1, 1), "reviewed_on": date(2027, 1, 2)},
    ],
    ids=["of one", "of another cycle", "of another State", "agreed later", "made later"],
)
def test_no_other_judgement_counts(more):
    assessed = answered("GPA-P12", a_judgement(brought=(some_evidence(),), **more))

    assert assessed.status is Status.NOT_ASSESSED
    assert assessed.reviewer == ""


def test_the_newest_judgement_counts():
    first = a_judgement(Status.DONE, brought=(some_evidence(),))
    second = replace(first, status=Status.PARTLY, reviewed_on=date(2026, 5, 1))

    assert answered("GPA-P12", second, first).status is Status.PARTLY


@pytest.mark.parametrize("status", [Status.DONE, Status.PARTLY, Status.NOT_APPLICABLE])
def test_a_judgement_that_its_evidence_does_not_carry_is_shown_and_not_used(status):
    assessed = answered("GPA-P12", a_judgement(status, evidence_ids=("e-gone",)))

    assert assessed.status is Status.NOT_ASSESSED
    assert reasons(assessed) == {Reason.JUDGEMENT_UNBORNE}
    assert assessed.reasons[-1].key == "reason.unborne"


def test_two_people_cannot_make_more_of_a_claim_than_claimed():
    claim = a_claim("GPA-P12")
    done = answered("GPA-P12", claim, a_judgement(evidence=(claim.evidence,)))
    claimed = answered("GPA-P12", claim, a_judgement(Status.CLAIMED, evidence=(claim.evidence,)))

    assert done.status is Status.CLAIMED
    assert done.reviewer == ""
    assert claimed.reviewer == "omar"


def test_a_judgement_against_the_evidence_is_shown_beside_it():
    absent = [an_action(Act.NO_ENTRY, on=None, treaty=one) for one in ("TIP", "UNTOC")]
    assessed = answered(
        "GPA-T01",
        a_judgement(provision="GPA-T01", evidence=[one.evidence for one in absent]),
        facts=absent,
    )

    assert assessed.status is Status.DONE
    assert Reason.JUDGED_OTHERWISE in reasons(assessed)
    assert {one.evidence.id for one in absent} <= set(assessed.evidence_ids)


def test_a_reason_that_the_assessor_named_is_an_obstacle_with_the_evidence_named():
    proof = some_evidence()
    judged = a_judgement(Status.PARTLY, brought=(proof,), codes=(Reason.LAW_PARTIAL, Reason.SERVICE_GAP))
    assessed = answered("GPA-P12", judged)

    assert reasons(assessed) == {Reason.LAW_PARTIAL, Reason.SERVICE_GAP}
    assert all(one.evidence == (proof,) for one in assessed.obstacles)


@pytest.mark.parametrize("on, shown", [(TODAY, True), (date(2027, 1, 1), False)])
def test_the_reply_of_the_state_is_carried_with_the_judgement(on, shown):
    reply = Reply(text="The law is in parliament.", by="ministry", on=on)
    found = appraised(a_judgement(brought=(some_evidence(),), reply=reply))

    assert found.assessments["GPA-P12"].reply == (reply if shown else None)
    assert found.replies == ({"GPA-P12": reply} if shown else {})


def test_the_reply_to_a_judgement_that_is_not_used_is_carried_too():
    reply = Reply(text="We disagree.", by="ministry", on=TODAY)

    assert answered("GPA-P12", a_judgement(reply=reply)).reply == reply


def test_a_reviewer_is_never_the_assessor():
    with pytest.raises(ValueError, match="Ask another person"):
        a_judgement(reviewer="hana")
    with pytest.raises(ValueError, match="reviewer is the assessor"):
        replace(answered("GPA-P12"), assessor="hana", reviewer="hana")


def test_a_judgement_is_a_value():
    assert isinstance(a_judgement(), Judgement)
    assert a_judgement() == a_judgement()


# -- treaties -----------------------------------------------------------------------------------------------


def test_what_a_statement_says_of_a_treaty_is_held_against_the_register():
    said = unconfirmed(
        treaties=(
            TreatyMention(treaty="TIP", words="the Palermo Protocol", joined=True),
            TreatyMention(treaty="C105", words="C105", joined=True),
        )
    )
    found = appraised(said, facts=(an_action(on=date(2010, 1, 13)),))

    assert [(one.mention.treaty, one.checked.check, one.checked.on) for one in found.treaty_checks] == [
        ("TIP", Check.CONFIRMED, date(2010, 1, 13)),
        ("C105", Check.CANNOT_CHECK, None),
    ]


@pytest.mark.parametrize("more", [{"actor": Actor.EVERYONE}, {"standing": Standing.REFUSED}], ids=str)
def test_a_treaty_that_is_not_claimed_by_the_state_itself_is_not_checked(more):
    mention = TreatyMention(treaty="TIP", words="the Palermo Protocol", joined=True)

    assert appraised(a_claim(treaties=(mention,), **more)).treaty_checks == ()


# -- the report of it ---------------------------------------------------------------------------------------


def test_the_appraisal_offers_what_was_said_and_planned_in_order():
    first, second = (
        unconfirmed(number=1),
        a_claim("GPA-P04", number=2, text="We have a plan.", plans=(a_mention(),)),
    )
    found = appraised(second, first, a_plan())

    assert [one.passage.number for one in found.claims] == [2, 1]
    assert [one.years for one in found.plans] == ["2021–2025", "2024–2028"]


def test_every_number_of_a_report_with_a_dossier_opens_to_something():
    proof = some_evidence()
    report = chapter.report(
        appraised(a_claim(), a_plan(), a_judgement(provision="GPA-J01", brought=(proof,)))
    )

    assert {target for figure in report.figures() for target in figure.opens} <= report.anchors()
