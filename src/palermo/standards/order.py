"""What must come before what: dates (R05, R06), ages (R07) and the recovery period (R10)."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

from palermo.errors import Problem
from palermo.standards import tree
from palermo.standards.age import bounds
from palermo.standards.answer import code, plain
from palermo.standards.edtf import Date, stated, surely_before
from palermo.standards.rule import rule
from palermo.standards.tree import Document

# Least recovery and reflection period: Council of Europe Convention, article 13.
RECOVERY: Final = timedelta(days=30)
SPANS: Final = (
    ("case", "opened_at", "closed_at"),
    ("event[]", "start", "end"),
    ("exploitation[]", "start", "end"),
    ("consent[]", "given_at", "withdrawn_at"),
)


def end_before_start(document: Document, _: date | None) -> Iterator[Problem]:
    for path, start, end in SPANS:
        for at, held in tree.objects(document, path):
            if end in held and surely_before(stated(held[end]), stated(held.get(start))):
                yield rule("R05").at(f"{at}.{end}")


def out_of_order(document: Document, _: date | None) -> Iterator[Problem]:
    recruited = [found for _, found in _starts(document, "event", kind="Recruitment")]
    exploited = [*_starts(document, "event", kind="Exploitation"), *_starts(document, "exploitation")]
    for path, start in exploited:
        if recruited and all(surely_before(start, each) for each in recruited):
            yield rule("R06").at(path)
    identified = stated(document.get("case", {}).get("identified_at"))
    if exploited and all(surely_before(identified, start) for _, start in exploited):
        yield rule("R06").at("case.identified_at")


def _starts(document: Document, entity: str, *, kind: str = "") -> Iterator[tuple[str, Date]]:
    for number, item in enumerate(document.get(entity, ())):
        start = stated(item.get("start"))
        if start and (not kind or code(item.get("kind")) == kind):
            yield f"{entity}[{number}].start", start


def older_before(document: Document, _: date | None) -> Iterator[Problem]:
    person = document.get("person", {})
    youngest_then = bounds(person, years="age_when_trafficked", band="age_band_when_trafficked")[0]
    oldest_now = bounds(person, years="age_at_identification", band="age_band")[1]
    if youngest_then > oldest_now:
        counted = plain(person.get("age_when_trafficked")) is not None
        yield rule("R07").at("person.age_when_trafficked" if counted else "person.age_band_when_trafficked")


def too_early(document: Document, _: date | None) -> Iterator[Problem]:
    ends = [end for decision in document.get("decision", ()) if (end := _recovery_end(decision))]
    for number, decision in enumerate(document.get("decision", ())):
        made = stated(decision.get("made_at"))
        if (
            code(decision.get("kind")) != "cg"
            or made is None
            or plain(decision.get("lawful_exception")) is True
        ):
            continue
        if any(made.last < end for end in ends):
            yield rule("R10").at(f"decision[{number}].made_at")


def _recovery_end(decision: Mapping[str, Any]) -> date | None:
    """The first day that may lie after the recovery period which a positive first decision opened."""
    if code(decision.get("kind")) != "rg" or code(decision.get("outcome")) != "positive":
        return None
    if given := stated(decision.get("recovery_ends_at")):
        return given.first
    made = stated(decision.get("made_at"))
    return made.first + RECOVERY if made and made.first.year < date.max.year else None
