"""Runs the worked examples of rules.md: the page that people read is the test."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from palermo.errors import InvalidRecord
from palermo.standards import record
from palermo.standards.rules import RULES

PAGE = Path(__file__).with_name("rules.md").read_text("utf-8")
TODAY = date(2026, 11, 21)


def examples():
    """Every box of the page with the rule it stands under and its number there."""
    for section in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]:
        for number, box in enumerate(re.findall(r"```text\n(.*?)```", section, flags=re.DOTALL), start=1):
            yield pytest.param(section[:3], box, id=f"{section[:3]}-{number}")


def value(text):
    """What a fact says: JSON, or a bare code, reference or date."""
    try:
        return json.loads(text) if not re.fullmatch(r"\d{4}", text) else text
    except json.JSONDecodeError:
        return text


def facts(text):
    pairs = (line.split(maxsplit=1) for line in text.strip().splitlines())
    numbers = ("recruitment.debt_amount",)
    return {at: int(held) if at in numbers else value(held.strip()) for at, held in pairs}


def findings(document):
    try:
        problems = record.read(document, where="the example", today=TODAY).problems
    except InvalidRecord as error:
        problems = error.problems
    return sorted(f"{problem.severity} {problem.rule} {problem.path}" for problem in problems)


@pytest.mark.parametrize("rule, box", list(examples()))
def test_the_example_is_found_as_the_page_says(rule, box):
    told, expected = box.split("--\n")

    found = findings(record.document(facts(told)))

    assert found == sorted(line for line in expected.strip().splitlines() if line != "nothing")
    assert all(line.split()[1] == rule for line in found)


def test_every_rule_has_its_section():
    assert re.findall(r"^## (R\d\d)", PAGE, flags=re.MULTILINE) == [rule.id for rule in RULES]


@pytest.mark.parametrize("rule", [rule.id for rule in RULES if rule.id != "R16"])
def test_every_rule_is_seen_to_be_broken(rule):
    assert any(rule in box.values[1].split("--")[1] for box in examples())
