"""The page of the rules for statements names every rule, treaty and provision of its tables."""

import pytest

from docs.generator import statements
from palermo.appraisal import provision, words
from palermo.appraisal.statement import kind


@pytest.fixture(scope="module")
def page():
    return statements.page()


def test_every_rule_stands_with_its_example(page):
    assert [one.id for one in kind.rules() if f"| {one.id} | {one.kind} | {one.example} |" not in page] == []


def test_every_treaty_name_and_key_term_stands(page):
    names = words.table("treaty_names.toml")["names"]
    terms = words.table("provision_terms.toml")

    assert [one for listed in names.values() for name in listed["fr"] if (one := name) not in page] == []
    assert [one.id for one in provision.plan() if terms[one.id]["fr"][0] not in page] == []
