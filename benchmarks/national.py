"""National figures over 250,000 cases: python benchmarks/national.py [--cases 250000] [--rounds 3]

Ours counts every case of every agency in the database, links the tables and protects them against
subtraction. The plain peer asks the database for the same counts and protects nothing.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import case_search, measure


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--cases", type=int, default=250_000)
    given.add_argument("--rounds", type=int, default=3)
    asked = given.parse_args()
    with measure.node():
        case_search.seed(asked.cases)
        from palermo.node import national

        def ours():
            national._kept.clear()
            return national.release()

        release = ours()
        found = measure.paired(ours, counts, rounds=asked.rounds)
        again = measure.seconds(national.release, rounds=asked.rounds)
        figures = {
            "cases": asked.cases,
            "cells": len(release.cells),
            "the_same_figures_again": again,
        }
        measure.told("national", figures | found)


def counts() -> list:
    from django.db.models import Count

    from palermo.node.models import Case
    from palermo.node.national import COLUMNS

    return list(Case.objects.order_by().values_list(*COLUMNS).annotate(cases=Count("pk")))


if __name__ == "__main__":
    main()
