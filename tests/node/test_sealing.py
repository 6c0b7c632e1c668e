"""Sealed parts open at their own place with their own key, and nowhere else."""

import secrets
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.errors import InvalidRecord, Unknown
from palermo.node import keyring, sealing
from palermo.node.sealing import Binding, CannotUnseal, DataKey, Kind

TODAY = date(2026, 3, 1)
RING = keyring.make(keyring.make(keyring.Keyring(), "XA-1", today=TODAY), "XA-2", today=TODAY)
CANARY = "Zephyrine Quillfeather"


def a_binding(**changes: str) -> Binding:
    place = {"model": "part", "field": "body", "case": "C7", "tier": "T3", "agency": "XA-1", "schema": "1.0"}
    return Binding(**place | changes)


@given(st.binary(max_size=2_000))
def test_what_is_sealed_opens_again(plaintext):
    key = DataKey.new()

    sealed = sealing.seal(plaintext, key=key, binding=a_binding())

    assert sealing.unseal(sealed, key=key, binding=a_binding()) == plaintext


@given(st.binary(max_size=254))
def test_short_parts_all_have_one_length_so_that_an_empty_one_does_not_show(plaintext):
    sealed = sealing.seal(plaintext, key=DataKey.new(), binding=a_binding())

    assert len(sealed) == len(sealing.seal(b"", key=DataKey.new(), binding=a_binding()))


def test_the_same_text_sealed_twice_gives_different_bytes():
    key = DataKey.new()

    assert sealing.seal(b"x", key=key, binding=a_binding()) != sealing.seal(
        b"x", key=key, binding=a_binding()
    )


PLACES = {
    "model": "case",
    "field": "note",
    "case": "C8",
    "tier": "T4",
    "agency": "XA-2",
    "schema": "1.1",
}


@pytest.mark.parametrize(("part", "other"), PLACES.items())
def test_a_part_moved_to_another_place_does_not_open(part, other):
    key = DataKey.new()
    sealed = sealing.seal(CANARY.encode(), key=key, binding=a_binding())

    with pytest.raises(CannotUnseal) as refusal:
        sealing.unseal(sealed, key=key, binding=a_binding(**{part: other}))
    assert "Quillfeather" not in str(refusal.value)


@pytest.mark.parametrize(("part", "other"), PLACES.items())
def test_a_wrapped_key_moved_to_another_place_does_not_open(part, other):
    wrapped = sealing.wrap(DataKey.new(), keyring=RING, binding=a_binding())

    with pytest.raises(CannotUnseal):
        sealing.unwrap(wrapped, keyring=RING, binding=a_binding(**{part: other}))


def test_names_that_run_together_are_different_places():
    assert bytes(a_binding(model="ab", field="c")) != bytes(a_binding(model="a", field="bc"))


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_one_changed_byte_anywhere_is_found(place, flip):
    key = DataKey.new()
    sealed = bytearray(sealing.seal(b"a part", key=key, binding=a_binding()))
    sealed[place % len(sealed)] ^= flip

    with pytest.raises(CannotUnseal):
        sealing.unseal(bytes(sealed), key=key, binding=a_binding())


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_one_changed_byte_of_a_wrapped_key_is_found(place, flip):
    wrapped = bytearray(sealing.wrap(DataKey.new(), keyring=RING, binding=a_binding()))
    wrapped[place % len(wrapped)] ^= flip

    with pytest.raises((CannotUnseal, Unknown)):
        sealing.unwrap(bytes(wrapped), keyring=RING, binding=a_binding())


@given(st.binary(max_size=80))
def test_any_other_bytes_are_refused_and_never_crash(junk):
    with pytest.raises(CannotUnseal):
        sealing.unseal(junk, key=DataKey.new(), binding=a_binding())
    with pytest.raises(CannotUnseal):
        sealing.unwrap(junk, keyring=RING, binding=a_binding())


@given(st.integers(min_value=0, max_value=320))
def test_a_part_cut_short_is_refused(length):
    key = DataKey.new()
    sealed = sealing.seal(b"a part", key=key, binding=a_binding())

    with pytest.raises(CannotUnseal):
        sealing.unseal(sealed[: min(length, len(sealed) - 1)], key=key, binding=a_binding())


def test_another_data_key_with_the_same_id_does_not_open():
    key = DataKey.new()
    sealed = sealing.seal(b"a part", key=key, binding=a_binding())

    with pytest.raises(CannotUnseal):
        sealing.unseal(sealed, key=replace(key, secret=secrets.token_bytes(32)), binding=a_binding())


def test_a_wrapped_key_opens_and_names_its_version():
    key = DataKey.new()
    wrapped = sealing.wrap(key, keyring=RING, binding=a_binding())

    assert sealing.unwrap(wrapped, keyring=RING, binding=a_binding()) == key
    assert sealing.version_of(wrapped) == 1


def test_after_a_rotation_old_parts_open_and_rewrapped_ones_outlive_the_old_key():
    key, place = DataKey.new(), a_binding()
    sealed = sealing.seal(b"a part", key=key, binding=place)
    old = sealing.wrap(key, keyring=RING, binding=place)

    rotated = keyring.rotate(RING, "XA-1", today=TODAY)
    new = sealing.rewrap(old, keyring=rotated, binding=place)
    retired = keyring.retire(rotated, "XA-1", 1, today=TODAY)

    assert sealing.unwrap(old, keyring=rotated, binding=place) == key
    assert sealing.version_of(new) == 2
    again = sealing.unwrap(new, keyring=retired, binding=place)
    assert sealing.unseal(sealed, key=again, binding=place) == b"a part"
    with pytest.raises(Unknown, match="version 1"):
        sealing.unwrap(old, keyring=retired, binding=place)


def test_without_its_wrapped_key_a_part_stays_shut():
    key = DataKey.new()
    sealed = sealing.seal(CANARY.encode(), key=key, binding=a_binding())

    assert b"Quillfeather" not in sealed
    for agency in RING.agencies:
        stolen = DataKey(id=key.id, secret=RING.keys(agency).current.secret)
        with pytest.raises(CannotUnseal):
            sealing.unseal(sealed, key=stolen, binding=a_binding())


def test_a_data_key_printed_by_mistake_shows_no_secret():
    key = DataKey.new()

    assert repr(key.secret) not in repr(key)


def blind(value: str, kind: Kind = Kind.NAME, agency: str = "XA-1") -> bytes:
    return sealing.blind(value, keyring=RING, agency=agency, kind=kind)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (Kind.NAME, "Zoë  Straße ", "ZOE\u0308 STRASSE"),
        (Kind.NAME, "\uff21\uff22", "ab"),
        (Kind.PHONE, "+999 (12) 345-67", "00999 12 34567"),
        (Kind.PHONE, "٩٩٩١٢", "999-12"),
        (Kind.EMAIL, " A@Example.test", "a@example.TEST"),
        (Kind.DOCUMENT, "XA-12 345/b", "xa12345B"),
    ],
    ids=["case and form", "wide letters", "phone", "Arabic digits", "e-mail", "document"],
)
def test_two_ways_of_writing_one_value_meet_in_the_index(kind, one, other):
    assert blind(one, kind) == blind(other, kind)
    assert len(blind(one, kind)) == 16


def test_an_index_differs_by_kind_by_agency_and_by_value():
    indexes = {
        blind("12345", Kind.PHONE),
        blind("12345", Kind.DOCUMENT),
        blind("12345", Kind.PHONE, agency="XA-2"),
        blind("12346", Kind.PHONE),
    }

    assert len(indexes) == 4


def test_a_telephone_of_zeros_alone_is_still_a_value():
    assert blind("00", Kind.PHONE) != blind("0", Kind.PHONE)


@pytest.mark.parametrize(("kind", "value"), [(Kind.NAME, " \t"), (Kind.PHONE, "none"), (Kind.DOCUMENT, "--")])
def test_a_blank_has_no_index_because_all_blanks_would_be_one_person(kind, value):
    with pytest.raises(InvalidRecord, match="nothing is left"):
        blind(value, kind)


def test_an_agency_without_keys_can_look_nothing_up():
    with pytest.raises(Unknown, match="XB-9"):
        blind("a name", agency="XB-9")


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_framing_never_joins_two_lists_into_one(one, other):
    assert (sealing.framed(*one) == sealing.framed(*other)) == (one == other)
