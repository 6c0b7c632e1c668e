"""Named places in a document."""

import pytest

from palermo.standards import htcds
from palermo.standards.slot import slot

PLACES = sorted({column.at for column in htcds.columns().values() if "[*]" not in column.at})


@pytest.mark.parametrize("path", PLACES)
def test_what_is_put_at_a_place_is_taken_from_there(path):
    document = {}

    slot(path).put(document, "x")

    assert slot(path).take(document) == "x"
    assert slot(path).take(document) is None


@pytest.mark.parametrize("path", PLACES)
def test_nothing_is_taken_from_an_empty_document(path):
    assert slot(path).take({}) is None


def test_an_item_known_by_its_answer_is_found_among_others():
    document = {"contact": [{"channel": {"value": "visit", "state": "answered"}}, {}]}

    slot("contact[channel=email].value").put(document, "x")

    assert document["contact"][2] == {"channel": {"value": "email", "state": "answered"}, "value": "x"}
    assert slot("contact[channel=visit].value").take(document) is None


def test_a_path_that_is_none_is_refused():
    with pytest.raises(ValueError, match="not a step"):
        slot("person.Name!")
