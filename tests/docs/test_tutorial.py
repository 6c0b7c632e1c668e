"""The file and the command of the tutorial do what it says they do."""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "tutorials" / "first-five-minutes.md").read_text(encoding="utf-8")


def block(mark):
    return re.search(rf"<!-- {re.escape(mark)} -->\n```\w+\n(.*?)```", TEXT, re.DOTALL).group(1)


def test_one_of_the_two_cases_is_read_and_the_other_is_kept_with_its_reason(tmp_path):
    (tmp_path / "two.csv").write_text(block("file: two.csv"), encoding="utf-8")
    arguments = block("run: read").split()[1:]

    ended = subprocess.run([sys.executable, "-m", "palermo.cli", *arguments], cwd=tmp_path, check=False)

    refused = json.loads((tmp_path / "two.csv.quarantine.jsonl").read_text(encoding="utf-8"))
    assert ended.returncode == 1
    assert len((tmp_path / "two.jsonl").read_text(encoding="utf-8").splitlines()) == 1
    assert (refused["line"], refused["field"]) == (3, "person.sex")
