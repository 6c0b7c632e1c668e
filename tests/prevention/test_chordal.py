"""Decomposable graphs, against taking simplicial vertices away one by one."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.errors import WrongState
from palermo.prevention import chordal


def neighbours(graph, vertices):
    near = {vertex: set() for vertex in range(vertices)}
    for bit, (one, other) in enumerate(combinations(range(vertices), 2)):
        if graph >> bit & 1:
            near[one].add(other)
            near[other].add(one)
    return near


def joined(near, members):
    return all(other in near[one] for one, other in combinations(members, 2))


def eliminates(graph, vertices):
    """Perfect elimination: while any vertex is left, one whose neighbours are all joined goes."""
    near = neighbours(graph, vertices)
    while near:
        simplicial = [vertex for vertex, others in near.items() if joined(near, others)]
        if not simplicial:
            return False
        for other in near.pop(simplicial[0]):
            near[other].discard(simplicial[0])
    return True


def maximal(graph, vertices):
    """Every complete set that no larger complete set holds, by trying all sets."""
    near = neighbours(graph, vertices)
    sets = [set(some) for size in range(vertices + 1) for some in combinations(range(vertices), size)]
    complete = [some for some in sets if joined(near, some)]
    return [some for some in complete if not any(some < other for other in complete)]


@pytest.mark.parametrize("vertices", [1, 2, 3, 4, 5])
def test_the_graphs_are_those_that_perfect_elimination_finds(vertices):
    every = range(chordal.complete(vertices) + 1)

    assert chordal.graphs(vertices).tolist() == [graph for graph in every if eliminates(graph, vertices)]


@pytest.mark.parametrize("vertices, known", [(3, 8), (4, 61), (5, 822), (6, 18_154)])
def test_there_are_as_many_as_labelled_chordal_graphs_are_known(vertices, known):
    assert len(chordal.graphs(vertices)) == known


def test_seven_vertices_are_too_many_to_list():
    with pytest.raises(WrongState, match="Sample"):
        chordal.graphs(7)


@given(st.integers(0, chordal.complete(6)))
def test_cliques_are_the_maximal_complete_sets(graph):
    if not eliminates(graph, 6):
        with pytest.raises(WrongState, match="chord"):
            chordal.cliques(graph, vertices=6)
        return

    expected = sorted(sum(1 << vertex for vertex in some) for some in maximal(graph, 6))

    assert list(chordal.cliques(graph, vertices=6)) == expected


def test_a_square_is_decomposable_only_with_a_chord():
    square = sum(1 << chordal.pairs(4).index(pair) for pair in [(0, 1), (1, 2), (2, 3), (0, 3)])
    chord = 1 << chordal.pairs(4).index((0, 2))

    assert not chordal.decomposable(square, vertices=4)
    assert chordal.decomposable(square | chord, vertices=4)
