"""Made-up documents, and readings of single sentences, for the tests of statements."""

from datetime import date
from pathlib import Path

import pytest

from palermo.appraisal.statement import claim_of
from palermo.appraisal.statement.document import Document
from palermo.appraisal.statement.match import matcher
from palermo.appraisal.statement.passage import passages

ADDED = date(2026, 11, 21)
STATEMENTS = Path(__file__).resolve().parents[4] / "shared" / "data" / "statements"


def a_document(text, *, state="PAK", language="en", spoken_on=None, speaker="A. Speaker"):
    return Document(
        id="a" * 64,
        name="made-up.txt",
        text=text,
        language=language,
        speaker=speaker,
        state=state,
        spoken_on=spoken_on,
    )


def claims(text, *, state="PAK", language="en"):
    """The claims of a text, matched by BM25 alone."""
    document = a_document(text, state=state, language=language)
    return claim_of.claims(document, passages(document), matcher=matcher(embed=False), added_on=ADDED)


def claim(text, *, state="PAK", language="en"):
    (only,) = claims(text, state=state, language=language)
    return only


def public_statement(number):
    """A public statement; the test is skipped, with its reason, where it is absent."""
    found = sorted(STATEMENTS.glob(f"{number}_*.txt"))
    if not found:
        pytest.skip(f"public data is absent: shared/data/statements/{number}_*.txt")
    return found[0]
