"""`palermo appraisal index`: its lines, its files and its exit codes."""

import csv
import json

import pytest
from typer.testing import CliRunner

from palermo.appraisal import specimen
from palermo.cli.appraisal import app
from palermo.errors import InvalidRecord, Unreachable


@pytest.fixture
def folder(tmp_path):
    specimen.lay(tmp_path)
    return tmp_path


def run(*words):
    return CliRunner().invoke(app, ["index", *map(str, words), "--draws", "200"])


def test_states_stand_by_name_with_their_interval(folder):
    answer = run("--data", folder)
    lines = answer.stdout.splitlines()

    assert answer.exit_code == 0
    assert lines[0].split() == ["Name", "Score", "Rank,", "90%", "Quarter", "Imputed"]
    assert [line.split()[1] for line in lines[1:12]] == [f"X{letter}" for letter in "ABCDEFGHIJK"]
    assert "Left out, with too few indicators: XL." in answer.stdout
    assert "200 draws, seed 1" in answer.stdout


def test_every_draw_every_cell_and_a_page_are_written(folder, tmp_path):
    answer = run(
        "--data",
        folder,
        "--json",
        tmp_path / "i.json",
        "--csv",
        tmp_path / "i.csv",
        "--html",
        tmp_path / "i.html",
    )
    document = json.loads((tmp_path / "i.json").read_text())
    rows = list(csv.DictReader((tmp_path / "i.csv").read_text().splitlines()))

    assert answer.exit_code == 0
    assert len(document["uncertainty"]["choices"]) == 200
    assert len(document["units"]) == len(rows) == 11
    assert rows[0]["poverty.year"].startswith("202")
    assert (tmp_path / "i.html").read_text().startswith("<!doctype html>")


def test_the_shares_of_the_assumptions_are_told_when_asked_for(folder, tmp_path):
    answer = run("--data", folder, "--sensitivity", "--json", tmp_path / "i.json")

    assert "What moves the ranks" in answer.stdout
    assert set(json.loads((tmp_path / "i.json").read_text())["sensitivity"]["effects"]) == {
        "impute",
        "normalise",
        "aggregate",
        "weigh",
        "leave_out",
    }


def test_another_table_has_an_index_of_its_own(tmp_path):
    (tmp_path / "t.csv").write_text("unit,a,b\nXA,1,5\nXB,2,2\nXC,3,9\n")
    (tmp_path / "h.toml").write_text("[indicator.a]\n[indicator.b]\n")

    answer = run("--table", tmp_path / "t.csv", "--hierarchy", tmp_path / "h.toml")

    assert answer.exit_code == 0
    assert answer.stdout.splitlines()[1].startswith("XA")


def test_a_row_that_cannot_be_read_is_told_and_the_exit_code_says_so(folder):
    with (folder / "made_up_causes.csv").open("a") as file:
        file.writelines(f"QQQ,2020,poverty,{place}\n" for place in range(7))

    answer = run("--data", folder)

    assert answer.exit_code == 1
    assert "is not a State's code" in answer.stderr
    assert "and 2 more unreadable rows" in answer.stderr


def test_half_of_a_question_is_refused(folder, tmp_path):
    (tmp_path / "t.csv").write_text("unit,a\nXA,1\n")

    assert run().exit_code == 2
    assert run("--table", tmp_path / "t.csv").exit_code == 2
    assert run("--data", folder, "--table", tmp_path / "t.csv").exit_code == 2


def test_detected_victims_are_refused_here_too(tmp_path):
    (tmp_path / "t.csv").write_text("unit,detected_victims\nXA,1\nXB,2\n")
    (tmp_path / "h.toml").write_text("[indicator.detected_victims]\n")

    answer = run("--table", tmp_path / "t.csv", "--hierarchy", tmp_path / "h.toml")

    assert isinstance(answer.exception, InvalidRecord)
    assert "those who look would stand worst" in str(answer.exception)


def test_a_file_that_cannot_be_written_is_named(folder, tmp_path):
    answer = run("--data", folder, "--json", tmp_path / "no" / "i.json")

    assert isinstance(answer.exception, Unreachable)
