"""Reads and counts a made-up table of many persons: time and memory for the count tables of a release.

    python benchmarks/release_counts.py --rows 10000000 --columns 20 --cap 9 --out release_counts.json

The table is written to a temporary folder first, and is not part of the figures. Nothing else in this field
counts a table of this size for a release, so there is no peer to compare with.
"""

import argparse
import json
import resource
import time
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from palermo.prevention.release import counts, intake, schema_text
from palermo.prevention.release.cells import Cells
from palermo.prevention.release.opening import opened

SIZES = (6, 3, 8, 12, 2, 5, 9, 4, 10, 2, 2, 2, 2, 2, 2, 3, 4, 6, 5, 7)
CLASSES = 12
AT_ONCE = 500_000


def schema(columns):
    """The schema of the made-up table."""
    blocks = [
        f'[[column]]\nname = "c{place}"\nclosed = true\ncodes = ['
        + ", ".join(f'"v{code}"' for code in range(1, size + 1))
        + "]\n"
        for place, size in enumerate(sizes(columns))
    ]
    return schema_text.read("\n".join(blocks))


def sizes(columns):
    return tuple(SIZES[place % len(SIZES)] for place in range(columns))


def write(path, *, rows, columns, seed=1):
    """Persons of twelve kinds, each with its own answers and its own gaps."""
    chance = np.random.default_rng(seed)
    answers = [chance.dirichlet(np.full(size, 0.5), size=CLASSES) for size in sizes(columns)]
    gaps = chance.uniform(0.2, 0.9, size=(CLASSES, columns))
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(f"c{place}" for place in range(columns)) + "\n")
        for start in range(0, rows, AT_ONCE):
            many = min(AT_ONCE, rows - start)
            kinds = chance.integers(CLASSES, size=many)
            file.write(_text(chance, kinds, answers, gaps))


def _text(chance, kinds, answers, gaps):
    cells = []
    for place, shares in enumerate(answers):
        ends = np.cumsum(shares, axis=1)[kinds]
        value = (chance.random(len(kinds))[:, None] > ends).sum(axis=1) + 1
        value = np.where(
            chance.random(len(kinds)) < gaps[kinds, place], 0, np.minimum(value, shares.shape[1])
        )
        names = np.array(["", *(f"v{code}" for code in range(1, shares.shape[1] + 1))])
        cells.append(names[value].tolist())
    return "".join(",".join(row) + "\n" for row in zip(*cells, strict=True))


def cells(lengths, ways):
    """Every cell of so many columns: more than a release asks, which leaves out those of doubtful values."""
    columns, values = [], []
    for chosen in combinations(range(len(lengths)), ways):
        grid = np.indices([lengths[column] for column in chosen], dtype=np.int16).reshape(ways, -1).T + 1
        values.append(grid)
        columns.append(np.broadcast_to(np.array(chosen, dtype=np.int16), grid.shape))
    return Cells(columns=np.concatenate(columns), values=np.concatenate(values).astype(np.int16))


class Clock:
    """Wall and CPU seconds of named steps."""

    def __init__(self):
        self.steps = {}

    def __call__(self, name, work):
        wall, cpu = time.perf_counter(), time.process_time()
        made = work()
        self.steps[name] = {
            "wall_s": round(time.perf_counter() - wall, 1),
            "cpu_s": round(time.process_time() - cpu, 1),
            "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
        print(name, self.steps[name], flush=True)
        return made


def measured(path, *, columns, cap):
    """Every step from the file to the counts."""
    clock = Clock()
    secret = clock("read and group", lambda: intake.read(path, schema(columns))).persons
    one = clock("1-way", lambda: counts.ones(secret))
    two = clock("2-way", lambda: counts.pairs(secret, cells(sizes(columns), 2), cap))
    three = clock("3-way", lambda: counts.triples(secret, cells(sizes(columns), 3), cap))
    return clock.steps, len(opened(secret).weights), opened(counts.digest(one, two, three))


def main():
    ask = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    ask.add_argument("--rows", type=int, default=10_000_000)
    ask.add_argument("--columns", type=int, default=20)
    ask.add_argument("--cap", type=int, default=12)
    ask.add_argument(
        "--table", type=Path, help="keep the made-up table here, and use it again if it is there"
    )
    ask.add_argument("--out", type=Path)
    given = ask.parse_args()
    with TemporaryDirectory() as folder:
        path = given.table or Path(folder) / "table.csv"
        if not path.exists():
            write(path, rows=given.rows, columns=given.columns)
        size = path.stat().st_size
        steps, distinct, digest = measured(path, columns=given.columns, cap=given.cap)
    told = {
        "rows": given.rows,
        "columns": given.columns,
        "cap": given.cap,
        "bytes": size,
        "distinct_rows": distinct,
        "steps": steps,
        "cpu_s": round(sum(step["cpu_s"] for step in steps.values()), 1),
        "wall_s": round(sum(step["wall_s"] for step in steps.values()), 1),
        "peak_mib": max(step["peak_mib"] for step in steps.values()),
        "digest": digest,
    }
    print(json.dumps(told, indent=2))
    if given.out:
        given.out.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
