"""The reference page holds the framework as it is."""

from pathlib import Path

from palermo.appraisal import reference
from palermo.appraisal.provision import instruments, measures, provisions

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "framework.md"


def test_the_page_is_written_from_the_data():
    assert PAGE.read_text(encoding="utf-8") == reference.page()


def test_everything_of_the_framework_is_on_the_page():
    text = reference.page()

    assert all(f"| `{one}` |" in text for one in (*provisions(), *measures(), *instruments()))
