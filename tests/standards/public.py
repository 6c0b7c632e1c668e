"""Where the public data lies that some tests read; it is no part of the project."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data"


def public(path):
    """The path of a public file; the test is skipped, with its reason, where the file is absent."""
    found = FOLDER / path
    if not found.exists():
        pytest.skip(f"public data is absent: shared/data/{path}")
    return found
