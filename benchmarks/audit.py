"""Verifying the audit's chain of 1,000,000 events: python benchmarks/audit.py [--rows 1000000] [--rounds 3]

The rows are written in bulk with the real chain; then they are verified as `palermo audit verify` does. The
plain peer reads the same rows with sqlite3 and works out SHA-256 over the raw columns: the least that a check
of that many rows can cost in Python. Target: 10 s.
"""

import argparse
import hashlib
import json
import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import measure

TARGET_S = 10
BEGAN = datetime(2024, 1, 1, tzinfo=UTC)
KINDS = (
    ("case.read", "support", {}),
    ("case.unseal", "support", {"tiers": ["T2", "T3"]}),
    ("case.look_up", "identification", {"kind": "phone", "found": 1}),
    ("import.batch", "", {"first": 1, "last": 500, "stored": 498, "kept_out": 2}),
    ("session.begin", "", {}),
)


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--rows", type=int, default=1_000_000)
    given.add_argument("--rounds", type=int, default=3)
    asked = given.parse_args()
    with measure.node() as home:
        fill(asked.rows)
        from palermo.node.actions import audit

        verdict = audit.verify()
        assert verdict.whole
        assert verdict.count == asked.rows
        found = measure.paired(audit.verify, lambda: hashed(home / "node.sqlite3"), rounds=asked.rounds)
    met = found["ours"]["wall_s"] <= TARGET_S
    measure.told("audit", {"rows": asked.rows, "target_s": TARGET_S, "met": met} | found)


def fill(rows: int) -> None:
    """Events of several kinds, chained as `audit.record` chains them, and the head."""
    from django.db import connection, transaction

    from palermo.node import chain
    from palermo.node.models import AuditHead

    def lines():
        digest = chain.START
        for number in range(1, rows + 1):
            action, purpose, detail = KINDS[number % len(KINDS)]
            at = BEGAN + timedelta(seconds=30 * number, microseconds=number % 1000)
            who, which = f"worker-{number % 90}", f"case:{number:027}"
            entry = (number, at, who, "xa-shelter", action, which, purpose, detail)
            digest = chain.link(digest, entry)
            stamp = at.replace(tzinfo=None).isoformat(sep=" ")
            yield (*entry[:1], stamp, *entry[2:7], json.dumps(detail), digest)
        AuditHead.objects.create(id=1, number=rows, digest=digest)

    columns = '"number", "at", "actor", "agency", "action", "object", "purpose", "detail", "digest"'
    places = ", ".join(["?"] * 9)
    connection.ensure_connection()
    with transaction.atomic():
        raw = connection.connection
        raw.executemany(f"INSERT INTO node_auditevent ({columns}) VALUES ({places})", lines())


def hashed(path: Path) -> bytes:
    """SHA-256 over every column of every row, chained, and nothing else."""
    digest = b""
    with sqlite3.connect(path) as database:
        for row in database.execute("SELECT * FROM node_auditevent ORDER BY number"):
            digest = hashlib.sha256(digest + repr(row).encode()).digest()
    return digest


if __name__ == "__main__":
    main()
