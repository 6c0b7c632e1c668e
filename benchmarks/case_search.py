"""How long the case list takes on one agency with 250,000 cases: keys, rows and count of each page.

Seeds a database of its own, asks what a reader would ask, and prints the median and the worst of several
rounds with SQLite's own plan. Run: python benchmarks/case_search.py [--cases 250000] [--json FILE]
"""

import argparse
import json
import os
import random
import statistics
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time as clock  # seconds of this process alone: the machine may be busy

ASKED = {
    "everything": {},
    "one sex": {"sex": "m"},
    "a year": {"year": "2021"},
    "a form and a sex": {"form": "ForcedBegging", "sex": "x"},
    "a citizenship": {"citizenship": "XC"},
    "a rare citizenship": {"citizenship": "XZ"},
    "a reference": {"reference": "XA-24999"},
    "a reference that is not there": {"reference": "NONE"},
    "a state of identification": {"identification": "presumed"},
}
FORMS = ("ForcedLabour", "SexualExploitation", "ForcedBegging", "Servitude", "ForcedMarriage")
AGES = ("0-8", "9-17", "18-20", "21-23", "24-26", "27-29", "30-38", "39-47", "48+")
STATES = ("received", "screened", "presumed", "referred_to_authority", "recovery", "recognised")


def main() -> None:
    given = argparse.ArgumentParser()
    given.add_argument("--cases", type=int, default=250_000)
    given.add_argument("--rounds", type=int, default=7)
    given.add_argument("--json", type=Path)
    asked = given.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"PALERMO_HOME": home, "DJANGO_SETTINGS_MODULE": "palermo.node.settings"}
        os.environ.pop("PALERMO_DATABASE_URL", None)
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        seed(asked.cases)
        found = [measured(name, codes, rounds=asked.rounds) for name, codes in ASKED.items()]
    for one in found:
        times = f"{one['median_ms']:>7.1f} CPU ms median {one['worst_ms']:>7.1f} worst"
        print(f"{one['asked']:<32} {times}  {one['plan']}")
    print(f"load {os.getloadavg()[0]:.1f}, {asked.cases} cases")
    if asked.json:
        asked.json.write_text(
            json.dumps({"cases": asked.cases, "load": os.getloadavg(), "found": found}, indent=1)
        )


def seed(cases: int) -> None:
    """One agency's cases, in a few years and states, as the statistical documents they are."""
    from django.db import connection, transaction

    from palermo.node.models import Agency, Case

    chance, began = random.Random(1), datetime(2020, 1, 1, tzinfo=UTC)
    Agency.objects.create(code="xa-bench", name="Bench", kind="NGO", country="XA")
    with transaction.atomic():
        for start in range(0, cases, 5_000):
            Case.objects.bulk_create(
                Case(
                    id=f"{number:027}",
                    agency_id="xa-bench",
                    record=document(number, chance),
                    created_by="bench",
                    created_at=began + timedelta(minutes=10 * number),
                    updated_at=began,
                )
                for number in range(start, min(start + 5_000, cases))
            )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def document(number: int, chance: random.Random) -> dict:
    def said(code: str) -> dict[str, str]:
        return {"value": code, "state": "answered"}

    return {
        "schema_version": "1.0",
        "case": {
            "ref": f"XA-{number}",
            "year_registered": 2018 + number % 8,
            "identification": said(chance.choice(STATES)),
        },
        "person": {
            "sex": said(chance.choices("fmx", (70, 28, 2))[0]),
            "age_band": said(chance.choice(AGES)),
            "citizenships": [said("XZ" if number % 50_000 == 7 else chance.choice(("XA", "XB", "XC")))],
        },
        "means": [{"kind": said("DebtBondage")}, {"kind": said("FalsePromises")}],
        "exploitation": [{"form": said(form)} for form in chance.sample(FORMS, chance.randint(1, 2))],
    }


def measured(name: str, codes: dict[str, str], *, rounds: int) -> dict:
    """The whole of what the view asks the database: keys, rows, count."""
    from django.db import connection

    from palermo.node import case_search, permission
    from palermo.node.actor import Actor
    from palermo.node.models import Case
    from palermo.protection.access import Role

    roles = frozenset({Role.CASE_WORKER, Role.FIRST_RESPONDER})
    to, now = Actor(name="reader", agency="xa-bench", roles=roles), datetime(2030, 1, 1, tzinfo=UTC)
    asked, taken = case_search.Asked(codes=codes), []
    for _ in range(rounds):
        began = clock()
        found = case_search.page(asked, to=to, now=now)
        if found.before or found.after:
            case_search.count(asked, to=to, now=now)
        taken.append(1000 * (clock() - began))
    keys = permission.near(Case.objects.about(**codes), to=to, now=now).order_by("-created_at", "-id")
    sql, values = keys.values_list("created_at", "id")[:51].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
        plan = [row[3] for row in cursor.fetchall()]
    return {"asked": name, "median_ms": statistics.median(taken), "worst_ms": max(taken), "plan": plan[0]}


if __name__ == "__main__":
    main()
