"""The faults of files: each is raised somewhere, and each is in the reference."""

import re
from pathlib import Path

from palermo.standards.fault import faults

ROOT = Path(__file__).resolve().parents[2]


def test_every_fault_is_in_the_reference():
    text = (ROOT / "docs" / "reference" / "formats.md").read_text("utf-8")

    assert [rule for rule in faults() if f"| `{rule}` |" not in text] == []


def test_every_fault_is_used_and_every_one_used_is_declared():
    sources = "".join(
        path.read_text("utf-8") for path in (ROOT / "src" / "palermo" / "standards").glob("*.py")
    )

    named = re.findall(r'(?:\bfault\(|refusal\([\w.]+, |Unfit\()"([a-z-]+)"', sources)
    assert set(named) <= set(faults())
    assert [rule for rule in faults() if f'"{rule}"' not in sources] == []
