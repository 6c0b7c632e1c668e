"""The keyring's file: private, whole, locked, and never replaced by something poorer."""

import json
import multiprocessing
import os
import stat
from datetime import date
from functools import partial

import pytest

from palermo.errors import NotAllowed, Unknown, Unreachable, WrongState
from palermo.node import keyfile, keyring
from palermo.node.environment import environment

TODAY = date(2026, 3, 1)


@pytest.fixture(autouse=True)
def cheap_locks(monkeypatch):
    monkeypatch.setattr(keyfile, "COST", {"iterations": 1, "lanes": 1, "memory_cost": 64})
    for name in ("PALERMO_KEYRING", "PALERMO_KEYRING_PASSPHRASE", "PALERMO_KEYRING_PASSPHRASE_FILE"):
        monkeypatch.delenv(name, raising=False)


def a_keyring(*agencies: str) -> keyring.Keyring:
    made = keyring.Keyring()
    for agency in agencies or ("XA-1",):
        made = keyring.make(made, agency, today=TODAY)
    return made


@pytest.mark.parametrize("passphrase", [None, "made up words"])
def test_a_keyring_comes_back_from_its_file_as_it_was(tmp_path, passphrase):
    path = tmp_path / "keyring.json"
    ring = keyring.rotate(a_keyring("XA-1", "XA-2"), "XA-2", today=TODAY)
    ring = keyring.retire(ring, "XA-2", 1, today=TODAY)

    keyfile.save(ring, path, passphrase=passphrase)

    assert keyfile.load(path, passphrase=passphrase) == ring


def test_the_file_is_private_from_its_first_byte(tmp_path):
    path = tmp_path / "keyring.json"
    old = os.umask(0)
    try:
        keyfile.save(a_keyring(), path)
    finally:
        os.umask(old)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["keyring.json"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o660])
def test_a_file_that_others_can_reach_is_refused(tmp_path, mode):
    path = tmp_path / "keyring.json"
    keyfile.save(a_keyring(), path)
    path.chmod(mode)

    with pytest.raises(NotAllowed, match="chmod 600"):
        keyfile.load(path)


def test_a_locked_file_holds_no_agency_and_no_key_in_clear(tmp_path):
    path = tmp_path / "keyring.json"
    keyfile.save(a_keyring("XA-SHELTER"), path, passphrase="made up words")

    assert "XA-SHELTER" not in path.read_text()
    assert set(json.loads(path.read_text())) == {"format", "version", "lock", "nonce", "sealed"}


@pytest.mark.parametrize(("given", "reason"), [(None, "is locked"), ("wrong words", "passphrase is wrong")])
def test_a_locked_file_opens_only_with_its_passphrase(tmp_path, given, reason):
    path = tmp_path / "keyring.json"
    keyfile.save(a_keyring(), path, passphrase="made up words")

    with pytest.raises(NotAllowed, match=reason) as refusal:
        keyfile.load(path, passphrase=given)
    assert "words" not in str(refusal.value)


def test_a_lock_made_cheaper_by_someone_else_is_found(tmp_path):
    path = tmp_path / "keyring.json"
    keyfile.save(a_keyring(), path, passphrase="made up words")
    document = json.loads(path.read_text())
    document["lock"]["iterations"] = 2
    path.write_text(json.dumps(document))

    with pytest.raises(NotAllowed, match="or the file was altered"):
        keyfile.load(path, passphrase="made up words")


@pytest.mark.parametrize(
    "change",
    [
        {"iterations": 10**9},
        {"memory_cost": 10**12},
        {"lanes": 0},
        {"kdf": "md5"},
        {"salt": "not base64!"},
    ],
    ids=str,
)
def test_a_lock_that_would_exhaust_the_machine_is_refused_unread(tmp_path, change):
    path = tmp_path / "keyring.json"
    keyfile.save(a_keyring(), path, passphrase="made up words")
    document = json.loads(path.read_text())
    document["lock"].update(change)
    path.write_text(json.dumps(document))

    with pytest.raises(WrongState, match="not a whole keyring file"):
        keyfile.load(path, passphrase="made up words")


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"format": "palermo-keyring", "version": 1}', '{"version": 1}'],
)
def test_a_damaged_file_is_named_and_never_half_read(tmp_path, text):
    path = tmp_path / "keyring.json"
    path.write_text(text)
    path.chmod(0o600)

    with pytest.raises(WrongState, match="keyring"):
        keyfile.load(path)


def test_a_file_of_another_version_is_refused(tmp_path):
    path = tmp_path / "keyring.json"
    keyfile.save(a_keyring(), path)
    document = json.loads(path.read_text())
    document["version"] = 2
    path.write_text(json.dumps(document))

    with pytest.raises(WrongState, match="not a keyring that this version"):
        keyfile.load(path)


def test_a_key_of_the_wrong_length_is_refused(tmp_path):
    path = tmp_path / "keyring.json"
    keyfile.save(a_keyring(), path)
    document = json.loads(path.read_text())
    document["signing"] = "AAAA"
    path.write_text(json.dumps(document))

    with pytest.raises(WrongState, match="not a whole keyring file"):
        keyfile.load(path)


def test_a_missing_file_says_how_to_make_one(tmp_path):
    with pytest.raises(Unknown, match="palermo keys make"):
        keyfile.load(tmp_path / "none.json")


def test_a_folder_in_place_of_the_file_is_a_plain_refusal(tmp_path):
    with pytest.raises(Unreachable, match="cannot be read"):
        keyfile.load(tmp_path)


def test_a_write_that_fails_leaves_the_old_file_and_no_draft(tmp_path, monkeypatch):
    path = tmp_path / "keyring.json"
    ring = a_keyring()
    keyfile.save(ring, path)

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unreachable, match="Nothing was changed"):
        keyfile.save(a_keyring("XA-2"), path)

    assert keyfile.load(path) == ring
    assert [entry.name for entry in tmp_path.iterdir()] == ["keyring.json"]


def test_change_makes_the_first_file_and_its_folder(tmp_path):
    path = tmp_path / "new" / "keyring.json"
    keyfile.change(path, partial(keyring.make, agency="XA-1", today=TODAY))

    assert list(keyfile.load(path).agencies) == ["XA-1"]


def _make(path, number):
    keyfile.change(path, lambda ring: keyring.make(ring, f"XA-{number}", today=TODAY))


def test_keys_made_at_the_same_moment_by_several_commands_are_all_kept(tmp_path):
    path = tmp_path / "keyring.json"
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_make, args=(path, number)) for number in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(keyfile.load(path).agencies) == [f"XA-{number}" for number in range(6)]


def test_the_passphrase_comes_from_the_environment_or_from_a_private_file(tmp_path, monkeypatch):
    assert keyfile.passphrase() is None

    file = tmp_path / "passphrase"
    file.write_text("from a file\r\nsecond line")
    file.chmod(0o600)
    monkeypatch.setenv("PALERMO_KEYRING_PASSPHRASE_FILE", str(file))
    assert keyfile.passphrase() == "from a file"

    monkeypatch.setenv("PALERMO_KEYRING_PASSPHRASE", "direct")
    assert keyfile.passphrase() == "direct"


def test_the_keyring_lies_where_the_node_looks_for_it(tmp_path, monkeypatch):
    monkeypatch.setenv("PALERMO_HOME", str(tmp_path))
    assert keyfile.place() == environment({"PALERMO_HOME": str(tmp_path)}).keyring

    monkeypatch.setenv("PALERMO_KEYRING", str(tmp_path / "elsewhere.json"))
    assert keyfile.place() == tmp_path / "elsewhere.json"


def test_the_process_sees_a_key_rotated_by_another_command(tmp_path, monkeypatch):
    path = tmp_path / "keyring.json"
    monkeypatch.setenv("PALERMO_KEYRING", str(path))
    with pytest.raises(Unknown, match="palermo keys make"):
        keyfile.current()
    keyfile.change(path, lambda ring: keyring.make(ring, "XA-1", today=TODAY))
    first = keyfile.current()

    assert keyfile.current() is first
    keyfile.change(path, lambda ring: keyring.rotate(ring, "XA-1", today=TODAY))
    assert keyfile.current().keys("XA-1").current.number == 2


def test_a_backup_is_always_locked_and_replaces_nothing(tmp_path):
    copy = tmp_path / "copy.json"
    with pytest.raises(NotAllowed, match="always locked"):
        keyfile.backup(a_keyring(), copy, passphrase=None)

    keyfile.backup(a_keyring(), copy, passphrase="made up words")
    with pytest.raises(WrongState, match="never replaces"):
        keyfile.backup(a_keyring(), copy, passphrase="made up words")


def test_a_backup_restores_to_an_empty_machine(tmp_path):
    ring, copy, path = a_keyring(), tmp_path / "copy.json", tmp_path / "keyring.json"
    keyfile.backup(ring, copy, passphrase="copy words")

    keyfile.restore(copy, path, copy_passphrase="copy words", passphrase="own words")

    assert keyfile.load(path, passphrase="own words") == ring


def test_a_backup_that_lacks_a_present_key_is_not_restored(tmp_path):
    ring, copy, path = a_keyring(), tmp_path / "copy.json", tmp_path / "keyring.json"
    keyfile.backup(ring, copy, passphrase="copy words")
    newer = keyring.rotate(ring, "XA-1", today=TODAY)
    keyfile.save(newer, path)

    with pytest.raises(WrongState, match="XA-1/2"):
        keyfile.restore(copy, path, copy_passphrase="copy words", passphrase=None)
    assert keyfile.load(path) == newer
