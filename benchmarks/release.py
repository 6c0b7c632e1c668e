"""Safe release: our rows and counts beside those of the peers, same table, epsilon, delta and cells.

    python benchmarks/release.py [--tables FOLDER] [--only kanon] [--seeds 5] [--epsilon 4] [--peers pac,dpmm]

Each tool runs as a process of its own, the peers in environments of their own, made in a temporary folder
(or kept in `--environments FOLDER`). Where a peer cannot be installed, figures measured on another day stand
in for it (`ANOTHER_DAY`) and the output says so. CPU seconds and peak memory are those of the process, with
its start and reading. Figures are medians of the seeds; `releases/metric.py` says how error is measured.
FOLDER holds the shared tables (default: ../shared/data/ctdc).
"""

import argparse
import json
import math
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from releases import metric, table

ROOT = Path(__file__).resolve().parents[1]
HERE = Path(__file__).parent / "releases"
RESULTS = Path(__file__).parent / "results" / "release.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A tool: its script, the packages of its environment, and what its script is told after epsilon."""

    name: str
    script: str
    needs: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


OURS = Tool(name="ours", script="ours.py", told=("delta", "sizes", "rows", "seed"))
COUNTS = Tool(name="ours, counts only", script="ours.py", told=("delta", "sizes", "counts", "seed"))
PEERS = {
    "pac": Tool(name="pac", script="with_pac.py", needs=("pac-synth==0.0.8",)),
    "dpmm": Tool(name="dpmm", script="with_dpmm.py", needs=("dpmm==0.1.9",), told=("delta", "sizes")),
}

ANOTHER_DAY = {
    ("kanon", "pac", "rows"): {
        "error": (188, 58.7, 29.8),
        "lost": (None, 13, 25),
        "invented": (None, 33, 36),
    },
    ("kanon", "pac", "counts"): {
        "error": (9.5, 13.5, 12.9),
        "lost": (None, 13, 23),
        "invented": (None, 36, 50),
    },
    ("kanon", "dpmm", "rows"): {"error": (4.1, 39.4, 23.0), "lost": (None, 1, 7), "invented": (None, 51, 66)},
    ("kanon", "smartnoise", "rows"): {
        "error": (5.5, 72.4, 53.2),
        "lost": (None, 8, 36),
        "invented": (None, 49, 63),
    },
    ("na", "pac", "rows"): {"error": (90, 81.5, 23.5), "lost": (None, 4, 10), "invented": (None, 3, 8)},
    ("na", "pac", "counts"): {"error": (10.9, 16.6, 20.8), "lost": (None, 4, 9), "invented": (None, 3, 10)},
    ("na", "dpmm", "rows"): {"error": (5.5, 337, 168), "lost": (None, 0.7, 0.9), "invented": (None, 16, 27)},
    ("na", "smartnoise", "rows"): {
        "error": (4.4, 1032, 751),
        "lost": (None, 0.3, 0.3),
        "invented": (None, 17, 40),
    },
}
"""At epsilon 4, one run each, on a shared machine with two cores under a load of 5 to 17."""

COST_ANOTHER_DAY = {
    "kanon": {"pac": (51, 414), "dpmm": (145, 242), "smartnoise": (77, 1785)},
    "na": {"pac": (50, 494), "dpmm": (217, 374), "smartnoise": (37, 866)},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A figure of ours over that of a peer, which should be at most `most`."""

    figure: str
    table: str
    product: str
    ways: int
    peer: str
    most: float


TARGETS = (
    Target(figure="error", table="kanon", product="rows", ways=1, peer="dpmm", most=1.5),
    Target(figure="error", table="kanon", product="rows", ways=2, peer="dpmm", most=0.40),
    Target(figure="error", table="kanon", product="rows", ways=3, peer="dpmm", most=0.45),
    Target(figure="error", table="na", product="rows", ways=1, peer="smartnoise", most=1.5),
    Target(figure="error", table="na", product="rows", ways=2, peer="pac", most=0.50),
    Target(figure="error", table="na", product="rows", ways=3, peer="pac", most=0.90),
    Target(figure="invented", table="kanon", product="rows", ways=3, peer="pac", most=1.0),
    Target(figure="invented", table="na", product="rows", ways=3, peer="pac", most=1.0),
    Target(figure="lost", table="kanon", product="rows", ways=3, peer="dpmm", most=3.0),
    Target(figure="error", table="kanon", product="counts", ways=3, peer="pac", most=0.85),
    Target(figure="error", table="na", product="counts", ways=3, peer="pac", most=0.85),
    Target(figure="invented", table="kanon", product="counts", ways=3, peer="pac", most=0.3),
    Target(figure="invented", table="na", product="counts", ways=3, peer="pac", most=0.3),
)
COSTS = (
    ("ours, counts only", "cpu_s", "pac", 0.25),
    ("ours", "cpu_s", "pac", 1.5),
    ("ours", "peak_mib", "dpmm", 4.0),
)


def environment(tool, folder):
    """The Python of a peer's own environment; None where it cannot be installed."""
    home = folder / tool.name
    python = home / "bin" / "python"
    if python.exists():
        return python
    made = [shutil.which("uv") or "uv", "venv", "--quiet", "--python", "3.11", str(home)]
    filled = [made[0], "pip", "install", "--quiet", "--python", str(python), *tool.needs]
    try:
        for command in (made, filled):
            subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        shutil.rmtree(home, ignore_errors=True)
        print(f"{tool.name} cannot be installed here ({type(error).__name__}).", flush=True)
        return None
    return python


def run(python, tool, *, given, out, limit):
    """One run of a tool: what its process used; None where it failed or took too long."""
    out.mkdir(parents=True)
    command = [str(python), str(HERE / tool.script), *(str(one) for one in given)]
    with (out / "said.txt").open("w") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, env=_alone())
        try:
            used = _waited(process, limit)
        except subprocess.TimeoutExpired:
            process.kill()
            _waited(process, limit)
            return None
    if used is None:
        print(f"{tool.name} failed: {(out / 'said.txt').read_text()[-400:]}", flush=True)
    return used


def _alone():
    """The environment of a run: ours without extra threads, so that CPU seconds compare."""
    path = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return os.environ | threads | {"PYTHONPATH": path}


def _waited(process, limit):
    """What the process used, itself and the children it waited for."""
    until = time.monotonic() + limit
    while time.monotonic() < until:
        pid, status, used = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            told = {"cpu_s": used.ru_utime + used.ru_stime, "peak_mib": used.ru_maxrss / 1024}
            return told if process.returncode == 0 else None
        time.sleep(0.2)
    raise subprocess.TimeoutExpired(process.args, limit)


def figures(real, sizes, out):
    """What the files of a run say, by product."""
    found = {}
    if (rows := out / "rows.csv").exists():
        found["rows"] = metric.of_rows(real, table.read(rows), sizes)
    if (counts := out / "counts.csv").exists():
        found["counts"] = metric.of_counts(real, metric.read(counts, sizes), sizes)
        if "low" in counts.open(encoding="utf-8").readline():
            for way, share in zip(found["counts"], metric.held(counts, real, sizes), strict=True):
                way["held"] = share
    return found


def median(runs):
    """The medians of figures with the same shape."""
    first = runs[0]
    if isinstance(first, dict):
        return {name: median([one[name] for one in runs if name in one]) for name in first}
    if isinstance(first, list):
        return [median(list(one)) for one in zip(*runs, strict=True)]
    known = [one for one in runs if one is not None]
    return statistics.median(known) if known else None


def another_day(name, peer):
    """What was measured of a peer on another day, in the shape of what is measured now."""
    cpu, peak = COST_ANOTHER_DAY[name][peer]
    told = {
        product: [{key: values[way] for key, values in found.items()} for way in range(3)]
        for (held, tool, product), found in ANOTHER_DAY.items()
        if (held, tool) == (name, peer)
    }
    return {"measured": "on another day", "cost": {"cpu_s": cpu, "peak_mib": peak}, **told}


def measured(name, codes, sizes, *, tools, epsilon, given, folder):
    """The medians of each tool over the seeds, every tool in turn so that the load is shared."""
    delta = 1 / (len(codes) * math.log(len(codes)))
    source = folder / f"{name}.csv"
    table.write(source, codes)
    runs = {tool.name: [] for tool, _ in tools}
    for seed in range(1, given.seeds + 1):
        for tool, python in tools:
            out = (
                folder
                / f"{name}-{epsilon:g}-{tool.script.removesuffix('.py')}-{'-'.join(tool.told[2:3])}{seed}"
            )
            words = {"delta": repr(delta), "sizes": ",".join(map(str, sizes)), "seed": seed}
            told = [source, out, f"{epsilon:g}", *(words.get(word, word) for word in tool.told)]
            used = run(python, tool, given=told, out=out, limit=given.limit)
            if used:
                runs[tool.name].append({"cost": used, **figures(codes, sizes, out)})
                print(f"  {name} {epsilon:g} {tool.name} {seed}: {brief(runs[tool.name][-1])}", flush=True)
    return {tool: median(found) | {"runs": len(found)} for tool, found in runs.items() if found}


def brief(found):
    """A run in one line."""
    parts = [f"{found['cost']['cpu_s']:.0f} s, {found['cost']['peak_mib']:.0f} MiB"]
    for product in ("rows", "counts"):
        parts += [
            f"{product} {key} " + " / ".join(_short(way[key]) for way in found[product])
            for key in ("error", "lost", "invented", "held")
            if product in found and key in found[product][0]
        ]
    return "; ".join(parts)


def _short(value):
    return "-" if value is None else f"{value:.1f}"


def ratios(found):
    """Each target with the ratio that was reached, where both sides are known."""
    for target in TARGETS:
        here = found.get(target.table, {})
        ours, peer = (_figure(here.get(tool), target) for tool in ("ours", target.peer))
        if ours is not None and peer:
            yield (
                f"{target.table} {target.ways}-way {target.product} {target.figure}",
                target.peer,
                ours,
                peer,
                target.most,
            )
    for name, here in found.items():
        for tool, key, other, most in COSTS:
            if tool in here and other in here:
                ours, peer = here[tool]["cost"][key], here[other]["cost"][key]
                yield f"{name} {key} ({tool})", other, ours, peer, most


def _figure(told, target):
    return told[target.product][target.ways - 1][target.figure] if told and target.product in told else None


def main():
    given = asked()
    with TemporaryDirectory(prefix="palermo-bench-") as made:
        folder = given.keep or Path(made)
        environments = given.environments or Path(made)
        tools = [(OURS, sys.executable), (COUNTS, sys.executable)] if not given.peers_only else []
        absent = {"pac", "dpmm", "smartnoise"}
        for name in [one for one in given.peers.split(",") if one]:
            if python := environment(PEERS[name], environments):
                tools.append((PEERS[name], python))
                absent.discard(name)
        folder.mkdir(parents=True, exist_ok=True)
        found = {}
        for epsilon in given.epsilon:
            here = found.setdefault(f"{epsilon:g}", {})
            for name in given.only:
                codes, sizes = table.shared(name, given.tables)
                here[name] = measured(
                    name, codes, sizes, tools=tools, epsilon=epsilon, given=given, folder=folder
                )
        report(found, absent)


def report(found, absent):
    """Print the ratios and keep everything as JSON."""
    for name, here in found.get("4", {}).items():
        for peer in sorted(absent | ({"dpmm", "pac"} - set(here))):
            here[peer] = another_day(name, peer)
    for epsilon, here in found.items():
        print(f"epsilon {epsilon}")
        for name, tools in here.items():
            for tool, told in tools.items():
                times = told.get("measured") or f"{told['runs']} runs"
                print(f"  {name} {tool} ({times}): {brief(told)}")
        for figure, peer, ours, theirs, most in ratios(here):
            print(
                f"  {figure}: {ours:.3g} against {peer} {theirs:.3g}: {ours / theirs:.2f} (target {most:g})"
            )
    machine = {"machine": platform.machine(), "cores": os.cpu_count(), "load": os.getloadavg()}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"found": found, **machine}, indent=1) + "\n", encoding="utf-8")


def asked():
    """What the command line asks."""
    ask = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    ask.add_argument("--tables", type=Path, default=ROOT.parent / "shared" / "data" / "ctdc")
    ask.add_argument("--only", nargs="+", choices=table.SHARED, default=list(table.SHARED))
    ask.add_argument("--seeds", type=int, default=5)
    ask.add_argument("--epsilon", type=float, nargs="+", default=[4.0])
    ask.add_argument("--peers", default="pac,dpmm")
    ask.add_argument("--peers-only", action="store_true", help="leave our own release out")
    ask.add_argument("--environments", type=Path, help="keep the peers' environments here")
    ask.add_argument("--keep", type=Path, help="keep what the tools wrote here")
    ask.add_argument("--limit", type=float, default=3600, help="seconds on the clock that a run may take")
    return ask.parse_args()


if __name__ == "__main__":
    sys.exit(main())
