"""States: 193 members, found by code or name; former States and others are never taken for one."""

import pytest

from palermo.appraisal import state
from palermo.errors import Unknown


def test_there_are_193_members_each_with_three_names_and_its_own_codes():
    states = list(state.states().values())

    assert len(states) == 193
    assert len({one.iso2 for one in states}) == 193
    assert all(one.name.en and one.name.fr and one.name_ar for one in states)
    assert len({one.region for one in states}) == 5


@pytest.mark.parametrize("given", ["PAK", "pak", "PK", "Pakistan", " pakistan "])
def test_a_state_is_found_by_code_or_name(given):
    assert state.state(given).code == "PAK"


def test_a_french_name_is_found_too():
    assert state.state("Côte d’Ivoire").code == "CIV"
    assert state.state("allemagne").code == "DEU"


@pytest.mark.parametrize(
    "given, advice",
    [
        ("Pakstan", "mean PAK"),
        ("KAX", "KAZ"),
        ("Kazakstan", r"mean KAZ \(Kazakhstan\)"),
        ("Corée", "mean KOR .* or PRK"),
        ("Royaume", "GBR"),
        ("ABW", "no member of the United Nations"),
        ("Hong Kong", "no member of the United Nations"),
    ],
)
def test_an_unknown_state_is_answered_with_the_nearest(given, advice):
    with pytest.raises(Unknown, match=advice):
        state.state(given)


def test_a_name_like_no_other_is_answered_with_an_example():
    with pytest.raises(Unknown, match="such as PAK"):
        state.state("0123456789")


def test_a_former_state_is_refused_with_its_end_and_what_followed():
    with pytest.raises(Unknown, match=r"ended on 1992-12-31\. Appraise CZE or SVK"):
        state.state("Czechoslovakia")


def test_former_states_and_others_are_no_states_and_their_successors_are():
    assert not set(state.former_states()) & set(state.states())
    assert not set(state.others()) & set(state.states())
    assert all(code in state.states() for one in state.former_states().values() for code in one.successors)


def test_a_made_up_country_says_that_it_is_made_up():
    assert state.state("xa").made_up
    assert "made up" in state.state("XA").name.en
    assert state.is_state("XA")
    assert not state.is_state("XKX")
