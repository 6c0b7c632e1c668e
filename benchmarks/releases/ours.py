"""palermo's release of one table: python ours.py TABLE.csv OUT EPSILON DELTA SIZE,SIZE rows|counts SEED"""

import csv
import sys
from pathlib import Path

import table

from palermo.prevention.release import intake, made
from palermo.prevention.release.codelist import CodeList
from palermo.prevention.release.plan import Plan
from palermo.prevention.release.schema import Column, Schema
from palermo.standards.field import Text


def main(path, out, epsilon, delta, sizes, products, seed):
    asked = schema([int(size) for size in sizes.split(",")])
    plan = Plan(sizes=asked.sizes, epsilon=float(epsilon), delta=float(delta))
    persons = intake.read(Path(path), asked).persons
    release = made.make(persons, plan, seed=int(seed), rows=products == "rows")
    if release.rows is not None:
        table.write(Path(out) / "rows.csv", release.rows)
    with (Path(out) / "counts.csv").open("w", encoding="utf-8", newline="") as file:
        to = csv.writer(file)
        to.writerow(("columns", "values", "count", "low", "high"))
        to.writerows(_line(cell) for cell in release.counts)


def _line(cell):
    columns = "|".join(f"c{column}" for column in cell.columns)
    return columns, "|".join(map(str, cell.values)), cell.count, cell.low, cell.high


def schema(sizes):
    """The schema of a table as `table.write` writes it."""
    return Schema(columns=tuple(_column(f"c{place}", size) for place, size in enumerate(sizes)))


def _column(name, size):
    codes = tuple(str(code) for code in range(1, size + 1))
    return Column(name=name, listed=CodeList(codes=codes), label=Text(en=name, fr=name))


if __name__ == "__main__":
    main(*sys.argv[1:])
