"""A plan as JSON can hold it, and back: what the node stores, whole and checked when it is read."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any, Final

from palermo.appraisal.evidence import Found, Grade, Source
from palermo.appraisal.observation import Bounds
from palermo.appraisal.plan.plan import Action, BudgetLine, Indicator, Milestone, Plan, Progress, Report
from palermo.appraisal.provision import Pillar
from palermo.appraisal.words import Text

DAYS: Final = frozenset({"starts_on", "ends_on", "adopted_on", "due_on", "done_on", "on"})
AMOUNTS: Final = frozenset({"planned", "spent", "baseline", "target", "value"})


def document(plan: Plan) -> dict[str, Any]:
    """The plan with everything that belongs to it; a day that is not known is left out."""
    found = plan.found
    source = found.source
    own = _part(plan, leave=("found", "actions"))
    return {
        **{name: value for name, value in own.items() if value is not None},
        "found": {
            "source": source.id,
            "name": source.name.en,
            "publisher": source.publisher.en,
            "grade": source.grade.value,
            "as_of": found.as_of.isoformat(),
            "file": found.file,
            "line": found.line,
        },
        "actions": [_action(one) for one in plan.actions],
    }


def plan(given: Mapping[str, Any]) -> Plan:
    """The plan that a document holds."""
    return Plan(
        **{"starts_on": None, "ends_on": None, **_read(given, leave=("found", "actions"))},
        found=_found(given["found"]),
        actions=tuple(_read_action(one) for one in given["actions"]),
    )


PARTS: Final[Mapping[str, type]] = {
    "budget": BudgetLine,
    "milestones": Milestone,
    "indicators": Indicator,
    "reports": Report,
}


def _action(one: Action) -> dict[str, Any]:
    parts = {name: [_part(part) for part in getattr(one, name)] for name in PARTS}
    return {**_part(one, leave=tuple(PARTS)), **parts}


def _part(one: Any, *, leave: tuple[str, ...] = ()) -> dict[str, Any]:
    return {field.name: _plain(getattr(one, field.name)) for field in fields(one) if field.name not in leave}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Bounds):
        return [value.low, value.high]
    return list(value) if isinstance(value, tuple) else value


def _read(given: Mapping[str, Any], *, leave: tuple[str, ...] = ()) -> dict[str, Any]:
    return {name: _value(name, value) for name, value in given.items() if name not in leave}


def _value(name: str, value: Any) -> Any:
    if name in DAYS:
        return date.fromisoformat(value) if value else None
    if name in AMOUNTS:
        return Bounds(low=value[0], high=value[1]) if value else None
    return READ[name](value) if name in READ else value


READ: Final[Mapping[str, Any]] = {"pillar": Pillar, "progress": Progress, "provisions": tuple}


def _read_action(given: Mapping[str, Any]) -> Action:
    held = _read(given, leave=tuple(PARTS))
    held |= {name: tuple(kind(**_read(part)) for part in given[name]) for name, kind in PARTS.items()}
    return Action(**held)


def _found(given: Mapping[str, Any]) -> Found:
    name, publisher = (Text(en=given[key], fr=given[key]) for key in ("name", "publisher"))
    return Found(
        source=Source(id=given["source"], name=name, publisher=publisher, grade=Grade(given["grade"])),
        as_of=date.fromisoformat(given["as_of"]),
        file=given["file"],
        line=given["line"],
    )
