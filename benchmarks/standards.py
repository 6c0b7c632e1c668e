"""Reading and checking flat records: ours beside csv + json and beside pydantic models of the fields.

    python benchmarks/standards.py [--rows 20000] [--pairs 5] [--million]

The rows are made up by one seed, in the 27 columns of CTDC's synthetic releases. Every run is a process of
its own, so that its peak memory is its own; the three take turns, pair by pair, and the median ratio is
printed. The peers do less: csv + json checks nothing, pydantic checks each cell and makes no record, asks no
rule across fields and keeps no bad row apart. `--million` streams 1,000,000 rows through ours once and prints
the peak memory.
"""

import argparse
import csv
import json
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Literal

BANDS = ["0--8", "9--17", "18--20", "21--23", "24--26", "27--29", "30--38", "39--47", "48+", ""]
FLAGS = [
    "meansDebtBondageEarnings",
    "meansThreats",
    "meansAbusePsyPhySex",
    "meansFalsePromises",
    "meansDrugsAlcohol",
    "meansDenyBasicNeeds",
    "meansExcessiveWorkHours",
    "meansWithholdDocs",
    "isForcedLabour",
    "isSexualExploit",
    "isOtherExploit",
    "sectorOfLabourAgriculture",
    "sectorOfLabourConstruction",
    "sectorOfLabourDomesticWork",
    "sectorOfLabourHospitality",
    "sectorOfSexProstitution",
    "sectorOfSexPornography",
    "recruiterRelationIntimatePartner",
    "recruiterRelationFriend",
    "recruiterRelationFamily",
    "recruiterRelationOther",
]
PLAIN = ["yearOfRegistration", "gender", "ageBroad", "citizenship", "CountryOfExploitation", "traffickMonths"]
COUNTRIES = [f"X{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
MONTHS = ["", "0--12", "13--24", "25+"]
RESULTS = Path(__file__).parent / "results" / "standards.json"


def make(path: Path, rows: int) -> None:
    """Writes rows in which most flags are off or not told, as in the releases."""
    chance = random.Random(20201)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*PLAIN, *FLAGS])
        for _ in range(rows):
            plain = [
                chance.randint(2002, 2024),
                chance.choice(["Female", "Female", "Male", ""]),
                chance.choice(BANDS),
                chance.choice(COUNTRIES),
                chance.choice(COUNTRIES),
                chance.choice(MONTHS),
            ]
            writer.writerow([*plain, *chance.choices(["", "0", "1"], weights=[6, 2, 2], k=len(FLAGS))])


def ours(path: Path) -> int:
    from palermo.standards import read

    with read.records(path, format="ctdc") as reading:
        return sum(row.record is not None for row in reading)


def csv_and_json(path: Path) -> int:
    with path.open(newline="") as file:
        return sum(bool(json.loads(json.dumps(row))) for row in csv.DictReader(file))


def pydantic_models(path: Path) -> int:
    from pydantic import create_model

    from palermo.standards.vocabulary import vocabulary

    country = Literal["", *vocabulary("country")]
    fields = {
        "yearOfRegistration": (int, ...),
        "gender": (Literal["Female", "Male", ""], ...),
        "ageBroad": (Literal[tuple(BANDS)], ...),
        "citizenship": (country, ...),
        "CountryOfExploitation": (country, ...),
        "traffickMonths": (Literal[tuple(MONTHS)], ...),
        **dict.fromkeys(FLAGS, (Literal["", "0", "1"], ...)),
    }
    model = create_model("Row", **fields)
    with path.open(newline="") as file:
        return sum(bool(model.model_validate(row)) for row in csv.DictReader(file))


CONTESTANTS = {"palermo": ours, "csv + json": csv_and_json, "pydantic": pydantic_models}


def one(name: str, path: Path) -> None:
    """A single run inside its own process: prints seconds of processor time and peak memory."""
    CONTESTANTS[name](_warm(path))
    start = time.process_time()
    rows = CONTESTANTS[name](path)
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rows": rows, "seconds": seconds, "peak_mib": peak}))


def _warm(path: Path) -> Path:
    """The first 200 rows, so that imports and vocabularies are not part of what is timed."""
    warm = path.with_suffix(".warm.csv")
    with path.open() as file:
        warm.write_text("".join(line for _, line in zip(range(201), file, strict=False)))
    return warm


def run(name: str, path: Path) -> dict[str, float]:
    found = subprocess.run(
        [sys.executable, __file__, "--one", name, str(path)], capture_output=True, text=True, check=True
    )
    return json.loads(found.stdout)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rows", type=int, default=20_000)
    options.add_argument("--pairs", type=int, default=5)
    options.add_argument("--million", action="store_true")
    options.add_argument("--one", nargs=2, metavar=("NAME", "FILE"))
    asked = options.parse_args()
    if asked.one:
        one(asked.one[0], Path(asked.one[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        make(path, asked.rows)
        rounds = [{name: run(name, path) for name in CONTESTANTS} for _ in range(asked.pairs)]
        figures = summary(rounds)
        if asked.million:
            make(path, 1_000_000)
            figures["million"] = run("palermo", path)
    report(figures)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n")


def summary(rounds: list[dict[str, dict[str, float]]]) -> dict[str, object]:
    figures: dict[str, object] = {
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load": os.getloadavg()[0],
        "rows": rounds[0]["palermo"]["rows"],
        "pairs": len(rounds),
    }
    for name in CONTESTANTS:
        speeds = [each[name]["rows"] / each[name]["seconds"] for each in rounds]
        ratios = [each["palermo"]["seconds"] / each[name]["seconds"] for each in rounds]
        figures[name] = {
            "rows_per_cpu_second": statistics.median(speeds),
            "our_time_to_theirs": statistics.median(ratios),
            "peak_mib": max(each[name]["peak_mib"] for each in rounds),
        }
    return figures


def report(figures: dict[str, object]) -> None:
    print(f"{figures['rows']} rows, {figures['pairs']} pairs, load {figures['load']:.1f}")
    for name in CONTESTANTS:
        found = figures[name]
        print(
            f"{name:12} {found['rows_per_cpu_second']:>10,.0f} rows/CPU s   our time / theirs "
            f"{found['our_time_to_theirs']:.2f}   peak {found['peak_mib']:.0f} MiB"
        )
    if "million" in figures:
        found = figures["million"]
        cost = f"{found['seconds']:.0f} CPU s, peak {found['peak_mib']:.0f} MiB"
        print(f"{found['rows']:,} rows streamed in {cost}")


if __name__ == "__main__":
    main()
