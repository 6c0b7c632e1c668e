"""Keys that sign packs, and what they refuse to be."""

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from palermo.errors import InvalidRecord, Unreachable
from palermo.prevention.release import signature
from tests.prevention.release import packs


def test_a_key_in_a_file_signs_what_its_public_half_proves(tmp_path):
    (tmp_path / "key.pem").write_bytes(packs.a_key())
    key = signature.key(tmp_path / "key.pem")

    told = signature.opened(signature.manifest({"a.txt": b"a"}, key=key))

    assert told["public_key"] == key.public
    assert signature.holds(told)
    assert not signature.holds({**told, "format": "another"})


def test_a_key_shows_its_public_half_alone():
    seed = bytes(range(32))

    assert repr(signature.from_bytes(seed)) == f"Key({signature.from_bytes(seed).public})"


def test_a_pack_without_a_key_says_that_it_is_not_signed():
    told = signature.opened(signature.manifest({}))

    assert (told["public_key"], told["signature"]) == (None, None)


def test_a_key_of_another_kind_is_refused(tmp_path):
    other = generate_private_key(public_exponent=65537, key_size=2048)
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "key.pem").write_bytes(pem)

    with pytest.raises(InvalidRecord, match="no private Ed25519 key"):
        signature.key(tmp_path / "key.pem")


def test_a_text_that_is_no_key_is_refused(tmp_path):
    (tmp_path / "key.pem").write_text("hello", encoding="utf-8")

    with pytest.raises(InvalidRecord, match="no private Ed25519 key"):
        signature.key(tmp_path / "key.pem")


def test_a_key_that_is_not_there_is_said(tmp_path):
    with pytest.raises(Unreachable, match=r"key\.pem"):
        signature.key(tmp_path / "key.pem")
