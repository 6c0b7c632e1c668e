"""The tutorial on appraising one State: its file, its commands and what it says of them."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli import node_at

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "tutorials" / "appraise-one-state.md").read_text(encoding="utf-8")


def block(mark):
    return re.search(rf"<!-- {re.escape(mark)} -->\n```\w+\n(.*?)```", TEXT, re.DOTALL).group(1)


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Runs a command of the tutorial in a folder that holds its tables and its file, on a node of its own."""
    node = node_at.environment(tmp_path)
    copied = shlex.split(block("run: tables"))
    shutil.copytree(ROOT / copied[2], tmp_path / copied[3])
    (tmp_path / "speech.txt").write_text(block("file: speech.txt"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def run(mark):
        words = shlex.split(block(f"run: {mark}"))[1:]
        ended = subprocess.run(node_at.words(*words), env=node, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    return run


def test_the_tutorial_can_be_followed_to_its_report(command, tmp_path):
    assert "party, as of 2025-09-30 (conflict: 2014-01-31 says otherwise)" in command("assess")
    assert "XA, 2025-11-24 (guessed)" in command("add")
    assert re.search(r"promised.*urged", command("propose"))

    command("report")

    page = re.sub(r"<[^>]+>", " ", (tmp_path / "reports" / "XA.en.html").read_text(encoding="utf-8"))
    page = re.sub(r"\s+", " ", page)
    assert re.search(r"treaties checked: 2 , of which 1 confirmed, 0 contradicted, 1 that", page)
    assert "expired on 31 December 2025" in page
    assert re.search(r"What help the State asks for|Support that the State asks for", page)
    assert (tmp_path / "reports" / "XA.fr.pdf").stat().st_size > 10_000
