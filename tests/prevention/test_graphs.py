"""E8, against the formula written out for every graph and grid point, and against dga's answers."""

from math import lgamma

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.prevention import chordal, graphs
from palermo.prevention.overlap import Overlap
from tests.prevention.tables import a_table, reference, shared, sparse

SPINA = {"A": 60, "B": 49, "AB": 4, "C": 247, "AC": 112, "BC": 142, "ABC": 12}
DGA = [(name, key) for name, known in reference().items() for key in known if key.startswith("dga_delta")]


def seven_lists():
    """2,000 people, each list catching a tenth to a third of them; who is in A is more often in B."""
    rng = np.random.default_rng(7)
    caught = rng.random((2_000, 7)) < np.linspace(0.1, 0.3, 7)
    caught[:, 1] |= caught[:, 0] & (rng.random(2_000) < 0.5)
    counts = np.bincount(caught @ (1 << np.arange(7)), minlength=128)
    counts[0] = 0
    return Overlap(lists=tuple("ABCDEFG"), counts=counts)


def family(counts, members, n0, delta, lists):
    """log F of one set of lists, cell by cell."""
    cells = 1 << len(members)
    table = [0.0] * cells
    for w, people in enumerate(counts):
        table[sum((w >> i & 1) << place for place, i in enumerate(members))] += n0 if w == 0 else people
    prior = delta * 2 ** (lists - len(members))
    found = sum(lgamma(people + prior) - lgamma(prior) for people in table)
    return found + lgamma(prior * cells) - lgamma(sum(table) + prior * cells)


def separators(cliques):
    """The separators of a junction tree: Prim's algorithm on the sizes of what cliques share."""
    inside, outside, found = [set(cliques[0])], [set(clique) for clique in cliques[1:]], []
    while outside:
        one, other = max(((a, b) for a in inside for b in outside), key=lambda ends: len(ends[0] & ends[1]))
        found.append(tuple(sorted(one & other)))
        inside.append(other)
        outside.remove(other)
    return found


def written_out(table, hidden, delta):
    """Every graph x grid point at once: the mass of each total and the weight of each graph."""
    lists = len(table.lists)
    logs = np.empty((len(chordal.graphs(lists)), len(hidden)))
    for row, graph in enumerate(chordal.graphs(lists)):
        masks = chordal.cliques(int(graph), vertices=lists)
        cliques = [tuple(i for i in range(lists) if mask >> i & 1) for mask in masks]
        for column, n0 in enumerate(hidden):
            total = n0 + table.observed
            parts = [family(table.counts, members, n0, delta, lists) for members in cliques]
            less = [family(table.counts, members, n0, delta, lists) for members in separators(cliques)]
            shared_part = lgamma(total + 1) - lgamma(n0 + 1) - np.log(total)
            logs[row, column] = sum(parts) - sum(less) + shared_part
    mass = np.exp(logs - logs.max())
    return mass.sum(axis=0) / mass.sum(), mass.sum(axis=1) / mass.sum()


@settings(max_examples=15, deadline=None)
@given(sparse(3, 4), st.sampled_from([0.0625, 0.5, 1.0]))
def test_the_posterior_is_the_formula_written_out(table, delta):
    hidden = np.array([0.0, 1.0, 2.0, 10.0, 40.0, 150.0, 600.0])

    found = graphs.posterior(
        table.counts, hidden=hidden, graphs=chordal.graphs(len(table.lists)), delta=delta
    )

    mass, weights = written_out(table, hidden, delta)
    assert found.mass == pytest.approx(mass, rel=1e-8, abs=1e-12)
    assert found.weights == pytest.approx(weights, rel=1e-8, abs=1e-12)


@settings(max_examples=15, deadline=None)
@given(sparse(3, 5), st.randoms(use_true_random=False))
def test_names_and_order_of_the_lists_change_nothing(table, chance):
    order = list(table.lists)
    chance.shuffle(order)
    other = table.reordered(order)
    renamed = Overlap(lists=tuple(f"list {name}" for name in order), counts=other.counts)

    first, second = graphs.estimate(table), graphs.estimate(renamed)

    assert second.total == first.total
    assert second.interval == first.interval
    assert second.lists == renamed.lists


def test_a_longer_grid_than_one_block_is_summed_the_same_in_pieces():
    counts, hidden = a_table(SPINA).counts, np.arange(1.0, 3001.0)

    whole = graphs.posterior(counts, hidden=hidden, graphs=chordal.graphs(3))

    alone = [graphs.posterior(counts, hidden=hidden, graphs=np.array([graph])) for graph in chordal.graphs(3)]
    mixed = sum(weight * one.mass for weight, one in zip(whole.weights, alone, strict=True))
    assert whole.mass == pytest.approx(mixed, rel=1e-9, abs=1e-15)
    assert whole.weights.sum() == pytest.approx(1)


@pytest.mark.parametrize("name, key", DGA or [("absent", "dga")])
def test_the_answers_are_those_of_dga_on_its_grid(name, key):
    table = shared(name)
    known, delta = reference()[name][key], float(key.removeprefix("dga_delta_"))

    found = graphs.posterior(
        table.counts,
        hidden=graphs.grid(table.observed),
        graphs=chordal.graphs(len(table.lists)),
        delta=delta,
    )

    assert len(found.totals) == known["grid"]
    assert [found.quantile(q) for q in (0.025, 0.5, 0.975)] == [known[q] for q in ("q025", "median", "q975")]
    assert found.mean == pytest.approx(known["mean"], rel=1e-6)
    assert found.weights.max() == pytest.approx(known["top_graph_weight"], abs=6e-8)


def test_a_walk_meets_the_graphs_as_often_as_they_weigh():
    table = a_table({**SPINA, "D": 60, "AD": 20, "BCD": 4}, lists="ABCD")
    hidden = graphs.grid(table.observed, points=1_000)

    visited = graphs.sampled(table, hidden, delta=1 / 16, seed=1, steps=20_000)

    belief = graphs.posterior(table.counts, hidden=hidden, graphs=chordal.graphs(4))
    shares = [np.mean(visited == graph) for graph in belief.graphs]
    assert np.abs(shares - belief.weights).sum() / 2 < 0.05


def test_seven_lists_are_answered_by_a_walk_and_say_how_far_it_strayed():
    table = seven_lists()

    found = graphs.estimate(table, steps=3_000)

    assert found.estimable
    assert found.interval.low < 2_000 < found.interval.high
    assert 0 < found.details["walks_apart"] < 0.1
    assert found == graphs.estimate(table, steps=3_000)


def test_walks_that_have_not_met_are_refused():
    found = graphs.estimate(seven_lists(), steps=30)

    assert not found.estimable
    assert "do not agree" in str(found.warnings[0])


def test_a_grid_that_cuts_the_posterior_is_refused():
    found = graphs.estimate(a_table(SPINA), hidden=np.arange(1.0, 101.0))

    assert found.total is None
    assert "end of the grid" in str(found.warnings[0])


def test_the_weight_of_the_complete_graph_is_warned_of():
    found = graphs.estimate(a_table({"A": 5, "B": 5, "C": 41, "AB": 54, "AC": 6, "ABC": 12}))

    assert found.details["complete_graph"] > 0.05
    assert any("complete graph" in str(warning) for warning in found.warnings)


def test_too_many_lists_and_faulty_tables_are_refused_with_the_remedy():
    many = "ABCDEFGHIJK"
    crowded = graphs.estimate(a_table(dict.fromkeys(many, 9), lists=many))
    empty = graphs.estimate(a_table({"A": 5, "B": 6, "AB": 2}))

    assert "merge some, 10 at most" in str(crowded.warnings[0])
    assert "Nobody is in it" in str(empty.warnings[0])


def test_the_heaviest_graphs_are_named_by_their_cliques():
    found = graphs.estimate(a_table(SPINA))

    named = found.details["graphs"][0]
    assert {frozenset(clique) for clique in named["cliques"]} == {frozenset("AB"), frozenset("C")}
    assert sum(one["weight"] for one in found.details["graphs"]) <= 1
    assert len(found.details["graphs"]) == 5


def test_a_graph_that_was_not_summed_has_no_weight():
    belief = graphs.posterior(a_table(SPINA).counts, hidden=np.arange(1.0, 50.0), graphs=np.array([0, 1]))

    assert belief.weight(7) == 0


def test_what_is_supposed_is_about_graphs_and_not_about_interactions():
    supposed = graphs.estimate(a_table(SPINA)).assumptions

    assert "decomposable" in str(supposed[-1])
    assert not any("Interactions" in str(one) for one in supposed)
