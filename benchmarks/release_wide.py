"""Releases of made-up tables with many columns: error, processor time and memory, rows and counts.

    python benchmarks/release_wide.py --columns 20 40 60 --people 20000 --epsilon 4

Each table is released in a process of its own. Columns of codes and flags take turns as in case records: a
person has about a third of them recorded. No peer releases a table of 60 columns here, so there is none.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from math import log
from pathlib import Path

import numpy as np
from releases import made_up, metric

from palermo.prevention.release import alike, made
from palermo.prevention.release.guarded import Secret
from palermo.prevention.release.plan import Plan

SIZES = (8, 2, 30, 6, 1, 1, 1, 5, 1, 1, 12, 1, 4, 1, 1, 3, 1, 1, 1, 1)
RESULTS = Path(__file__).parent / "results" / "release_wide.json"


def one(columns, *, people, epsilon, seed):
    """A release of one table, with its figures and what this process used."""
    sizes = tuple(SIZES[place % len(SIZES)] for place in range(columns))
    rows = made_up.rows(people, sizes, often=0.6, flagged=0.2, seed=seed)
    plan = Plan(sizes=sizes, epsilon=epsilon, delta=1 / (people * log(people)))
    before = time.process_time()
    release = made.make(Secret(alike.of_rows(rows, sizes)), plan, seed=seed)
    spent = time.process_time() - before
    found = metric.of_rows(rows, release.rows, sizes)
    return {
        "columns": columns,
        "cpu_s": spent,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "cap": release.cap,
        "recorded": float((rows > 0).sum(axis=1).mean()),
        "sigma": [query.sigma for query in release.queries[2:]],
        "left_out": list(release.left_out),
        "rows": [{key: way[key] for key in ("error", "lost", "invented")} for way in found],
        "held": held(release, rows),
        "published": [sum(len(cell.columns) == way for cell in release.counts) for way in (1, 2, 3)],
    }


def held(release, rows):
    """Of the published intervals, the percentage that hold the real count."""
    said = [
        cell.low <= (rows[:, list(cell.columns)] == np.array(cell.values)).all(axis=1).sum() <= cell.high
        for cell in release.counts
    ]
    return 100 * float(np.mean(said)) if said else None


def main():
    """Release each table in its own process, print a line for each, keep all as JSON."""
    given = asked()
    if given.alone:
        print(json.dumps(one(given.columns[0], people=given.people, epsilon=given.epsilon, seed=given.seed)))
        return
    found = [_alone(columns, given) for columns in given.columns]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def _alone(columns, given):
    told = ["--alone", "--columns", columns, "--people", given.people, "--epsilon", given.epsilon]
    command = [sys.executable, __file__, *map(str, told), "--seed", str(given.seed)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    print(said, end="", flush=True)
    return json.loads(said)


def asked():
    """What the command line asks."""
    ask = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    ask.add_argument("--columns", type=int, nargs="+", default=[20, 40, 60])
    ask.add_argument("--people", type=int, default=20_000)
    ask.add_argument("--epsilon", type=float, default=4.0)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--alone", action="store_true", help="one table, in this process")
    return ask.parse_args()


if __name__ == "__main__":
    sys.exit(main())
