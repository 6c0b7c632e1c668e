"""`palermo keys`, from the first key of an agency to a backup put back on an empty machine."""

import json
from datetime import UTC

import pytest
from typer.testing import CliRunner

from palermo.cli.keys import app
from palermo.errors import NotAllowed, Unknown, WrongState
from palermo.node import keyfile


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    for name in ("PALERMO_KEYRING_PASSPHRASE_FILE", "PALERMO_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PALERMO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PALERMO_KEYRING", str(tmp_path / "keyring.json"))
    monkeypatch.setenv("PALERMO_KEYRING_PASSPHRASE", "made up words")
    monkeypatch.setattr(keyfile, "COST", {"iterations": 1, "lanes": 1, "memory_cost": 64})
    return tmp_path


@pytest.fixture
def private(home):
    path = home / "passphrase.txt"
    path.write_text("backup words\n")
    path.chmod(0o600)
    return path


@pytest.fixture
def database(home, monkeypatch):
    """A node database that is there, and an action that says which agencies it was asked to wrap anew."""
    asked = []

    def rewrap(*, agency, by, now):
        asked.append((agency, by.name, now.tzinfo))
        return 7

    (home / "home").mkdir()
    (home / "home" / "node.sqlite3").touch()
    monkeypatch.setattr("palermo.node.actions.key.rewrap", rewrap)
    return asked


def keys(*arguments, code=0, **options):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], **options)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.output


def test_make_prints_no_key_and_list_shows_it(home):
    assert keys("make", "XA-1") == "XA-1: key version 1 made.\n"

    ring = keyfile.load(home / "keyring.json", passphrase="made up words")
    listed = keys("list")
    assert ring.keys("XA-1").current.fingerprint in listed
    assert ring.keys("XA-1").current.secret.hex() not in listed


def test_json_is_for_machines():
    made = json.loads(keys("make", "XA-1", "--json"))
    listed = json.loads(keys("list", "--json"))

    assert listed == {"agencies": [made]}
    assert [version["number"] for version in made["versions"]] == [1]


def test_a_second_first_key_is_refused():
    keys("make", "XA-1")

    with pytest.raises(WrongState, match="palermo keys rotate XA-1"):
        keys("make", "XA-1")


def test_rotate_without_a_database_says_so():
    keys("make", "XA-1")

    assert "version 2 made; no database" in keys("rotate", "XA-1")
    assert json.loads(keys("rotate", "XA-1", "--json"))["rewrapped"] is None


def test_rotate_with_a_database_wraps_its_data_keys_anew(database):
    keys("make", "XA-1")

    assert "7 data keys wrapped anew" in keys("rotate", "XA-1")
    assert database == [("XA-1", "operator", UTC)]


def test_retire_asks_and_wraps_anew_before_it_destroys(database):
    keys("make", "XA-1")
    keys("rotate", "XA-1")

    keys("retire", "XA-1", "1", input="n\n", code=1)
    assert "retired" not in keys("list")
    keys("retire", "XA-1", "1", input="y\n")
    assert "version 1  made" in keys("list")
    assert "retired" in keys("list")
    assert [asked[0] for asked in database] == ["XA-1", "XA-1"]


def test_retire_is_refused_where_no_database_shows_that_nothing_is_left():
    keys("make", "XA-1")
    keys("rotate", "XA-1")

    with pytest.raises(NotAllowed, match="Nothing was done"):
        keys("retire", "XA-1", "1", "--yes")
    assert "retired" not in keys("list")


def test_a_postgresql_node_counts_as_a_database(monkeypatch, database):
    monkeypatch.setenv("PALERMO_DATABASE_URL", "postgresql://node@127.0.0.1/none")
    keys("make", "XA-1")

    assert "7 data keys" in keys("rotate", "XA-1")


def test_an_empty_keyring_file_lists_plainly(home):
    keyfile.save(keyfile.Keyring(), home / "keyring.json", passphrase="made up words")

    assert keys("list") == "No agency has a key yet.\n"


def test_a_backup_goes_to_an_empty_machine_and_back(home, private, monkeypatch):
    keys("make", "XA-1")
    copy = home / "copy.json"
    assert "written, locked" in keys("backup", copy, "--passphrase-file", private)
    before = keyfile.load(home / "keyring.json", passphrase="made up words")

    monkeypatch.setenv("PALERMO_KEYRING", str(home / "other" / "keyring.json"))
    assert "restored, 1 agencies" in keys("restore", copy, "--passphrase-file", private)

    assert keyfile.load(home / "other" / "keyring.json", passphrase="made up words") == before


def test_the_passphrase_of_a_backup_is_asked_for_twice_and_never_shown(home):
    keys("make", "XA-1")

    printed = keys("backup", home / "copy.json", input="some words\nsome words\n")

    assert "some words" not in printed
    assert keyfile.load(home / "copy.json", passphrase="some words").agencies


def test_a_passphrase_file_that_others_can_read_is_refused(home, private):
    keys("make", "XA-1")
    private.chmod(0o644)

    with pytest.raises(NotAllowed, match="chmod 600"):
        keys("backup", home / "copy.json", "--passphrase-file", private)


def test_check_is_content_with_a_locked_keyring_and_not_with_an_open_one(home, monkeypatch):
    keys("make", "XA-1")
    assert keys("check") == "The keyring is in order.\n"

    monkeypatch.delenv("PALERMO_KEYRING_PASSPHRASE")
    keyfile.save(
        keyfile.load(home / "keyring.json", passphrase="made up words"),
        home / "keyring.json",
        passphrase=None,
    )
    assert "no passphrase" in keys("check", code=1)
    assert json.loads(keys("check", "--json", code=1))["faults"]


def test_without_a_keyring_the_first_step_is_told():
    with pytest.raises(Unknown, match="palermo keys make AGENCY"):
        keys("list")


@pytest.mark.parametrize("verb", ["make", "rotate", "retire", "list", "backup", "restore", "check"])
def test_every_verb_has_an_example(verb):
    assert f"Example: palermo keys {verb}" in " ".join(keys(verb, "--help").split())
