"""`palermo appraisal assess`: files for each State and language, a summary without ranking, exit codes."""

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from palermo.cli.appraisal import app
from palermo.errors import InvalidRecord, Unknown, Unreachable
from tests.appraisal.made import public

TREATIES = (
    "iso3,name,treaty,signature_date,action,action_date,as_of,source,status\n"
    "XA,Made up,TIP,,accession,2010-01-13,2014-01-27,zmjones/untreaties,party\n"
)
VICTIMS = "iso3,country,year,value_text\nXA,Made up,2025,<5\nXB,Made up,2025,900\n"


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "treaty_status.csv").write_text(TREATIES, encoding="utf-8")
    (folder / "detected_victims_total.csv").write_text(VICTIMS, encoding="utf-8")
    return folder


def run(*words):
    return CliRunner().invoke(app, ["assess", "--tables-only", *map(str, words)])


def test_each_state_and_language_gets_a_page_and_a_pdf(data, tmp_path):
    out = tmp_path / "out"
    answer = run(
        "XB", "XA", "--data", data, "--out", out, "--lang", "en", "--lang", "fr", "--today", "2026-11-21"
    )

    assert answer.exit_code == 0, answer.output
    assert sorted(path.name for path in out.iterdir()) == sorted(
        f"{code}.{lang}.{kind}" for code in ("XA", "XB") for lang in ("en", "fr") for kind in ("html", "pdf")
    )
    assert 'lang="fr"' in (out / "XA.fr.html").read_text(encoding="utf-8")


def test_the_summary_is_in_alphabetical_order_and_ranks_nobody(data, tmp_path):
    answer = run("XB", "XA", "--data", data, "--out", tmp_path / "out", "--lang", "en")

    assert answer.output.index("XA Country") < answer.output.index("XB Country")
    assert "1–4 (2025; unodc-glotip, as of 2025-04-14)" in answer.output
    assert "rank none" in answer.output


def test_one_language_may_be_asked(data, tmp_path):
    run("XA", "--data", data, "--out", tmp_path / "out", "--lang", "fr")

    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["XA.fr.html", "XA.fr.pdf"]


def test_the_models_can_be_written_as_json(data, tmp_path):
    path = tmp_path / "models.json"
    run(
        "XA",
        "--data",
        data,
        "--out",
        tmp_path / "out",
        "--lang",
        "en",
        "--json",
        path,
        "--today",
        "2026-11-21",
    )

    documents = json.loads(path.read_text(encoding="utf-8"))
    assert [one["state"]["code"] for one in documents] == ["XA"]
    assert documents[0]["today"] == "2026-11-21"


def test_unreadable_rows_are_written_beside_the_reports_and_told_by_the_exit_code(data, tmp_path):
    with (data / "detected_victims_total.csv").open("a", encoding="utf-8") as table:
        table.write("XA,Made up,2024,secret words\n")

    answer = run("XA", "--data", data, "--out", tmp_path / "out", "--lang", "en")

    rows = (tmp_path / "out" / "unreadable.jsonl").read_text(encoding="utf-8").splitlines()
    assert answer.exit_code == 1
    assert json.loads(rows[0])["where"] == "line 4, value_text"
    assert "secret" not in answer.output + "".join(rows)


def test_a_state_named_twice_is_written_once(data, tmp_path):
    answer = run("XA", "xa", "--data", data, "--out", tmp_path / "out", "--lang", "en", "--lang", "en")

    assert answer.output.count("wrote ") == 2


def test_an_unknown_state_is_answered_before_anything_is_written(data, tmp_path):
    answer = run("Pakstan", "--data", data, "--out", tmp_path / "out")

    assert isinstance(answer.exception, Unknown)
    assert "PAK" in str(answer.exception)
    assert not (tmp_path / "out").exists()


def test_a_missing_folder_and_a_broken_table_are_refused(data, tmp_path):
    assert isinstance(
        run("XA", "--data", tmp_path / "gone", "--out", tmp_path / "out").exception, Unreachable
    )

    (data / "treaty_status.csv").write_text("nothing\n", encoding="utf-8")
    assert isinstance(run("XA", "--data", data, "--out", tmp_path / "out").exception, InvalidRecord)


@pytest.mark.parametrize(("name", "said"), [("file", "File exists"), ("file/out", "Not a directory")])
def test_reports_that_have_no_folder_to_go_to_are_refused(data, tmp_path, name, said):
    (tmp_path / "file").write_text("kept", encoding="utf-8")

    answer = run("XA", "--data", data, "--out", tmp_path / name, "--lang", "en")

    assert isinstance(answer.exception, Unreachable)
    assert str(answer.exception).startswith(
        f"{tmp_path / name}: cannot be the folder of the reports ({said})."
    )
    assert answer.exception.exit_code == 7


def test_help_has_an_example():
    assert "palermo appraisal assess PAK KAZ" in CliRunner().invoke(app, ["assess", "--help"]).output.replace(
        "\n", " "
    )


def test_the_command_starts_without_the_heavy_libraries():
    loaded = "[name for name in ('typst', 'vl_convert', 'jinja2') if name in sys.modules]"
    heavy = f"import sys, palermo.cli.appraisal; print({loaded})"
    answer = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "[]"


def test_the_real_tables_show_the_conflict_and_both_figures(tmp_path):
    answer = run("PAK", "KAZ", "--data", public(), "--out", tmp_path, "--lang", "en", "--today", "2026-11-21")

    assert answer.exit_code == 0, answer.output
    assert "party, as of 2023-09-14 (conflict: 2014-01-27 says otherwise)" in answer.output
    assert "26,539 (2022; unodc-glotip" in answer.output
    assert "29 (2021; unodc-glotip" in answer.output
