"""Made-up tables and trees for the tests of the index, and the public ASEM and INFORM tables."""

import csv

import numpy as np

from palermo.appraisal import composite
from tests.appraisal.made import public


def a_table(columns=None, *, units=None, **more):
    columns = columns or {"a": [1, 2, 3, 4, 9], "b": [5, 3, 4, 1, 2], "c": [2, 2, 7, 8, 5]}
    units = units or [
        f"X{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[: len(columns[next(iter(columns))])]
    ]
    return composite.Table.of(units, columns, **more)


def a_tree(**directions):
    """Indicators a and b in the group one, c in the group two, unless others are given."""
    directions = directions or {"a": 1, "b": -1, "c": 1}
    parents = {
        id: "one" if place < max(1, len(directions) - 1) else "two" for place, id in enumerate(directions)
    }
    return composite.Hierarchy(
        indicators=tuple(
            composite.Indicator(id=id, parent=parents[id], direction=way) for id, way in directions.items()
        ),
        groups=(
            composite.Group(id="top"),
            *(composite.Group(id=group, parent="top") for group in sorted(set(parents.values()))),
        ),
    )


def an_index(columns=None, **steps):
    return composite.index(a_table(columns), a_tree(), **steps)


def random_table(units=12, gaps=0.0, seed=1):
    """Three skewed columns, the first with an outlier, with some gaps, never a row without a number."""
    random = np.random.default_rng(seed)
    values = random.lognormal(size=(units, 3))
    values[0, 0] *= 1000
    values[(random.random(values.shape) < gaps) & (np.arange(3) != 0)] = np.nan
    columns = {
        id: [None if np.isnan(cell) else float(cell) for cell in values[:, place]]
        for place, id in enumerate("abc")
    }
    return a_table(columns, units=[f"u{place:02}" for place in range(units)])


def rows(name):
    with public(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(cell):
    try:
        return float(cell)
    except ValueError:
        return None


def asem():
    """The ASEM table with its denominators and its two continents, and its tree."""
    given, meta = rows("asem_idata.csv"), rows("asem_imeta.csv")
    kinds = {one["iCode"]: one for one in meta if one["Type"] in ("Indicator", "Denominator")}
    table = composite.Table.of(
        [one["uCode"] for one in given],
        {id: [number(one[id]) for one in given] for id in kinds},
        names=[one["uName"] for one in given],
        labels={"continent": [one["EurAsia_group"] for one in given]},
    )
    tree = composite.Hierarchy(
        indicators=tuple(
            composite.Indicator(
                id=one["iCode"],
                parent=one["Parent"],
                direction=int(float(one["Direction"])),
                weight=float(one["Weight"]),
                denominator=one["Denominator"],
            )
            for one in meta
            if one["Type"] == "Indicator"
        ),
        groups=tuple(
            composite.Group(id=one["iCode"], parent=one["Parent"], weight=float(one["Weight"]))
            for one in meta
            if one["Type"] == "Aggregate"
        ),
    )
    return table, tree


def asem_index():
    return composite.index(
        *asem(),
        impute=composite.Impute(rule="group_mean", by="continent"),
        treat=composite.Treat(),
    )


def asem_step(name, ids):
    return np.array([[number(one[id]) for id in ids] for one in rows(f"asem_step_{name}.csv")], float)
