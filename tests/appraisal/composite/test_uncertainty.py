"""The draws: each one the index again, its choices kept, and no varied step that did nothing."""

import json
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.appraisal import composite
from palermo.appraisal.composite import building
from palermo.appraisal.composite.hierarchy import flat
from palermo.appraisal.composite.sensitivity import sensitivity
from palermo.errors import InvalidRecord, Unreachable
from tests.appraisal.composite.made import a_table, a_tree, an_index, asem_index, random_table

POSITIVE = composite.Normalise(low=1, high=100)


def a_random_index(seed=1, gaps=0.2):
    return composite.index(
        random_table(gaps=gaps, seed=seed),
        a_tree(),
        impute=composite.Impute(rule="median"),
        treat=composite.Treat(),
        normalise=POSITIVE,
    )


def everything(**other):
    varied = composite.Variation(
        impute=(composite.Impute(rule="mean"), composite.Impute(rule="nearest", neighbours=3)),
        treat=(composite.Treat(points=1), composite.Treat(points=4), None),
        normalise=(POSITIVE, composite.Normalise(rule="rank", low=1)),
        aggregate=(composite.Aggregate(("arithmetic",)), composite.Aggregate(("geometric",))),
        weigh=composite.Dirichlet(8),
        leave_out=True,
    )
    return replace(varied, **other)


def drawn_slowly(found, number):
    """One draw from the beginning: its steps, its weights, the tree without what it leaves out."""
    index, choice = found.index, found.draw(number)
    steps = index.steps
    for name, places in found.draws.choices.items():
        steps = replace(steps, **{name: found.vary.steps[name][int(places[number])]})
    plain = building.made(index.table, index.hierarchy, steps)
    weights, out = choice["weights"], choice["left_out"]

    def score(id, row):
        if id in index.hierarchy.ids:
            return plain.normalised[row, index.hierarchy.ids.index(id)]
        parts = [child for child in index.hierarchy.children(id) if child != out]
        known = [(score(child, row), weights[child]) for child in parts]
        known = [(value, weight) for value, weight in known if value is not None]
        if not known:
            return None
        total = sum(weight for _, weight in known)
        if steps.aggregate.rules == ("geometric",):
            return np.exp(sum(np.log(value) * weight for value, weight in known) / total)
        return sum(value * weight for value, weight in known) / total

    return [score(index.hierarchy.top, row) for row in range(len(index.units))]


@settings(deadline=None, max_examples=8)
@given(seed=st.integers(0, 10_000))
def test_every_draw_is_the_index_worked_out_alone(seed):
    found = composite.uncertainty(a_random_index(seed=seed % 50), everything(), draws=300, seed=seed)

    for number in range(0, 300, 23):
        assert np.allclose(found.scores[number], drawn_slowly(found, number))


def test_the_same_seed_gives_the_same_draws_and_another_others():
    index = a_random_index()
    one, same, other = (
        composite.uncertainty(index, everything(), draws=200, seed=seed) for seed in (1, 1, 2)
    )

    assert np.array_equal(one.scores, same.scores)
    assert one.document(choices=True) == same.document(choices=True)
    assert not np.array_equal(one.scores, other.scores)


def test_a_thousand_draws_are_made_where_nothing_is_said():
    found = composite.uncertainty(a_random_index())

    assert len(found.draws) == 1000
    assert found.scores.shape == (1000, 12)


def test_every_draw_keeps_each_of_its_choices():
    found = composite.uncertainty(a_random_index(), everything(), draws=150)
    choices = found.document(choices=True)["uncertainty"]["choices"]

    assert len(json.loads(json.dumps(choices))) == 150
    assert set(choices[0]) == {"impute", "treat", "normalise", "aggregate", "left_out", "weights"}
    assert {one["left_out"] for one in choices} == {None, "a", "b", "c"}
    assert {one["impute"]["rule"] for one in choices} == {"mean", "nearest"}
    assert None in {one["treat"] and one["treat"]["points"] for one in choices}
    assert all(sum(one["weights"][id] for id in ("one", "two")) == pytest.approx(1) for one in choices)


def test_the_weights_that_are_drawn_lie_around_the_given_ones():
    tree = a_tree()
    random = np.random.default_rng(1)
    nominal = composite.Weigh("equal")(tree)

    drawn = composite.Dirichlet(8)(nominal, tree, draws=4000, random=random)
    noisy = composite.Noise(0.25, levels=(2,))(nominal, tree, draws=4000, random=random)

    assert np.allclose(drawn.mean(axis=0), [0.5, 0.5, 1, 0.5, 0.5], atol=0.01)
    assert (noisy[:, :3] == 1).all()
    assert 0.75 <= noisy[:, 3:].min() < 0.76
    assert 1.24 < noisy[:, 3:].max() <= 1.25


def test_nothing_of_a_result_can_be_changed():
    index = a_random_index()
    found = composite.uncertainty(index, draws=100)

    for array in (index.total, index.normalised, index.table.values, found.scores, found.draws.weights):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_the_order_of_the_units_changes_nothing():
    given = random_table()
    turned = a_table(
        {id: given.values[::-1, place].tolist() for place, id in enumerate("abc")}, units=given.units[::-1]
    )
    one, other = (
        composite.uncertainty(composite.index(table, a_tree(), normalise=POSITIVE), draws=200)
        for table in (given, turned)
    )

    assert np.array_equal(one.index.ranks, other.index.ranks[::-1])
    assert np.array_equal(one.spread.low, other.spread.low[::-1])
    assert one.spread.stable_pairs == other.spread.stable_pairs


def test_a_unit_that_is_worse_in_everything_is_never_above():
    columns = {"a": [1, 2, 3, 4, 9], "b": [9, 8, 4, 3, 2], "c": [2, 3, 7, 8, 9]}
    found = composite.uncertainty(an_index(columns, normalise=POSITIVE), draws=300)

    assert found.index.ranks.tolist() == [5, 4, 3, 2, 1]
    assert found.spread.stable_pairs == 1
    assert found.interval("XA") == (5, 5)
    assert found.spread.mean_shift == 0


# -- what was filled in is shown ---------------------------------------------------------------------------


def test_each_cell_tells_its_year_and_whether_it_was_filled_in():
    table = a_table(
        {"a": [1, None, 3, 4], "b": [5, 3, 4, 1]}, years={"a": [2019, None, 2020, None], "b": [2021] * 4}
    )
    made = composite.index(table, flat(["a", "b"]), impute=composite.Impute(rule="mean"))
    filled, own = made.cells("XB")

    assert (filled.filled, filled.value, filled.used, filled.year) == (True, None, pytest.approx(8 / 3), None)
    assert (own.filled, own.value, own.year) == (False, 3, 2021)
    assert made.imputed_share("XB") == 0.5
    assert made.document()["imputed_share"] == 1 / 8


def test_a_driver_is_what_the_index_would_lose_with_the_middle_value():
    made = an_index({"a": [1, 2, 3, 4, 9], "b": [5, 3, 4, 1, 2], "c": [2, 2, 7, 8, 5]})
    cell = made.cells("XE")[0]
    middle = made.normalised[2, 0]

    assert cell.effect == pytest.approx((100 - middle) / 4)
    assert made.cells("XC")[0].effect == 0


def test_units_with_too_few_indicators_are_left_out_and_named():
    table = a_table({"a": [1, None, 3, 4], "b": [5, None, 4, 1], "c": [5, 1, 4, 1]})
    made = composite.index(table, flat(["a", "b", "c"]), coverage=composite.Coverage(least=2))
    every = composite.index(table, a_tree(), coverage=composite.Coverage(every_group=True))

    assert (made.units, made.left_out) == (("XA", "XC", "XD"), ("XB",))
    assert every.left_out == ("XB",)
    with pytest.raises(InvalidRecord, match="too few indicators"):
        made.cells("XB")


def test_a_notebook_shows_names_and_intervals_and_no_league_table():
    table = a_table({"a": [1, 5, 3], "b": [1, 2, 9]}, names=["Zed", "<b>Bold</b>", "Alpha"])
    made = composite.index(table, flat(["a", "b"]), normalise=POSITIVE)

    plain, spread = made._repr_html_(), composite.uncertainty(made, draws=100)._repr_html_()

    assert plain.index("&lt;b&gt;") < plain.index("Alpha") < plain.index("Zed")
    assert "<b>" not in plain
    assert "Rank, 90%" in spread


def test_the_share_of_a_choice_is_the_variance_between_its_alternatives():
    found = composite.uncertainty(a_random_index(), everything(), draws=400)
    shares, ranks = found.moved_by("u03"), found.ranks[:, 3].tolist()
    whole = sum(ranks) / len(ranks)
    between = 0
    for choice in (0, 1):
        ours = [
            rank for rank, at in zip(ranks, found.draws.choices["normalise"], strict=True) if at == choice
        ]
        between += len(ours) * (sum(ours) / len(ours) - whole) ** 2

    assert shares["normalise"] == pytest.approx(between / sum((rank - whole) ** 2 for rank in ranks))
    assert set(shares) == {"impute", "treat", "normalise", "aggregate", "leave_out", "rest"}
    assert sum(found.moved_by().values()) == pytest.approx(1, abs=0.2)


def test_ranks_that_no_draw_moves_are_moved_by_nothing():
    columns = {"a": [1, 2, 3, 4, 9], "b": [9, 8, 4, 3, 2], "c": [2, 3, 7, 8, 9]}

    assert composite.uncertainty(an_index(columns, normalise=POSITIVE), draws=200).moved_by() == {}


# -- a varied step that did not run -------------------------------------------------------------------------

IDLE = {
    "an imputation where nothing is missing": (
        composite.Variation(impute=(composite.Impute(rule="mean"), composite.Impute(rule="median"))),
        "impute: was varied",
    ),
    "a treatment of what has no outlier": (
        composite.Variation(treat=(composite.Treat(points=1), composite.Treat(points=5))),
        "treat: was varied",
    ),
    "the same scale twice": (composite.Variation(normalise=(POSITIVE, POSITIVE)), "one alternative only"),
    "one mean alone": (composite.Variation(aggregate=(composite.Aggregate(),)), "one alternative only"),
    "nothing": (composite.Variation(), "varies nothing"),
}


@pytest.mark.parametrize("what", IDLE)
def test_a_varied_step_that_did_nothing_is_refused(what):
    varied, said = IDLE[what]

    with pytest.raises(InvalidRecord, match=said):
        composite.uncertainty(an_index(normalise=POSITIVE), varied)


def test_weights_and_means_of_single_children_are_idle():
    made = composite.index(a_table({"a": [1, 2, 3]}), flat(["a"]), normalise=POSITIVE)
    means = (composite.Aggregate(("arithmetic",)), composite.Aggregate(("geometric",)))

    with pytest.raises(InvalidRecord, match="aggregate: was varied") as found:
        composite.uncertainty(
            made, composite.Variation(aggregate=means, weigh=composite.Dirichlet(), leave_out=True)
        )

    assert [one.path for one in found.value.problems] == ["aggregate", "leave_out", "weigh"]


def test_an_alternative_that_no_draw_chose_is_refused():
    many = tuple(composite.Normalise(rule="z", low=50, high=10 + place) for place in range(90))

    with pytest.raises(InvalidRecord, match="never drawn"):
        composite.uncertainty(an_index(), composite.Variation(normalise=many), draws=100)


def test_too_few_draws_are_refused():
    with pytest.raises(InvalidRecord, match="99 are too few"):
        composite.uncertainty(an_index(), draws=99)


def test_a_geometric_mean_among_z_scores_is_refused_and_not_skipped():
    varied = composite.Variation(
        normalise=(composite.Normalise(rule="z", low=0, high=1), POSITIVE),
        aggregate=(composite.Aggregate(("arithmetic",)), composite.Aggregate(("geometric",))),
    )

    with pytest.raises(InvalidRecord, match="no geometric mean"):
        composite.uncertainty(an_index(normalise=POSITIVE), varied)


def test_a_draw_without_a_score_is_refused_and_not_dropped():
    made = composite.index(a_table({"a": [1, 2, None], "b": [1, 2, 3]}), flat(["a", "b"]), normalise=POSITIVE)

    with pytest.raises(InvalidRecord, match="no score in some draws"):
        composite.uncertainty(made, composite.Variation(leave_out=True))


# -- sensitivity --------------------------------------------------------------------------------------------


def test_the_asem_shares_add_up_and_the_largest_comes_first():
    made = asem_index()
    found = sensitivity(made, composite.Variation.usual(made), base=64)
    document = found.document()

    totals = [one.total for one in found.effects]
    assert totals == sorted(totals, reverse=True)
    assert found.runs == 64 * (5 + 2)
    assert set(document["effects"]) == {"impute", "normalise", "aggregate", "weigh", "leave_out"}
    assert 0.5 < sum(one.first for one in found.effects) < 1.3
    assert all(one.total >= one.first - 0.25 for one in found.effects)


def test_an_assumption_that_moves_no_rank_has_no_share():
    made = a_random_index(gaps=0)
    same_order = (POSITIVE, composite.Normalise(low=1, high=101))
    varied = composite.Variation(normalise=same_order, weigh=composite.Dirichlet(1))

    effects = {one.factor: one for one in sensitivity(made, varied, base=128).effects}

    assert effects["normalise"].total == pytest.approx(0, abs=0.01)
    assert effects["weigh"].total == pytest.approx(1, abs=0.2)


def test_without_drawn_weights_the_given_ones_are_used():
    varied = everything(weigh=None, leave_out=False)

    found = sensitivity(a_random_index(), varied, base=32)

    assert {one.factor for one in found.effects} == {"impute", "treat", "normalise", "aggregate"}


@pytest.mark.parametrize(
    ("varied", "base", "said"),
    [
        (composite.Variation(weigh=composite.Dirichlet()), 64, "varies one assumption"),
        (everything(), 100, "no power of two"),
    ],
)
def test_a_sensitivity_that_makes_no_sense_is_refused(varied, base, said):
    with pytest.raises(InvalidRecord, match=said):
        sensitivity(a_random_index(), varied, base=base)


def test_ranks_that_nothing_moves_have_no_shares():
    columns = {"a": [1, 2, 3, 4, 9], "b": [9, 8, 4, 3, 2], "c": [2, 3, 7, 8, 9]}

    with pytest.raises(InvalidRecord, match="moves no rank"):
        sensitivity(an_index(columns, normalise=POSITIVE), base=32)


def test_without_salib_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "SALib.sample", None)

    with pytest.raises(Unreachable, match=r"palermo\[index\]"):
        sensitivity(a_random_index(), base=32)


def test_the_usual_variation_tries_what_the_table_allows():
    with_gaps = composite.Variation.usual(a_random_index())
    without = composite.Variation.usual(an_index())

    assert with_gaps.factors == ("impute", "normalise", "aggregate", "weigh", "leave_out")
    assert without.factors == ("normalise", "aggregate", "weigh", "leave_out")
