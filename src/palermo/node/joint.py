"""The joint answer of all strata as it is kept with an estimation: the replicates, for sums with intervals.

Only what sums are made of: who is known in each stratum, the totals, and the totals of each replicate. The
node keeps it beside the exact answer; pages show rounded sums of it.
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from palermo.prevention.answer import MARGINS, Answer
from palermo.prevention.covariates import Stratified
from palermo.prevention.estimate import Estimate, Interval

KEPT = "joint"
_DIGITS = 1  # of a person, in a replicate: far under what three figures show


def document(said: Answer) -> dict[str, Any]:
    """What is kept of the joint answer, under a name of its own; nothing where there is none."""
    found = said.stratified
    if found is None or not found.whole.estimable:
        return {}
    drawn = [[_told(number) for number in row] for row in found.replicates.tolist()]
    return {
        KEPT: {
            "columns": list(found.columns),
            "strata": [list(stratum) for stratum in found.strata],
            "observed": list(found.observed),
            "totals": list(found.totals),
            "replicates": drawn,
            "level": found.level,
            "kind": found.kind,
        }
    }


def read(answer: Mapping[str, Any]) -> Stratified | None:
    """The joint answer that was kept with the answer of an estimation; None where there is none."""
    kept = answer.get(KEPT)
    whole = next((one for one in answer.get("results", ()) if one["method"] == MARGINS), None)
    if kept is None or whole is None:
        return None
    return Stratified(
        whole=_whole(answer, whole),
        columns=tuple(kept["columns"]),
        strata=tuple(tuple(stratum) for stratum in kept["strata"]),
        observed=tuple(kept["observed"]),
        totals=tuple(kept["totals"]),
        replicates=_array(kept["replicates"], len(kept["strata"])),
        level=kept["level"],
        kind=kept["kind"],
    )


def _told(number: float) -> float | None:
    return None if math.isnan(number) else round(number, _DIGITS)


def _array(rows: list[list[float | None]], strata: int) -> np.ndarray:
    """One row a replicate; nan where one failed."""
    return np.array(rows, dtype=np.float64).reshape(len(rows), strata)


def _whole(answer: Mapping[str, Any], one: Mapping[str, Any]) -> Estimate:
    table, held = answer["table"], one["interval"]
    return Estimate(
        method=MARGINS,
        lists=tuple(table["lists"]),
        observed=table["observed"],
        table=table["hash"],
        estimable=True,
        total=one["total"],
        hidden=one["hidden"],
        interval=held and Interval(**held),
        replicates=one["replicates"],
        failed=one["failed"],
        seed=one["seed"],
        versions=one["versions"],
    )
