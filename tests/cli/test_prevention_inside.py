"""`palermo prevention risk` and `anonymous`: what they print and write, and their exit codes."""

import csv
import json
from collections import Counter

import pytest
from typer.testing import CliRunner

from palermo.cli.prevention import app
from palermo.errors import Disclosive, InvalidRecord, Unknown, WrongState
from palermo.prevention import compiled
from palermo.prevention.release import risk as engine
from tests.cli.test_prevention_release import given, run
from tests.prevention.release import packs
from tests.prevention.release.test_holdout import copied

FEW = ("--trials", 1, "--runs", 20, "--among", 30)


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    folder = given(tmp_path_factory.mktemp("released"), people=1300)
    answer = run(folder, "--ways", "2", "--title", "Persons of XA")
    assert answer.exit_code == 0, answer.output
    return folder


def risk(folder, *words, pack="pack"):
    files = (folder / "cases.csv", "--schema", folder / "schema.toml", "--pack", folder / pack)
    return CliRunner().invoke(app, ["risk", *map(str, (*files, *FEW, *words))])


def anonymous(folder, *words):
    files = (folder / "cases.csv", "--schema", folder / "schema.toml", "--out", folder / "inside")
    return CliRunner().invoke(app, ["anonymous", *map(str, (*files, *words))])


# -- risk ----------------------------------------------------------------------------------------------------


def test_a_report_is_printed_for_an_officer_to_sign(released):
    answer = risk(released)

    assert answer.exit_code == 0, answer.output
    assert "For use inside only." in answer.stdout
    assert "An attacker is taken to know: country, sex, age." in answer.stdout
    assert "To stay hidden: form, means (debt)" in answer.stdout
    assert answer.stdout.rstrip().endswith("____")
    assert [line for line in answer.stderr.splitlines() if line.endswith("...")] == [
        f"{step} ..." for step in ("Checking", "Reading", "Trying")
    ]


def test_a_report_is_told_in_another_language(released):
    assert "Réservé à l'usage interne." in risk(released, "--language", "fr").stdout


def test_a_report_for_other_programs_is_json_on_standard_output(released):
    told = json.loads(risk(released, "--json", "--known", "sex", "--sensitive", "form").stdout)

    assert told["inside_only"] is True
    assert (told["known"], told["sensitive"]) == (["sex"], ["form"])
    assert told["found"]["real"]["persons"] == 1300


@pytest.mark.parametrize(
    "words, known, hidden",
    [
        (("--known", "sex"), ["sex"], ["country", "form", "age", "means", "shelter"]),
        (("--sensitive", "age"), ["country", "sex"], ["age"]),
        (("--sensitive", "age", "--sensitive", "sex", "--sensitive", "country"), ["form"], None),
    ],
)
def test_the_side_that_is_not_named_is_the_rest(released, words, known, hidden):
    told = json.loads(risk(released, "--json", *words).stdout)

    assert told["known"][: len(known)] == known
    assert hidden is None or told["sensitive"] == hidden


def test_the_report_is_written_as_a_page(released, tmp_path):
    answer = risk(released, "--html", tmp_path / "report.html")

    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert answer.exit_code == 0
    assert "Persons of XA" in page
    assert "<script" not in page


def test_a_report_made_of_real_records_is_not_written_into_the_pack(released):
    answer = risk(released, "--html", released / "pack" / "report.html")

    assert answer.exit_code == 2
    assert "Write it elsewhere." in answer.stderr
    assert not (released / "pack" / "report.html").exists()


def test_a_page_on_standard_output_stands_there_alone(released):
    assert risk(released, "--html", "-").stdout.startswith("<!doctype html>")


def test_a_broken_promise_ends_with_1(released, monkeypatch):
    monkeypatch.setattr(engine, "making", lambda plan: copied)

    answer = risk(released, "--runs", 60)

    assert answer.exit_code == 1
    assert "A test found more than the promise allows. Do not publish this release" in answer.stdout


def test_the_first_run_says_that_it_prepares(released, monkeypatch):
    monkeypatch.setattr(compiled, "prepared", lambda methods: False)

    assert compiled.FIRST in risk(released).stderr


def test_counts_alone_have_no_report(tmp_path):
    folder = given(tmp_path, people=300)
    run(folder, "--ways", "1", "--no-rows")

    answer = risk(folder)

    assert isinstance(answer.exception, WrongState)
    assert answer.exception.exit_code == 5
    assert "has no rows to find anyone in" in str(answer.exception)


@pytest.mark.parametrize(
    "words, error, told",
    [
        (("--known", "name"), Unknown, "The schema has no column name. Use one of: country"),
        (
            ("--known", "sex", "--sensitive", "sex"),
            InvalidRecord,
            "both known to the attacker and to stay hidden",
        ),
    ],
)
def test_columns_that_cannot_be_asked_are_refused(released, words, error, told):
    answer = risk(released, *words)

    assert isinstance(answer.exception, error)
    assert told in str(answer.exception)


def test_a_folder_that_is_no_pack_is_refused(released):
    answer = risk(released, pack=".")

    assert isinstance(answer.exception, InvalidRecord)
    assert "card.json: The file is missing" in str(answer.exception)


def test_too_few_runs_are_refused(released):
    answer = risk(released, "--runs", 5)

    assert answer.exit_code == 2
    assert "--runs" in answer.stderr


# -- anonymous -----------------------------------------------------------------------------------------------


def test_a_table_for_inside_has_no_row_of_fewer_than_k_and_says_what_it_is(tmp_path):
    answer = anonymous(given(tmp_path, people=400), "--k", 5)

    with (tmp_path / "inside" / "rows.csv").open(encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert answer.exit_code == 0, answer.output
    assert header == list(packs.COLUMNS)
    assert min(Counter(map(tuple, rows)).values()) >= 5
    assert "For use inside the State only." in answer.stdout
    assert "This is no privacy promise that adds up" in answer.stdout
    assert "Do not publish it" in (tmp_path / "inside" / "NOT-FOR-PUBLICATION.txt").read_text(
        encoding="utf-8"
    )
    assert sorted(path.name for path in (tmp_path / "inside").iterdir()) == [
        "NOT-FOR-PUBLICATION.txt",
        "counts.csv",
        "rows.csv",
    ]


def test_only_the_columns_named_are_protected(tmp_path):
    anonymous(given(tmp_path, people=200), "--k", 5, "--column", "sex")

    with (tmp_path / "inside" / "rows.csv").open(encoding="utf-8") as file:
        assert min(Counter(tuple(row) for row in csv.reader(file)).values()) < 5


def test_the_label_is_printed_in_another_language(tmp_path):
    answer = anonymous(given(tmp_path, people=100), "--k", 5, "--language", "fr")

    assert "Réservé à l'usage interne de l'État." in answer.stdout


@pytest.mark.parametrize(
    "people, words, error, told",
    [
        (100, ("--k", 2), Disclosive, "A group of 2 hides nobody"),
        (4, ("--k", 5), Disclosive, "fewer than 5 persons"),
        (20, ("--column", "name"), Unknown, "no column name"),
    ],
)
def test_what_would_hide_nobody_is_refused_and_nothing_is_written(tmp_path, people, words, error, told):
    answer = anonymous(given(tmp_path, people=people), *words)

    assert isinstance(answer.exception, error)
    assert told in str(answer.exception)
    assert not (tmp_path / "inside").exists()


def test_a_k_that_hides_nobody_is_refused_before_the_table_is_read(tmp_path):
    folder = given(tmp_path, people=5)
    (folder / "cases.csv").write_bytes(b"\x00 this cannot be read")

    assert isinstance(anonymous(folder, "--k", 2).exception, Disclosive)


def test_nothing_is_written_over(tmp_path):
    folder = given(tmp_path, people=50)
    (folder / "inside").mkdir()
    (folder / "inside" / "mine.txt").write_text("mine", encoding="utf-8")

    assert "never written over" in str(anonymous(folder, "--k", 5).exception)


def test_columns_left_out_are_told(tmp_path):
    folder = given(tmp_path, people=100)
    text = (folder / "schema.toml").read_text(encoding="utf-8")
    (folder / "schema.toml").write_text(text.partition('[[column]]\nname = "shelter"')[0], encoding="utf-8")

    assert "does not name are left out: shelter." in anonymous(folder, "--k", 5).stderr


def test_a_table_for_inside_cannot_be_taken_for_a_pack(tmp_path):
    anonymous(given(tmp_path, people=100), "--k", 5)

    answer = CliRunner().invoke(app, ["verify", str(tmp_path / "inside")])

    assert answer.exit_code == 2
