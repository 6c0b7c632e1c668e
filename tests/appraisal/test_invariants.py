"""What holds of every appraisal and every report, whatever registers and dossiers they are made of."""

import json
import re
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from palermo.appraisal import chapter, edition, provision
from palermo.appraisal.assessment import LADDER, NEEDS_NOTHING, NEEDS_PROOF, Status
from palermo.appraisal.condition import chosen_by_people
from palermo.appraisal.evidence import PROVES, Grade
from palermo.appraisal.statement.claim import Actor, Kind, Standing
from palermo.appraisal.treaty import Act
from palermo.appraisal.words import Language
from tests.appraisal.dossiers import a_claim, a_judgement, a_mention, a_plan
from tests.appraisal.made import TODAY, a_publication, an_action, an_observation, some_evidence
from tests.appraisal.test_dossier import appraised

SOMETIME = some.dates(date(2012, 1, 1), date(2027, 6, 1))
IDS = [one.id for one in provision.plan()]
UN = [one.id for one in provision.plan() if not one.scored]
STATES = some.sampled_from(["XA", "XA", "XA", "XB"])

actions = some.builds(
    an_action,
    some.sampled_from(Act),
    treaty=some.sampled_from(["TIP", "UNTOC", "CRC", "C105"]),
    on=some.one_of(some.none(), SOMETIME),
    state=STATES,
    as_of=SOMETIME,
    grade=some.sampled_from(Grade),
    source=some.sampled_from(["one", "two"]),
)
figures = some.builds(
    an_observation,
    some.sampled_from(["0", "29", "1,234", "<5"]),
    series=some.sampled_from(
        ["detected_victims", "VC_HTF_DETV", "estimated_victims", "criminalisation_level"]
    ),
    year=some.integers(2015, 2026),
    sex=some.sampled_from(["total", "female"]),
    state=STATES,
    as_of=SOMETIME,
    grade=some.sampled_from(Grade),
)
publications = some.builds(a_publication, state=STATES, as_of=SOMETIME)
facts = some.lists(some.one_of(actions, figures, publications), max_size=8)

claims = some.builds(
    a_claim,
    some.sampled_from(IDS),
    number=some.integers(1, 5),
    state=some.sampled_from(["XA", "XA", "XB", None]),
    spoken_on=some.one_of(some.none(), SOMETIME),
    kind=some.sampled_from(Kind),
    actor=some.sampled_from(Actor),
    standing=some.sampled_from(Standing),
    plans=some.sampled_from([(), (a_mention(2025),), (a_mention(2030),)]),
    text=some.sampled_from(["Done 12 things.", "We will do it.", "On fait 3 choses."]),
)
plans = some.builds(
    a_plan,
    ends_on=some.one_of(some.none(), SOMETIME),
    budget=some.sampled_from([0, 100]),
    grade=some.sampled_from(Grade),
    as_of=SOMETIME,
    state=STATES,
)
judgements = some.builds(
    a_judgement,
    some.sampled_from(Status),
    provision=some.sampled_from(IDS),
    brought=some.lists(some.builds(some_evidence, some.sampled_from(Grade)), max_size=2).map(tuple),
    reviewer=some.sampled_from(["", "omar"]),
    cycle=some.sampled_from(["2025-2029", "2021-2025"]),
    codes=some.sampled_from([(), chosen_by_people()]),
    state=STATES,
)
parts = some.lists(some.one_of(claims, plans, judgements), max_size=8)
appraisals = some.builds(lambda said, known: appraised(*said, facts=known), parts, facts)
fewer = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@few
@given(appraisals)
def test_no_assessment_stands_without_evidence_but_not_assessed_and_no_evidence(made):
    bare = [one for one in made.assessments.values() if not one.evidence_ids]

    assert all(one.status in NEEDS_NOTHING for one in bare)


@few
@given(appraisals)
def test_nothing_is_above_claimed_without_proof_stronger_than_the_state_itself(made):
    for one in made.assessments.values():
        strong = any(item.grade in PROVES for item in one.evidence)
        assert strong or one.status not in NEEDS_PROOF
        if one.status is Status.CLAIMED:
            assert any(item.grade is not Grade.PROPOSAL for item in one.evidence)


@few
@given(some.lists(claims, max_size=8))
def test_statements_alone_lift_nothing_above_claimed(said):
    statuses = {one.status for one in appraised(*said).assessments.values()}

    assert statuses <= {Status.NOT_ASSESSED, Status.NO_EVIDENCE, Status.CLAIMED}


@few
@given(some.lists(claims, max_size=8), facts)
def test_what_a_machine_proposed_changes_no_status(said, known):
    proposed = [one for one in said if one.standing is not Standing.CONFIRMED]
    with_, without = appraised(*proposed, facts=known), appraised(facts=known)

    assert [one.status for one in with_.assessments.values()] == [
        one.status for one in without.assessments.values()
    ]


@few
@given(appraisals)
def test_whoever_confirmed_or_reviewed_is_another_than_who_proposed(made):
    for one in made.assessments.values():
        assert not one.reviewer or one.reviewer != one.assessor
    for claim in made.claims:
        assert claim.standing is not Standing.CONFIRMED or len(set(claim.confirmed_by)) == 2


@given(some.text(min_size=1, max_size=8))
def test_nobody_reviews_their_own_judgement(name):
    with pytest.raises(ValueError, match="Ask another person"):
        a_judgement(assessor=name, reviewer=name)


@fewer
@given(appraisals)
def test_every_number_of_a_report_opens_to_something_in_it(made):
    report = chapter.report(made)

    assert {target for figure in report.figures() for target in figure.opens} <= report.anchors()


@few
@given(appraisals)
def test_every_obstacle_cites_evidence_of_its_assessment(made):
    for one in made.assessments.values():
        for obstacle in one.obstacles:
            assert {item.id for item in obstacle.evidence} <= set(one.evidence_ids)


@fewer
@given(parts, facts, some.randoms())
def test_the_same_inputs_in_any_order_give_the_same_report(said, known, order):
    shuffled_said, shuffled_known = sorted(said, key=lambda _: order.random()), list(known)
    first = chapter.report(appraised(*said, facts=known))
    again = chapter.report(appraised(*shuffled_said, facts=shuffled_known))

    assert first.content_hash == again.content_hash
    assert json.dumps(first.document()) == json.dumps(again.document())


@fewer
@given(appraisals)
def test_english_and_french_hold_the_same_numbers(made):
    report = chapter.report(made)
    english, french = (
        edition.edition(report, language, font="Any") for language in (Language.ENGLISH, Language.FRENCH)
    )

    assert numbers(english) == numbers(french)


def numbers(view):
    """Every figure of a view, in the order of reading: its value and what it opens to."""
    if isinstance(view, dict):
        own = [(view["value"], view["to"])] if "value" in view else []
        return own + [one for key, part in view.items() if key != "svg" for one in numbers(part)]
    return [one for part in view for one in numbers(part)] if isinstance(view, list) else []


@few
@given(parts, facts, some.sampled_from(UN), some.sampled_from(Status))
def test_what_is_asked_of_the_united_nations_never_lowers_a_state(said, known, asked, status):
    judged = a_judgement(status, provision=asked, brought=(some_evidence(),))
    with_ = appraised(*said, a_claim(asked, number=9), judged, facts=known)
    without = appraised(*said, facts=known)

    assert asked not in with_.assessments
    assert with_.shares == without.shares
    assert sum(one.scored for one in with_.shares) <= len(IDS) - len(UN)


@few
@given(appraisals)
def test_the_bounds_of_a_pillar_hold_every_status_that_evidence_could_still_show(made):
    for one in made.assessments.values():
        if one.status in LADDER and one.at_most in LADDER:
            assert LADDER.index(one.status) <= LADDER.index(one.at_most)
    for share in made.shares:
        assert 0 <= share.low <= share.high <= share.scored


@few
@given(parts, facts, some.integers(1, 2000))
def test_nothing_of_a_later_day_is_in_an_appraisal(said, known, days):
    day = TODAY - timedelta(days=days)
    made = appraised(*said, facts=known, today=day)
    dated = [item for one in made.assessments.values() for item in one.evidence]

    assert all(item.found.as_of <= day for item in dated if not item.id.startswith("e-a-"))


def test_ids_in_examples_are_those_of_the_framework():
    assert all(re.fullmatch(r"GPA-[PRJNT]\d\d", one) for one in IDS)
