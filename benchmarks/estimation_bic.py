"""Estimation by BIC, Bayesian threshold and covariates: what a model costs, a bootstrap of all of them, and
how often hidden lists are found.

    python benchmarks/estimation_bic.py [--tables FOLDER] [--repeat 5] [--replicates 1000] [--json FILE]

Times are CPU seconds of a warm process, the median of `--repeat`; two threads are told in wall seconds beside
one. R figures were measured on another day (R 4.2.2, MultipleSystemsEstimation 1.2.0, one thread, a shared
2-core Xeon): the ratios against them are no better than that. FOLDER has the tables as CSV (default:
../shared/data/mse).
"""

import argparse
import json
import os
import platform
import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from palermo.prevention import bic, checks, covariates, downhill, methods, sheet, threshold
from palermo.prevention.overlap import Overlap

R_MODEL = 4.4 / 1024  # CPU s a model: estimate_population_bic on uk2013_5 with pairs
R_BOOTSTRAP_MODEL = 5.3e-3  # CPU s a model in its bootstrap of the 100 best
CONSISTENCY = (
    "uk2013_6", "uk2013_5", "uk2013_4", "netherlands_6", "netherlands_5", "hiv_rome_4", "lesbian_4",
    "scotland_pwid_4", "cruyff_simdat_4", "madigan_york_5",
)  # fmt: skip
TRIED = {
    "stepwise": {},
    "bic": {"order": 2},
    "bic, order 3": {"order": 3},
    "bic-average": {"order": 2},
    "bayes-threshold": {},
}


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    root = Path(__file__).resolve().parents[1]
    given.add_argument("--tables", type=Path, default=root.parent / "shared" / "data" / "mse")
    given.add_argument("--repeat", type=int, default=5)
    given.add_argument("--replicates", type=int, default=1000)
    given.add_argument("--json", type=Path, default=Path(__file__).parent / "results" / "estimation_bic.json")
    asked = given.parse_args()
    tables = {name: sheet.read(asked.tables / f"{name}.csv").whole for name in CONSISTENCY}
    strata = sheet.read(asked.tables / "scotland_pwid_covariates.csv", columns=["Region", "Gender", "Age"])
    found = {
        "machine": f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores",
        "models": [a_model(tables["uk2013_5"], order, repeat=asked.repeat) for order in (2, 3)],
        "bootstraps": [
            every_model(tables[name], name, replicates=asked.replicates)
            for name in ("uk2013_5", "netherlands_5")
        ],
        "threads": threads(tables["uk2013_5"], replicates=asked.replicates),
        "searches": [a_search(lists) for lists in (7, 8, 10, 12)],
        "threshold": thresholds(tables, repeat=asked.repeat),
        "covariates": strata_cost(strata),
        "consistency": [consistency(tables, name) for name in TRIED],
    }
    found["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found["load"] = os.getloadavg()[0]
    print(f"{found['machine']}, peak memory {found['peak_mib']:.0f} MiB, load {found['load']:.1f}")
    asked.json.parent.mkdir(exist_ok=True)
    asked.json.write_text(json.dumps(found, indent=1) + "\n")


def cpu(job: Callable[[], object], repeat: int = 1) -> float:
    """Median CPU seconds."""
    taken = []
    for _ in range(repeat):
        start = time.process_time()
        job()
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def wall(job: Callable[[], object]) -> float:
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def a_model(table: Overlap, order: int, *, repeat: int) -> dict:
    models = bic.rank(table, order=order).considered
    each = cpu(lambda: bic.rank(table, order=order), repeat) / models
    ratio = R_MODEL / each
    print(f"BIC, order {order}: {models} models, {each * 1e6:.1f} us a model, {ratio:.0f}x R (4.3 ms)")
    return {"order": order, "models": models, "seconds_a_model": each, "times_r": ratio}


def every_model(table: Overlap, name: str, *, replicates: int) -> dict:
    """All admissible models at order 3 compete in each replicate."""
    answer = []
    spent = cpu(lambda: answer.append(bic.estimate(table, order=3, top=0, replicates=replicates, seed=1)))
    models = answer[0].details["admissible"]
    ratio = R_BOOTSTRAP_MODEL * models * replicates / spent
    interval = answer[0].interval
    print(
        f"BIC bootstrap of all {models} models of {name}, order 3, {replicates} replicates: "
        f"{spent:.1f} CPU s, {ratio:.0f}x R reckoned; {interval.low:,.0f} to {interval.high:,.0f}"
    )
    return {"table": name, "models": models, "replicates": replicates, "seconds": spent, "times_r": ratio}


def threads(table: Overlap, *, replicates: int) -> dict:
    """Wall seconds of one and two threads, in turns; the best of three."""
    ranking = bic.rank(table, order=2)
    tops = bic.nested(len(ranking))

    def held(count: int) -> Callable[[], object]:
        return lambda: bic.held(
            table, ranking, tops=tops, averaged=False, replicates=replicates, threads=count
        )

    one, two = (min(times) for times in zip(*((wall(held(1)), wall(held(2))) for _ in range(3)), strict=True))
    print(f"BIC bootstrap, order 2: {one:.2f} s on one thread, {two:.2f} s on two: {one / two:.2f}x")
    return {"one": one, "two": two, "ratio": one / two, "load": os.getloadavg()[0]}


def a_search(lists: int) -> dict:
    """Downhill from ten starts on a simulated table of 20,000 people."""
    chance = np.random.default_rng(lists)
    ease = np.where(chance.random(20_000) < 0.2, 2.5, 1.0)
    reach = np.linspace(0.03, 0.12, lists)
    cells = ((chance.random((20_000, lists)) < ease[:, None] * reach) << np.arange(lists)).sum(axis=1)
    counts = np.bincount(cells, minlength=1 << lists).astype(float)
    counts[0] = 0
    fitted = []
    spent = cpu(lambda: fitted.append(len(downhill.search(counts, lists=lists, order=2).places)))
    print(f"downhill search, {lists} lists: {fitted[0]} models, {spent:.2f} CPU s")
    return {"lists": lists, "models": fitted[0], "seconds": spent}


def thresholds(tables: dict[str, Overlap], *, repeat: int) -> dict:
    found = {name: cpu(lambda name=name: threshold.estimate(tables[name]), repeat) for name in CONSISTENCY}
    least, most = min(found.values()), max(found.values())
    print(f"Bayesian threshold, 20,000 draws: {least:.2f} to {most:.2f} CPU s (R 2-15 s)")
    return found


def strata_cost(strata: sheet.Sheet) -> dict:
    covariates.estimate(strata, replicates=2)
    spent = cpu(lambda: covariates.estimate(strata, replicates=1000))
    print(f"covariates, 4 lists x 8 strata, 1,000 replicates selected anew: {spent:.2f} CPU s")
    return {"strata": len(strata.strata), "replicates": 1000, "seconds": spent}


def consistency(tables: dict[str, Overlap], name: str) -> dict:
    """Each list of each table in turn is the population to be found from the others."""
    method, options = name.split(",")[0], {"replicates": 1000, **TRIED[name]}
    verdicts = [
        one.covered
        for table in tables.values()
        for one in checks.hidden_lists(table, lambda part: methods.estimate(part, method, **options))
    ]
    said = [verdict for verdict in verdicts if verdict is not None]
    share, error = np.mean(said), np.sqrt(np.mean(said) * (1 - np.mean(said)) / len(said))
    print(
        f"internal consistency, {name}: {sum(said)} of {len(said)} inside 95 % ({share:.3f} +- {error:.3f}), "
        f"{len(verdicts) - len(said)} refused"
    )
    return {"method": name, "inside": int(sum(said)), "answered": len(said), "asked": len(verdicts)}


if __name__ == "__main__":
    main()
