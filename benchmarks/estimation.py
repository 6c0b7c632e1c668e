"""Estimating the hidden number: ours against the published peers in R, and how its cost grows with lists.

    python benchmarks/estimation.py [--tables FOLDER] [--repeat 5] [--most-lists 16] [--picture FILE.svg]

The peers are R packages. Where `Rscript` with MultipleSystemsEstimation is on this machine, its stepwise
estimate runs beside ours and the 1,000 replicates are reckoned from 10 of its estimates; where it is not, the
ratio is against R figures measured on another day (`R_SECONDS`, R 4.2.2, one thread, a shared 2-core Xeon),
and the output says so. Times are CPU seconds of a warm process, the median of `--repeat`; wall time is told
only for the command and for two threads. FOLDER holds the tables as CSV (default: ../shared/data/mse).

Two threads are told twice. The wall ratio is that of one thread's time over two's, in pairs by turns; it says
something on a quiet machine alone. The other ratio is reckoned from processor time, whoever else is running:
what one thread spends, over what two spend where they cannot share the work and half of the rest.
"""

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from palermo.prevention import bic, bootstrap, page, sheet, stepwise
from palermo.prevention.overlap import Overlap

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).parent / "results" / "estimation.json"
R_SECONDS = {"uk2013_6": 318.0, "uk2013_5": 171.0, "netherlands_6": 490.0, "korea_3": 24.4}
"""SparseMSE, estimatepopulation with nboot=1000: korea_3 measured whole, the others from 35 to 46 runs."""

R_ESTIMATE = """
library(MultipleSystemsEstimation)
d <- read.csv("{path}"); names(d)[ncol(d)] <- "count"; d <- as.matrix(d)
t <- proc.time()[1]
for (i in 1:10) estimate_population_stepwise(d, nboot = 0)
cat((proc.time()[1] - t) / 10)
"""


def simulated(lists: int, *, people: int = 20_000) -> Overlap:
    """People of two kinds, one of them easier to find, in lists that reach 3 to 12 % of them."""
    chance = np.random.default_rng(lists)
    ease = np.where(chance.random(people) < 0.2, 2.5, 1.0)
    reach = np.linspace(0.03, 0.12, lists)
    cells = ((chance.random((people, lists)) < ease[:, None] * reach) << np.arange(lists)).sum(axis=1)
    counts = np.bincount(cells, minlength=1 << lists)
    counts[0] = 0
    return Overlap(lists=tuple(f"L{i + 1}" for i in range(lists)), counts=counts)


def cpu(job: Callable[[], object], repeat: int) -> float:
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


def r_seconds(path: Path) -> float | None:
    """CPU seconds of one stepwise estimate in R; None where R or the package is not here."""
    if not shutil.which("Rscript"):
        return None
    ended = subprocess.run(
        ["Rscript", "-e", R_ESTIMATE.format(path=path)], capture_output=True, text=True, check=False
    )
    return float(ended.stdout) if ended.returncode == 0 else None


def beside_r(folder: Path, repeat: int) -> list[dict[str, object]]:
    """Stepwise with BCa, 1,000 replicates, on each table that has a figure of R."""
    rows: list[dict[str, object]] = []
    for name, told in R_SECONDS.items():
        path = folder / f"{name}.csv"
        if not path.exists():
            print(f"  {name}: no such table in {folder.name}, left out")
            continue
        table = sheet.read(path).whole
        ours = cpu(lambda table=table: stepwise.estimate(table), repeat)
        measured = r_seconds(path)
        estimates = 1000 + int((table.counts > 0).sum()) + 1
        theirs = measured * estimates if measured else told
        basis = "R in this run" if measured else "R measured on another day"
        print(f"  {name}: ours {ours:.3f} s, R {theirs:.0f} s ({basis}): {theirs / ours:,.0f} times")
        rows.append({"table": name, "ours": ours, "r": theirs, "basis": basis, "ratio": theirs / ours})
    return rows


def command(folder: Path, repeat: int) -> dict[str, object] | None:
    """Wall seconds of the whole command in a fresh process: compiling first, then from what that left."""
    path = folder / "uk2013_6.csv"
    if not path.exists():
        return None
    words = [sys.executable, "-m", "palermo.cli", "prevention", "estimate", str(path), "--method", "stepwise"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    with tempfile.TemporaryDirectory() as empty:
        environment["NUMBA_CACHE_DIR"] = empty
        word, first = answered(words, environment)
        compiled = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        again = [answered(words, environment)[1] for _ in range(repeat)]
        each = (resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - compiled) / repeat
    print(
        f"  first command after an installation: a word after {word:.2f} s, the answer after {first:.1f} s "
        f"({compiled:.1f} s of processor time)"
    )
    print(
        f"  command: {statistics.median(again):.2f} s wall, {min(again):.2f} to {max(again):.2f} "
        f"({each:.2f} s of processor time)"
    )
    return {"word": word, "first": first, "first_cpu": compiled, "again": again, "again_cpu": each}


def answered(words: Sequence[str], environment: dict[str, str]) -> tuple[float, float]:
    """Wall seconds until the command says something, and until it ends."""
    start = time.perf_counter()
    with subprocess.Popen(
        words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as running:
        assert running.stdout
        running.stdout.readline()
        word = time.perf_counter() - start
        running.stdout.read()
    if running.returncode:
        raise subprocess.CalledProcessError(running.returncode, words)
    return word, time.perf_counter() - start


def curve(most: int) -> list[dict[str, float]]:
    """CPU seconds of 1,000 replicates by lists, reckoned from fewer where there are many lists."""
    rows = []
    for lists in range(3, most + 1):
        table, replicates = simulated(lists), 1000 if lists < 10 else 100 if lists < 13 else 10
        where, _ = bootstrap.occupied(table)
        drawn = bootstrap.draws(table, range(replicates), seed=1)
        job = partial(stepwise.totals, where, drawn, lists=lists)
        seconds = cpu(job, 1) * 1000 / replicates
        pairs = len(stepwise.chosen(table))
        print(
            f"  {lists} lists, {pairs} pairs: {seconds:.3f} s, arithmetic floor {floor(lists, pairs):.3f} s"
        )
        rows.append({"lists": lists, "pairs": pairs, "seconds": seconds, "floor": floor(lists, pairs)})
    return rows


def floor(lists: int, pairs: int) -> float:
    """CPU seconds of 1,000 replicates if nothing but the arithmetic cost time, at 8 Gflop/s (four lanes).

    Four Newton steps for each model from main effects on, each with two transforms of k 2^k / 2 additions,
    2^k exponentials of 20 flop and one factorisation of the terms of the last model.
    """
    step = lists * 2**lists + 20 * 2**lists + (1 + lists + pairs) ** 3 / 3
    return 1000 * 4 * (1 + pairs) * step / 8e9


def threads(folder: Path, repeat: int) -> dict[str, dict[str, float]]:
    """One thread beside two, for the stepwise bootstrap and for that of every model by BIC."""
    six, five = (folder / f"uk2013_{lists}.csv" for lists in (6, 5))
    if not (six.exists() and five.exists()):
        return {}
    few, fewer = sheet.read(six).whole, sheet.read(five).whole
    jobs: dict[str, Callable[..., object]] = {
        "stepwise, uk2013_6, 1,000 replicates": partial(stepwise.estimate, few),
        "BIC, uk2013_5, order 3, every model, 100 replicates": partial(
            bic.estimate, fewer, order=3, top=0, replicates=100
        ),
    }
    return {name: beside(name, job, repeat) for name, job in jobs.items()}


def beside(name: str, job: Callable[..., object], repeat: int) -> dict[str, float]:
    """The medians of both ratios, and the share of the busier of the two threads."""
    job(threads=2)
    turns = [(spent(partial(job, threads=1)), spent(partial(job, threads=2))) for _ in range(repeat)]
    found = {
        "wall": statistics.median(one["wall"] / two["wall"] for one, two in turns),
        "processor": statistics.median(
            one["cpu"] / (two["cpu"] - sum(two["threads"]) / 2) for one, two in turns
        ),
        "busier": statistics.median(max(two["threads"]) / sum(two["threads"]) for _, two in turns),
        "cpu": statistics.median(one["cpu"] for one, _ in turns),
        "load": os.getloadavg()[0],
    }
    print(
        f"  {name}: two threads {found['wall']:.2f} times one by the clock (load {found['load']:.1f}), "
        f"{found['processor']:.2f} by processor time; the busier does {found['busier']:.0%}"
    )
    return found


def spent(job: Callable[[], object]) -> dict[str, Any]:
    """Wall and CPU seconds of a job, and the CPU seconds of each thread in the parts that they share."""
    whole, parts = bootstrap.together, {}

    def timed(part: Callable[[], Any]) -> Any:
        start = time.thread_time()
        found = part()
        here = threading.get_ident()
        parts[here] = parts.get(here, 0.0) + time.thread_time() - start
        return found

    bootstrap.together = lambda jobs, *, threads: whole(
        [partial(timed, one) for one in jobs], threads=threads
    )
    try:
        clock, start = time.perf_counter(), time.process_time()
        job()
        return {
            "wall": time.perf_counter() - clock,
            "cpu": time.process_time() - start,
            "threads": list(parts.values()),
        }
    finally:
        bootstrap.together = whole


def twelve() -> float:
    """CPU seconds of the whole estimate of 12 lists: 1,000 replicates and the jackknife."""
    table = simulated(12)
    taken = cpu(lambda: stepwise.estimate(table), 1)
    print(f"  12 lists, 1,000 replicates and the jackknife: {taken:.1f} s")
    return taken


def drawn(rows: list[dict[str, float]]) -> str:
    """The cost curve beside the arithmetic floor."""
    values = [
        {"lists": row["lists"], "seconds": row[key], "what": what}
        for row in rows
        for key, what in (("seconds", "measured"), ("floor", "arithmetic floor"))
    ]
    encoding = {
        "x": {"field": "lists", "type": "quantitative", "axis": {"tickMinStep": 1}, "scale": {"zero": False}},
        "y": {"field": "seconds", "type": "quantitative", "scale": {"type": "log"}, "title": "CPU seconds"},
        "color": {"field": "what", "type": "nominal", "title": None},
    }
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "title": "Stepwise choice, 1,000 replicates, 20,000 made-up people",
        "width": 480,
        "data": {"values": values},
        "mark": {"type": "line", "point": True},
        "encoding": encoding,
    }
    return page.svg(spec)


def processor() -> str:
    """The machine's processor by its name, or by its kind where the system does not tell."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--tables", type=Path, default=ROOT.parent / "shared" / "data" / "mse")
    asked.add_argument("--repeat", type=int, default=5)
    asked.add_argument("--most-lists", type=int, default=16)
    asked.add_argument("--picture", type=Path)
    given = asked.parse_args()
    machine = {"machine": processor(), "cores": os.cpu_count()}
    load = os.getloadavg()[0]
    print(
        f"{machine}, load {load:.1f}; Rscript {'found' if shutil.which('Rscript') else 'not on this machine'}"
    )
    stepwise.estimate(simulated(4), replicates=10, threads=2)
    found = {
        **machine,
        "load": load,
        "beside_r": beside_r(given.tables, given.repeat),
        "command": command(given.tables, given.repeat),
        "twelve": twelve(),
        "threads": threads(given.tables, max(given.repeat, 7)),
        "curve": curve(given.most_lists),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(f"  peak memory {found['peak_mib']:.0f} MiB")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=2) + "\n")
    if given.picture:
        given.picture.write_text(drawn(found["curve"]), encoding="utf-8")


if __name__ == "__main__":
    main()
