"""Entries of ledgers for tests, as functions with defaults."""

from palermo.prevention.release import budget
from palermo.prevention.release.ledger import Entry

DELTA = 1e-6
AT = "2026-03-02T09:00:00+00:00"


def an_entry(release="r-1", *, epsilon=1.0, **more) -> Entry:
    """A reservation of as much as this epsilon allows."""
    delta = more.get("delta", DELTA)
    return Entry(
        **{
            "rho_micro": budget.rho(epsilon, delta),
            "release": release,
            "purpose": "yearly figures",
            "delta": delta,
            "epsilon": epsilon,
            "lifetime": 4.0,
            "version": "0.1",
            "schema_hash": "ab" * 32,
            "cohort": "2020-2024",
            "approvers": ("hana",),
            "at": AT,
        }
        | more
    )
