"""The scripts behind the make targets: what they find and refuse, and that no lane skips in silence."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

SKIPPED = """
import pytest

@pytest.mark.browser
def test_of_the_lane():
    pytest.skip("no chromium")

def test_of_another():
    pytest.skip("no data")
"""


def script(name, *arguments, **variables):
    return subprocess.run(
        [ROOT / ".ci" / name, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | variables,
    )


def test_the_python_that_is_found_runs_and_is_new_enough():
    found = script("python").stdout.strip()

    version = subprocess.run(
        [found, "-c", "import sys; print(sys.version_info[:2])"], capture_output=True, text=True
    )

    assert version.stdout.startswith("(3, 1")


def test_a_python_that_is_not_there_is_not_found():
    assert script("python", "3.10").returncode == 1
    assert script("python", "9.9").stdout == ""


def test_a_shim_that_refuses_is_passed_over(tmp_path):
    shim = tmp_path / "python3"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)

    found = script("python", PATH=f"{tmp_path}:{os.environ['PATH']}").stdout.strip()

    assert found != str(shim)


def test_a_missing_program_is_named_by_its_package():
    ended = script("need", "bash", "no-such-program")

    assert ended.returncode == 1
    assert ended.stderr.endswith("apt-get install no-such-program\n")


def test_nothing_is_said_where_nothing_is_missing():
    assert script("need", "bash").stderr == ""


@pytest.mark.parametrize("lane, failed", [("browser", 1), ("postgres", 0)])
def test_a_test_that_skips_in_its_own_lane_fails(lane, failed, tmp_path):
    (tmp_path / "test_skipped.py").write_text(SKIPPED)

    ended = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "tests.lane",
            "--lane",
            lane,
            "-c",
            ROOT / "pyproject.toml",
            tmp_path,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == failed, ended.stdout
    assert ("skipped in the browser lane" in ended.stdout) is bool(failed)


@pytest.mark.postgres
def test_a_database_server_of_its_own_is_gone_afterwards():
    code = (
        "import os, psycopg; session = psycopg.connect(os.environ['PALERMO_DATABASE_URL']);"
        "print(session.execute('select usesuper from pg_user where usename = current_user').fetchone())"
    )

    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # the server runs as a user of its own, who must get in
        ended = script("with-postgres", sys.executable, "-c", code, TMPDIR=folder)
        left = list(Path(folder).iterdir())

    assert ended.stdout == "(False,)\n", ended.stderr
    assert left == []


@pytest.mark.postgres
def test_the_exit_code_of_the_command_is_kept():
    assert script("with-postgres", "sh", "-c", "exit 3").returncode == 3
