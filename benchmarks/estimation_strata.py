"""Many strata: the cost of a replicate, how it grows with strata, processes, the cache, and Spark beside it.

    python benchmarks/estimation_strata.py [--strata 50 200 1000] [--processes 1 2] [--replicates 1000]
                                           [--spark]

Strata are made up: five lists, 60 to 1,500 people. Each size runs over each number of processes and the bytes
of all runs are compared; seconds are wall time with the start of the processes, so that small sizes show what
that costs. With `--spark` the smallest size runs on `local[2]` too, in a session that is started before. No
peer runs strata at all (each is an R call of its own): the ratio told is to the specification's 31 us of one
core for a replicate.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import measure
import numpy as np

from palermo.prevention import spark, strata
from palermo.prevention.cache import Cache
from palermo.prevention.overlap import Overlap
from palermo.prevention.strata import Strata, Tables

SPECIFIED = 31e-6
"""Seconds of one core for a replicate of a five-list stratum, measured in a prototype on a 2-core Xeon."""


def stratum(number: int) -> Overlap:
    """People of two kinds, a fifth of them easier to find, in five lists that reach 5 to 20 % of them."""
    chance = np.random.default_rng(number)
    people = int(chance.integers(60, 1500))
    ease = np.where(chance.random(people) < 0.2, 2.5, 1.0)
    found = chance.random((people, 5)) < ease[:, None] * np.linspace(0.05, 0.2, 5)
    cells = (found << np.arange(5)).sum(axis=1)
    counts = np.bincount(cells, minlength=32)
    counts[0] = 0
    return Overlap(lists=("A", "B", "C", "D", "E"), counts=counts)


def made_up(strata: int) -> Tables:
    return {(f"X{chr(65 + number % 26)}", str(number)): stratum(number) for number in range(strata)}


def timed(job: Callable[[], Strata]) -> tuple[Strata, float, float]:
    """What it gives, its wall seconds, and the processor seconds of this process and of those it started."""
    before, start = spent(), time.perf_counter()
    found = job()
    return found, time.perf_counter() - start, spent() - before


def spent() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def told(name: str, strata: int, replicates: int, wall: float, cpu: float) -> dict[str, float]:
    each = cpu / (strata * replicates)
    print(
        f"  {strata:>6,} strata, {name}: {wall:.1f} s, {strata / wall:.0f} a second, "
        f"{each * 1e6:.1f} us of a core a replicate ({SPECIFIED / each:.1f} times as fast as specified)",
        flush=True,
    )
    return {"strata": strata, "wall_s": wall, "cpu_s": cpu, "us_a_replicate": each * 1e6}


def over_processes(tables: Tables, processes: list[int], replicates: int) -> tuple[list[dict], Strata]:
    rows, digests = [], set()
    for number in processes:
        found, wall, cpu = timed(
            lambda number=number: strata.estimate(
                tables, method="stepwise", replicates=replicates, processes=number
            )
        )
        rows.append({"processes": number, **told(f"{number} processes", len(tables), replicates, wall, cpu)})
        digests.add(found.digest)
        assert not found.again
    assert len(digests) == 1, "the number of processes changed an answer"
    return rows, found


def from_disk(tables: Tables, known: Strata, replicates: int) -> dict[str, float]:
    """Seconds to keep all answers, and to have them again from disk."""
    with tempfile.TemporaryDirectory(prefix="palermo-bench-") as folder:
        kept = Cache(folder=Path(folder))
        strata.estimate(tables, method="stepwise", replicates=replicates, cache=kept)
        found, wall, _ = timed(
            lambda: strata.estimate(tables, method="stepwise", replicates=replicates, cache=kept)
        )
        assert found.digest == known.digest, "what was kept is not what was computed"
        each = kept.size() / len(tables)
        print(f"  {len(tables):>6,} strata, from disk: {wall:.2f} s, {each:,.0f} bytes each")
        return {"wall_s": wall, "bytes_each": each}


def on_spark(tables: Tables, known: Strata, replicates: int) -> dict[str, float]:
    with spark.session("local[2]") as session:
        found, wall, _ = timed(
            lambda: spark.estimate(session, tables, method="stepwise", replicates=replicates)
        )
    assert found.digest == known.digest, "Spark changed an answer"
    print(f"  {len(tables):>6,} strata, Spark on 2 cores: {wall:.1f} s, equal bytes")
    return {"strata": len(tables), "wall_s": wall}


def summed(found: Strata) -> dict[str, float | None]:
    """The sum of all with its interval or why there is none: how long that takes, and what it is."""
    start = time.perf_counter()
    total = found.sum()
    taken = time.perf_counter() - start
    held = sum(len(one) for one in found.parcels.values())
    limits = total.interval and (total.interval.low, total.interval.high)
    print(
        f"  {total.strata:,} strata with a number ({total.refused} refused): {total.total:,.0f} people, "
        f"95 % {limits}; summed in {taken:.2f} s, {held / 1e6:.1f} MB held"
    )
    for warning in total.warnings:
        print(f"    {warning}")
    return {"total": total.total, "limits": limits, "sum_s": taken, "bytes_held": held}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--strata", type=int, nargs="+", default=[50, 200, 1000])
    asked.add_argument("--processes", type=int, nargs="+", default=[1, 2])
    asked.add_argument("--replicates", type=int, default=1000)
    asked.add_argument("--spark", action="store_true")
    given = asked.parse_args()
    print(f"  {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    strata.estimate(made_up(1), method="stepwise", replicates=10)
    rows: list[dict] = []
    for size in sorted(given.strata):
        tables = made_up(size)
        runs, found = over_processes(tables, given.processes, given.replicates)
        if given.spark and not rows:
            on_spark(tables, found, given.replicates)
        rows += runs
    kept = made_up(min(given.strata))
    known = strata.estimate(kept, method="stepwise", replicates=given.replicates)
    disk = from_disk(kept, known, given.replicates)
    measure.told("estimation_strata", {"runs": rows, "disk": disk, "sum": summed(found)})


if __name__ == "__main__":
    sys.exit(main())
