"""The tutorial on five lists: its file, its commands and the figures that it tells."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "tutorials" / "estimate-from-five-lists.md").read_text(encoding="utf-8")


def block(mark):
    return re.search(rf"<!-- {re.escape(mark)} -->\n```\w+\n(.*?)```", TEXT, re.DOTALL).group(1)


@pytest.fixture
def run(tmp_path):
    for name in ("five.csv", "thin.csv"):
        (tmp_path / name).write_text(block(f"file: {name}"), encoding="utf-8")

    def run(mark, *, ends=0):
        ended = subprocess.run(
            [sys.executable, "-m", "palermo.cli", *block(mark).split()[1:]],
            cwd=tmp_path,
            check=False,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        )
        assert ended.returncode == ends, ended.stderr
        return tmp_path, ended.stdout

    return run


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_one_method_prints_what_the_tutorial_shows(run):
    folder, printed = run("run: stepwise")

    (found,) = read(folder / "stepwise.json")["results"]
    assert printed == block("prints: stepwise")
    assert ["police", "shelter"] in found["model"]


@pytest.mark.slow
def test_all_methods_spread_as_told(run):
    folder, _ = run("run: all")

    document = read(folder / "all.json")
    totals = [one["total"] for one in document["results"] if one["estimable"]]
    ends = [end for one in document["results"] for end in (one["interval"]["low"], one["interval"]["high"])]
    assert len(totals) == 6
    assert min(totals) == pytest.approx(4700, rel=0.02)
    assert max(totals) == pytest.approx(6200, rel=0.01)
    assert (min(ends), max(ends)) == pytest.approx((3800, 9700), rel=0.02)
    assert "factor of 1.3" in document["reading"]["en"]


def test_lists_that_share_nobody_are_refused_as_told(run):
    folder, _ = run("run: thin", ends=3)

    said = {warning for one in read(folder / "thin.json")["results"] for warning in one["warnings"]}
    told = " ".join(line.removeprefix("> ") for line in TEXT.splitlines() if line.startswith("> "))
    assert len(said) == 1
    assert said.pop() in told
