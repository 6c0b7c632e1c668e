"""`palermo appraisal framework`: every provision, for people and for programs."""

import csv
import io
import json

from typer.testing import CliRunner

from palermo.appraisal.provision import provisions
from palermo.cli.appraisal import app

ALL = list(provisions().values())
UNCHECKED = [one.id for one in ALL if not one.reference_checked]


def run(*words):
    return CliRunner().invoke(app, ["framework", *words])


def test_every_provision_has_a_line_and_the_unchecked_are_counted():
    answer = run()

    assert answer.exit_code == 0
    assert [line.split()[0] for line in answer.output.splitlines()[:-1]] == [one.id for one in ALL]
    assert answer.output.splitlines()[-1] == f"{len(ALL)} provisions; {len(UNCHECKED)} not checked."


def test_json_lines_hold_both_texts_and_where_each_stands():
    rows = [json.loads(line) for line in run("--json").output.splitlines()]

    assert [row["id"] for row in rows] == [one.id for one in ALL]
    assert rows[0]["text_fr"] == ALL[0].text.fr
    assert {row["scored"] for row in rows} == {True, False}


def test_csv_holds_only_what_nobody_checked_when_asked():
    rows = list(csv.DictReader(io.StringIO(run("--unchecked", "--csv").output)))

    assert [row["id"] for row in rows] == UNCHECKED
    assert all(row["checked_by"] == "" for row in rows)


def test_two_forms_at_once_are_refused():
    answer = run("--json", "--csv")

    assert answer.exit_code == 2
    assert "exclude each other" in answer.output
