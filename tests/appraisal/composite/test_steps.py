"""Each step by hand on five numbers, beside a slow twin, and refused where it makes no sense."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from palermo.appraisal import composite
from palermo.appraisal.composite import aggregation, normalisation, ranks, treatment
from palermo.appraisal.composite.hierarchy import flat
from palermo.errors import InvalidRecord
from tests.appraisal.composite.made import a_table, a_tree, an_index, random_table

FIVE = [1.0, 2.0, 3.0, 4.0, 100.0]


def column(values, **rule):
    tree = flat(["a"])
    return composite.Normalise(**rule)(np.array(values, float)[:, None], tree)[:, 0]


# -- scales -------------------------------------------------------------------------------------------------


def test_min_max_on_five_numbers():
    assert np.allclose(column([1, 2, 3, 4, 5]), [0, 25, 50, 75, 100])


def test_z_on_five_numbers():
    spread = math.sqrt(2.5)

    assert np.allclose(
        column([1, 2, 3, 4, 5], rule="z", low=0, high=1),
        [-2 / spread, -1 / spread, 0, 1 / spread, 2 / spread],
    )


def test_ranks_on_five_numbers_share_places_that_are_equal():
    assert np.allclose(column([3, 1, 3, 9, 2], rule="rank"), [62.5, 0, 62.5, 100, 25])


def test_goalposts_hold_what_lies_beyond_them():
    tree = composite.Hierarchy(
        indicators=(composite.Indicator(id="a", parent="index", direction=-1, goalposts=(10, 0)),),
        groups=(composite.Group(id="index"),),
    )
    scaled = composite.Normalise(rule="goalposts")(np.array([[12.0], [5.0], [-3.0]]), tree)

    assert scaled[:, 0].tolist() == [0, 50, 100]


def test_a_downward_indicator_is_turned_round():
    tree = a_tree(a=-1, b=1)

    assert composite.Normalise()(np.array([[1.0, 1], [3, 3]]), tree).tolist() == [[100, 0], [0, 100]]


@pytest.mark.parametrize("rule", sorted(normalisation.RULES.keys() - {"goalposts"}))
@given(
    values=st.lists(st.integers(-1000, 1000), min_size=3, max_size=9).filter(
        lambda found: len(set(found)) > 1
    )
)
def test_every_scale_keeps_the_order(rule, values):
    scaled = column(values, rule=rule, low=1, high=100)

    assert all(
        (one < other) <= (high < low + 1e-9 or high <= low)
        for one, high in zip(values, scaled, strict=True)
        for other, low in zip(values, scaled, strict=True)
    )
    assert Counter(values).most_common(1)[0][1] == Counter(np.round(scaled, 9).tolist()).most_common(1)[0][1]


# -- outliers -----------------------------------------------------------------------------------------------


def test_five_numbers_are_winsorised_by_one():
    moved, done = treatment.treated(np.array(FIVE)[:, None], ["a"], composite.Treat())

    assert moved[:, 0].tolist() == [1, 2, 3, 4, 4]
    assert (done[0].low, done[0].high, str(done[0])) == (0, 1, "winsorised 1 points")


def test_a_low_outlier_is_moved_up():
    moved, done = treatment.treated(-np.array(FIVE)[:, None], ["a"], composite.Treat())

    assert moved[:, 0].tolist() == [-1, -2, -3, -4, -4]
    assert (done[0].low, done[0].high) == (1, 0)


def test_skewness_and_kurtosis_are_those_of_a_spreadsheet():
    values = np.array(FIVE)

    assert treatment.skewness(values) == pytest.approx(stats.skew(values, bias=False))
    assert treatment.kurtosis(values) == pytest.approx(stats.kurtosis(values, bias=False))


def test_the_transformations_by_hand():
    values = np.array([0.0] * 20 + [1.0, 5e5, 1e6])[:, None]
    strict = {"points": 1, "skewness": 0.1, "kurtosis": -5.0}

    logged, _ = treatment.treated(values, ["a"], composite.Treat(**strict))
    root, _ = treatment.treated(values, ["a"], composite.Treat(**strict, then="box-cox", power=0.5))
    flat_log, _ = treatment.treated(values, ["a"], composite.Treat(**strict, then="box-cox", power=0))
    left, done = treatment.treated(values, ["a"], composite.Treat(**strict, then=""))
    _, told = treatment.treated(values, ["a"], composite.Treat(**strict))

    assert logged[0, 0] == pytest.approx(math.log(1e4))
    assert root[-1, 0] == pytest.approx((math.sqrt(1e6 + 1) - 1) * 2)
    assert flat_log[-1, 0] == pytest.approx(math.log(1e6 + 1))
    assert left[-1, 0] == 5e5
    assert str(told[0]) == "log"
    assert done[0].high >= 1


def test_a_constant_column_is_left_alone_by_the_treatment():
    assert treatment.treated(np.ones((5, 1)), ["a"], composite.Treat())[1][0].high == 0


# -- gaps ---------------------------------------------------------------------------------------------------


def test_gaps_are_filled_by_mean_median_and_group():
    table = a_table({"a": [1, 2, 6, None, 10]}, labels={"half": ["n", "n", "s", "s", "s"]})

    filled = {
        rule: composite.Impute(rule=rule, by="half")(table.values, table.labels, ["a"])[3, 0]
        for rule in ("mean", "median", "group_mean", "group_median", "nearest")
    }

    assert filled == {"mean": 4.75, "median": 4, "group_mean": 8, "group_median": 8, "nearest": 4.75}


def nearest_slowly(values, neighbours):
    """Every distance by hand, one cell at a time."""
    columns = range(values.shape[1])
    middle = [np.mean([cell for cell in values[:, place] if not math.isnan(cell)]) for place in columns]
    spread = [np.std([cell for cell in values[:, place] if not math.isnan(cell)]) or 1 for place in columns]

    def distance(one, other):
        gaps = [
            (
                (values[one, place] - middle[place]) / spread[place]
                - (values[other, place] - middle[place]) / spread[place]
            )
            ** 2
            for place in columns
            if not math.isnan(values[one, place]) and not math.isnan(values[other, place])
        ]
        return math.sqrt(sum(gaps) / len(gaps)) if gaps else math.inf

    filled = values.copy()
    for row, place in np.argwhere(np.isnan(values)):
        have = [other for other in range(len(values)) if not math.isnan(values[other, place])]
        near = sorted(have, key=lambda other: (round(distance(row, other), 12), other))[:neighbours]
        filled[row, place] = np.mean([values[other, place] for other in near])
    return filled


@given(seed=st.integers(0, 1000))
def test_the_nearest_neighbours_are_those_of_a_slow_twin(seed):
    values = random_table(gaps=0.3, seed=seed).values

    fast = composite.Impute(rule="nearest", neighbours=3)(values, {}, "abc")

    assert np.allclose(fast, nearest_slowly(values, 3))


# -- means --------------------------------------------------------------------------------------------------


def mean_slowly(rule, values, weights):
    kept = [(value, weight) for value, weight in zip(values, weights, strict=True) if not math.isnan(value)]
    total = sum(weight for _, weight in kept)
    if not total:
        return math.nan
    if rule == "arithmetic":
        return sum(value * weight for value, weight in kept) / total
    if rule == "geometric":
        return math.prod(value ** (weight / total) for value, weight in kept)
    return total / sum(weight / value for value, weight in kept)


CELLS = st.one_of(st.just(math.nan), st.floats(0.1, 100))


@pytest.mark.parametrize("rule", sorted(aggregation.RULES))
@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=4),
    weights=st.lists(st.tuples(*[st.sampled_from([0.0, 0.5, 1.0, 3.0])] * 3), min_size=1, max_size=4),
)
def test_means_over_many_draws_are_those_of_a_slow_twin(rule, rows, weights):
    values, shares = np.array(rows), np.array(weights)
    slow = [[mean_slowly(rule, row, weight) for row in rows] for weight in weights]

    flat_values = aggregation.mean(rule, values, shares)
    deep_values = aggregation.mean(rule, np.stack([values] * len(weights)), shares)

    assert np.allclose(flat_values, slow, equal_nan=True)
    assert np.allclose(deep_values, slow, equal_nan=True)


def test_a_group_without_a_number_is_left_out_and_the_others_count():
    made = an_index({"a": [1, 2, 3, 4, 9], "b": [5, 3, 4, 1, 2], "c": [None, 2, 7, 8, 5]})

    assert math.isnan(made.scores["two"][0])
    assert made.total[0] == made.scores["one"][0]


def test_a_group_with_too_little_is_a_gap():
    made = an_index(
        {"a": [1, 2, 3, 4, 9], "b": [None, 3, 4, 1, 2], "c": [2, 2, 7, 8, 5]},
    )
    strict = aggregation.mean("arithmetic", np.array([[1.0, np.nan], [1, 3]]), np.ones(2), enough=0.6)

    assert made.scores["one"][0] == made.normalised[0, 0]
    assert np.isnan(strict[0])
    assert strict[1] == 2


def test_one_rule_for_each_level():
    columns = {"a": [1, 2, 3, 4, 9], "b": [5, 3, 4, 1, 2], "c": [2, 3, 7, 8, 5]}
    made = an_index(
        columns,
        normalise=composite.Normalise(low=1),
        aggregate=composite.Aggregate(("arithmetic", "geometric")),
    )

    assert np.allclose(made.scores["one"], made.normalised[:, :2].mean(axis=1))
    assert np.allclose(made.total, np.sqrt(made.scores["one"] * made.scores["two"]))


# -- ranks --------------------------------------------------------------------------------------------------


def ranks_slowly(scores):
    return [1 + sum(other > one for other in scores) for one in scores]


@given(scores=st.lists(st.integers(-5, 5), min_size=1, max_size=8))
def test_ranks_are_those_of_a_slow_twin(scores):
    assert ranks.competition(scores).tolist() == ranks_slowly(scores)


def test_scores_that_differ_by_rounding_alone_are_a_tie():
    assert ranks.competition([0.1 + 0.2, 0.3, 5.0]).tolist() == [2, 2, 1]


@given(
    st.lists(st.lists(st.integers(0, 3), min_size=4, max_size=4), min_size=1, max_size=25),
    st.lists(st.integers(0, 3), min_size=4, max_size=4),
)
def test_the_share_of_stable_pairs_is_that_of_a_slow_twin(drawn, scores):
    each, nominal = ranks.competition(drawn), ranks.competition(scores)
    pairs = [(one, other) for one in range(4) for other in range(one + 1, 4)]
    kept = 0
    for one, other in pairs:
        if nominal[one] != nominal[other]:
            same = [np.sign(row[one] - row[other]) == np.sign(nominal[one] - nominal[other]) for row in each]
            kept += sum(same) / len(same) >= 0.95

    assert ranks.stable_pairs(each, nominal) == pytest.approx(kept / len(pairs))


def test_the_interval_leaves_out_at_most_a_twentieth_at_either_end():
    drawn = np.arange(1, 101)[:, None] * np.array([[1, 1]])
    found = ranks.spread(drawn, np.array([1, 2]))

    assert found.low.tolist() == [5, 5]
    assert found.high.tolist() == [96, 96]


def test_quarters_are_told_only_as_far_as_the_interval_allows():
    low, high = np.array([1, 1, 5, 7, 4, 1, 1, 8]), np.array([2, 3, 8, 8, 4, 1, 8, 8])
    found = ranks.standings(ranks.Spread(low=low, high=high, median=low, mean_shift=0, stable_pairs=1))

    assert [(one.first, one.last) for one in found] == [
        (1, 1),
        (1, 2),
        (3, 4),
        (4, 4),
        (2, 2),
        (1, 1),
        (1, 4),
        (4, 4),
    ]
    assert [one.sure for one in found] == [True, False, False, True, True, True, False, True]


# -- refusals -----------------------------------------------------------------------------------------------

REFUSED = {
    "a table of one unit": (lambda: a_table({"a": [1]}), "1 unit"),
    "a unit that stands twice": (lambda: a_table({"a": [1, 2]}, units=["X", "X"]), "stands twice"),
    "a NaN": (lambda: a_table({"a": [1, math.nan]}), "NaN"),
    "an infinite number": (lambda: a_table({"a": [1, math.inf]}), "infinity"),
    "a short column": (lambda: a_table({"a": [1, 2], "b": [1]}), "1 cells for 2 units"),
    "a column that is not there": (lambda: composite.index(a_table({"a": [1, 2]}), flat(["z"])), "column z"),
    "an indicator that is equal for all": (
        lambda: an_index({"a": [1] * 5, "b": [1, 2, 3, 4, 5], "c": [1, 2, 3, 4, 5]}),
        "the same number",
    ),
    "an indicator nobody has": (
        lambda: an_index({"a": [None] * 5, "b": [1, 2, 3, 4, 5], "c": [1, 2, 3, 4, 5]}),
        "no number for any unit",
    ),
    "a dimension without an indicator": (
        lambda: composite.Hierarchy(
            indicators=(composite.Indicator(id="a", parent="top"),),
            groups=(composite.Group(id="top"), composite.Group(id="empty", parent="top")),
        ),
        "group empty: is empty",
    ),
    "a parent that is no group": (
        lambda: composite.Hierarchy(
            indicators=(composite.Indicator(id="a", parent="nil"),), groups=(composite.Group(id="top"),)
        ),
        "'nil', which is no group",
    ),
    "two indices": (
        lambda: composite.Hierarchy(
            indicators=(
                composite.Indicator(id="a", parent="top"),
                composite.Indicator(id="b", parent="other"),
            ),
            groups=(composite.Group(id="top"), composite.Group(id="other")),
        ),
        "2 groups without a parent",
    ),
    "an id that stands twice": (lambda: flat(["a", "a"]), "stands twice"),
    "groups in a circle": (
        lambda: composite.Hierarchy(
            indicators=(composite.Indicator(id="a", parent="top"),),
            groups=(
                composite.Group(id="top"),
                composite.Group(id="x", parent="y"),
                composite.Group(id="y", parent="x"),
            ),
        ),
        "circle",
    ),
    "a direction of two": (lambda: composite.Indicator(id="a", parent="top", direction=2), "direction"),
    "a weight of nothing": (lambda: composite.Indicator(id="a", parent="top", weight=0), "weight"),
    "a weight that is no number": (lambda: composite.Group(id="a", weight=math.nan), "weight"),
    "an unknown imputation": (lambda: composite.Impute(rule="guess"), "'guess' is no rule"),
    "a group rule without a grouping": (lambda: composite.Impute(rule="group_mean"), "needs a grouping"),
    "no neighbours": (lambda: composite.Impute(rule="nearest", neighbours=0), "0 neighbours"),
    "an unknown grouping": (
        lambda: an_index(impute=composite.Impute(rule="group_mean", by="moon")),
        "'moon' is no grouping",
    ),
    "a group without a number": (
        lambda: composite.index(
            a_table({"a": [1, 2, None], "b": [3, 4, 5]}, labels={"half": ["n", "n", "s"]}),
            flat(["a", "b"]),
            impute=composite.Impute(rule="group_mean", by="half"),
        ),
        "cannot be filled",
    ),
    "an unknown transformation": (lambda: composite.Treat(then="fold"), "'fold'"),
    "fewer than no points": (lambda: composite.Treat(points=-1), "-1 points"),
    "a treatment of three numbers": (
        lambda: composite.index(a_table({"a": [1, 2, 3]}), flat(["a"]), treat=composite.Treat()),
        "need 4",
    ),
    "an unknown scale": (lambda: composite.Normalise(rule="feet"), "'feet' is no rule"),
    "a scale from high to low": (lambda: composite.Normalise(low=5, high=1), "no scale"),
    "a deviation of nothing": (lambda: composite.Normalise(rule="z", low=0, high=0), "no standard deviation"),
    "goalposts that are not given": (
        lambda: an_index(normalise=composite.Normalise(rule="goalposts")),
        "no two goalposts",
    ),
    "an unknown mean": (lambda: composite.Aggregate(("mode",)), "'mode' is no mean"),
    "no mean": (lambda: composite.Aggregate(()), "names no mean"),
    "means for other levels": (
        lambda: an_index(aggregate=composite.Aggregate(("arithmetic",) * 3)),
        "3 means for 2 levels",
    ),
    "a geometric mean of nought": (
        lambda: an_index(aggregate=composite.Aggregate(("geometric",))),
        "zero or less",
    ),
    "a harmonic mean of z-scores": (
        lambda: an_index(
            normalise=composite.Normalise(rule="z", low=0, high=1),
            aggregate=composite.Aggregate(("harmonic",)),
        ),
        "zero or less",
    ),
    "an unknown weighting": (lambda: composite.Weigh("random"), "'random' is no rule"),
    "a concentration of nothing": (lambda: composite.Dirichlet(0), "concentration"),
    "a noise of more than all": (lambda: composite.Noise(1.5), "noise"),
    "more indicators than there are": (lambda: an_index(coverage=composite.Coverage(least=9)), "9 of 3"),
    "a coverage that nobody has": (
        lambda: composite.index(
            a_table({"a": [1, 2, 3], "b": [1, None, None]}),
            flat(["a", "b"]),
            coverage=composite.Coverage(least=2),
        ),
        "leaves 1 of 3",
    ),
    "a unit without a score": (
        lambda: composite.index(
            a_table({"a": [1, 2, 3], "b": [1, 2, None]}),
            flat(["a", "b"]),
            aggregate=composite.Aggregate(enough=0.9),
        ),
        "has no score",
    ),
    "a unit that is not there": (lambda: an_index().imputed_share("XZ"), "not in the index"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_makes_no_sense_is_refused_and_named(what):
    attempt, said = REFUSED[what]

    with pytest.raises(InvalidRecord, match=said):
        attempt()


def test_an_infinite_number_is_refused_in_an_array_too():
    with pytest.raises(InvalidRecord, match="infinite number"):
        composite.Table(
            units=("XA", "XB"),
            columns=("a",),
            values=np.array([[1.0], [np.inf]]),
            years=np.zeros((2, 1), np.int64),
            names=("XA", "XB"),
        )


def test_every_fault_of_a_tree_is_named_at_once():
    with pytest.raises(InvalidRecord) as found:
        composite.Hierarchy(
            indicators=(composite.Indicator(id="a", parent="nil"),),
            groups=(composite.Group(id="top"), composite.Group(id="b", parent="top")),
        )

    assert len(found.value.problems) == 2


# -- detected victims ---------------------------------------------------------------------------------------

VICTIMS = [
    "detected_victims",
    "VC_HTF_DETV",
    "VC_HTF_DETVSX",
    "Detected trafficking victims",
    "victims detected per 100,000",
    "Victimes détectées",
    "victimes de la traite",
    "estimated_victims",
    "unodc_glotip_2025-04-14.csv.gz",
    "detected_victims_total.csv",
    "identified-victims",
    "tip_tier",
    "p3_total",
]


@pytest.mark.parametrize("name", VICTIMS)
@pytest.mark.parametrize("place", ["id", "name", "source", "denominator"])
def test_detected_victims_and_outside_scores_cannot_enter_an_index(name, place):
    given = {"id": "harmless", "parent": "top", place: name}

    with pytest.raises(InvalidRecord, match=r"found|somebody else"):
        composite.Indicator(**given)


@pytest.mark.parametrize("name", VICTIMS)
def test_no_table_of_an_index_holds_them_either(name):
    with pytest.raises(InvalidRecord, match=r"found|somebody else"):
        a_table({"a": [1, 2], name: [3, 4]})


def test_poverty_and_schooling_are_let_in():
    for name in ("poverty_300", "homicide_rate", "mean_school_years_women", "refugees"):
        assert composite.Indicator(id=name, parent="top").id == name
