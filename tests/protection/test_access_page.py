"""The page on access names every relation, condition and reason there is, and no other."""

import re
from pathlib import Path

from palermo.protection.access import Reason, Relation
from palermo.protection.access_matrix import matrix

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "access.md"


def first_cells(heading: str) -> list[str]:
    section = PAGE.read_text("utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `([^`]+)`", section, flags=re.MULTILINE)


def test_the_page_lists_every_relation():
    assert first_cells("Relations") == [relation.value for relation in Relation]


def test_the_page_lists_every_reason_in_the_order_they_are_asked():
    assert first_cells("Reasons against") == [reason.value for reason in Reason]


def test_the_page_gives_the_hours_that_the_matrix_gives():
    text = PAGE.read_text("utf-8")

    assert f"lapses after {matrix().rules['second_within_hours']} hours" in text
    assert f"ends after {matrix().rules['emergency_hours']} hours" in text
