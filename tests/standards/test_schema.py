"""The generated JSON Schema is an oracle: another validator must agree with `record.faults` on form."""

import csv
import io
import json

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.standards import field as fields
from palermo.standards import record, schema
from tests.standards.documents import JUNK, documents, flat_facts

VALIDATOR = jsonschema_rs.Draft202012Validator(schema.json_schema())


def test_the_schema_is_itself_valid():
    assert jsonschema_rs.meta.validate(schema.json_schema()) is None


@given(documents())
def test_another_validator_accepts_what_fits(document):
    assert VALIDATOR.is_valid(document)


@given(flat_facts(most=6), st.data())
def test_another_validator_agrees_on_what_does_not_fit(facts, data):
    spoilt = data.draw(st.sets(st.sampled_from(sorted(facts)), max_size=2)) if facts else set()
    document = record.document({at: data.draw(JUNK) if at in spoilt else held for at, held in facts.items()})

    assert VALIDATOR.is_valid(document) == (record.faults(document) == [])


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"schema_version": "2.0"},
        {"schema_version": "1.0", "Person": {}},
        {"schema_version": "1.0", "person": {"sex": {"value": "f", "state": "unknown"}}},
        {"schema_version": "1.0", "person": {"sex": {"value": None, "state": "answered"}}},
        {"schema_version": "1.0", "means": {}},
        {"schema_version": "1.0", "local": {"": 1}},
        {"schema_version": "1.0", "person": {"names": [{"given": "x", "nick": "y"}]}},
    ],
    ids=json.dumps,
)
def test_both_refuse_a_document_of_another_form(document):
    assert not VALIDATOR.is_valid(document)
    assert record.faults(document)


def test_a_field_of_the_schema_carries_its_tier_and_label():
    birth = schema.json_schema()["properties"]["person"]["properties"]["birth"]

    assert (birth["title"], birth["x-tier"]) == ("Date of birth", "T3")


def test_the_same_fields_give_the_same_schema():
    assert json.dumps(schema.json_schema()) == json.dumps(schema.json_schema())


def test_the_template_has_a_column_for_every_field_a_person_may_type():
    header, example = csv.reader(io.StringIO(schema.csv_template()))

    assert header == [each.path for each in fields.fields() if each.typed]
    assert len(example) == len(header)
    assert example[0].startswith("# ")
    assert all(example)


def test_the_example_of_the_template_is_in_the_language_asked_for():
    assert "Prénom" in schema.csv_template("fr")


def test_the_example_of_the_template_fits_its_fields():
    header, example = csv.reader(io.StringIO(schema.csv_template()))
    coded = {
        at: [code] if fields.field(at).type is fields.Type.CODED_LIST else code
        for at, code in zip(header, example, strict=True)
        if fields.field(at).vocabulary
    }

    assert record.faults(record.document({at.replace("[]", "[0]"): held for at, held in coded.items()})) == []
