"""Every hierarchical model is in the catalogue once, and a search's steps stay inside it."""

from itertools import chain, combinations

import pytest

from palermo.prevention import hierarchy


def every_model(lists: int, order: int) -> set[frozenset[int]]:
    """The slow twin: all sets of interactions, kept where each part of a term is there too."""
    known = hierarchy.interactions(lists, order)
    sets = chain.from_iterable(combinations(known, size) for size in range(len(known) + 1))
    return {
        frozenset(model) for model in sets if all(set(hierarchy.parts(term)) <= {*model} for term in model)
    }


@pytest.mark.parametrize("lists, order", [(2, 2), (3, 2), (3, 3), (4, 2), (4, 3)])
def test_the_catalogue_is_every_closed_set_of_interactions(lists, order):
    known = hierarchy.catalogue(lists, order)

    listed = [frozenset(known.terms(place)) for place in range(len(known))]

    assert len(listed) == len(set(listed))
    assert set(listed) == every_model(lists, order)


@pytest.mark.parametrize(
    "lists, order, models", [(3, 2, 8), (4, 3, 113), (5, 2, 1024), (5, 3, 6212), (6, 2, 32768)]
)
def test_a_catalogue_has_the_known_number_of_models(lists, order, models):
    assert len(hierarchy.catalogue(lists, order)) == models


@pytest.mark.parametrize(
    "lists, order, whole", [(5, 3, True), (6, 2, True), (6, 3, False), (7, 2, False), (5, 4, False)]
)
def test_a_catalogue_too_large_is_not_listed(lists, order, whole):
    assert hierarchy.listable(lists, order) is whole


def test_neighbours_are_the_models_that_differ_by_one_term():
    every = every_model(4, 3)

    for model in every:
        terms = hierarchy.ordered(model)
        around = {frozenset(one) for one in hierarchy.neighbours(terms, lists=4, order=3)}
        assert around == {other for other in every if len(other ^ model) == 1}


def test_a_triple_brings_its_pairs():
    assert hierarchy.closed([0b111, 0b1001]) == (0b011, 0b101, 0b1001, 0b110, 0b111)


def test_generators_lie_in_no_other_term():
    assert hierarchy.generators(hierarchy.closed([0b111, 0b1001])) == (0b1001, 0b111)


def test_a_row_of_the_table_says_which_parameters_a_model_has():
    known = hierarchy.catalogue(3, 3)
    parameters = (0, 1, 2, 4, *known.interactions)

    for place, row in enumerate(hierarchy.table(known)):
        chosen = tuple(term for term, kept in zip(parameters, row, strict=True) if kept)
        assert chosen == (0, 1, 2, 4, *known.terms(place))
