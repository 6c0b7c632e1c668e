"""`palermo appraisal plan`: what each command writes, its exit codes and what it says of a bad file."""

import io
import json
from datetime import date

import pytest
from typer.testing import CliRunner

from palermo.appraisal.plan import sheet, template
from palermo.appraisal.words import Language
from palermo.cli.appraisal import app
from palermo.errors import InvalidRecord, Unreachable, WrongState
from tests.appraisal.plan.books import ACTION, PLAN, a_book
from tests.appraisal.plan.papers import a_word_file
from tests.appraisal.plan.plans import a_plan, an_action

TODAY = ("--today", "2026-11-21")


def run(*words):
    return CliRunner().invoke(app, ["plan", *map(str, words)])


def kept(folder, name, content):
    file = folder / name
    file.write_bytes(content)
    return file


def a_file(folder, name="plan.xlsx", **sheets):
    return kept(folder, name, a_book(**sheets).getvalue())


def read(content):
    return sheet.read(io.BytesIO(content), as_of=date(2026, 11, 21), name="x.xlsx").plan


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_template_goes_to_standard_output(lang):
    answer = run("template", "--lang", lang)

    assert answer.exit_code == 0
    assert answer.stdout_bytes == template.write(Language(lang))


def test_a_plan_without_faults_is_told_in_two_lines(tmp_path):
    answer = run("check", a_file(tmp_path))

    assert (answer.exit_code, answer.stdout) == (
        0,
        "XA NAP-1 National plan, 2026–?\nactions: 1, budget: 0, milestones: 0, indicators: 0, reports: 0\n",
    )


def test_every_fault_is_told_by_sheet_and_cell(tmp_path):
    file = a_file(tmp_path, Plan=[{**PLAN, "First day": "soon"}], Actions=[{**ACTION, "Pillar": "Kindness"}])

    answer = run("check", file)

    assert answer.exit_code == 2
    assert "faults: 2" in answer.stderr
    assert "Plan!D2: this is no day." in answer.stderr
    assert "Actions!B2: this is not one of the words of the list." in answer.stderr


def test_what_is_not_of_the_template_is_told_beside(tmp_path):
    answer = run("check", a_file(tmp_path, Actions=[{**ACTION, "Comment": "good"}]))

    assert answer.exit_code == 0
    assert "Actions!D1: the column Comment is not one of the template's" in answer.stderr.replace("’", "'")


def test_a_written_plan_becomes_a_spreadsheet_by_way_of_its_mapping(tmp_path):
    paper = kept(tmp_path, "plan.docx", a_word_file().getvalue())
    given = json.loads(run("outline", paper).stdout)
    given["plan"] |= {"id": "NAP", "state": "XA"}
    mapping = kept(tmp_path, "map.json", json.dumps(given).encode())

    answer = run("outline", paper, "--map", mapping, *TODAY)

    assert answer.exit_code == 0
    assert [one.id for one in read(answer.stdout_bytes).actions] == ["1.1", "1.2", "2.1"]
    assert "parts of the document that are not in the plan: 3" in answer.stderr
    assert "This plan was made by a committee." in answer.stderr


@pytest.mark.parametrize("content", [b"{", b"[]"])
def test_a_mapping_that_is_no_mapping_is_refused(tmp_path, content):
    paper = kept(tmp_path, "plan.docx", a_word_file().getvalue())

    answer = run("outline", paper, "--map", kept(tmp_path, "map.json", content))

    assert isinstance(answer.exception, InvalidRecord)


def test_a_written_plan_that_is_not_there_is_not_reached(tmp_path):
    assert isinstance(run("outline", tmp_path / "none.docx").exception, Unreachable)


def test_findings_are_lines_with_their_evidence_and_the_exit_code_tells_of_them(tmp_path):
    answer = run("review", a_file(tmp_path), *TODAY)

    assert answer.exit_code == 1
    kinds = [line.split("\t")[0] for line in answer.stdout.splitlines()]
    assert kinds == ["unfunded", "ownerless", "unmeasured"]
    assert all("\te-" in line for line in answer.stdout.splitlines())


@pytest.mark.parametrize("lang, said", [("fr", "n’a pas de budget."), ("ar", "لا ميزانية للإجراء")])
def test_findings_are_told_in_french_and_arabic(tmp_path, lang, said):
    assert said in run("review", a_file(tmp_path), "--lang", lang, *TODAY).stdout


def test_nothing_to_look_at_is_exit_code_0(tmp_path):
    file = kept(tmp_path, "plan.xlsx", template.write(Language.ENGLISH, plan=a_plan(an_action())))

    assert run("review", file, *TODAY).exit_code == 0


@pytest.mark.parametrize("words", [("--lang", "ar"), ("--narrow",)])
def test_the_timeline_is_a_picture_and_a_table(tmp_path, words):
    file, out = a_file(tmp_path), tmp_path / "plan.svg"

    answer = run("timeline", file, "--out", out, *TODAY, *words)

    assert answer.exit_code == 0
    assert out.read_text(encoding="utf-8").startswith("<svg")
    assert answer.stdout.startswith("1.1\t2026-01-01\t?\t")


def test_what_was_left_undone_stands_in_the_next_plan(tmp_path):
    old = a_file(tmp_path, "old.xlsx", Plan=[{**PLAN, "Plan id": "OLD"}])
    new = a_file(tmp_path, "new.xlsx", Actions=[{**ACTION, "Action": "Another"}])

    answer = run("carry", old, "--into", new)

    assert answer.exit_code == 0
    assert answer.stderr == "1 of 1 actions carried over\n"
    plan = read(answer.stdout_bytes)
    assert [(one.id, one.carried_from) for one in plan.actions] == [("1.1", ""), ("1.1-2", "1.1")]
    assert plan.follows == "OLD"


def test_a_plan_is_not_carried_into_itself(tmp_path):
    file = a_file(tmp_path)

    assert isinstance(run("carry", file, "--into", file).exception, WrongState)
