import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.standards import identifier
from palermo.standards.identifier import ALPHABET, WeakRandomness, canonical, make, verify
from tests.standards.documents import IDENTIFIERS


@given(st.binary(min_size=16, max_size=16))
def test_an_identifier_carries_every_bit_it_was_made_from(drawn):
    made = make(lambda count: drawn[:count])
    number = sum(ALPHABET.index(each) << 5 * place for place, each in enumerate(reversed(made[:-1])))

    assert number.to_bytes(16, "big") == drawn
    assert verify(made)


@given(IDENTIFIERS, st.integers(0, 26), st.sampled_from(ALPHABET))
def test_any_one_wrong_character_shows(made, place, other):
    slipped = made[:place] + other + made[place + 1 :]

    assert verify(slipped) is (slipped == made)


@given(IDENTIFIERS, st.integers(0, 25), st.integers(0, 25))
def test_any_two_characters_swapped_show(made, left, right):
    letters = list(made)
    letters[left], letters[right] = letters[right], letters[left]

    assert verify("".join(letters)) is ("".join(letters) == made)


@pytest.mark.parametrize("given", ["", "0" * 26, "0" * 28, "U" * 27, "amina", "0" * 26 + "é"])
def test_another_text_is_no_identifier(given):
    assert not verify(given)


def test_what_a_person_types_is_read_kindly():
    assert canonical("o1il-0abc d") == "01110ABCD"


def test_a_source_that_gives_too_little_is_refused():
    with pytest.raises(WeakRandomness, match="16 random bytes, got 4"):
        make(lambda count: b"1234")


def test_two_identifiers_differ():
    assert len({make(secrets.token_bytes) for _ in range(100)}) == 100


def test_the_weights_differ_so_that_swaps_show():
    assert len(set(identifier._WEIGHTS)) == identifier.LENGTH - 1
