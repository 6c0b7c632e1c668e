"""How often an interval of nominal 95 % holds the truth, by method, design and number of people.

    python benchmarks/estimation_coverage.py [--designs FILE] [--minutes 20] [--rounds 4]
        [--people 500 2000 10000] [--methods stepwise bic ...] [--picture FILE] [--pooled RUNS]

Each design mixes classes of people, with a chance for each list; the truth is known. A run draws the lists of
everyone, and every method answers from those alone. A round adds some runs to every cell of design x people x
method, more where a method is cheap (`PLAN`), so that the table is whole whenever the work is stopped. Each
run has a random stream keyed by design, people and number, and is kept in benchmarks/results: a restart
repeats nothing, and an interrupted work ends with the same runs as one that was not.

Told for each cell: runs, the share of intervals that hold the truth with its Monte-Carlo error, the share
refused, the medians of total and of interval width over truth. A refusal counts neither for nor against
coverage. The error is the standard deviation of the share's Jeffreys posterior, which is not 0 at 0 or 1.
FILE holds the designs (default: ../shared/data/mse, simulation_designs).

`--pooled` measures partly pooled strata (E10) instead: each run draws six strata of 300 to 1,500 people,
of one design or of lists that are independent but for one pair (`pairs`), and every list reaches a little
more or fewer in each stratum.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import vl_convert

from palermo import __version__
from palermo.prevention import methods, pooled, sheet
from palermo.prevention.overlap import Overlap

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).parent / "results" / "estimation_coverage.json"
DESIGNS = ROOT.parent / "shared" / "data" / "mse" / "simulation_designs.json"
BADLY = 0.85
_PAIRED = (0.08, 0.12, 0.15, 0.1)


@dataclass(frozen=True, slots=True)
class Plan:
    """A method with its options, and how many runs of it a round adds to each cell."""

    runs: int
    method: str
    options: Mapping[str, int]


PLAN = {
    "stepwise": Plan(100, "stepwise", {"replicates": 1000}),
    "bic": Plan(10, "bic", {"replicates": 200}),
    "bic, order 3": Plan(3, "bic", {"replicates": 200, "order": 3}),
    "bic-average": Plan(10, "bic-average", {"replicates": 200}),
    "bayes-threshold": Plan(10, "bayes-threshold", {}),
    "graphs": Plan(100, "graphs", {}),
    "latent": Plan(2, "latent", {"longest": 10_000}),
}

Design = Sequence[tuple[int, Sequence[float]]]
Told = list[float | None]
"""Total, low and high over the truth; three times None where refused."""


def drawn(design: Design, *, people: int, key: str) -> tuple[Overlap, int]:
    """The table of one run, and how many people there are in all."""
    chance, lists = _stream(key), len(design[0][1])
    everyone = sum(number for number, _ in design)
    counts, truth = np.zeros(1 << lists, dtype=np.int64), 0
    for number, reach in design:
        members = round(number * people / everyone)
        cells = ((chance.random((members, lists)) < np.array(reach)) << np.arange(lists)).sum(axis=1)
        counts += np.bincount(cells, minlength=1 << lists)
        truth += members
    counts[0] = 0
    return Overlap(lists=tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:lists]), counts=counts), truth


def answered(table: Overlap, truth: int, plan: Plan, *, seed: int) -> Told:
    one = methods.estimate(table, plan.method, seed=seed, **plan.options)
    if one.total is None or one.interval is None:
        return [None, None, None]
    return [round(value / truth, 5) for value in (one.total, one.interval.low, one.interval.high)]


def judged(told: Sequence[Told]) -> dict[str, float]:
    """Coverage with its Monte-Carlo error, share refused, medians of total and of width over truth."""
    said = [(total, low, high) for total, low, high in told if total and low is not None and high]
    found: dict[str, float] = {"runs": len(told), "refused": 1 - len(said) / len(told)}
    if said:
        held = sum(low <= 1 <= high for _, low, high in said)
        found |= {
            "coverage": held / len(said),
            "error": jeffreys(held, len(said)),
            "ratio": statistics.median(total for total, _, _ in said),
            "width": statistics.median(high - low for _, low, high in said),
        }
    return found


def jeffreys(held: int, asked: int) -> float:
    """The standard deviation of a share after `held` of `asked`."""
    first, other = held + 0.5, asked - held + 0.5
    return float((first * other / (asked + 1) ** 2 / (asked + 2)) ** 0.5)


def work(asked: argparse.Namespace, designs: Mapping[str, Design], kept: dict[str, Any]) -> None:
    """Rounds over all cells until the time is up; kept after each cell."""
    end = time.monotonic() + 60 * asked.minutes
    for turn in range(asked.rounds):
        for name, people, label in cells(asked, designs):
            runs = kept["runs"].setdefault(f"{name}|{people}|{label}", [])
            start = time.process_time()
            first = len(runs)
            for number in range(first, PLAN[label].runs * (turn + 1)):
                table, truth = drawn(designs[name], people=people, key=f"{name}|{people}|{number}")
                runs.append(answered(table, truth, PLAN[label], seed=number + 1))
            if len(runs) > first:
                kept["cpu_s"] += time.process_time() - start
                _keep(kept)
            if time.monotonic() > end:
                return
        print(f"round {turn + 1} of {asked.rounds} done, {kept['cpu_s']:.0f} CPU s in all", flush=True)


def pooled_runs(designs: Mapping[str, Design], runs: int) -> Iterator[str]:
    """By design, how often the interval of a stratum and that of the sum hold the truth."""
    for name, design in {"pairs": None, **designs}.items():
        parts, whole, refused = [], [], 0
        for number in range(runs):
            strata, truths = _strata(design, f"pooled|{name}|{number}")
            found = pooled.estimate(strata, seed=number + 1)
            if found.whole.interval is None:
                refused += 1
                continue
            limits = np.quantile(found.replicates, [0.025, 0.5, 0.975], axis=0)
            truth = np.array([truths[key[0]] for key in found.strata])
            parts += [[float(v) for v in row] for row in zip(*limits[[1, 0, 2]] / truth, strict=True)]
            told = found.whole.interval
            whole.append([v / truth.sum() for v in (found.whole.total or 0.0, told.low, told.high)])
        for label, told in (("a stratum", parts), ("the sum", whole)):
            if told:
                each = judged(told)
                yield (
                    f"| {name} | {label} | {len(told)} | {each['coverage']:.2f} ± {each['error']:.2f} | "
                    f"{refused} | {each['ratio']:.2f} | {each['width']:.2f} |"
                )


def _strata(design: Design | None, key: str) -> tuple[sheet.Sheet, dict[str, int]]:
    """Six strata of a design, whose lists reach a little more or fewer in each, and their sizes."""
    chance = _stream(key)
    rows, truths = ["A,B,C,D,stratum,count"], {}
    for place, people in enumerate(chance.integers(300, 1500, 6).tolist()):
        classes = [(people, _PAIRED)] if design is None else _shared_out(design, people)
        truths[f"X{place}"] = sum(number for number, _ in classes)
        tilt = chance.normal(0, 0.3, 4)
        for number, reach in classes:
            odds = np.log(np.array(reach[:4]) / (1 - np.array(reach[:4]))) + tilt
            inside = chance.random((number, 4)) < 1 / (1 + np.exp(-odds))
            if design is None:
                inside[:, 1] |= inside[:, 0] & (chance.random(number) < 0.3)
            kinds, counts = np.unique(inside.astype(int), axis=0, return_counts=True)
            rows += [
                ",".join([*map(str, kind), f"X{place}", str(count)])
                for kind, count in zip(kinds.tolist(), counts.tolist(), strict=True)
                if any(kind)
            ]
    return sheet.parse(_joined(rows), columns=["stratum"]), truths


def _shared_out(design: Design, people: int) -> list[tuple[int, Sequence[float]]]:
    everyone = sum(number for number, _ in design)
    return [(round(number * people / everyone), reach) for number, reach in design]


def _joined(rows: Sequence[str]) -> list[str]:
    """Rows that describe the same people of the same stratum become one."""
    sums: dict[str, int] = {}
    for row in rows[1:]:
        kind, count = row.rsplit(",", 1)
        sums[kind] = sums.get(kind, 0) + int(count)
    return [rows[0], *(f"{kind},{count}" for kind, count in sums.items())]


def cells(asked: argparse.Namespace, designs: Mapping[str, Design]) -> Iterator[tuple[str, int, str]]:
    for name in designs:
        for people in asked.people:
            yield from ((name, people, label) for label in asked.methods)


def rows(kept: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One row a cell, ordered by method."""
    found = []
    for key, told in kept["runs"].items():
        design, people, method = key.split("|")
        if told:
            found.append({"design": design, "people": int(people), "method": method, **judged(told)})
    return sorted(found, key=lambda row: (list(PLAN).index(row["method"]), row["design"], row["people"]))


def printed(found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The table in Markdown; a cell that covers badly is in bold."""
    yield "| method | design | people | runs | coverage | refused | total / truth | width / truth |"
    yield "|---|---|---|---|---|---|---|---|"
    for row in found:
        start = f"| `{row['method']}` | {row['design']} | {row['people']:,} | {row['runs']} |"
        if "coverage" not in row:
            yield f"{start} – | {row['refused']:.2f} | – | – |"
            continue
        share = f"{row['coverage']:.2f} ± {row['error']:.2f}"
        share = f"**{share}**" if row["coverage"] < BADLY else share
        yield f"{start} {share} | {row['refused']:.2f} | {row['ratio']:.2f} | {row['width']:.2f} |"


def picture(found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A Vega-Lite specification: coverage by method, a panel for each design, a colour for each size."""
    values = [
        {
            **{name: row[name] for name in ("design", "method", "coverage")},
            "people": f"{row['people']:,}",
            "low": max(0.0, row["coverage"] - 2 * row["error"]),
            "high": min(1.0, row["coverage"] + 2 * row["error"]),
        }
        for row in found
        if "coverage" in row
    ]
    sizes = sorted({row["people"] for row in found})
    share = {
        "type": "quantitative",
        "scale": {"domain": [0, 1]},
        "title": "share of intervals with the truth",
    }
    method = {"field": "method", "type": "nominal", "sort": list(PLAN), "title": None}
    colour = {
        "field": "people",
        "type": "nominal",
        "title": "people",
        "scale": {"domain": [f"{size:,}" for size in sizes], "range": ["#b1361e", "#1d70b8", "#0b0c0c"]},
    }
    beside = {"field": "people", "sort": [f"{size:,}" for size in sizes]}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": "white",
        "data": {"values": values},
        "facet": {"field": "design", "type": "nominal", "title": None},
        "columns": 3,
        "spec": {
            "width": 190,
            "height": 210,
            "layer": [
                {
                    "mark": {"type": "rule", "color": "#505a5f", "strokeDash": [4, 3]},
                    "encoding": {"x": {"datum": 0.95}},
                },
                {
                    "mark": {"type": "rule"},
                    "encoding": {
                        "x": {"field": "low", **share},
                        "x2": {"field": "high"},
                        "y": method,
                        "yOffset": beside,
                        "color": colour,
                    },
                },
                {
                    "mark": {"type": "point", "filled": True, "size": 28, "opacity": 1},
                    "encoding": {
                        "x": {"field": "coverage", **share},
                        "y": method,
                        "yOffset": beside,
                        "color": colour,
                        "shape": {"field": "people", "type": "nominal", "scale": {"domain": beside["sort"]}},
                    },
                },
            ],
        },
    }


def main() -> int:
    asked = _asked()
    if not asked.designs.is_file():
        print(f"no designs at {asked.designs}: nothing measured")
        return 1
    read = json.loads(asked.designs.read_text(encoding="utf-8"))["designs"]
    read = {name: design for name, design in read.items() if len(design[0][1]) == 5}
    if asked.pooled:
        print("| strata like | interval of | how many | coverage | runs refused | total / truth | width |")
        print("|---|---|---|---|---|---|---|")
        for line in pooled_runs(read, asked.pooled):
            print(line, flush=True)
        return 0
    kept = _kept()
    work(asked, read, kept)
    found = rows(kept)
    if asked.picture:
        asked.picture.write_text(vl_convert.vegalite_to_svg(picture(found)), encoding="utf-8")
    print("\n".join(printed(found)))
    print(f"{kept['cpu_s']:.0f} CPU s")
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--designs", type=Path, default=DESIGNS)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--people", type=int, nargs="+", default=[500, 2000, 10_000])
    parser.add_argument("--methods", nargs="+", default=list(PLAN), choices=list(PLAN))
    parser.add_argument("--picture", type=Path)
    parser.add_argument("--pooled", type=int, default=0)
    return parser.parse_args()


def _stream(key: str) -> np.random.Generator:
    told = np.frombuffer(sha256(key.encode()).digest()[:16], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=told))


def _kept() -> dict[str, Any]:
    """What was run before; nothing of a method whose plan has changed since."""
    plan = {label: [one.method, dict(one.options)] for label, one in PLAN.items()}
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    same = {label for label in plan if kept.get("plan", {}).get(label) == plan[label]}
    runs = {key: told for key, told in kept.get("runs", {}).items() if key.split("|")[2] in same}
    return {"plan": plan, "palermo": __version__, "cpu_s": kept.get("cpu_s", 0.0), "runs": runs}


def _keep(kept: Mapping[str, Any]) -> None:
    RESULTS.parent.mkdir(exist_ok=True)
    fresh = RESULTS.with_suffix(".part")
    fresh.write_text(json.dumps(kept), encoding="utf-8")
    fresh.replace(RESULTS)


if __name__ == "__main__":
    sys.exit(main())
