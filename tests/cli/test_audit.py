"""`palermo audit`: verify, list and export, on a node that an import has filled."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli import node_at


@pytest.fixture
def node(tmp_path):
    """A node with one imported file of three cases."""
    return node_at.filled(tmp_path, cases=3)


def test_a_whole_chain_ends_with_zero(node):
    ended = node_at.palermo(node, "audit", "verify", "--json")

    facts = json.loads(ended.stdout)
    assert (ended.returncode, facts["whole"], facts["faults"]) == (0, True, 0)


def test_a_tampered_chain_ends_with_one_and_says_where(node):
    with sqlite3.connect(Path(node["PALERMO_HOME"]) / "node.sqlite3") as database:
        database.execute("DROP TRIGGER node_auditevent_no_UPDATE")
        database.execute("UPDATE node_auditevent SET actor = 'nobody' WHERE number = 2")

    ended = node_at.palermo(node, "audit", "verify")

    assert ended.returncode == 1
    assert "event 2: edited" in ended.stdout


def test_the_newest_events_are_listed_and_narrowed_down(node):
    ended = node_at.palermo(node, "audit", "list", "--action", "import.done", "--json")

    (line,) = map(json.loads, ended.stdout.splitlines())
    assert (line["actor"], line["detail"]) == ("operator", {"stored": 3, "kept_out": 0})


def test_the_whole_audit_is_exported_with_its_links(node, tmp_path):
    file = tmp_path / "audit.jsonl"

    node_at.palermo(node, "audit", "export", file)

    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["number"] for line in lines] == list(range(1, len(lines) + 1))
    assert all(len(line["link"]) == 64 for line in lines)
