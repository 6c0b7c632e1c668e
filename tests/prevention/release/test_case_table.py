"""The node's cases become persons of a table, each once, with what their documents say."""

from collections import Counter

from palermo.prevention.release import case_table, counts
from palermo.prevention.release.opening import opened
from palermo.standards.specimen import specimens


def an_answer(code):
    return {"value": code, "state": "answered"}


def a_case(**changed):
    return {
        "case": {"year_registered": 2024},
        "person": {"sex": an_answer("f"), "citizenships": [an_answer("FR")]},
        "exploitation": [{"form": an_answer("DebtBondagePurpose"), "industry": an_answer("A0311")}],
        "means": [{"kind": an_answer("PhysicalAbuse")}, {"kind": an_answer("Threats")}],
    } | changed


def row(case):
    ((_, *cells),) = case_table.rows([("a", case)])
    return cells


def released(case):
    """The cells of the one person of a case, as a release writes them."""
    table = opened(case_table.persons([("a", case)]))
    return case_table.schema().row(table.codes[0].tolist())


def test_a_case_is_a_row_of_codes():
    assert row(a_case()) == [
        *("2024", "f", "", "FR", "DebtBondagePurpose", "PhysicalAbuse;Threats", "A0311"),
    ]


def test_codes_are_led_to_the_widest():
    assert released(a_case()) == (
        *("2024", "f", "unknown", "150", "SlaveryLike", "Threats;Abuse", "A_AgricultureForestryAndFishing"),
    )


def test_two_answers_where_one_is_released_count_as_none():
    case = a_case(person={"citizenships": [an_answer("FR"), an_answer("DE")]})

    assert row(case)[3] == ""


def test_an_answer_that_was_not_given_is_not_recorded():
    case = a_case(person={"sex": {"value": None, "state": "declined"}}, exploitation=[], means=[])

    assert row(case)[1:] == ["", "", "", "", "", ""]


def test_an_empty_document_is_a_person_of_whom_nothing_is_recorded():
    assert row({}) == [""] * 7
    assert opened(counts.recorded(case_table.persons([("a", {})])))[0] == 1


def test_made_up_cases_are_counted_once_a_person():
    made = list(specimens(400, seed=3))
    secret = case_table.persons((str(one.person), one.document) for one in made)

    people = {one.person: one.document for one in made}
    sexes = Counter(document["person"]["sex"]["value"] for document in people.values())
    years = len(case_table.schema().columns[0].codes)
    assert opened(counts.persons(secret)).tolist() == [len(people)]
    assert opened(counts.ones(secret))[years : years + 3].tolist() == [sexes["f"], sexes["m"], sexes["x"]]


def test_the_schema_is_written_for_everybody_to_change():
    assert case_table.schema().person == case_table.COLUMNS[0]
    assert [column.name for column in case_table.schema().columns] == list(case_table.COLUMNS[1:])
    assert "[[column]]" in case_table.text()
