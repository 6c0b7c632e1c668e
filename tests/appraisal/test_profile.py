"""The profile: low counts what is shown, high what could still be shown; the United Nations is left out."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from palermo.appraisal import assess, profile, state
from palermo.appraisal.assessment import Assessment, Status
from palermo.appraisal.profile import Share
from palermo.appraisal.provision import Pillar, plan
from palermo.errors import Unknown
from tests.appraisal.made import TODAY, a_register, an_action, an_appraisal, an_observation, some_evidence

SCORED = [one.id for one in plan() if one.scored]
CHOICES = some.sampled_from([Status.NOT_ASSESSED, Status.NO_EVIDENCE, Status.PARTLY, Status.DONE])


def assessments(statuses, at_most=Status.DONE):
    return [
        Assessment(
            state="XA",
            provision=name,
            cycle="c",
            status=status,
            at_most=max(status, at_most, key=[*Status].index),
            evidence=(some_evidence(),),
        )
        for name, status in zip(SCORED, statuses, strict=True)
    ]


@given(some.lists(CHOICES, min_size=47, max_size=47), some.integers(0, 46))
def test_more_evidence_never_widens_an_interval(statuses, index):
    before = profile.shares(assessments(statuses))
    after = profile.shares(assessments([*statuses[:index], Status.DONE, *statuses[index + 1 :]]))

    assert all(one.low <= other.low for one, other in zip(before, after, strict=True))
    assert all(other.high <= one.high for one, other in zip(before, after, strict=True))


@given(some.lists(CHOICES, min_size=47, max_size=47))
def test_every_scored_provision_is_counted_once(statuses):
    shares = profile.shares(assessments(statuses))

    assert sum(one.scored for one in shares) == 47
    assert sum(one.low for one in shares) == statuses.count(Status.DONE)
    assert all(sum(count for _, count in one.statuses) == one.scored for one in shares)


def test_an_empty_register_leaves_every_interval_fully_open():
    for share in an_appraisal().shares:
        assert (share.percent(share.low), share.percent(share.high)) == (0, 100)


def test_what_is_asked_of_the_united_nations_is_not_scored():
    assert {one.pillar: one.scored for one in an_appraisal().shares} == {
        Pillar.PREVENTION: 13,
        Pillar.PROTECTION: 15,
        Pillar.PROSECUTION: 10,
        Pillar.PARTNERSHIP: 5,
        Pillar.TREATIES: 4,
    }


def test_what_does_not_apply_is_not_scored():
    left = assessments([Status.NOT_APPLICABLE, *[Status.NOT_ASSESSED] * 46])

    assert profile.shares(left)[0].scored == 12


@pytest.mark.parametrize("low, high, scored", [(2, 1, 3), (0, 4, 3), (-1, 1, 3)])
def test_a_share_out_of_order_is_refused(low, high, scored):
    with pytest.raises(ValueError, match="need 0"):
        Share(pillar=Pillar.PREVENTION, scored=scored, low=low, high=high, statuses=())


def test_states_are_appraised_in_alphabetical_order_and_not_by_any_figure():
    register = a_register(an_observation("9", state="XC"), an_observation("90000", state="XB"), an_action())
    asked = [state.state(code) for code in ("XC", "XA", "XB")]

    assert [one.state.code for one in assess.states(asked, register=register, today=TODAY)] == [
        "XA",
        "XB",
        "XC",
    ]


def test_a_day_outside_every_cycle_is_refused():
    with pytest.raises(Unknown, match=r"cycles\.toml"):
        assess.cycle(date(1999, 1, 1))
    assert assess.cycle(date(2025, 11, 25)) == "2021-2025"
    assert assess.cycle(date(2025, 11, 26)) == "2025-2029"
