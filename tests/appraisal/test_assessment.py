"""What no assessment may be, whoever makes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from palermo.appraisal import assessment, evidence
from palermo.appraisal.assessment import LADDER, Assessment, Status, faults
from palermo.appraisal.evidence import Figure, Grade
from tests.appraisal.made import some_evidence

EVIDENCE = some.lists(some.sampled_from([some_evidence(grade) for grade in Grade]), max_size=4).map(tuple)


def made(status, proof=(), at_most=Status.DONE):
    return Assessment(
        state="XA",
        provision="GPA-T01",
        cycle="2025-2029",
        status=status,
        at_most=at_most,
        evidence=tuple(proof),
    )


@given(some.sampled_from(Status), EVIDENCE)
def test_no_status_but_two_stands_without_evidence(status, proof):
    bare = not proof and status not in {Status.NOT_ASSESSED, Status.NO_EVIDENCE}

    assert bare <= bool(faults(status=status, at_most=Status.DONE, evidence=proof))


@given(some.sampled_from([Status.PARTLY, Status.DONE]), EVIDENCE)
def test_claims_and_proposals_alone_never_lift_above_claimed(status, proof):
    weak = all(one.grade in {Grade.CLAIM, Grade.PROPOSAL} for one in proof)

    assert bool(faults(status=status, at_most=Status.DONE, evidence=proof)) is weak


@given(EVIDENCE)
def test_the_highest_status_of_any_evidence_is_one_that_can_be_made(proof):
    highest = assessment.highest(proof)

    assert faults(status=highest, at_most=Status.DONE, evidence=proof) == ()
    above = LADDER[LADDER.index(highest) + 1 :]
    assert all(faults(status=one, at_most=Status.DONE, evidence=proof) for one in above)


@pytest.mark.parametrize(
    "grade, highest",
    [
        (Grade.REGISTER, Status.DONE),
        (Grade.STATISTIC, Status.DONE),
        (Grade.NODE, Status.DONE),
        (Grade.INDEPENDENT, Status.DONE),
        (Grade.CLAIM, Status.CLAIMED),
        (Grade.PROPOSAL, Status.NO_EVIDENCE),
    ],
    ids=str,
)
def test_each_grade_alone_lifts_this_far(grade, highest):
    assert assessment.highest((some_evidence(grade),)) is highest


@pytest.mark.parametrize(
    "status, proof, said",
    [
        (Status.DONE, (), "needs evidence"),
        (Status.NOT_APPLICABLE, (), "needs evidence"),
        (Status.DONE, (some_evidence(Grade.CLAIM),), "stronger than grades E and F"),
        (Status.CLAIMED, (some_evidence(Grade.PROPOSAL),), "counts for nothing"),
    ],
)
def test_a_broken_assessment_is_refused_where_it_is_made(status, proof, said):
    with pytest.raises(ValueError, match=said):
        made(status, proof)


def test_what_could_be_shown_is_never_below_what_is_shown():
    with pytest.raises(ValueError, match="is below"):
        made(Status.PARTLY, [some_evidence()], at_most=Status.CLAIMED)


def test_the_grade_is_the_weakest_that_counts():
    proof = [some_evidence(Grade.REGISTER), some_evidence(Grade.INDEPENDENT), some_evidence(Grade.PROPOSAL)]

    assert made(Status.PARTLY, proof).grade is Grade.INDEPENDENT
    assert made(Status.NOT_ASSESSED).grade is None
    assert made(Status.PARTLY, proof).evidence_ids == tuple(one.id for one in proof)


def test_the_same_fact_is_kept_once_in_the_order_first_met():
    a, b = some_evidence(key="a"), some_evidence(key="b")

    assert evidence.distinct([b, a, b]) == (b, a)


def test_a_figure_that_opens_to_nothing_cannot_be_made():
    with pytest.raises(ValueError, match="open"):
        Figure(low=1, high=1, opens=())
