"""Latent classes and graphs: independent draws of log N for each CPU second, and the cost of the graphs.

    python benchmarks/estimation_latent.py [--tables FOLDER] [--draws 10000] [--repeat 5]

The peers are R packages, LCMCR 0.4.14 and dga 2.0.2. They are not in a package registry we use, so the ratio
is to figures measured on another day (`LCMCR_ESS`, one chain of 110,000 sweeps, R 4.2.2, one thread, a shared
2-core Xeon; `DGA_SECONDS`, 20,000 grid points), and the output says so. Ours counts all eight chains
together, burn-in included and running on where they have not settled, so that chains which do not mix lower
it; a single chain's count is told beside it, because the peer's is one of those. FOLDER holds the tables as
CSV (default: ../shared/data/mse).
"""

import argparse
import json
import platform
import resource
import statistics
import sys
import time
from pathlib import Path

import numpy as np

from palermo.prevention import chains, chordal, graphs, latent, sheet
from palermo.prevention.overlap import Overlap

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).parent / "results" / "estimation_latent.json"
LCMCR_ESS = {"uk2013_6": 74.0, "netherlands_6": 47.0}
DGA_SECONDS = {"uk2013_5": 11.0}


def main() -> int:
    asked = _asked()
    if not asked.tables.is_dir():
        print(f"no tables at {asked.tables}: nothing measured")
        return 1
    _warm(sheet.read(asked.tables / "korea_3.csv").whole)
    found = {
        "machine": platform.processor() or platform.machine(),
        "peers": "figures of another day",
        "latent": {name: _latent(_table(asked, name), name, asked) for name in LCMCR_ESS},
        "graphs": {name: _graphs(_table(asked, name), name, asked) for name in ("uk2013_5", "uk2013_6")},
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    RESULTS.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=2))
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", type=Path, default=ROOT.parent / "shared" / "data" / "mse")
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=5)
    return parser.parse_args()


def _table(asked: argparse.Namespace, name: str) -> Overlap:
    return sheet.read(asked.tables / f"{name}.csv").whole


def _warm(table: Overlap) -> None:
    """Compiles before the clock starts."""
    latent.drawn(table, burn=10, draws=10)
    graphs.estimate(table)


def _latent(table: Overlap, name: str, asked: argparse.Namespace) -> dict[str, object]:
    runs = [_chains(table, seed, asked.draws) for seed in range(1, asked.repeat + 1)]
    rate = statistics.median(run["ess_per_cpu_second"] for run in runs)
    return {"runs": runs, "ess_per_cpu_second": rate, "times_lcmcr": rate / LCMCR_ESS[name]}


def _chains(table: Overlap, seed: int, draws: int) -> dict[str, float]:
    start = time.process_time()
    found = latent.drawn(table, burn=draws // 2, draws=draws, longest=2 * draws, seed=seed)
    taken = time.process_time() - start
    alone = [chains.ess(np.log(found.totals[[row]])) for row in range(len(found.totals))]
    return {
        "cpu_seconds": taken,
        "rhat": found.rhat,
        "ess": found.ess,
        "ess_per_cpu_second": found.ess / taken,
        "one_chain_ess_per_cpu_second": statistics.median(alone) * len(alone) / taken,
    }


def _graphs(table: Overlap, name: str, asked: argparse.Namespace) -> dict[str, float]:
    taken = []
    for _ in range(asked.repeat):
        start = time.process_time()
        graphs.posterior(
            table.counts,
            hidden=graphs.grid(table.observed),
            graphs=chordal.graphs(len(table.lists)),
        )
        taken.append(time.process_time() - start)
    median = statistics.median(taken)
    known = DGA_SECONDS.get(name)
    return {"cpu_seconds": median, **({"times_dga": known / median} if known else {})}


if __name__ == "__main__":
    sys.exit(main())
