"""A risk report as a document that a database or a file keeps, and read back from it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from typing import Any, get_args, get_type_hints

from palermo.prevention.release import risk_text
from palermo.prevention.release.report import Report
from palermo.prevention.release.risk_words import LANGUAGES
from palermo.prevention.release.schema import Schema

FORMAT = "palermo-release-risk/1"


def document(report: Report) -> dict[str, Any]:
    """The report as plain values; fields are told by number, as the schema has them."""
    return asdict(report)


def read(kept: Mapping[str, Any]) -> Report:
    """The report of a kept document."""
    found: Report = _made(Report, kept)
    return found


def _made(kind: Any, value: Any) -> Any:
    if is_dataclass(kind):
        kinds = get_type_hints(kind)
        return kind(**{one.name: _made(kinds[one.name], value[one.name]) for one in fields(kind)})  # type: ignore[operator]  # a class
    return tuple(_made(get_args(kind)[0], one) for one in value) if isinstance(value, list | tuple) else value


def written(report: Report, schema: Schema) -> str:
    """JSON for other programs and the file of the officer: names, numbers, and the text in each language."""
    names = [field.column for field in schema.fields]
    told = {
        "format": FORMAT,
        "inside_only": True,
        "broken": report.broken,
        "known": _named(report.asked.known, names),
        "sensitive": _named(report.asked.sensitive, names),
        "fields": [
            {"column": field.column, "code": field.codes[0] if len(field.codes) == 1 else None}
            for field in schema.fields
        ],
        "found": document(report),
        "advantage": asdict(report.membership.advantage),
        "excess": asdict(report.alone.excess),
        "text": {language: risk_text.text(report, schema, language) for language in LANGUAGES},
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _named(places: tuple[int, ...], names: list[str]) -> list[str]:
    return list(dict.fromkeys(names[place] for place in places))
