"""`palermo doctor`: each finding both ways, and the exit code."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from palermo.cli import doctor
from palermo.cli.doctor import Finding, State


def one(findings, name):
    return next(finding for finding in findings if finding.name == name)


def chosen_in(folder):
    from palermo.node.environment import environment

    return environment({"PALERMO_HOME": str(folder), "PALERMO_SECRET_KEY": "x"})


def asked(folder, *arguments, **variables):
    """The real command in a folder of its own."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PALERMO_")}
    return subprocess.run(
        [sys.executable, "-c", "from palermo.cli.main import run; run()", "doctor", *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        env=clean | variables,
        check=False,
    )


def test_an_empty_folder_is_told_what_to_do_and_is_left_empty(tmp_path):
    ended = asked(tmp_path)

    assert ended.returncode == 1
    assert "missing  Database" in ended.stdout
    assert "Run palermo node migrate." in ended.stdout
    assert list(tmp_path.iterdir()) == []


def test_json_carries_the_same_findings(tmp_path):
    findings = json.loads(asked(tmp_path, "--json").stdout)

    assert one([Finding(**finding) for finding in findings], "Keyring").state == "missing"
    assert {"name", "state", "found", "remedy"} == set(findings[0])


def test_a_wrong_setting_is_named_and_the_rest_is_left_out(tmp_path):
    ended = asked(tmp_path, PALERMO_DATABASE_URL="oracle://x/y")

    assert ended.returncode == 1
    assert "PALERMO_DATABASE_URL" in ended.stdout
    assert "Keyring" not in ended.stdout


def test_a_database_without_its_tables_is_told_to_migrate(tmp_path):
    (tmp_path / "node.sqlite3").touch()

    ended = asked(tmp_path, PALERMO_HOME=str(tmp_path))

    assert "present  Database: sqlite3" in ended.stdout
    assert "missing  Migrations" in ended.stdout


def test_a_database_server_that_does_not_answer_is_missing(tmp_path):
    ended = asked(tmp_path, PALERMO_DATABASE_URL="postgresql://nobody:secret@127.0.0.1:1/none")

    assert "missing  Database: postgresql" in ended.stdout
    assert "secret" not in ended.stdout + ended.stderr


def test_only_what_a_node_cannot_run_without_makes_the_exit_code_one():
    present = Finding(name="A", state=State.PRESENT, found="")

    assert doctor.exit_code([present, replace(present, state=State.ABSENT)]) == 0
    assert doctor.exit_code([present, replace(present, state=State.MISSING)]) == 1


def test_a_finding_with_a_remedy_prints_it_below():
    finding = Finding(name="Disk", state=State.MISSING, found="0.1 GiB free", remedy="Free some.")

    assert doctor.line(finding) == "missing  Disk: 0.1 GiB free\n         Free some."


@pytest.mark.parametrize(
    "mode, state", [(0o600, State.PRESENT), (0o640, State.MISSING), (0o604, State.MISSING)]
)
def test_a_keyring_must_be_private(tmp_path, mode, state):
    keyring = tmp_path / "keyring.json"
    keyring.touch()
    keyring.chmod(mode)

    assert next(doctor.keyring(chosen_in(tmp_path))).state is state


def test_the_disk_of_a_folder_that_is_not_there_yet_is_its_parents(tmp_path):
    assert "GiB free" in next(doctor.disk(chosen_in(tmp_path / "not" / "yet"))).found


def test_too_little_disk_is_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(doctor, "LEAST_DISK", 1 << 62)

    assert next(doctor.disk(chosen_in(tmp_path))).state is State.MISSING


def test_a_clock_before_the_installation_is_missing(tmp_path, monkeypatch):
    ahead = tmp_path / "__init__.py"
    ahead.touch()
    os.utime(ahead, (4e9, 4e9))
    monkeypatch.setattr(doctor.palermo, "__file__", str(ahead))

    assert next(doctor.clock()).state is State.MISSING


def test_an_old_python_is_missing(monkeypatch):
    monkeypatch.setattr(doctor, "OLDEST_PYTHON", (9, 0))

    assert next(doctor.python()).state is State.MISSING


def test_pages_and_catalogues_that_were_not_built_are_missing(tmp_path, monkeypatch):
    (tmp_path / "fr" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "fr" / "LC_MESSAGES" / "django.po").touch()
    monkeypatch.setattr(doctor, "BUILT", tmp_path)
    monkeypatch.setattr(doctor, "LOCALE", tmp_path)

    findings = [*doctor.pages(), *doctor.catalogues()]

    assert [finding.state for finding in findings] == [State.MISSING] * 4
    assert "0 of 1" in findings[-1].found


def test_a_program_or_an_extra_that_is_not_there_is_absent(monkeypatch):
    monkeypatch.setattr(doctor, "EXTRAS", {"moon": ("no_such_module", "a moon")})
    monkeypatch.setattr(doctor, "PROGRAMS", {"Moon": ("no-such-program", "see the moon", "Wait for night.")})

    findings = [*doctor.extras(), *doctor.programs()]

    assert {finding.state for finding in findings} == {State.ABSENT}


def test_a_renderer_that_does_not_load_is_missing():
    assert doctor._loads("Charts", "no_such_module").state is State.MISSING


@pytest.mark.django_db  # it asks PostgreSQL whether the node's tables are there
def test_the_command_prints_a_line_for_each_check():
    shown = CliRunner().invoke(doctor.app, [])

    for name in ("Python", "Clock", "Extra [server]", "Style sheets", "Fonts", "Message catalogues", "Disk"):
        assert name in shown.output
