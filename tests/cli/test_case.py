"""The commands `palermo case read`, `write`, `schema` and `template`, which need no node."""

import json
import sys

import pytest
from typer.testing import CliRunner

from palermo.cli import case
from palermo.errors import InvalidRecord, Unknown, Unreachable

GOOD = "person.sex,means[].kind\nf,Threats;Abuse\n"
MIXED = GOOD + "purple,Threats\n"


def run(*arguments, given=None):
    return CliRunner().invoke(case.app, [str(each) for each in arguments], input=given)


def stored(folder, text, name="cases.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_all_rows_read_ends_with_0_and_leaves_no_quarantine(tmp_path):
    result = run("read", stored(tmp_path, GOOD), "--out", tmp_path / "out.jsonl")

    assert result.exit_code == 0
    (line,) = (tmp_path / "out.jsonl").read_text().splitlines()
    assert json.loads(line)["person"]["sex"]["value"] == "f"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["cases.csv", "out.jsonl"]


def test_some_rows_refused_ends_with_1_and_names_line_and_field(tmp_path):
    result = run("read", stored(tmp_path, MIXED), "--out", tmp_path / "out.jsonl")

    assert result.exit_code == 1
    assert "2 rows read = 1 kept + 1 refused" in result.stderr
    (entry,) = [
        json.loads(line) for line in (tmp_path / "cases.csv.quarantine.jsonl").read_text().splitlines()
    ]
    assert (entry["line"], entry["field"], entry["rule"]) == (3, "person.sex", "R15")
    assert "value" not in entry, "it is unlike every code, so it may be a name"


def test_nothing_readable_ends_with_2(tmp_path):
    result = run(
        "read", stored(tmp_path, "person.sex,person.gender\npurple,x\n"), "--out", tmp_path / "out.jsonl"
    )

    assert result.exit_code == 2


def test_a_file_that_cannot_be_read_at_all_is_an_error_of_its_kind(tmp_path):
    empty = run("read", stored(tmp_path, ""))
    absent = run("read", tmp_path / "absent.csv")

    assert isinstance(empty.exception, InvalidRecord)
    assert empty.exception.exit_code == 2
    assert isinstance(absent.exception, Unreachable)


def test_standard_input_and_output_make_a_pipe(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    result = run("read", "-", "--quiet", given=GOOD)

    assert result.exit_code == 0
    assert json.loads(result.stdout)["means"][1]["kind"]["value"] == "Abuse"
    assert result.stderr == ""


def test_write_tells_what_the_format_cannot_hold(tmp_path):
    source = stored(tmp_path, "person.sex,exploitation[].form\nf,ForcedCriminality\n")

    result = run(
        "write", source, "--to", "htcds", "--out", tmp_path / "out.csv", "--loss", tmp_path / "loss.json"
    )

    assert result.exit_code == 0
    assert "Lost: person.sex: has no place there (1 records)" in result.stderr
    fields = [entry["field"] for entry in json.loads((tmp_path / "loss.json").read_text())["lost"]]
    assert fields == ["exploitation[].form", "person.sex"]


def test_htcds_is_a_workbook_where_the_name_says_so(tmp_path):
    source = stored(tmp_path, "person.gender,means[].kind\nFeminine,Threats\n")

    assert run("write", source, "--to", "htcds", "--out", tmp_path / "out.xlsx").exit_code == 0
    again = run("read", tmp_path / "out.xlsx", "--quiet")

    assert json.loads(again.stdout)["person"]["gender"]["value"] == "Feminine"


def test_an_unknown_target_is_named_with_those_there_are(tmp_path):
    result = run("write", stored(tmp_path, GOOD), "--to", "sdmx")

    assert isinstance(result.exception, Unknown)
    assert "jsonl, csv, htcds, ctdc" in str(result.exception)


def test_columns_may_be_read_as_others_or_left_out(tmp_path):
    source = stored(tmp_path, "Sexe,means[].kind,Note\nf,Threats,private\n")

    result = run("read", source, "--map", "Sexe=person.sex", "--map", "Note=", "--quiet")

    assert json.loads(result.stdout)["person"] == {"sex": {"value": "f", "state": "answered"}}
    assert "private" not in result.stdout


def test_a_map_without_an_equals_sign_is_refused(tmp_path):
    result = run("read", stored(tmp_path, GOOD), "--map", "Sexe")

    assert result.exit_code == 2
    assert "COLUMN=NAME" in result.stderr


def test_the_schema_is_json(tmp_path):
    printed = run("schema")
    run("schema", "--out", tmp_path / "schema.json")

    assert json.loads(printed.stdout)["$schema"]
    assert json.loads((tmp_path / "schema.json").read_text()) == json.loads(printed.stdout)


def test_the_template_is_a_file_that_our_reader_knows(tmp_path):
    printed = run("template").stdout

    result = run("read", stored(tmp_path, printed), "--out", tmp_path / "out.jsonl")

    assert ": csv;" in result.stderr
    assert "is not in the standard" not in result.stderr


@pytest.mark.parametrize(
    ("position", "size", "shown"), [(50, 200, "\r25 % read"), (3 << 20, None, "\r3 MiB read")]
)
def test_progress_is_a_share_or_a_size(capsys, position, size, shown):
    case._Progress()(position, size)

    assert capsys.readouterr().err == shown


def test_the_commands_start_without_the_readers_and_without_django():
    import subprocess

    heavy = "('django', 'openpyxl', 'xlsxwriter')"
    code = f"import sys, palermo.cli.case; print([m for m in sys.modules if m.split('.')[0] in {heavy}])"

    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "[]\n"
    )
