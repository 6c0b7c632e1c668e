"""`palermo appraisal report`: every format of a State, of a pillar and of all States; exit codes."""

import pytest
from typer.testing import CliRunner

from palermo.cli.appraisal import app
from palermo.errors import Unknown, Unreachable
from tests.cli.test_appraisal import TREATIES, VICTIMS


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "treaty_status.csv").write_text(TREATIES, encoding="utf-8")
    (folder / "detected_victims_total.csv").write_text(VICTIMS, encoding="utf-8")
    return folder


def run(*words):
    day = () if "--today" in words else ("--today", "2026-11-21")
    return CliRunner().invoke(app, ["report", "--tables-only", *map(str, (*words, *day))])


def test_every_format_asked_for_is_written_and_named(data, tmp_path):
    pytest.importorskip("pysdmx", reason="the extra [sdmx] is not installed")
    out = tmp_path / "out"
    formats = [word for one in ("html", "sdmx", "csv", "xlsx", "json") for word in ("--format", one)]

    answer = run("XA", "--data", data, "--out", out, "--lang", "fr", "--lang", "ar", *formats)

    assert answer.exit_code == 0, answer.output
    written = sorted(path.name for path in out.iterdir())
    spoken = ("html", "xlsx", "figures.csv", "assessments.csv", "evidence.csv")
    messages = ("structure.xml", "data.xml", "data.csv", "metadata.xml")
    assert written == sorted(
        [
            *(f"XA.{lang}.{kind}" for lang in ("fr", "ar") for kind in spoken),
            *(f"XA.sdmx.{one}" for one in messages),
            "XA.json",
        ]
    )
    assert all(f"wrote {out / name}" in answer.output for name in written)


def test_the_same_inputs_give_the_same_bytes(data, tmp_path):
    for name in ("first", "second"):
        run(
            "XA",
            "--data",
            data,
            "--out",
            tmp_path / name,
            "--format",
            "xlsx",
            "--format",
            "pdf",
            "--lang",
            "en",
        )

    first, second = (tmp_path / name for name in ("first", "second"))
    assert len(list(first.iterdir())) == 2
    assert all(path.read_bytes() == (second / path.name).read_bytes() for path in first.iterdir())


def test_a_pillar_and_all_states_are_one_report_each(data, tmp_path):
    out = tmp_path / "out"

    answer = run(
        "XA",
        "XB",
        "--data",
        data,
        "--out",
        out,
        "--pillar",
        "treaties",
        "--global",
        "--format",
        "html",
        "--lang",
        "en",
    )

    assert answer.exit_code == 0, answer.output
    assert sorted(path.name for path in out.iterdir()) == ["ALL.en.html", "treaties.en.html"]


def test_without_a_state_the_command_asks_for_one(data, tmp_path):
    answer = run("--data", data, "--out", tmp_path / "out")

    assert answer.exit_code == 2
    assert "Name a State" in answer.output


def test_without_a_folder_and_without_a_node_the_command_asks_for_the_folder(tmp_path, monkeypatch):
    from palermo.cli import node_setup

    monkeypatch.setattr(node_setup, "here", lambda: False)

    answer = run("XA", "--out", tmp_path / "out")

    assert answer.exit_code == 2
    assert "--data" in answer.output


def test_the_folder_of_the_node_is_read_where_none_is_given(data, tmp_path, monkeypatch, settings):
    from dataclasses import replace

    from palermo.cli import node_setup

    monkeypatch.setattr(node_setup, "here", lambda: True)
    settings.NODE = replace(settings.NODE, appraisal_data=data)

    answer = run("XA", "--out", tmp_path / "out", "--format", "json")

    assert answer.exit_code == 0, answer.output
    assert (tmp_path / "out" / "XA.json").is_file()


def test_an_unknown_state_and_an_absent_folder_are_errors(data, tmp_path):
    assert isinstance(run("Atlantis", "--data", data, "--out", tmp_path).exception, Unknown)
    assert isinstance(run("XA", "--data", tmp_path / "no", "--out", tmp_path).exception, Unreachable)


def test_unreadable_rows_are_written_out_and_told(data, tmp_path):
    victims = data / "detected_victims_total.csv"
    victims.write_text(VICTIMS + "XA,Made up,2024,many\n", encoding="utf-8")

    answer = run("XA", "--data", data, "--out", tmp_path / "out", "--format", "json")

    assert answer.exit_code == 1
    assert (tmp_path / "out" / "unreadable.jsonl").is_file()
