"""A node in a folder of its own, driven by the real command."""

import json
import os
import subprocess
import sys
from pathlib import Path

from palermo.standards import record

ROOT = Path(__file__).parents[2]
UNSET = {"PALERMO_DATABASE_URL", "PALERMO_KEYRING", "DJANGO_SETTINGS_MODULE"}


def environment(folder: Path) -> dict[str, str]:
    """The environment of an empty node."""
    kept = {name: value for name, value in os.environ.items() if name not in UNSET}
    return kept | {"PALERMO_HOME": str(folder / "node"), "PYTHONPATH": str(ROOT / "src")}


def words(*given: object) -> list[str]:
    return [sys.executable, "-m", "palermo.cli", *map(str, given)]


def palermo(node: dict[str, str], *given: object) -> subprocess.CompletedProcess[str]:
    """What a person gets who types `palermo` and these words."""
    return subprocess.run(words(*given), env=node, capture_output=True, text=True, check=False)


def a_file(path: Path, count: int, *, faulty: int = 0) -> Path:
    """A file of coded cases, the first of them with a code that no list has."""
    rows = [
        record.document({"case.ref": f"R{number}", "person.sex": "f", "exploitation[0].form": "ForcedLabour"})
        for number in range(count)
    ]
    for row in rows[:faulty]:
        row["person"]["sex"]["value"] = "nonsense"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def filled(folder: Path, *, cases: int) -> dict[str, str]:
    """A node that holds a few imported cases."""
    node = environment(folder)
    palermo(node, "case", "import", a_file(folder / "cases.jsonl", cases))
    return node
