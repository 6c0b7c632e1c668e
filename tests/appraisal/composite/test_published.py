"""Published indices worked out again: ASEM step by step from the raw table, INFORM 2020 from its parts."""

import numpy as np
import pytest

from palermo.appraisal import composite
from palermo.appraisal.composite import aggregation
from tests.appraisal.composite.made import asem, asem_index, asem_step, number, rows


@pytest.fixture(scope="module")
def connectivity():
    return asem_index()


def test_the_raw_asem_table_has_63_gaps():
    table, tree = asem()

    assert np.isnan(table.of_hierarchy(tree)[0]).sum() == 63


@pytest.mark.parametrize("step", ["denominated", "treated", "normalised"])
def test_each_asem_step_follows_from_the_one_before(connectivity, step):
    published = asem_step(step, connectivity.hierarchy.ids)
    ours = getattr(connectivity, step)
    largest = np.nanmax(np.abs(published), axis=0)

    assert np.array_equal(np.isnan(ours), np.isnan(published))
    assert np.nanmax(np.abs(ours - published) / largest) < 2e-9


def test_the_gaps_of_asem_are_filled_with_the_mean_of_the_continent(connectivity):
    filled = connectivity.filled
    untouched = [one.low + one.high == 0 for one in connectivity.treatments]
    published = asem_step("treated", connectivity.hierarchy.ids)

    assert filled.sum() == 65  # two more than the raw gaps: one country has no energy to divide by
    assert np.allclose(
        connectivity.imputed[:, untouched][filled[:, untouched]],
        published[:, untouched][filled[:, untouched]],
    )


def test_the_same_asem_indicators_are_winsorised_by_as_many_points(connectivity):
    published = {one["IndCode"]: one for one in rows("asem_treat_summary.csv")}
    done = {one.indicator: one for one in connectivity.treatments}

    assert {id: (one.low, one.high) for id, one in done.items()} == {
        id: (int(float(one["Low"])), int(float(one["High"]))) for id, one in published.items()
    }
    assert sum(str(one) == "none" for one in done.values()) == 34
    assert sorted({one.low + one.high for one in done.values()}) == [0, 1, 2, 3, 4]


def test_asem_scores_are_weighted_means_of_means_up_three_levels(connectivity):
    tree, normalised = connectivity.hierarchy, connectivity.normalised

    def score(id, row):
        """The same by recursion, one country and one number at a time."""
        if id in tree.ids:
            return normalised[row, tree.ids.index(id)], tree.weights[id]
        parts = [score(child, row) for child in tree.children(id)]
        total = sum(value * weight for value, weight in parts) / sum(weight for _, weight in parts)
        return total, tree.weights.get(id, 1)

    assert [tree.level(id) for id in ("Physical", "Conn", "Index")] == [2, 3, 4]
    for id in tree.ascending:
        slow = [score(id, row)[0] for row in range(len(connectivity.units))]
        assert np.allclose(connectivity.scores[id], slow, rtol=1e-12)


INFORM_GEOMETRIC = {
    "Natural": ("Earthquake", "Flood", "Tsunami", "Tropical Cyclone", "Drought", "Epidemic"),
    "HAZARD & EXPOSURE": ("Natural", "Human"),
    "Other Vulnerable Groups": ("Health Conditions", "Children U5", "Recent Shocks", "Food Security"),
    "Vulnerable Groups": ("Uprooted people", "Other Vulnerable Groups"),
    "VULNERABILITY": ("Socio-Economic Vulnerability", "Vulnerable Groups"),
    "LACK OF COPING CAPACITY": ("Institutional", "Infrastructure"),
}
INFORM_ARITHMETIC = {
    "Socio-Economic Vulnerability": {"Development & Deprivation": 2, "Inequality": 1, "Aid Dependency": 1},
    "Institutional": {"DRR": 1, "Governance": 1},
    "Infrastructure": {"Communication": 1, "Physical infrastructure": 1, "Access to health care": 1},
}


@pytest.fixture(scope="module")
def inform():
    given = rows("inform_risk_2020.csv")
    return {
        name: np.array([np.nan if (found := number(one[name])) is None else found for one in given])
        for name in given[0]
    }


def test_inform_risk_is_the_geometric_mean_of_its_three_dimensions_in_191_of_191_rows():
    given = rows("inform_risk_2020.csv")
    ids = ("HAZARD & EXPOSURE", "VULNERABILITY", "LACK OF COPING CAPACITY")
    tree = composite.Hierarchy(
        indicators=tuple(composite.Indicator(id=id, parent="risk", goalposts=(0, 10)) for id in ids),
        groups=(composite.Group(id="risk"),),
    )
    table = composite.Table.of(
        [one["ISO3"] for one in given], {id: [float(one[id]) for one in given] for id in ids}
    )

    made = composite.index(
        table,
        tree,
        normalise=composite.Normalise(rule="goalposts", low=0, high=10),
        aggregate=composite.Aggregate(("geometric",)),
    )

    assert len(made.units) == 191
    assert (
        sum(round(ours, 1) == float(one["INFORM RISK"]) for ours, one in zip(made.total, given, strict=True))
        == 191
    )


@pytest.mark.parametrize("name", INFORM_GEOMETRIC)
def test_inform_groups_are_geometric_means_of_what_is_safe(inform, name):
    """INFORM turns the scale round and shifts it to 1..10 before it multiplies, and turns back after."""
    safe = np.stack([(10 - inform[part]) / 10 * 9 + 1 for part in INFORM_GEOMETRIC[name]], axis=1)

    ours = (10 - aggregation.mean("geometric", safe, np.ones(safe.shape[1]))) / 9 * 10

    assert (np.abs(ours - inform[name]) <= 0.05 + 1e-9).sum() == 191


@pytest.mark.parametrize("name", INFORM_ARITHMETIC)
def test_inform_categories_are_arithmetic_means_of_what_is_known(inform, name):
    weights = INFORM_ARITHMETIC[name]
    parts = np.stack([inform[part] for part in weights], axis=1)

    ours = aggregation.mean("arithmetic", parts, np.array(list(weights.values()), float))

    assert (np.abs(ours - inform[name]) <= 0.05 + 1e-9).sum() == 191
