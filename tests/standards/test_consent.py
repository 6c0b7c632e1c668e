from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.standards.answer import answered
from palermo.standards.consent import covers, live
from palermo.standards.field import fields

TODAY = date(2026, 11, 21)
GIVEN = {"purpose": answered("services"), "given": True, "given_at": "2026-01-01"}
VITAL = {
    "purpose": answered("services"),
    "basis": answered("vital_interest"),
    "basis_reason": "made up",
    "given_at": "2026-11-20",
}


@pytest.mark.parametrize(
    "change, holds",
    [
        ({}, True),
        ({"given": False}, False),
        ({"given": {"value": None, "state": "declined"}}, False),
        ({"purpose": answered("share")}, False),
        ({"basis": answered("consent")}, True),
        ({"basis": answered("legal_duty")}, False),  # a duty is not a consent
        ({"given_at": "2026-11-21"}, True),
        ({"given_at": "2026-11-22"}, False),
        ({"given_at": "2026-11"}, True),  # may have been given before today
        ({"expires_at": "2026-11-21"}, True),
        ({"expires_at": "2026-11-20"}, False),
        ({"withdrawn_at": "2026-11-21"}, False),
        ({"withdrawn_at": "2026-11-22"}, True),
        ({"withdrawn_at": "XXXX"}, False),  # withdrawn, nobody knows when
    ],
)
def test_an_entry_stands_today(change, holds):
    assert live({**GIVEN, **change}, purpose="services", today=TODAY) is holds


@pytest.mark.parametrize("missing", ["basis_reason", "given_at"])
def test_a_vital_interest_must_be_logged(missing):
    assert live(VITAL, purpose="services", today=TODAY)
    assert not live({**VITAL, missing: None}, purpose="services", today=TODAY)


def test_without_today_only_a_withdrawal_ends_it():
    assert live({**GIVEN, "expires_at": "1999"}, purpose="services", today=None)
    assert not live({**GIVEN, "withdrawn_at": "2999"}, purpose="services", today=None)


SCOPES = st.lists(
    st.sampled_from(["T1", "T2", "T3", "T4", "person", "person.names", "event.street"]), max_size=4
)


def reach(tokens):
    """Slow and obvious: the fields that a scope lets through."""
    return {
        each.path
        for each in fields()
        for token in tokens
        if token == each.tier or f"{each.path.replace('[]', '')}.".startswith(f"{token}.")
    }


@given(SCOPES, st.sampled_from(["T2", "person.names", "person.sex", "event.street", "person.names.given"]))
def test_a_scope_covers_what_it_lets_through(allowed, asked):
    entry = {"recipient": "B-1", "scope": allowed}

    assert covers(entry, recipient="b-1", scope=[asked]) == (reach([asked]) <= reach(allowed))


@pytest.mark.parametrize(
    "recipient, scope",
    [("B-2", ["T1"]), (None, ["T1"]), ("B-1", []), ("B-1", ["no.such.field"]), ("B-1", ["T1", "T3"])],
)
def test_what_is_not_named_is_not_covered(recipient, scope):
    assert not covers({"recipient": "B-1", "scope": ["T1", "T2"]}, recipient=recipient, scope=scope)
