"""An index with its uncertainty, 2,000 draws x 183 States x 10 indicators, beside a plain pandas one."""

from pathlib import Path
from typing import Any

import measure
import numpy as np
import pandas as pd

from palermo.appraisal import composite
from palermo.appraisal.composite import causes
from palermo.appraisal.composite.uncertainty import Uncertainty

PUBLIC = Path(__file__).resolve().parents[2] / "shared" / "data" / "appraisal"
DRAWS, PEER_DRAWS = 2000, 100
TARGET_CPU_S = 2.0


def table() -> composite.Table:
    """The public root-cause table of 183 States, or a random one of that size where it is absent."""
    if PUBLIC.is_dir():
        return causes.vulnerability(PUBLIC, draws=100).index.table
    random = np.random.default_rng(1)
    values = random.lognormal(size=(183, 10))
    values[random.random(values.shape) < 0.037] = np.nan
    return composite.Table.of(
        [f"{place:03}" for place in range(183)],
        {
            id: [None if np.isnan(one) else one for one in values[:, at]]
            for at, id in enumerate(causes.indicators())
        },
    )


def ours(given: composite.Table, vary: composite.Variation, draws: int) -> Uncertainty:
    """The index and its draws."""
    made = composite.index(
        given,
        causes.hierarchy(),
        impute=composite.Impute(rule="median"),
        normalise=composite.Normalise(low=1, high=100),
        aggregate=composite.Aggregate(("arithmetic", "geometric")),
    )
    return composite.uncertainty(made, vary, draws=draws)


def varied() -> composite.Variation:
    return composite.Variation(
        impute=(composite.Impute(rule="mean"), composite.Impute(rule="median")),
        normalise=(composite.Normalise(low=1, high=100), composite.Normalise(rule="z", low=50, high=10)),
        aggregate=(composite.Aggregate(("arithmetic",)), composite.Aggregate(("arithmetic", "geometric"))),
        weigh=composite.Dirichlet(8),
        leave_out=True,
    )


def peer(found: Uncertainty, draws: int) -> pd.DataFrame:
    """The same draws, one after the other, as one would write them with data frames."""
    index = found.index
    tree = index.hierarchy
    raw = pd.DataFrame(index.denominated, index=list(index.units), columns=list(tree.ids))
    direction = pd.Series({one.id: one.direction for one in tree.indicators})
    scores = {number: _scored(raw * direction, tree, found.draw(number)) for number in range(draws)}
    return pd.DataFrame(scores).rank(ascending=False, method="min")


def _scored(frame: pd.DataFrame, tree: composite.Hierarchy, choice: dict[str, Any]) -> pd.Series:
    filled = frame.fillna(frame.mean() if choice["impute"]["rule"] == "mean" else frame.median())
    scaled = (
        1 + 99 * (filled - filled.min()) / (filled.max() - filled.min())
        if choice["normalise"]["rule"] == "min-max"
        else 50 + 10 * (filled - filled.mean()) / filled.std()
    )
    weights = pd.Series(choice["weights"])
    groups = {}
    for group in tree.children(tree.top):
        parts = [id for id in tree.children(group) if id != choice["left_out"]]
        groups[group] = (scaled[parts] * weights[parts]).sum(axis=1) / weights[parts].sum()
    means = pd.DataFrame(groups)
    share = weights[means.columns] / weights[means.columns].sum()
    if choice["aggregate"]["rules"] == ("arithmetic",):
        return (means * share).sum(axis=1)
    return np.exp((np.log(means) * share).sum(axis=1))


def main() -> None:
    given, vary = table(), varied()
    found = ours(given, vary, DRAWS)
    same = bool((found.ranks[:PEER_DRAWS] == peer(found, PEER_DRAWS).to_numpy().T).all())
    measured = measure.paired(lambda: ours(given, vary, DRAWS), lambda: peer(found, PEER_DRAWS), rounds=3)
    per_draw = measured["ratio"] * PEER_DRAWS / DRAWS
    usual = measure.seconds(lambda: ours(given, composite.Variation.usual(found.index), DRAWS), rounds=3)
    measure.told(
        "composite",
        {
            "units": len(given.units),
            "draws": DRAWS,
            "same_ranks_as_pandas": same,
            "ours": measured["ours"],
            "pandas_of_100_draws": measured["peer"],
            "ratio_ours_to_pandas_per_draw": per_draw,
            "usual_variation": usual,
            "within_target": usual["cpu_s"] <= TARGET_CPU_S,
        },
    )
    if not same:
        raise SystemExit("The ranks differ from those of the plain re-implementation.")


if __name__ == "__main__":
    main()
