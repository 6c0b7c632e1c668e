"""How often an interval of nominal 95 % holds the truth, by method, design and size.

    python benchmarks/estimation_coverage.py [--designs FILE] [--simulations 100] [--replicates 200]
        [--sizes 0.5 1 2] [--methods stepwise bic bic-average bayes-threshold graphs]

Each design mixes classes of people, with a chance for each list; the truth is known. A simulation draws the
lists of everyone, and every method answers from those alone. Printed for each: the share of intervals that
hold the truth with its Monte-Carlo error, the share refused, the median of total over truth. A refusal counts
neither for nor against coverage. FILE holds the designs (default: ../shared/data/mse, simulation_designs).
"""

import argparse
import json
import statistics
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from palermo.prevention import methods
from palermo.prevention.estimate import Estimate
from palermo.prevention.overlap import Overlap

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).parent / "results" / "estimation_coverage.json"
QUICK = ("stepwise", "bic", "bic-average", "bayes-threshold", "graphs")

Design = Sequence[tuple[int, Sequence[float]]]


def drawn(design: Design, *, size: float, seed: int) -> tuple[Overlap, int]:
    """The table of one simulation, and how many people there are in all."""
    chance, lists = np.random.default_rng(seed), len(design[0][1])
    counts, truth = np.zeros(1 << lists, dtype=np.int64), 0
    for people, reach in design:
        number = round(people * size)
        cells = ((chance.random((number, lists)) < np.array(reach)) << np.arange(lists)).sum(axis=1)
        counts += np.bincount(cells, minlength=1 << lists)
        truth += number
    counts[0] = 0
    return Overlap(lists=tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:lists]), counts=counts), truth


def judged(answers: Sequence[tuple[Estimate, int]]) -> dict[str, float]:
    """Coverage with its Monte-Carlo error, share refused, median ratio of total to truth and of widths."""
    told = [(one, truth) for one, truth in answers if one.total is not None and one.interval is not None]
    refused = 1 - len(told) / len(answers)
    if not told:
        return {"refused": refused}
    held = [one.interval.low <= truth <= one.interval.high for one, truth in told if one.interval]
    share = sum(held) / len(held)
    return {
        "coverage": share,
        "error": (share * (1 - share) / len(held)) ** 0.5,
        "refused": refused,
        "ratio": statistics.median(one.total / truth for one, truth in told if one.total),
    }


def row(found: dict[str, float]) -> str:
    if "coverage" not in found:
        return "refused always"
    return (
        f"coverage {found['coverage']:.2f} ± {found['error']:.2f}   refused {found['refused']:.2f}   "
        f"total / truth {found['ratio']:.2f}"
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument(
        "--designs", type=Path, default=ROOT.parent / "shared" / "data" / "mse" / "simulation_designs.json"
    )
    asked.add_argument("--simulations", type=int, default=100)
    asked.add_argument("--replicates", type=int, default=200)
    asked.add_argument("--sizes", type=float, nargs="+", default=[0.5, 1.0, 2.0])
    asked.add_argument("--methods", nargs="+", default=QUICK, choices=methods.available())
    given = asked.parse_args()
    designs = json.loads(given.designs.read_text(encoding="utf-8"))["designs"]
    found = []
    for name in [name for name, design in designs.items() if len(design[0][1]) == 5]:
        for size in given.sizes:
            tables = [drawn(designs[name], size=size, seed=seed) for seed in range(given.simulations)]
            for method in given.methods:
                answers = [
                    (methods.estimate(table, method, replicates=given.replicates, seed=seed), truth)
                    for seed, (table, truth) in enumerate(tables)
                ]
                result = judged(answers)
                print(f"{name}  {tables[0][1]:>5} people  {method:<16} {row(result)}", flush=True)
                found.append({"design": name, "truth": tables[0][1], "method": method, **result})
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
