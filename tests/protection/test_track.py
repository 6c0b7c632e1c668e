"""The three tracks: their table is closed, every state is reached, and replay equals the last step."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.protection import track
from palermo.protection.track import Step, Track

STATES = [(name, state) for name in Track for state in track.NEXT[name]]


@pytest.mark.parametrize("name", Track)
def test_every_next_state_is_a_state_of_the_same_track(name):
    named = {to for following in track.NEXT[name].values() for to in following}

    assert named <= set(track.NEXT[name])


@pytest.mark.parametrize("name", Track)
def test_every_state_is_reached_from_the_beginning(name):
    reached, waiting = set(), [track.BEGINNING[name]]
    while waiting:
        state = waiting.pop()
        reached.add(state)
        waiting.extend(set(track.NEXT[name][state]) - reached)

    assert reached == set(track.NEXT[name])


@pytest.mark.parametrize(
    "state, to, child, reasons",
    [
        ("presumed", "notified_only", False, ()),
        ("presumed", "notified_only", True, ("closed-to-children",)),
        ("received", "recognised", False, ("not-next",)),
        ("received", "rescued", False, ("unknown-state",)),
        ("settled", "withdrawn_by_person", True, ("not-next", "closed-to-children")),
    ],
)
def test_the_reasons_against_a_step_of_identification(state, to, child, reasons):
    assert track.against(Track.IDENTIFICATION, state=state, to=to, child=child) == reasons


def test_support_needs_no_outcome_of_identification():
    assert track.against(Track.SUPPORT, state="offered", to="accepted", child=False) == ()
    assert "recognised" not in {to for following in track.NEXT[Track.SUPPORT].values() for to in following}


@given(st.lists(st.sampled_from(STATES)))
def test_the_fold_is_the_last_step_of_each_track(pairs):
    steps = [Step(track=name, to=state) for name, state in pairs]

    states = track.fold(steps)

    for name in Track:
        own = [state for step_track, state in pairs if step_track is name]
        assert states[name] == (own[-1] if own else track.BEGINNING[name])
