"""`palermo prevention sdg`: the table of indicator 16.2.2, its files, and its exit codes."""

import csv
import json

import pytest
from typer.testing import CliRunner

from palermo.cli.prevention import app
from palermo.errors import InvalidRecord

ROWS = ("1,0,0,40", "0,1,0,30", "0,0,1,25", "1,1,0,9", "1,0,1,4", "0,1,1,5", "1,1,1,2")
APART = ROWS[:3]
PEOPLE = "year,sex,population,source,date\n2020,f,5000,Census,2020\n2020,m,4000,Census,2020\n"


@pytest.fixture
def files(tmp_path):
    return written(tmp_path, ROWS)


def written(folder, rows):
    lines = [f"2020,{sex},{row}" for sex in ("Female", "Male") for row in rows]
    (folder / "lists.csv").write_text("\n".join(["when,papers,A,B,C,count", *lines]), encoding="utf-8")
    (folder / "people.csv").write_text(PEOPLE, encoding="utf-8")
    return folder / "lists.csv", "--population", folder / "people.csv"


def run(*words):
    return CliRunner().invoke(app, ["sdg", *map(str, words), "--replicates", "40"])


def test_the_table_is_told_on_a_terminal(files):
    answer = run(*files, "--strata", "sex=papers", "--year", "when")

    assert answer.exit_code == 0
    head, whole, *parts = answer.stdout.splitlines()
    assert head.split() == ["year", "sex", "age", "form", "known", "in", "all", "per", "100,000"]
    assert whole.split()[:5] == ["2020", "_T", "_T", "_T", "230"]
    assert [part.split()[1] for part in parts[:2]] == ["f", "m"]


def test_the_table_names_its_method_its_population_and_what_to_doubt(files):
    told = run(*files, "--strata", "sex=papers", "--year", "when").stdout

    assert "By covariates, one model of all groups, with intervals of 95%." in told
    assert "--method pooled" in told
    assert "Population: Census, 2020." in told
    assert "! Where some people are much easier to find" in told


def test_files_are_written(files, tmp_path):
    paths = {name: tmp_path / f"out.{name}" for name in ("json", "csv", "svg")}

    run(
        *files,
        "--strata",
        "sex=papers",
        "--year",
        "when",
        *(w for n, p in paths.items() for w in (f"--{n}", p)),
    )

    document = json.loads(paths["json"].read_text(encoding="utf-8"))
    lines = list(csv.DictReader(paths["csv"].read_text(encoding="utf-8").splitlines()))
    assert list(document) == ["indicator", "columns", "estimate", "rows", "problems"]
    assert document["columns"] == {"year": "when", "sex": "papers"}
    assert [float(line["total"]) for line in lines] == [row["total"] for row in document["rows"]]
    assert "<svg" in paths["svg"].read_text(encoding="utf-8")


def test_standard_output_holds_the_document_alone(files):
    words = (*files, "--strata", "papers", "when", "--json", "-")

    assert json.loads(run(*words).stdout)["rows"][0]["sex"] == "_T"
    assert run(*words, "--threads", 1).stdout == run(*words, "--threads", 2).stdout


def test_people_whose_sex_nobody_is_counted_by_are_in_the_totals_alone(files):
    table = files[0]
    table.write_text(table.read_text(encoding="utf-8").replace("Male", "unknown"), encoding="utf-8")
    words = (*files, "--strata", "sex=papers", "--year", "when")

    assert "sex unknown" in str(run(*words).exception)
    assert [line.split()[1] for line in run(*words, "--apart", "unknown").stdout.splitlines()[1:3]] == [
        "_T",
        "f",
    ]


def test_strata_may_be_pooled(files):
    answer = run(*files, "--strata", "sex=papers", "--year", "when", "--method", "pooled", "--json", "-")

    assert json.loads(answer.stdout)["rows"][0]["interval"]["kind"] == "credible"


def test_a_refusal_ends_with_three_and_shows_who_is_known(tmp_path):
    answer = run(*written(tmp_path, APART), "--strata", "sex=papers", "--year", "when")

    assert answer.exit_code == 3
    assert "190     refused       refused" in answer.stdout
    assert "! " in answer.stdout


@pytest.mark.parametrize("words", [(), ("papers",)])
def test_strata_must_be_named(files, words):
    assert run(*files, *words).exit_code == 2


def test_a_column_that_is_no_year_is_refused(files):
    answer = run(*files, "--strata", "when", "--year", "papers")

    assert isinstance(answer.exception, InvalidRecord)
    assert "column papers" in str(answer.exception)


def test_a_population_that_is_not_right_is_refused_by_its_line(files, tmp_path):
    (tmp_path / "people.csv").write_text(PEOPLE + "2020,m,1,Census,2020\n", encoding="utf-8")

    answer = run(*files, "--strata", "sex=papers", "--year", "when")

    assert isinstance(answer.exception, InvalidRecord)
    assert answer.exception.exit_code == 2
    assert "people.csv: line 4: The same group stands in line 3." in str(answer.exception)
