"""`palermo prevention verify` and `release-schema`: what they print, and their exit codes."""

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from palermo.cli.prevention import app
from palermo.prevention.release import pack, schema_text, signature
from tests.prevention.release import packs

KEY = signature.from_bytes(bytes(32))


def run(*words):
    return CliRunner().invoke(app, list(map(str, words)))


@pytest.fixture
def written(tmp_path):
    rows = packs.rows(80)
    counts = packs.figures(rows)
    files = pack.files(packs.card(rows, counts), counts, list(zip(*rows, strict=True)), signed=True)
    pack.write(files, tmp_path / "pack", key=KEY)
    return tmp_path / "pack"


def test_a_sound_pack_ends_with_0(written):
    answer = run("verify", written, "--key", KEY.public)

    assert answer.exit_code == 0
    assert "sound. Epsilon 3.5" in answer.stdout
    assert answer.stderr == ""


def test_what_the_pack_cannot_prove_is_told(written):
    answer = run("verify", written)

    assert answer.exit_code == 0
    assert "Give the publisher's public key with --key." in answer.stderr


def test_a_pack_with_a_fault_ends_with_1(written):
    (written / "errors.csv").unlink()

    answer = run("verify", written)

    assert answer.exit_code == 1
    assert "missing-file: errors.csv: The file is missing." in answer.stderr
    assert answer.stdout == ""


def test_a_folder_that_is_no_pack_ends_with_2(tmp_path):
    assert run("verify", tmp_path).exit_code == 2
    assert run("verify", tmp_path / "nowhere").exit_code == 2


def test_a_first_schema_asks_that_a_person_closes_its_lists(tmp_path):
    (tmp_path / "cases.csv").write_text("sex,form\nF,labour\nM,labour\nF,begging\n", encoding="utf-8")

    answer = run("release-schema", tmp_path / "cases.csv")

    assert answer.exit_code == 0
    assert "closed = false" in answer.stdout
    assert "Finding values is not private" in answer.stderr
    closed = schema_text.read(answer.stdout.replace("closed = false", "closed = true"))
    assert [column.name for column in closed.columns] == ["sex", "form"]


def test_the_commands_start_without_what_they_compute_with():
    asked = "import sys, json, palermo.cli.prevention; print(json.dumps(sorted(sys.modules)))"
    loaded = json.loads(subprocess.check_output([sys.executable, "-c", asked], text=True))

    assert {"numpy", "numba", "duckdb", "opendp", "pyarrow", "django"} & set(loaded) == set()
