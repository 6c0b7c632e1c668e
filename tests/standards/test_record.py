import contextlib
import copy
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.errors import InvalidRecord, Severity
from palermo.standards import check, record, shape
from palermo.standards import field as fields
from palermo.standards.field import Tier, Type
from tests.standards.documents import an_identifier, consenting, documents, flat_facts

SOUND = {"schema_version": "1.0"}


def read(document):
    return record.read(document, where="case A-17")


def refused(document):
    with pytest.raises(InvalidRecord) as caught:
        read(document)
    return caught.value


def faults_of(document):
    return {(problem.rule, problem.path) for problem in refused(document).problems}


@given(documents())
def test_a_document_made_of_fitting_values_has_no_fault_of_form(document):
    assert record.faults(document) == []


@given(documents())
def test_reading_leaves_the_document_given_as_it_was(document):
    before = copy.deepcopy(document)

    with contextlib.suppress(InvalidRecord):
        read(document)

    assert document == before


@given(documents())
def test_what_was_read_is_read_again_to_the_same_document(document):
    try:
        once = read(document)
    except InvalidRecord:
        return

    assert read(json.loads(json.dumps(once.document))).document == once.document
    assert record.merge(once.tiers()) == once.document


@given(flat_facts(most=6), st.data())
def test_every_fault_is_reported_at_its_place(facts, data):
    spoilt = data.draw(st.sets(st.sampled_from(sorted(facts)))) if facts else set()
    document = record.document({at: object() if at in spoilt else held for at, held in facts.items()})

    assert {problem.path for problem in record.faults(document)} == spoilt


@given(flat_facts(most=6))
def test_no_message_repeats_what_was_written(facts):
    secret = "Zxqvamina Wjkduru"
    told = record.document({at: secret for at in facts if not at.startswith("local")})
    told["person"] = {**told.get("person", {}), secret: secret}

    messages = str(refused(told)) + "".join(map(repr, refused(told).problems))

    assert "amina" not in messages.casefold()


KEYS = st.sampled_from(
    ["person", "means", "sex", "names", "consent", "value", "state", "given", "schema_version"]
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["answered", "f", "1.0", "\0"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@given(ANYTHING)
def test_nothing_that_json_can_say_breaks_the_reader(given):
    if record.faults(given):
        assert refused(given).problems
    else:
        assert read(given).document["schema_version"] == "1.0"


def test_reading_takes_a_minimal_document():
    assert read(SOUND).document == SOUND


def test_a_part_of_a_tier_is_asked_for_by_name():
    held = read(consenting(person__sex="f", person__birth="1999"))

    assert held.tier("T1")["person"] == {"sex": {"value": "f", "state": "answered"}}
    assert held.tier(Tier.T3) == {"person": {"birth": "1999"}}
    assert held.tier("T4") == {}


def test_faults_of_form_and_broken_rules_are_reported_together():
    document = record.document(
        {
            "person.sex": "female",
            "event[0].start": "2021-05-01",
            "event[0].end": "2021-04-30",
            "recruitment.debt_amount": 100,
            "exploitation[0].form": "Forced Labour",
        }
    )

    assert faults_of(document) == {
        ("R15", "person.sex"),
        ("R15", "exploitation[0].form"),
        ("R05", "event[0].end"),
        ("R13", "recruitment.debt_currency"),
    }


def test_the_error_says_which_row_it_was():
    assert refused({}).where == "case A-17"
    assert str(refused({})).startswith("case A-17: schema_version")


@pytest.mark.parametrize("given", [None, [], "text", 7, [SOUND]])
def test_only_an_object_is_a_document(given):
    assert faults_of(given) == {("not-an-object", "document")}


# path of the value spoilt, what stands there, the fault
SPOILT = [
    ("person", [], shape.NOT_AN_OBJECT),
    ("person.sex", "f", shape.ANSWER),
    ("person.sex", {"value": "f"}, shape.ANSWER),
    ("person.sex", {"value": "f", "state": "answered", "note": "x"}, shape.ANSWER),
    ("person.sex", {"value": "f", "state": "certain"}, shape.STATE),
    ("person.sex", {"value": "f", "state": []}, shape.STATE),
    ("person.sex", {"value": None, "state": "answered"}, shape.NO_CODE),
    ("person.sex", {"value": ["f"], "state": "answered"}, shape.NO_CODE),
    ("person.sex", {"value": "f", "state": "unknown"}, shape.VALUE_AND_STATE),
    ("person.citizenships", "PK", shape.NOT_A_LIST),
    ("person.citizenships", [None] * 1001, shape.TOO_MANY),
    ("person.birth", "05/03/1999", shape.DATE),
    ("person.birth", "", shape.DATE),
    ("person.birth", {"value": None, "state": "answered"}, shape.DATE),
    ("consent", {}, shape.NOT_A_LIST),
    ("person.age_estimate", "17", shape.INTEGER),
    ("person.age_estimate", True, shape.INTEGER),
    ("person.age_estimate", 200, shape.RANGE),
    ("recruitment.fee_amount", float("nan"), shape.NUMBER),
    ("recruitment.fee_amount", -1, shape.RANGE),
    ("person.deceased", "no", shape.BOOLEAN),
    ("person.job_title", "", shape.TEXT),
    ("person.job_title", "a\0b", shape.TEXT),
    ("person.job_title", "a\ud800b", shape.TEXT),
    ("person.job_title", "x" * (check.LONGEST_TEXT + 1), shape.TEXT),
    ("case.ref", "Amina D.", shape.REF),
    ("case.team", ["ok", "not ok"], shape.REF),
    ("case.id", "0" * 26 + "1", shape.ID),
    ("provenance.source", "rumour", None),
    ("provenance.source", 1, shape.NO_CODE),
    ("local", {"": 1}, shape.LOCAL),
    ("local", {"x": "a\0"}, shape.LOCAL),
    ("local", {"x": ["a\0"]}, shape.LOCAL),
    ("local", {"x": {1, 2}}, shape.LOCAL),
    ("local", {"x": float("inf")}, shape.LOCAL),
    ("local", [], shape.NOT_AN_OBJECT),
]


@pytest.mark.parametrize("path, held, rule", SPOILT, ids=lambda held: repr(held)[:30])
def test_a_value_that_does_not_fit_is_refused(path, held, rule):
    document = copy.deepcopy(SOUND)
    entity, _, key = path.partition(".")
    document[entity] = {key: held} if key else held

    found = {(problem.rule, problem.path) for problem in record.faults(document)}

    assert {(name, at.partition("[")[0]) for name, at in found} == {(rule.id if rule else "R15", path)}


def test_a_screening_map_holds_codes_and_small_answers_only():
    good = {"DR.wages": True, "CR.violence": None, "weight": 1.5, "EX": "yes"}
    bad = {"he said": True}

    assert record.faults({**SOUND, "screening": [{"answers": good}]}) == []
    assert [each.rule for each in record.faults({**SOUND, "screening": [{"answers": bad}]})] == ["map"]


def test_every_shape_of_fault_can_happen():
    reached = {rule.id for _, _, rule in SPOILT if rule} | {
        "map",
        "moment",
        "schema-version",
        "unknown-field",
    }

    assert reached == {rule.id for rule in shape.SHAPES}


def test_a_moment_needs_a_date_at_least():
    assert faults_of({**SOUND, "comment": [{"at": "noon"}]}) == {("moment", "comment[0].at")}


def test_a_key_outside_the_schema_is_named_only_by_what_it_resembles():
    error = refused({**SOUND, "person": {"gendre": 1, "Amina": 1}})

    assert [problem.path for problem in error.problems] == ["person", "person"]
    assert "Did you mean gender?" in str(error)
    assert "Amina" not in str(error)


def test_a_near_miss_of_a_statistical_code_is_shown_with_the_code_meant():
    error = refused(record.document({"exploitation[0].form": "ForcedBeging"}))

    assert "'ForcedBeging'" in str(error)
    assert "Use ForcedBegging, or add a local term" in str(error)


def test_a_near_miss_in_a_confidential_field_is_not_shown():
    error = refused(record.document({"event[0].kind": "Recruitmant"}))

    assert "Recruitmant" not in str(error)
    assert "Use Recruitment, or add" in str(error)


def test_facts_of_an_answer_are_checked():
    sex = {"value": "f", "state": "answered"}

    assert (
        record.faults({**SOUND, "person": {"sex": {**sex, "source": "document", "observed_at": "2021"}}})
        == []
    )
    wrong = {**sex, "source": "gossip", "observed_at": "soon", "recorded_by": "Amina D."}
    assert {each.path for each in record.faults({**SOUND, "person": {"sex": wrong}})} == {
        "person.sex.source",
        "person.sex.observed_at",
        "person.sex.recorded_by",
    }


def test_a_plain_value_may_be_missing_with_its_reason():
    declined = {"value": None, "state": "declined"}

    assert record.faults({**SOUND, "person": {"birth": declined, "job_title": declined}}) == []


def test_an_identifier_is_checked_by_its_check_character():
    assert record.faults({**SOUND, "case": {"id": an_identifier()}}) == []


def test_a_warning_travels_with_the_record():
    held = read(record.document({"means[0].kind": "Other"}))

    assert [(each.rule, each.severity) for each in held.problems] == [("R12", Severity.WARNING)]


def test_rules_that_read_a_faulty_part_are_not_asked():
    document = {**consenting(person__birth="1999"), "consent": "yes"}

    assert faults_of(document) == {("not-a-list", "consent")}


def test_flat_facts_fill_lists_up_to_the_place_named():
    assert record.document({"means[1].kind": "Other"})["means"][0] == {}


def test_a_flat_fact_may_be_a_local_column_of_any_name():
    assert record.document({"local.Shoe size, cm.": "24"})["local"] == {"Shoe size, cm.": "24"}


def test_the_example_of_the_reference_is_a_record():
    page = (Path(__file__).parents[2] / "docs/reference/record.md").read_text("utf-8")
    (example,) = re.findall(r"```json\n(.*?)```", page, flags=re.DOTALL)

    assert read(json.loads(example)).problems == ()


def test_every_declared_field_has_a_check():
    assert set(check._MAKERS) == set(Type)
    assert all(callable(check.check(each)) for each in fields.fields())
