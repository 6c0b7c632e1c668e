"""`palermo appraisal match`: a line out for each line in, bad lines named and the others kept."""

import io
import json

import pytest
from typer.testing import CliRunner

from palermo.cli.appraisal import app
from palermo.errors import InvalidRecord, Unreachable

GOOD = [
    {"id": "a1", "text": "We opened two shelters for victims.", "lang": "en"},
    {"id": 2, "text": "Nous avons adopté un plan d’action national.", "lang": "fr-FR"},
    {"id": "r", "text": "Мы открыли два приюта для пострадавших."},
]


def run(*given, said=None):
    return CliRunner().invoke(app, ["match", *map(str, given), "--words-only"], input=said)


def lines(*rows):
    return "".join(
        (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False)) + "\n" for row in rows
    )


@pytest.fixture
def passages(tmp_path):
    path = tmp_path / "passages.jsonl"
    path.write_text(lines(*GOOD), encoding="utf-8")
    return path


def read(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_each_passage_is_answered_in_the_fixed_form(passages, tmp_path):
    result = run(passages, "--json", tmp_path / "out.jsonl")

    found = read(tmp_path / "out.jsonl")
    assert result.exit_code == 0, result.output
    assert [one["id"] for one in found] == ["a1", 2, "r"]
    assert [one["proposals"][0]["provision"] for one in found[:2]] == ["GPA-R08", "GPA-P04"]
    assert set(found[0]) == {"id", "proposals", "match"}
    assert set(found[0]["proposals"][0]) == {"provision", "score", "why"}
    assert all(len(one["proposals"]) >= 5 for one in found[:2])
    assert "BM25 works alone" in result.stderr


def test_a_third_language_is_marked_and_not_matched(passages, tmp_path):
    run(passages, "--json", tmp_path / "out.jsonl")

    last = read(tmp_path / "out.jsonl")[-1]
    assert (last["proposals"], last["match"]) == ([], 0.0)
    assert "language ru" in last["not_matched"]


def test_standard_input_and_output_are_the_default_of_a_pipe():
    result = run("-", said=lines(*GOOD))

    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["a1", 2, "r"]


@pytest.mark.parametrize(
    "bad, wrong",
    [
        ("not json", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[1]", "is not an object"),
        ({"text": "words"}, "has no id"),
        ({"id": True, "text": "words"}, "has no id"),
        ({"id": "a"}, "has no text"),
        ({"id": "a", "text": "  "}, "has no text"),
        ({"id": "a", "text": "words", "lang": 3}, "has a lang that is no text"),
    ],
    ids=lambda given: str(given)[:30],
)
def test_a_bad_line_is_named_by_its_number_and_the_others_are_kept(bad, wrong):
    result = run("-", said=lines(GOOD[0], "", bad, GOOD[1]))

    assert result.exit_code == 1
    assert f"line 3: {wrong}" in result.stderr
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["a1", 2]


def test_a_line_that_is_no_utf_8_is_named(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_bytes(b'{"id": "\xff"}\n' + lines(GOOD[0]).encode())

    assert "line 1: is not JSON" in run(path).stderr


def test_a_file_without_a_readable_line_is_refused_and_leaves_nothing(tmp_path):
    result = run("-", "--json", tmp_path / "out.jsonl", said="nonsense\n")

    assert isinstance(result.exception, InvalidRecord)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_gives_an_empty_file(tmp_path):
    assert run("-", "--json", tmp_path / "out.jsonl", said="").exit_code == 0
    assert (tmp_path / "out.jsonl").read_text() == ""


def test_places_that_cannot_be_read_or_written_are_told(passages, tmp_path):
    assert isinstance(run(tmp_path / "none.jsonl").exception, Unreachable)
    assert isinstance(run(passages, "--json", tmp_path / "none" / "out.jsonl").exception, Unreachable)


def test_no_message_repeats_the_words_of_a_passage():
    secret = "a name that must not be repeated"

    result = run("-", said=io.StringIO(lines({"text": secret}, GOOD[0])).read())

    assert secret not in result.stderr
