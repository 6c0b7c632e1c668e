"""The reference of estimation names every key that the commands write."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from palermo.prevention import answer, population, sdg, sheet

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "estimation.md").read_text(encoding="utf-8")
NAMED = {word for words in re.findall(r"`([^`]+)`", PAGE) for word in re.split(r"[.\s]", words)}
OPEN = {"stratum", "sizes", "ratios", "margins", "versions", "columns"}
"""Objects whose keys are the table's own names."""


@pytest.fixture(scope="module")
def asked():
    cells = [(cell, 4 + cell % 4 * 9 + cell % 3) for cell in range(1, 16)]
    rows = [f"{','.join(str(cell >> bit & 1) for bit in range(4))},{people}" for cell, people in cells]
    lines = [f"{sex},{row}" for sex in ("f", "m") for row in rows]
    read = sheet.parse(["sex,A,B,C,D,count", *lines], columns=["sex"])
    return answer.answer(read, replicates=20, draws=100, burn=50, trials=True)


def keys(document: object, *, inside: str = "") -> Iterator[str]:
    """Every key of a document but the table's own names."""
    if isinstance(document, dict):
        for key, value in document.items():
            if inside not in OPEN:
                yield key
            yield from keys(value, inside="" if inside == "margins" else key)
    elif isinstance(document, list):
        for one in document:
            yield from keys(one, inside="")


def test_every_key_of_an_answer_is_in_the_reference(asked):
    assert {*keys(asked.document())} - NAMED == set()


def test_every_method_is_in_the_reference(asked):
    assert {one.method for one in asked.whole} <= NAMED


def test_every_key_and_column_of_indicator_16_2_2_is_in_the_reference(asked):
    people = population.parse(["sex,population,source,date", "f,90000,Census,2020", "m,90000,Census,2020"])
    found = sdg.table(asked.stratified, people)

    assert {*keys(found.document())} - NAMED == set()
    assert {*found.csv().splitlines()[0].split(",")} - NAMED == set()
