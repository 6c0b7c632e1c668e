"""How near treaties are to universal, as data: a JSON document and rows of a table, every number open."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from palermo.appraisal.evidence import Evidence
from palermo.appraisal.register import Register
from palermo.appraisal.treaty import Standing, Verdict
from palermo.appraisal.universal import Region, Universal, Waiting, Year
from palermo.appraisal.words import plain

COLUMNS = (
    "treaty",
    "state",
    "name",
    "region",
    "party",
    "act",
    "on",
    "source",
    "not_known_after",
    "signed_on",
    "waiting_years",
    "reservations",
    "sources_differ",
    "evidence",
)


def document(one: Universal, register: Register) -> dict[str, Any]:
    """The treaty with its numbers; each opens to codes of States, each State to ids of evidence."""
    return {
        "treaty": one.treaty,
        "name": {"en": one.instrument.name.en, "fr": one.instrument.name.fr},
        "reference": one.instrument.reference,
        "complete_on": _day(one.complete_on),
        "not_known_after": _day(one.known_on),
        "states": len(one.states),
        "parties": _number(one.parties),
        "unknown": _number(one.unknown),
        "undated": _number(one.undated),
        "sources_differ": _number(one.conflicting),
        "outside": [_row(one.treaty, standing, ()) for standing in one.outside],
        "regions": [_region(region) for region in one.regions],
        "years": [_year(year) for year in one.years],
        "waiting": [_waiting(waits) for waits in one.waiting],
        "by_state": {row["state"]: row for row in rows(one, register)},
        "evidence": {item.id: _evidence(item) for item in one.evidence},
    }


def rows(one: Universal, register: Register) -> Iterator[dict[str, Any]]:
    """One row a State, in alphabetical order of the codes: there is no ranking."""
    waiting = {waits.state: waits for waits in one.waiting}
    for code in sorted(one.standings):
        standing = one.standings[code]
        waits = waiting.get(code)
        yield _row(one.treaty, standing, [item.kind for item in register.reservations(code, one.treaty)]) | {
            "name": one.states[code].name.en,
            "region": one.states[code].region,
            "signed_on": _day(waits.signed_on) if waits else None,
            "waiting_years": waits.years if waits else None,
        }


def flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row for a table: lists in one cell, apart by semicolons."""
    differ = [f"{one['source']} {one['as_of']} {one['party']}" for one in row["sources_differ"]]
    return {
        **row,
        "reservations": "; ".join(row["reservations"]),
        "sources_differ": "; ".join(differ),
        "evidence": "; ".join(row["evidence"]),
    }


def _row(treaty: str, standing: Standing, reservations: Sequence[str]) -> dict[str, Any]:
    act = standing.act
    return {
        "treaty": treaty,
        "state": standing.state,
        "party": {True: "yes", False: "no", None: "not known"}[standing.party],
        "act": str(act.act) if act else None,
        "on": _day(act.on) if act else None,
        "source": standing.verdict.action.found.source.id if standing.verdict else None,
        "not_known_after": _day(standing.known_on),
        "reservations": sorted(map(str, reservations)),
        "sources_differ": [_other(verdict) for verdict in standing.conflicting],
        "evidence": [item.id for item in standing.evidence],
    }


def _region(one: Region) -> dict[str, Any]:
    return {
        "region": one.id,
        "states": len(one.states),
        "parties": _number(one.parties),
        "waiting": _number(one.waiting),
    }


def _year(one: Year) -> dict[str, Any]:
    return {"year": one.year, "parties": one.parties, "joined": list(one.joined), "left": list(one.left)}


def _waiting(one: Waiting) -> dict[str, Any]:
    return {
        "state": one.state,
        "signed_on": _day(one.signed_on),
        "years": one.years,
        "not_known_after": _day(one.known_on),
        "evidence": [item.id for item in one.evidence],
    }


def _other(verdict: Verdict) -> Mapping[str, Any]:
    return {
        "source": verdict.action.found.source.id,
        "as_of": _day(verdict.as_of),
        "party": "yes" if verdict.party else "no",
    }


def _number(codes: Sequence[str]) -> dict[str, Any]:
    return {"number": len(codes), "opens": sorted(codes)}


def _evidence(one: Evidence) -> dict[str, Any]:
    found = one.found
    return {
        "says": plain(one.says),
        "grade": str(one.grade),
        "source": found.source.id,
        "as_of": _day(found.as_of),
        "file": found.file,
        "line": found.line,
    }


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None
