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
    (tmp_path / "five.csv").write_text(block("file: five.csv"), encoding="utf-8")

    def run(mark, *more):
        subprocess.run(
            [sys.executable, "-m", "palermo.cli", *block(mark).split()[1:], *more],
            cwd=tmp_path,
            check=True,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        )
        return tmp_path

    return run


def test_one_method_answers_as_told(run):
    (found,) = json.loads((run("run: stepwise") / "stepwise.json").read_text(encoding="utf-8"))["results"]

    assert found["total"] == pytest.approx(6200, rel=0.01)
    assert found["interval"]["low"] == pytest.approx(4300, rel=0.02)
    assert found["interval"]["high"] == pytest.approx(10200, rel=0.02)
    assert ["police", "shelter"] in found["model"]


@pytest.mark.slow
def test_all_methods_spread_as_told(run):
    document = json.loads((run("run: all") / "all.json").read_text(encoding="utf-8"))
    totals = [one["total"] for one in document["results"] if one["estimable"]]

    assert len(totals) == 6
    assert min(totals) == pytest.approx(4700, rel=0.02)
    assert max(totals) == pytest.approx(6200, rel=0.01)
    assert "factor of 1.3" in document["reading"]["en"]
