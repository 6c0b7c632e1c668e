"""Our part of JSON Schema says what a whole implementation says of cards, whatever is changed in them."""

import copy

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.prevention.release import card as cards
from palermo.prevention.release import shape
from tests.prevention.release import packs

WHOLE = jsonschema_rs.validator_for(dict(cards.schema()))
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 3),
    st.floats(-1, 2, allow_nan=False),
    st.sampled_from(["", "person", "persons", "2026-11-21", "x"]),
    st.just([]),
    st.just({}),
    st.just({"en": "a", "fr": "b"}),
)


def places(document, at=()):
    """Every place of a document."""
    items = document.items() if isinstance(document, dict) else enumerate(document)
    for name, value in items:
        yield (*at, name)
        if isinstance(value, dict | list):
            yield from places(value, (*at, name))


PLACES = sorted(places(packs.document()), key=str)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLACES), VALUES), min_size=1, max_size=3))
def test_a_changed_card_fits_or_not_as_a_whole_implementation_says(changes):
    document = packs.document()
    for path, value in changes:
        inside = document
        try:
            for name in path[:-1]:
                inside = inside[name]
            inside[path[-1]] = copy.copy(value)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took the place away

    assert (next(shape.misfits(document, cards.schema()), None) is None) == WHOLE.is_valid(document)


@pytest.mark.parametrize("name", sorted(packs.document()))
def test_a_card_without_a_part_does_not_fit(name):
    document = packs.document()
    del document[name]

    assert list(shape.misfits(document, cards.schema())) == ["$ required"]


def test_a_misfit_is_named_by_its_place():
    document = packs.document()
    document["columns"][1]["codes"][0]["code"] = 7

    assert list(shape.misfits(document, cards.schema())) == ["$.columns[1].codes[0].code type"]


def test_a_keyword_that_is_not_checked_is_refused():
    with pytest.raises(ValueError, match="uniqueItems is not checked here"):
        list(shape.misfits([], {"uniqueItems": True}))
