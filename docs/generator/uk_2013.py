"""Draw the picture of the United Kingdom in 2013 for "Why the methods disagree".

    python -m docs.generator.uk_2013 [TABLE.csv] [--picture docs/explanation/uk-2013.svg]

TABLE is the public table of six lists (default: ../shared/data/mse/uk2013_6.csv beside the checkout). Every
method answers with 1,000 replicates and seed 1; the figures of others come from the book of published ones.
"""

import argparse
from pathlib import Path

from palermo.prevention import methods, picture, published, sheet
from palermo.prevention.page import svg

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT.parent / "shared" / "data" / "mse" / "uk2013_6.csv"
PICTURE = ROOT / "docs" / "explanation" / "uk-2013.svg"


def main() -> None:
    asked = argparse.ArgumentParser(description="Draw every answer for the United Kingdom in 2013.")
    asked.add_argument("table", nargs="?", type=Path, default=TABLE)
    asked.add_argument("--picture", type=Path, default=PICTURE)
    given = asked.parse_args()
    table = sheet.read(given.table).whole
    answers = methods.all_methods(table, replicates=1000, seed=1)
    rows = [*(one.row() for one in answers), *(one.row() for one in published.of(table))]
    spec = picture.estimates(rows, observed=table.observed, width=680)
    given.picture.write_text(svg({**spec, "background": "white"}) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
