"""Two who agree confirm; nobody confirms alone, twice, or against another."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.appraisal.statement.claim import Actor, Kind, Standing
from palermo.appraisal.statement.reading import Reading, against, outcome


def a_reading(by="ada", provisions=("GPA-P04",), *, kind=Kind.DONE, actor=Actor.STATE, because=""):
    return Reading(by=by, provisions=tuple(provisions), kind=kind, actor=actor, because=because)


def a_refusal(by="ada", because="general"):
    return a_reading(by=by, provisions=(), because=because)


@pytest.mark.parametrize(
    ("readings", "standing", "provisions"),
    [
        pytest.param([], Standing.PROPOSED, (), id="nobody has read it"),
        pytest.param([a_reading()], Standing.ONCE, ("GPA-P04",), id="one person"),
        pytest.param([a_reading(), a_reading("ben")], Standing.CONFIRMED, ("GPA-P04",), id="two agree"),
        pytest.param([a_refusal()], Standing.REFUSED, (), id="the first refuses"),
        pytest.param([a_reading(), a_refusal("ben")], Standing.CONFLICT, (), id="the second refuses"),
        pytest.param(
            [a_reading(), a_refusal("ben"), a_refusal("cy")], Standing.REFUSED, (), id="the third refuses too"
        ),
        pytest.param(
            [a_reading(), a_refusal("ben"), a_reading("cy")],
            Standing.CONFIRMED,
            ("GPA-P04",),
            id="the third agrees with the first",
        ),
        pytest.param(
            [a_reading(), a_reading("ben", kind=Kind.PROMISED)], Standing.CONFLICT, (), id="another kind"
        ),
        pytest.param(
            [a_reading(), a_reading("ben", actor=Actor.EVERYONE)], Standing.CONFLICT, (), id="another actor"
        ),
        pytest.param(
            [a_reading(provisions=("GPA-P04", "GPA-R04")), a_reading("ben", provisions=("GPA-R04",))],
            Standing.CONFIRMED,
            ("GPA-R04",),
            id="what both named is confirmed, and no more",
        ),
        pytest.param(
            [a_reading(), a_reading("ben", provisions=("GPA-R04",))],
            Standing.CONFLICT,
            (),
            id="other provisions",
        ),
    ],
)
def test_readings_lead_to(readings, standing, provisions):
    after = outcome(readings)

    assert (after.standing, after.provisions) == (standing, provisions)


def test_a_confirmation_names_the_two_who_agreed():
    after = outcome([a_reading("ada"), a_refusal("ben"), a_reading("cy")])

    assert after.confirmed_by == ("ada", "cy")


def test_one_person_reading_twice_confirms_nothing():
    assert outcome([a_reading("ada"), a_reading("ada")]).standing is not Standing.CONFIRMED


@pytest.mark.parametrize(
    ("new", "earlier", "says"),
    [
        pytest.param(a_reading("ada"), [a_reading("ada")], "nobody confirms their own", id="own reading"),
        pytest.param(a_reading("cy"), [a_reading(), a_reading("ben")], "is settled", id="settled"),
        pytest.param(a_reading(provisions=("GPA-X99",)), [], "not a provision", id="unknown provision"),
        pytest.param(a_refusal(because=" "), [], "needs its reason", id="no reason"),
        pytest.param(a_refusal(because="x" * 201), [], "longer than 200", id="long reason"),
    ],
)
def test_a_reading_is_refused_with_its_reason(new, earlier, says):
    problems = against(new, earlier=earlier)

    assert any(says in problem.wrong for problem in problems)
    assert all(problem.wrong_fr and problem.remedy_fr for problem in problems)


def test_a_second_reading_by_another_person_is_taken():
    assert against(a_reading("ben"), earlier=[a_reading("ada")]) == ()


PEOPLE = ("ada", "ben", "cy", "dee")
SOME = st.lists(st.sampled_from(["GPA-P04", "GPA-R04", "GPA-J01"]), max_size=2, unique=True)


@st.composite
def several(draw):
    people = draw(st.lists(st.sampled_from(PEOPLE), unique=True, max_size=4))
    return [
        a_reading(
            by,
            provisions=draw(SOME),
            kind=draw(st.sampled_from([Kind.DONE, Kind.URGED])),
            actor=draw(st.sampled_from([Actor.STATE, Actor.EVERYONE])),
            because="general",
        )
        for by in people
    ]


@given(several())
def test_what_is_confirmed_was_named_alike_by_two_people(readings):
    """The slow twin: look at every pair."""
    pairs = {
        frozenset(set(one.provisions) & set(other.provisions))
        for one, other in permutations(readings, 2)
        if (one.actor, one.kind) == (other.actor, other.kind)
    } - {frozenset()}

    after = outcome(readings)

    assert (after.standing is Standing.CONFIRMED) == bool(pairs)
    assert frozenset(after.provisions) in pairs or after.standing is not Standing.CONFIRMED


@given(several())
def test_a_machine_or_a_single_person_never_confirms(readings):
    assert len(readings) > 1 or outcome(readings).standing is not Standing.CONFIRMED
