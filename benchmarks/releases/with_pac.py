"""pac-synth on one table, in its own environment: python pac.py TABLE.csv OUT EPSILON"""

import csv
import sys
from pathlib import Path

import pacsynth as pac


def main(table, out, epsilon):
    with Path(table).open(encoding="utf-8", newline="") as file:
        data = list(csv.reader(file))
    settings = (
        pac.DpAggregateSeededParametersBuilder()
        .reporting_length(3)
        .epsilon(float(epsilon))
        .accuracy_mode(pac.AccuracyMode.balanced())
        .fabrication_mode(pac.FabricationMode.uncontrolled())
        .use_synthetic_counts(True)
        .build()
    )
    tool = pac.DpAggregateSeededSynthesizer(settings)
    tool.fit(pac.Dataset(data))
    counts, rows = tool.get_dp_aggregates(";"), tool.sample()
    with (Path(out) / "rows.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(_sorted(rows))
    with (Path(out) / "counts.csv").open("w", encoding="utf-8", newline="") as file:
        to = csv.writer(file)
        to.writerow(("columns", "values", "count"))
        to.writerows(_line(cell, count) for cell, count in counts.items())


def _sorted(rows):
    """The rows with their columns in the order of the table."""
    head = rows[0]
    order = sorted(range(len(head)), key=lambda place: int(head[place][1:]))
    return [[row[place] for place in order] for row in rows]


def _line(cell, count):
    facts = sorted((part.split(":") for part in cell.split(";")), key=lambda fact: int(fact[0][1:]))
    return "|".join(name for name, _ in facts), "|".join(value for _, value in facts), count


if __name__ == "__main__":
    main(*sys.argv[1:])
