"""Tracks, approvals, erasure and emergencies: two people where two are asked for, and events that replay."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from palermo.errors import NotAllowed, Unknown, WrongState
from palermo.node.actions import approval, case, case_event, case_track, emergency, erasure, sealed_part
from palermo.node.models import AuditEvent, Case, EmergencyOpening, Event, SealedPart
from palermo.node.sealing import Kind
from palermo.protection.access import Reason, Role
from palermo.protection.track import NEXT, Step, Track
from tests.node.cases import CANARY, IDENTITY, NOW, WORKER, a_case, an_actor, inside, stand

pytestmark = pytest.mark.django_db

OFFICER = Role.DATA_PROTECTION_OFFICER
AUTHORITY = Role.COMPETENT_AUTHORITY
EVERYTHING = frozenset({WORKER, Role.SUPERVISOR, AUTHORITY})


def step(track: str, to: str) -> Step:
    return Step(track=Track(track), to=to)


def actions() -> list[str]:
    return list(AuditEvent.objects.values_list("action", flat=True))


def at(kept: Case, **states: str) -> Case:
    """The case with its tracks at these states, as if it had come in so."""
    kept.record["case"] |= {name: {"value": to, "state": "answered"} for name, to in states.items()}
    with inside():
        kept.save()
    return kept


class Walks(TestCase):
    @given(st.lists(st.integers(0, 200), max_size=12))
    @settings(max_examples=15, deadline=None)
    def test_replaying_the_events_gives_the_stored_states(self, choices):
        kept = a_case()
        worker = an_actor(WORKER, Role.SUPERVISOR)
        for choice in choices:
            possible = [
                one for one in case_track.next_steps(kept) if case_track.may(worker, kept, one, now=NOW)
            ]
            kept = case_track.move(kept.pk, to=possible[choice % len(possible)], by=worker, now=NOW)

        with inside():
            fresh = Case.objects.get(pk=kept.pk)
            assert case_event.replay(fresh) == case_event.recorded(fresh.record)
        assert fresh.version == 1 + len(choices)


def test_a_step_that_is_not_next_is_refused_with_what_is():
    kept = a_case()

    with pytest.raises(WrongState, match=r"not-next\). Possible now: declined, accepted"):
        case_track.move(kept.pk, to=step("support", "closed"), by=an_actor(Role.SUPERVISOR), now=NOW)


def test_a_child_does_not_withdraw_alone():
    kept = a_case(**{"person.child_flag": "child", "person.age_band": "9-17"})

    assert case_track.against(kept, step("identification", "withdrawn_by_person")) == ("closed-to-children",)


def test_moving_a_case_is_one_event_of_the_case_and_one_of_the_audit():
    kept = a_case()

    case_track.move(kept.pk, to=step("support", "accepted"), by=an_actor(WORKER), now=NOW, why="asked")

    with inside():
        event = Event.objects.filter(case=kept).last()
    assert event.payload == {"track": "support", "to": "accepted", "why": "asked"}
    assert actions() == ["case.store", "case.move"]


@pytest.mark.parametrize(
    "role, to, allowed",
    [
        (WORKER, step("support", "accepted"), True),
        (WORKER, step("identification", "presumed"), True),
        (Role.SUPERVISOR, step("identification", "presumed"), False),
        (WORKER, step("identification", "rg_positive"), False),
        (WORKER, step("support", "closed"), False),
        (Role.SUPERVISOR, step("support", "closed"), True),
        (Role.ANALYST, step("safety", "safe"), False),
    ],
    ids=str,
)
def test_who_may_take_a_step(role, to, allowed):
    assert case_track.may(an_actor(role), a_case(), to, now=NOW).allowed is allowed


def test_a_decision_on_grounds_needs_two_of_the_deciding_body_and_uses_the_approval_up():
    kept = at(a_case(), identification="referred_to_authority")
    stand(kept, "decision_body", "xa-authority")
    first, second = (an_actor(AUTHORITY, name=name, agency="xa-authority") for name in ("ama", "ben"))
    positive = step("identification", "rg_positive")

    with pytest.raises(NotAllowed) as alone:
        case_track.move(kept.pk, to=positive, by=first, now=NOW)
    assert alone.value.reasons == (Reason.SECOND_PERSON,)

    approval.give(kept.pk, step="decide_grounds", by=second, now=NOW)
    kept = case_track.move(kept.pk, to=positive, by=first, now=NOW)

    assert case_event.recorded(kept.record)[Track.IDENTIFICATION] == "rg_positive"
    assert not kept.approvals.filter(used_at=None).exists()


def test_every_step_that_needs_more_than_writing_exists_in_the_tracks():
    known = {Step(track=name, to=to) for name in Track for to in NEXT[name]}

    assert set(case_track.DEEDS) <= known


def test_events_cannot_be_changed_even_by_the_database():
    kept = a_case()

    with pytest.raises(DatabaseError, match="append-only"):
        Event.objects.filter(case=kept).update(kind="other")


# -- approval and erasure ---------------------------------------------------------------------------------


def test_erasing_a_person_needs_two_officers():
    kept = a_case(**IDENTITY)
    one, two = (an_actor(OFFICER, name=name) for name in ("one", "two"))

    with pytest.raises(NotAllowed):
        erasure.erase(kept.pk, by=one, now=NOW)
    approval.give(kept.pk, step="erase", by=one, now=NOW)
    with pytest.raises(NotAllowed):
        erasure.erase(kept.pk, by=one, now=NOW)
    erasure.erase(kept.pk, by=two, now=NOW)

    assert actions()[1:] == ["case.erase.refused", "case.approve", "case.erase.refused", "case.erase"]


def erased() -> Case:
    kept = a_case(**IDENTITY)
    stand(kept, "person", "the-person")
    approval.give(kept.pk, step="erase", by=an_actor(OFFICER, name="one"), now=NOW)
    return erasure.erase(kept.pk, by=an_actor(OFFICER, name="two"), now=NOW)


def test_an_erased_person_has_no_keys_no_tokens_and_no_sign_in():
    kept = erased()

    with inside():
        parts = SealedPart.objects.filter(case=kept)
        assert set(parts.values_list("wrapped_key", "ciphertext")) == {(None, None)}
        assert not kept.blind_tokens.exists()
    assert not kept.standings.exists()
    assert not case.look_up(kind=Kind.NAME, value=CANARY, by=an_actor(WORKER), now=NOW)
    assert sealed_part.unseal(kept, tiers=["T2", "T3"], by=an_actor(WORKER), purpose="support", now=NOW) == {}


def test_nobody_is_erased_twice():
    kept = erased()
    approval.give(kept.pk, step="erase", by=an_actor(OFFICER, name="one"), now=NOW)

    with pytest.raises(WrongState, match="already"):
        erasure.erase(kept.pk, by=an_actor(OFFICER, name="two"), now=NOW)


def test_nothing_is_added_to_an_erased_person():
    kept = erased()

    with pytest.raises(WrongState, match="was erased"):
        case.amend(kept.pk, document=kept.record, version=1, by=an_actor(WORKER), now=NOW)


def test_who_may_not_take_a_step_may_not_approve_it():
    kept = a_case()

    with pytest.raises(NotAllowed):
        approval.give(kept.pk, step="erase", by=an_actor(WORKER), now=NOW)


def test_approving_or_erasing_what_is_not_here_is_unknown():
    with pytest.raises(Unknown):
        approval.give("0" * 27, step="erase", by=an_actor(OFFICER), now=NOW)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.BORDER_OFFICER, Role.ANALYST, WORKER])
def test_who_may_not_know_of_a_case_learns_nothing_from_a_step_on_it(role):
    kept, stranger = a_case(), an_actor(role, name="stranger", agency="xa-police")

    with pytest.raises(Unknown, match="No case by that reference"):
        approval.give(kept.pk, step="erase", by=stranger, now=NOW)
    with pytest.raises(Unknown, match="No case by that reference"):
        erasure.erase(kept.pk, by=stranger, now=NOW)


def test_the_same_approval_given_twice_is_one():
    kept = a_case()
    one = an_actor(OFFICER, name="one")

    assert approval.give(kept.pk, step="erase", by=one, now=NOW) == approval.give(
        kept.pk, step="erase", by=one, now=NOW
    )


def test_a_list_is_taken_out_once_for_each_approval_of_another_supervisor():
    one, two = (an_actor(Role.SUPERVISOR, name=name) for name in ("one", "two"))
    with pytest.raises(NotAllowed):
        approval.take_list(by=one, now=NOW, asked={})

    approval.give_for_list(by=two, now=NOW)
    approval.take_list(by=one, now=NOW, asked={"year": "2026"})

    with pytest.raises(NotAllowed):
        approval.take_list(by=one, now=NOW, asked={})
    assert actions() == ["list.export.refused", "list.approve", "list.export", "list.export.refused"]


def test_one_does_not_approve_ones_own_list():
    one = an_actor(Role.SUPERVISOR, name="one")
    approval.give_for_list(by=one, now=NOW)

    with pytest.raises(NotAllowed):
        approval.take_list(by=one, now=NOW, asked={})


# -- emergencies ------------------------------------------------------------------------------------------


def in_emergency(kept: Case, **more) -> EmergencyOpening:
    return emergency.open(
        kept.pk,
        tiers=["T4"],
        reason="life_in_danger",
        by=an_actor(Role.SUPERVISOR, name="sara"),
        now=more.get("now", NOW),
    )


UNCONSENTED = {key: value for key, value in IDENTITY.items() if not key.startswith("consent")} | {
    "consent[0].purpose": "services",
    "consent[0].basis": "vital_interest",
    "consent[0].basis_reason": "danger",
    "consent[0].given_at": "2026-01-02",
}


def reads_t4(kept: Case, *, now) -> bool:
    sara = an_actor(Role.SUPERVISOR, name="sara")
    try:
        return bool(sealed_part.unseal(kept, tiers=["T4"], by=sara, purpose="support", now=now))
    except NotAllowed:
        return False


def test_an_emergency_opens_at_once_and_lapses_when_nobody_confirms_it():
    kept = a_case(**UNCONSENTED)
    assert not reads_t4(kept, now=NOW)

    in_emergency(kept)

    assert reads_t4(kept, now=NOW + timedelta(hours=23))
    assert not reads_t4(kept, now=NOW + timedelta(hours=25))


def test_a_confirmed_emergency_lasts_to_its_end():
    kept = a_case(**UNCONSENTED)
    opening = in_emergency(kept)
    emergency.answer(opening.pk, confirm=True, by=an_actor(OFFICER), now=NOW + timedelta(hours=1))

    assert reads_t4(kept, now=NOW + timedelta(hours=71))
    assert not reads_t4(kept, now=NOW + timedelta(hours=73))


def test_a_refused_emergency_ends_at_once():
    kept = a_case(**UNCONSENTED)
    opening = in_emergency(kept)
    emergency.answer(opening.pk, confirm=False, by=an_actor(Role.SUPERVISOR, name="otto"), now=NOW)

    assert not reads_t4(kept, now=NOW)
    with inside():
        kinds = list(kept.events.values_list("kind", flat=True))
    assert kinds == ["received", "emergency", "emergency-refuse"]


@pytest.mark.parametrize(
    "roles, name, agency",
    [
        ([Role.SUPERVISOR], "sara", "xa-shelter"),
        ([WORKER], "walt", "xa-shelter"),
    ],
    ids=["the same person", "no overseer"],
)
def test_who_may_not_be_the_second_person(roles, name, agency):
    opening = in_emergency(a_case(**UNCONSENTED))

    with pytest.raises(NotAllowed):
        emergency.answer(opening.pk, confirm=True, by=an_actor(*roles, name=name, agency=agency), now=NOW)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ANALYST, Role.ADMINISTRATOR])
def test_an_emergency_of_another_agency_is_unknown(role):
    opening = in_emergency(a_case(**UNCONSENTED))

    with pytest.raises(Unknown, match="No emergency opening by that number"):
        emergency.answer(opening.pk, confirm=True, by=an_actor(role, name="far", agency="xa-police"), now=NOW)


@pytest.mark.parametrize("later", [timedelta(hours=1), timedelta(hours=24)], ids=["answered", "lapsed"])
def test_an_emergency_is_answered_once_and_in_time(later):
    opening = in_emergency(a_case(**UNCONSENTED))
    if later < timedelta(hours=24):
        emergency.answer(opening.pk, confirm=True, by=an_actor(OFFICER), now=NOW)

    with pytest.raises(WrongState):
        emergency.answer(opening.pk, confirm=False, by=an_actor(OFFICER), now=NOW + later)


def test_an_emergency_is_not_for_what_opens_anyway():
    kept = a_case(**IDENTITY)

    with pytest.raises(WrongState, match="open without an emergency"):
        emergency.open(kept.pk, tiers=["T3"], reason="missing", by=an_actor(WORKER), now=NOW)


def test_an_emergency_does_not_give_what_a_role_never_has():
    kept = a_case(**UNCONSENTED)
    stand(kept, "mandate", "paula")
    prosecutor = an_actor(Role.PROSECUTOR, Role.SUPERVISOR, name="paula")

    with pytest.raises(NotAllowed):
        emergency.open(kept.pk, tiers=["T4"], reason="missing", by=prosecutor, now=NOW, purpose="prosecution")


def test_an_emergency_needs_a_reason_from_the_list():
    with pytest.raises(Unknown, match="life_in_danger"):
        emergency.open(a_case().pk, tiers=["T4"], reason="curious", by=an_actor(WORKER), now=NOW)


def test_an_unknown_emergency_is_unknown():
    with pytest.raises(Unknown):
        emergency.answer(404, confirm=True, by=an_actor(OFFICER), now=NOW)


def test_emergencies_wait_for_those_who_could_answer_them():
    opening = in_emergency(a_case(**UNCONSENTED))

    with inside():
        assert emergency.waiting(by=an_actor(OFFICER), now=NOW) == [opening]
        assert emergency.waiting(by=an_actor(Role.SUPERVISOR, name="sara"), now=NOW) == []
    assert emergency.waiting(by=an_actor(OFFICER), now=NOW + timedelta(hours=25)) == []
