"""`palermo prevention estimate`: the fixed output that other programs read, and its exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import palermo
from palermo.cli.prevention import app
from palermo.errors import InvalidRecord
from tests.prevention.tables import SHARED, answers

TABLE = "A,B,C,count\n1,0,0,40\n0,1,0,30\n0,0,1,25\n1,1,0,9\n1,0,1,4\n0,1,1,5\n1,1,1,2\n"
APART = "A,B,C,count\n1,0,0,40\n0,1,0,30\n0,0,1,25\n"


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "lists.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def run(*words):
    return CliRunner().invoke(app, ["estimate", *map(str, words)])


def stepwise(*words):
    return run(*words, "--method", "stepwise", "--replicates", 50)


def test_a_table_from_standard_input_gives_the_same_answer(table):
    piped = CliRunner().invoke(
        app, ["estimate", "-", "--method", "stepwise", "--replicates", "50", "--json", "-"], input=TABLE
    )

    assert piped.exit_code == 0
    assert piped.stdout == stepwise(table, "--json", "-").stdout


def test_a_fault_of_standard_input_is_told_of_it():
    piped = CliRunner().invoke(app, ["estimate", "-"], input=b"A,B,C,count\n\xff\xfe")

    assert isinstance(piped.exception, InvalidRecord)
    assert str(piped.exception).startswith("standard input: ")


def test_a_file_that_is_not_there_is_told(tmp_path):
    answer = run(tmp_path / "none.csv")

    assert answer.exit_code == 2
    assert "does not exist." in answer.stderr


def test_the_document_has_its_fixed_form(table):
    answer = stepwise(table, "--json", "-")
    document = json.loads(answer.stdout)

    assert answer.exit_code == 0
    assert list(document) == ["table", "results", "strata", "margins", "checks", "reading"]
    assert document["table"]["lists"] == ["A", "B", "C"]
    assert document["table"]["observed"] == 115
    assert {"en", "fr"} <= set(document["reading"])
    (result,) = document["results"]
    assert result["method"] == "stepwise"
    assert result["interval"]["kind"] in {"bca", "percentile"}
    assert (result["replicates"], result["failed"], result["seed"]) == (50, 0, 1)


def test_the_same_seed_gives_the_same_bytes_with_any_threads(table):
    one, two = (stepwise(table, "--json", "-", "--threads", number).stdout for number in (1, 2))

    assert one == two
    assert stepwise(table, "--json", "-", "--seed", 2).stdout != one


def test_no_replicates_leave_the_interval_null(table):
    answer = run(table, "--method", "stepwise", "--replicates", 0, "--json", "-")

    assert json.loads(answer.stdout)["results"][0]["interval"] is None


def test_files_are_written_and_the_answers_are_told(table, tmp_path):
    answer = stepwise(table, "--json", tmp_path / "out.json", "--html", tmp_path / "out.html")

    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["results"]
    assert "<svg" in (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "stepwise" in answer.stdout
    assert "115 people are known" in answer.stdout


def test_a_refusal_ends_with_three_and_says_why_and_what_could_help(tmp_path):
    path = tmp_path / "apart.csv"
    path.write_text(APART, encoding="utf-8")

    answer = stepwise(path)

    assert answer.exit_code == 3
    assert "refused" in answer.stdout
    assert "No two lists share anybody" in answer.stdout
    assert "add a list that overlaps" in answer.stdout


def test_a_bad_table_is_refused_by_its_line(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("A,B,count\n1,2,3\n", encoding="utf-8")

    answer = stepwise(path)

    assert isinstance(answer.exception, InvalidRecord)
    assert answer.exception.exit_code == 2
    assert "line 2, B" in str(answer.exception)


def test_a_bad_table_ends_the_process_with_two_and_no_trace(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("A,B\n1,0\n", encoding="utf-8")

    ended = subprocess.run(
        [sys.executable, "-m", "palermo.cli", "prevention", "estimate", str(path)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(palermo.__file__).parents[1])},
    )

    assert ended.returncode == 2
    assert ended.stderr.startswith("palermo: bad.csv: line 1: There is no column `count`.")


@pytest.mark.parametrize("words", [("nowhere.csv",), ("--order", "4"), ("--level", "2"), ("--method", "x")])
def test_a_wrong_word_on_the_line_ends_with_two(table, words):
    assert run(*([] if words[0] == "nowhere.csv" else [table]), *words).exit_code == 2


@pytest.mark.parametrize("words", [("--strata", "place", "sex"), ("--strata", "place", "--strata", "sex")])
def test_strata_are_estimated_apart_and_together(tmp_path, words):
    path = tmp_path / "strata.csv"
    header, *rows = TABLE.split()
    lines = [
        row.replace(",", f",{place},{sex},", 1) for row in rows for place in ("XA", "XB") for sex in "fm"
    ]
    path.write_text("\n".join([header.replace(",", ",place,sex,", 1), *lines]), encoding="utf-8")

    document = json.loads(stepwise(path, *words, "--json", "-").stdout)

    assert document["table"]["observed"] == 4 * 115
    assert [one["stratum"] for one in document["strata"]] == [
        {"place": place, "sex": sex} for place in ("XA", "XB") for sex in "fm"
    ]
    assert {one["table"]["observed"] for one in document["strata"]} == {115}


def test_the_column_of_years_is_a_stratum_too(tmp_path):
    path = tmp_path / "years.csv"
    header, *rows = TABLE.split()
    path.write_text("\n".join([f"year,{header}", *(f"2024,{row}" for row in rows)]), encoding="utf-8")

    document = json.loads(stepwise(path, "--year", "year", "--json", "-").stdout)

    assert [one["stratum"] for one in document["strata"]] == [{"year": "2024"}]


def test_a_word_too_many_is_refused(table):
    answer = stepwise(table, "place")

    assert answer.exit_code == 2
    assert "stratum columns" in answer.output


def test_without_a_method_every_method_that_is_here_answers(table, monkeypatch):
    from palermo.prevention import methods

    monkeypatch.setattr(methods, "METHODS", {"stepwise": methods.METHODS["stepwise"]})

    document = json.loads(run(table, "--replicates", 0, "--json", "-").stdout)

    assert [one["method"] for one in document["results"]] == ["stepwise"]


def test_the_table_of_the_united_kingdom_has_its_published_answer():
    known = answers("uk2013_6", "mse_r_stepwise_p0.02")

    document = json.loads(stepwise(SHARED / "uk2013_6.csv", "--json", "-").stdout)

    assert document["results"][0]["total"] == pytest.approx(known["estimate"], rel=1e-6)


@pytest.fixture
def places(tmp_path):
    path = tmp_path / "places.csv"
    header, *rows = TABLE.split()
    lines = [f"{place},{row}" for row in rows for place in ("XA", "XB")]
    path.write_text("\n".join([f"place,{header}", *lines]), encoding="utf-8")
    return path


def test_margins_of_all_strata_add_up_to_the_joint_answer(places, monkeypatch):
    from palermo.prevention import methods

    monkeypatch.setattr(methods, "METHODS", {"stepwise": methods.METHODS["stepwise"]})

    answer = run(places, "--strata", "place", "--replicates", 40, "--json", "-")
    document = json.loads(answer.stdout)

    joint = next(one for one in document["results"] if one["method"] == "covariates")
    parts = document["margins"]["place"]
    assert [part["value"] for part in parts] == ["XA", "XB"]
    assert sum(part["total"] for part in parts) == pytest.approx(joint["total"])
    assert all(part["interval"]["low"] < part["total"] for part in parts)


def test_one_method_asked_for_strata_is_answered_alone(places):
    document = json.loads(stepwise(places, "--strata", "place", "--json", "-").stdout)

    assert [one["method"] for one in document["results"]] == ["stepwise"]
    assert document["margins"] == {}


def test_a_joint_model_that_cannot_be_estimated_has_no_margins(tmp_path, monkeypatch):
    from palermo.prevention import methods

    monkeypatch.setattr(methods, "METHODS", {"stepwise": methods.METHODS["stepwise"]})
    path = tmp_path / "apart.csv"
    header, *rows = APART.split()
    lines = [f"{place},{row}" for row in rows for place in ("XA", "XB")]
    path.write_text("\n".join([f"place,{header}", *lines]), encoding="utf-8")

    answer = run(path, "--strata", "place", "--replicates", 10, "--json", "-")

    assert answer.exit_code == 3
    assert json.loads(answer.stdout)["margins"] == {}


def test_every_option_of_the_command_is_known_to_a_method():
    from importlib import import_module
    from inspect import signature

    from palermo.cli.prevention import estimate
    from palermo.prevention import answer, methods

    told = {"table", "more", "method", "strata", "json", "html", "language"}
    asked = {"runs" if name == "chains" else name for name in signature(estimate).parameters} - told
    tables = {**methods.METHODS, **methods.JOINT}.values()
    known = [signature(import_module(f"palermo.prevention.{one.module}").estimate) for one in tables]

    assert asked <= {name for one in (*known, signature(answer.answer)) for name in one.parameters} | {
        "smallest"
    }


def test_options_of_single_methods_reach_them(table):
    words = ("--chains", 9, "--burn", 20, "--classes", 3, "--draws", 100)

    document = json.loads(run(table, "--method", "latent", *words, "--json", "-").stdout)
    details = document["results"][0]["details"]

    assert (details["chains"], details["classes"]) == (9, 3)
    assert details["draws"] >= 100


def test_the_grid_of_graphs_reaches_as_far_as_is_asked(table):
    document = json.loads(run(table, "--method", "graphs", "--reach", 5, "--json", "-").stdout)

    assert document["results"][0]["details"]["grid"] == [116, 115 * 6, 575]


def test_a_list_under_the_minimum_is_refused(table):
    answer = stepwise(table, "--smallest", 40)

    assert answer.exit_code == 3
    assert "list C: It holds fewer than 40 people." in answer.stdout


def test_trials_are_made_when_asked(table):
    (trial,) = json.loads(stepwise(table, "--trials", "--json", "-").stdout)["checks"]["trials"]

    assert [one["list"] for one in trial["without"]] == ["A", "B", "C"]


def test_processes_and_a_cache_change_no_byte(places, tmp_path):
    words = (places, "--strata", "place", "--smallest", 37, "--json", "-")
    kept = ("--cache", tmp_path / "kept")

    alone, many, first, again = (
        stepwise(*words, *others).stdout for others in ((), ("--processes", 2), kept, kept)
    )

    assert alone == many == first == again
    assert len([*(tmp_path / "kept").rglob("*.estimate")]) == 1
    assert "fewer than 37" in alone


@pytest.mark.parametrize("kept, said", [(True, False), (False, True)], ids=["later runs", "the first run"])
def test_only_the_first_run_says_that_it_prepares_itself(table, tmp_path, monkeypatch, kept, said):
    run(table, "--method", "stepwise", "--replicates", 5)
    if not kept:
        monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))

    result = run(table, "--method", "stepwise", "--replicates", 5, "--json", "-")

    assert ("prepares the methods" in result.stderr) is said
    assert json.loads(result.stdout)["results"][0]["estimable"]


def test_page_and_reading_are_in_the_language_asked_for(table, tmp_path):
    answer = stepwise(table, "--language", "fr", "--html", tmp_path / "out.html", "--trials")

    assert "115 personnes sont connues" in answer.stdout
    assert '<html lang="fr"' in (tmp_path / "out.html").read_text(encoding="utf-8")


def test_every_word_of_the_terminal_is_in_the_language_asked_for(table):
    answer = stepwise(table, "--language", "fr", "--level", 0.999, "--smallest", 1)

    assert " à " in answer.stdout.splitlines()[0]
    assert "99,9\u202f% " in answer.stdout.splitlines()[0]
    assert "réponse refusée" in stepwise(table, "--language", "fr", "--smallest", 90).stdout


@pytest.mark.parametrize("words", [("--json", "/nowhere/out.json"), ("--json", "-", "--html", "-")])
def test_a_place_that_cannot_be_written_ends_with_two(table, words):
    answer = stepwise(table, *words)

    assert answer.exit_code == 2
    assert not answer.stdout


def test_a_page_may_go_to_standard_output(table):
    assert stepwise(table, "--html", "-").stdout.endswith("</html>\n")


def test_the_page_holds_the_strata(places, tmp_path):
    stepwise(places, "--strata", "place", "--html", tmp_path / "out.html")

    assert "<h3><bdi>XB</bdi></h3>" in (tmp_path / "out.html").read_text(encoding="utf-8")
