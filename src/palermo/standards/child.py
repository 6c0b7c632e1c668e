"""What a child must have before a grave step: a guardian and a decision on their best interests (R01)."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from palermo.errors import Problem
from palermo.standards.age import is_child
from palermo.standards.answer import code, plain
from palermo.standards.edtf import Date, stated, surely_before
from palermo.standards.rule import rule
from palermo.standards.tree import Document


def before_guardian(document: Document, today: date | None) -> Iterator[Problem]:
    if not is_child(document.get("person", {}), today=today):
        return
    for path, at in _grave_steps(document):
        if not any(_guarded(entry, at) for entry in document.get("best_interests", ())):
            yield rule("R01").at(path)


def _guarded(entry: Mapping[str, Any], at: Date | None) -> bool:
    decided = bool(plain(entry.get("guardian")) and plain(entry.get("decision")))
    return decided and not surely_before(at, stated(entry.get("made_at")))


def _grave_steps(document: Document) -> Iterator[tuple[str, Date | None]]:
    """Returns, referrals abroad and interviews, each with its date."""
    case = document.get("case", {})
    if code(case.get("support")) in {"return_travel", "reintegration"}:
        yield "case.support", None
    for number, event in enumerate(document.get("event", ())):
        if code(event.get("kind")) == "Return":
            yield f"event[{number}].kind", stated(event.get("start"))
    for number, referral in enumerate(document.get("referral", ())):
        if is_outgoing(referral) and _is_abroad(referral, case):
            yield f"referral[{number}].to_country", stated(referral.get("date"))
    for number, screening in enumerate(document.get("screening", ())):
        if code(screening.get("mode")) == "interview":
            yield f"screening[{number}].mode", stated(screening.get("at"))


def is_outgoing(referral: Mapping[str, Any]) -> bool:
    return code(referral.get("direction")) != "incoming"


def _is_abroad(referral: Mapping[str, Any], case: Mapping[str, Any]) -> bool:
    to = code(referral.get("to_country"))
    return bool(to) and to != code(case.get("country"))
