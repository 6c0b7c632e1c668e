"""The tutorial on a first safe table: its files, its commands and what it says of them."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "tutorials" / "publish-your-first-safe-table.md").read_text(encoding="utf-8")


def block(mark):
    return re.search(rf"<!-- {re.escape(mark)} -->\n```\w+\n(.*?)```", TEXT, re.DOTALL).group(1)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tutorial")
    for name in ("made_up.py", "schema.toml"):
        (folder / name).write_text(block(f"file: {name}"), encoding="utf-8")

    def run(*words, ends=0):
        ended = subprocess.run(
            [sys.executable, *words],
            cwd=folder,
            check=False,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        )
        assert ended.returncode == ends, ended.stderr
        return ended

    def command(mark, *, ends=0):
        return run("-m", "palermo.cli", *shlex.split(block(f"run: {mark}").partition(">")[0])[1:], ends=ends)

    run("made_up.py")
    return folder, command


def test_the_tutorial_can_be_followed_to_its_refusal(run):
    folder, command = run

    assert command("schema").stdout.count("closed = false") == 5
    told = command("release").stdout
    errors = [float(error) for error in re.findall(r"mean error about ([\d.]+)", told)]
    assert errors == pytest.approx([5, 6.5, 6], abs=2)
    assert 5900 < sum(1 for _ in (folder / "pack" / "rows.csv").open()) < 6100
    assert (
        (folder / "pack" / "counts.csv")
        .read_text()
        .startswith("columns,values,count,sd,low,high\ncountry,XA,")
    )

    assert "not signed" in command("verify").stderr
    assert "for a lifetime 4 is spent" in command("again", ends=3).stderr

    counts = folder / "pack" / "counts.csv"
    counts.write_text(counts.read_text().replace("1", "2", 1))
    assert "changed-file: counts.csv" in command("verify", ends=1).stderr
