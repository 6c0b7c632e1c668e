"""Keys of agencies as a value: made, rotated, retired, and never shown."""

from datetime import date

import pytest

from palermo.errors import Unknown, WrongState
from palermo.node import keyring

TODAY = date(2026, 3, 1)


def a_keyring(*agencies: str) -> keyring.Keyring:
    made = keyring.Keyring()
    for agency in agencies:
        made = keyring.make(made, agency, today=TODAY)
    return made


def test_an_agency_starts_with_version_one_and_a_key_of_256_bits():
    made = a_keyring("XA-SHELTER").keys("XA-SHELTER")

    assert [version.number for version in made.versions] == [1]
    assert len(made.current.secret) == len(made.index) == 32
    assert made.current.made_on == TODAY


def test_two_agencies_share_no_key():
    made = a_keyring("XA-1", "XA-2")

    assert made.keys("XA-1").current.secret != made.keys("XA-2").current.secret
    assert made.keys("XA-1").index != made.keys("XA-2").index


def test_an_agency_cannot_be_made_twice():
    with pytest.raises(WrongState, match="palermo keys rotate XA-1"):
        keyring.make(a_keyring("XA-1"), "XA-1", today=TODAY)


@pytest.mark.parametrize("code", ["", "-XA", "XA/../1", "a b", "x" * 65, "XA\n"])
def test_a_code_that_could_be_a_path_or_a_line_is_refused(code):
    with pytest.raises(WrongState, match="1 to 64 letters"):
        keyring.make(keyring.Keyring(), code, today=TODAY)


def test_a_rotated_key_is_newer_and_the_old_one_still_opens():
    before = a_keyring("XA-1")
    after = keyring.rotate(before, "XA-1", today=date(2027, 1, 1))

    assert after.keys("XA-1").current.number == 2
    assert after.secret("XA-1", 1) == before.secret("XA-1", 1)
    assert after.keys("XA-1").index == before.keys("XA-1").index


def test_rotating_an_agency_that_has_no_key_says_how_to_make_one():
    with pytest.raises(Unknown, match="palermo keys make XB"):
        keyring.rotate(keyring.Keyring(), "XB", today=TODAY)


def test_a_retired_version_keeps_its_dates_and_loses_its_secret():
    rotated = keyring.rotate(a_keyring("XA-1"), "XA-1", today=TODAY)
    retired = keyring.retire(rotated, "XA-1", 1, today=date(2027, 1, 1))

    old = retired.keys("XA-1").versions[0]
    assert (old.secret, old.fingerprint, old.retired_on) == (None, "", date(2027, 1, 1))
    with pytest.raises(Unknown, match="no usable key version 1"):
        retired.secret("XA-1", 1)


def test_the_version_in_use_cannot_be_retired():
    with pytest.raises(WrongState, match="Rotate first"):
        keyring.retire(a_keyring("XA-1"), "XA-1", 1, today=TODAY)


def test_a_version_cannot_be_retired_twice():
    rotated = keyring.rotate(a_keyring("XA-1"), "XA-1", today=TODAY)
    retired = keyring.retire(rotated, "XA-1", 1, today=TODAY)

    with pytest.raises(Unknown, match="no usable key version 1"):
        keyring.retire(retired, "XA-1", 1, today=TODAY)


def test_no_secret_shows_in_a_keyring_printed_by_mistake():
    made = a_keyring("XA-1")
    shown = repr(made)

    for secret in (made.signing, made.keys("XA-1").index, made.keys("XA-1").current.secret):
        assert repr(secret) not in shown
        assert secret.hex() not in shown


def test_replacing_a_keyring_by_an_older_one_names_what_would_be_lost():
    older = a_keyring("XA-1")
    newer = keyring.make(keyring.rotate(older, "XA-1", today=TODAY), "XA-2", today=TODAY)

    assert keyring.lost(newer, older) == ("XA-1/2", "XA-2/1")
    assert keyring.lost(older, newer) == ()


def test_a_keyring_of_the_same_names_with_other_keys_counts_as_lost():
    assert keyring.lost(a_keyring("XA-1"), a_keyring("XA-1")) == ("linkage", "XA-1/1")


def test_faults_name_a_missing_passphrase_an_empty_ring_and_a_shared_key():
    ring = a_keyring("XA-1")
    shared = keyring.Keyring(agencies={"XA-1": ring.keys("XA-1"), "XA-2": ring.keys("XA-1")})

    assert keyring.faults(ring, passphrase="made up") == ()
    assert "passphrase" in keyring.faults(ring, passphrase=None)[0]
    assert "No agency" in keyring.faults(keyring.Keyring(), passphrase="made up")[0]
    assert "share a key" in keyring.faults(shared, passphrase="made up")[0]


def test_no_change_of_an_agency_changes_the_key_that_links_agencies():
    first = a_keyring("XA-1")
    later = keyring.retire(keyring.rotate(first, "XA-1", today=TODAY), "XA-1", 1, today=TODAY)

    assert keyring.make(later, "XA-2", today=TODAY).linkage == first.linkage
    assert len(first.linkage) == 32
    assert repr(first.linkage) not in repr(first)


def test_a_keyring_without_agencies_has_no_linkage_to_lose():
    assert keyring.lost(keyring.Keyring(), keyring.Keyring()) == ()
