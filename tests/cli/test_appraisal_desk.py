"""`palermo appraisal statements` and `propose`: kept once, read once, never confirmed by a command."""

import json
import subprocess

import pytest

from palermo.appraisal import specimen
from tests.cli import node_at

SHARED = node_at.ROOT.parent / "shared" / "data" / "statements"


@pytest.fixture
def node(tmp_path):
    """The environment of an empty node."""
    return node_at.environment(tmp_path)


@pytest.fixture
def speeches(tmp_path):
    """The made-up statements as files."""
    for name, content in specimen.statements():
        (tmp_path / name).write_bytes(content)
    return sorted(tmp_path.glob("x*.txt"))


def run(node, *words: object) -> subprocess.CompletedProcess[str]:
    return node_at.palermo(node, "appraisal", *words)


def facts(ended):
    return [json.loads(line) for line in ended.stdout.splitlines()]


def test_an_empty_node_keeps_statements_and_reads_them(node, speeches):
    added = run(node, "statements", "add", *speeches, "--json")
    proposed = run(node, "propose", "--json")

    assert (added.returncode, proposed.returncode) == (0, 0), added.stderr + proposed.stderr
    assert [one["name"] for one in facts(added)] == [file.name for file in speeches]
    assert all(one["new"] and one["state"] == "opened" for one in facts(added))
    assert all(one["passages"] > 5 and one["state"] == "done" for one in facts(proposed))
    assert {one["matcher"] for one in facts(proposed)} == {facts(proposed)[0]["matcher"]}


def test_the_same_file_is_kept_once_and_read_once(node, speeches):
    run(node, "statements", "add", speeches[0])
    run(node, "propose")

    again = run(node, "statements", "add", speeches[0])
    nothing = run(node, "propose")

    assert "(known already)" in again.stdout
    assert "Nothing waits" in nothing.stdout
    assert len(run(node, "statements", "list").stdout.splitlines()) == 1


def test_a_wrong_name_among_files_is_told_before_any_is_kept(node, speeches, tmp_path):
    added = run(node, "statements", "add", speeches[0], tmp_path / "none.txt")

    assert added.returncode == 7
    assert "none.txt: cannot be read" in added.stderr
    assert run(node, "statements", "list").stdout == ""


def test_what_is_given_is_kept_and_the_rest_is_marked_as_guessed(node, speeches):
    one = run(node, "statements", "add", speeches[1], "--state", "XA", "--on", "2025-11-24", "--json")

    assert facts(one)[0]["speaks_for"] == "XA"
    assert {"state", "spoken_on"}.isdisjoint(facts(one)[0]["guessed"])
    assert "(guessed)" in run(node, "statements", "list").stdout


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_kept(node, speeches, tmp_path):
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF-1.4\nno text")

    some = run(node, "statements", "add", speeches[0], scan)
    none = run(node, "statements", "add", scan)

    assert (some.returncode, none.returncode) == (1, 2)
    assert "scan.pdf:" in some.stdout
    assert speeches[0].name in some.stdout


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        pytest.param(("statements", "add", "missing.txt"), 7, "missing.txt", id="no such file"),
        pytest.param(
            ("statements", "withdraw", "0000000000", "--reason", "Old."), 6, "No statement", id="unknown one"
        ),
    ],
)
def test_what_is_not_there_is_named(node, speeches, words, code, says):
    run(node, "statements", "add", speeches[0])

    ended = run(node, *words)

    assert ended.returncode == code
    assert says in ended.stderr


def test_an_unknown_state_is_answered_with_the_nearest(node, speeches):
    ended = run(node, "statements", "add", speeches[0], "--state", "Pakistn")

    assert ended.returncode == 6
    assert "PAK" in ended.stderr


def test_a_statement_is_withdrawn_and_stays_in_the_list(node, speeches):
    one = facts(run(node, "statements", "add", speeches[0], "--json"))[0]

    ended = run(node, "statements", "withdraw", one["id"], "--reason", "It was corrected.")

    assert ended.returncode == 0
    assert "(withdrawn)" in run(node, "statements", "list").stdout
    assert "Nothing waits" in run(node, "propose").stdout


def test_without_a_node_the_reading_says_what_to_do(node):
    ended = run(node, "propose")

    assert ended.returncode not in {0, 1}
    assert "palermo" in ended.stderr


def test_the_published_statements_are_read_with_no_option(node):
    if not SHARED.is_dir():
        pytest.skip(f"the public statements are not at {SHARED.name}")
    added = run(node, "statements", "add", *sorted(SHARED.glob("*.txt")), "--json")
    proposed = run(node, "propose", "--json")

    spoken = {one["name"][:3]: one["speaks_for"] for one in facts(added)}
    assert spoken == {"000": "", "001": "PAK", "002": "PAK", "003": "KAZ", "004": ""}
    named = {one["name"][:3]: (one["treaties"], one["plans"]) for one in facts(proposed)}
    assert named["001"][1] >= 1
    assert named["002"][0] >= 3
