"""`palermo case import`: every row accounted for, exit codes that say so, and kill -9 at any moment."""

import json
import sqlite3
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from palermo.cli import case_import
from tests.cli import node_at
from tests.cli.node_at import a_file

CTDC = node_at.ROOT.parent / "shared" / "data" / "ctdc" / "ctdc_kanon_2020_recoded10.csv.gz"
BATCH = 500


@pytest.fixture
def node(tmp_path):
    """The environment of an empty node."""
    return node_at.environment(tmp_path)


def run(node, *words: object) -> subprocess.CompletedProcess[str]:
    return node_at.palermo(node, "case", "import", *words)


def test_an_empty_node_gets_a_database_an_agency_and_the_cases(node, tmp_path):
    ended = run(node, a_file(tmp_path / "cases.jsonl", 3), "--json")

    facts = json.loads(ended.stdout)
    assert ended.returncode == 0, ended.stderr
    assert (facts["agency"], facts["read"], facts["stored"], facts["kept_out"]) == ("local", 3, 3, 0)
    assert "making one called 'local'" in ended.stderr
    assert not (tmp_path / "cases.jsonl.quarantine.jsonl").exists()


def test_two_first_imports_at_once_make_one_database_and_store_both(node, tmp_path):
    files = [a_file(tmp_path / name, count) for name, count in (("one.jsonl", 2), ("two.jsonl", 3))]

    started = [
        subprocess.Popen(
            node_at.words("case", "import", file), env=node, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for file in files
    ]
    said = [process.communicate() for process in started]

    assert [process.returncode for process in started] == [0, 0], said
    assert [out.split(b" rows read")[0] for out, _ in said] == [b"2", b"3"]
    assert rows(node, "SELECT count(*) FROM node_agency") == [(1,)]
    assert sum(b"making its database" in err for _, err in said) == 1


def test_rows_kept_out_go_to_a_file_beside_and_the_exit_code_says_so(node, tmp_path):
    file = a_file(tmp_path / "cases.jsonl", 3, faulty=1)

    ended = run(node, file)

    assert ended.returncode == 1
    assert "3 rows read = 2 stored + 1 kept out" in ended.stdout
    (fault,) = map(json.loads, (tmp_path / "cases.jsonl.quarantine.jsonl").read_text().splitlines())
    assert (fault["line"], fault["field"]) == (1, "person.sex")


@pytest.mark.parametrize(("writable", "left"), [(True, ["there"]), (False, ["beside", "there"])])
def test_only_the_old_file_beside_the_source_goes_away(tmp_path, monkeypatch, writable, left):
    for folder in ("beside", "there"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "cases.csv.quarantine.jsonl").touch()
    monkeypatch.chdir(tmp_path / "there")
    monkeypatch.setattr("os.access", lambda folder, asked: writable)

    told = case_import._quarantine(SimpleNamespace(quarantined=0), tmp_path / "beside" / "cases.csv")

    assert told == ""
    assert sorted(path.parent.name for path in tmp_path.glob("*/*.quarantine.jsonl")) == left


def test_a_file_of_which_nothing_can_be_read_ends_with_two(node, tmp_path):
    assert run(node, a_file(tmp_path / "cases.jsonl", 2, faulty=2)).returncode == 2


def test_the_template_itself_holds_no_case_and_ends_with_two(node, tmp_path):
    template = tmp_path / "cases.csv"
    node_at.palermo(node, "case", "template", "--out", template)

    assert run(node, template).returncode == 2


def test_a_file_that_is_no_file_of_cases_ends_with_two(node, tmp_path):
    file = tmp_path / "noise.bin"
    file.write_bytes(bytes(range(256)) * 10)

    assert run(node, file).returncode == 2


def test_the_same_file_again_says_when_it_was_imported(node, tmp_path):
    file = a_file(tmp_path / "cases.jsonl", 3)
    run(node, file)

    again = run(node, file)

    assert again.returncode == 0
    assert "imported already on" in again.stdout
    assert rows(node, "SELECT count(*) FROM node_case") == [(3,)]


def test_an_agency_must_be_named_where_there_are_several(node, tmp_path):
    file = a_file(tmp_path / "cases.jsonl", 1)
    run(node, file)
    opening = ["agency", "open", "xa-second", "--name", "Second", "--kind", "NGO", "--country", "XA"]
    node_at.palermo(node, *opening)

    unnamed = run(node, a_file(tmp_path / "more.jsonl", 1))
    named = run(node, a_file(tmp_path / "more.jsonl", 1), "--agency", "xa-second")
    unknown = run(node, a_file(tmp_path / "more.jsonl", 1), "--agency", "nowhere")

    assert "Name one: --agency" in unnamed.stderr
    assert (unnamed.returncode, named.returncode, unknown.returncode) == (6, 0, 6)


def test_a_database_of_another_version_is_left_alone(node, tmp_path):
    file = a_file(tmp_path / "cases.jsonl", 1)
    run(node, file)
    with sqlite3.connect(Path(node["PALERMO_HOME"]) / "node.sqlite3") as database:
        database.execute("DELETE FROM django_migrations WHERE app = 'node' AND name >= '0002'")

    ended = run(node, file)

    assert "palermo node migrate" in ended.stderr
    assert ended.returncode == 5


def rows(node, sql: str) -> list[tuple]:
    """What a reader of the database file sees."""
    with sqlite3.connect(Path(node["PALERMO_HOME"]) / "node.sqlite3") as database:
        return database.execute(sql).fetchall()


@pytest.mark.slow
def test_a_real_file_of_the_counter_trafficking_data_collaborative_is_stored_whole(node):
    if not CTDC.exists():
        pytest.skip("the public CTDC file is not beside this checkout")

    facts = json.loads(run(node, CTDC, "--format", "ctdc", "--json").stdout)

    assert facts["read"] == facts["stored"] + facts["kept_out"] == 48_801
