"""What is generated from the declared fields: the JSON Schema and the CSV template.

The JSON Schema says what `record.faults` says of form, save what no schema can say: that a date is in the
calendar, that an identifier's check character fits, how large the JSON of a local column is, and that a whole
number is written without a decimal point.
"""

import csv
import io
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from palermo.standards import check, edtf, identifier
from palermo.standards.field import Field, Type, fields, schema_version
from palermo.standards.tree import VERSION, Node, root
from palermo.standards.vocabulary import vocabulary

Schema = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Final = r"^[^\x00]*$"


def json_schema() -> Schema:
    """The JSON Schema (2020-12) of a record document."""
    return {
        "$schema": DIALECT,
        "$id": f"urn:palermo:record:{schema_version()}",
        "title": f"palermo case record {schema_version()}",
        **_object(
            {
                VERSION: {"const": schema_version()},
                **{name: _schema(node) for name, node in root().keys.items()},
            }
        ),
        "required": [VERSION],
        "$defs": _definitions(),
    }


def _definitions() -> Schema:
    used = sorted({each.vocabulary for each in fields() if each.vocabulary})
    shared = {
        "date": {"type": "string", "pattern": f"^{edtf.PATTERN}$"},
        "moment": {"type": "string", "pattern": f"^(?:{edtf.PATTERN}|{edtf.MOMENT_PATTERN})$"},
        "ref": {"type": "string", "pattern": f"^{check.REF_PATTERN}$"},
        "missing": _object(
            {"value": {"type": "null"}, "state": {"enum": sorted(check.MISSING)}},
            required=["value", "state"],
        ),
    }
    codes = {f"code_{name}": {"enum": list(vocabulary(name).codes)} for name in used}
    answers = {f"answer_{name}": _answer(name) for name in used}
    return {**shared, **codes, **answers}


def _answer(name: str) -> Schema:
    return {
        **_object(
            {
                "value": {"anyOf": [_ref(f"code_{name}"), {"type": "null"}]},
                "state": {"enum": list(check.STATES)},
                "source": _ref("code_fact_source"),
                "observed_at": _or_missing(_ref("date")),
                "recorded_by": _or_missing(_ref("ref")),
            },
            required=["value", "state"],
        ),
        "if": {"properties": {"state": {"const": "answered"}}},
        "then": {"properties": {"value": _ref(f"code_{name}")}},
        "else": {"properties": {"value": {"type": "null"}}},
    }


def _schema(node: Node) -> Schema:
    if node.open:
        return {
            "type": "object",
            "propertyNames": {"minLength": 1, "maxLength": check.LONGEST_NAME, "pattern": _TEXT},
        }
    if node.field is not None:
        about = {"title": node.field.label.en, "description": node.field.about.en}
        return {**about, "x-tier": node.field.tier.value, **_TYPES[node.field.type](node.field)}
    inside = _object({name: _schema(below) for name, below in node.keys.items()})
    return _list(inside) if node.many else inside


def _object(properties: Schema, *, required: list[str] | None = None) -> Schema:
    closed = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**closed, "required": required} if required else closed


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items, "maxItems": check.LONGEST_LIST}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _or_missing(schema: Schema) -> Schema:
    return {"anyOf": [schema, _ref("missing")]}


def _number(kind: str, field: Field) -> Schema:
    bounds = {"minimum": field.minimum, "maximum": field.maximum}
    return _or_missing({"type": kind, **{name: held for name, held in bounds.items() if held is not None}})


_MAP: Final[Schema] = {
    "type": "object",
    "maxProperties": check.LONGEST_LIST,
    "propertyNames": {"pattern": f"^{check.REF_PATTERN}$"},
    "additionalProperties": {"anyOf": [{"type": ["null", "boolean", "number"]}, _ref("ref")]},
}
_TYPES: Final[Mapping[Type, Callable[[Field], Schema]]] = MappingProxyType(
    {
        Type.CODED: lambda field: _ref(f"answer_{field.vocabulary}"),
        Type.CODED_LIST: lambda field: _list(_ref(f"answer_{field.vocabulary}")),
        Type.CODE: lambda field: _ref(f"code_{field.vocabulary}"),
        Type.EDTF: lambda field: _or_missing(_ref("date")),
        Type.MOMENT: lambda field: _or_missing(_ref("moment")),
        Type.INTEGER: lambda field: _number("integer", field),
        Type.NUMBER: lambda field: _number("number", field),
        Type.BOOLEAN: lambda field: _or_missing({"type": "boolean"}),
        Type.TEXT: lambda field: _or_missing(
            {"type": "string", "minLength": 1, "maxLength": check.LONGEST_TEXT, "pattern": _TEXT}
        ),
        Type.REF: lambda field: _or_missing(_ref("ref")),
        Type.REF_LIST: lambda field: _list(_or_missing(_ref("ref"))),
        Type.MAP: lambda field: _or_missing(_MAP),
        Type.ID: lambda field: _or_missing({"type": "string", "pattern": f"^{identifier.PATTERN}$"}),
    }
)


# ---------------------------------------------------------------------------------------------- CSV template


def csv_template(language: str = "en") -> str:
    """A CSV file to fill in: the columns a person may type, and one example line that is a comment."""
    typed = [each for each in fields() if each.typed]
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(each.path for each in typed)
    example = [_example(each, language) for each in typed]
    rows.writerow([f"# {example[0]}", *example[1:]])
    return out.getvalue()


def _example(field: Field, language: str) -> str:
    if field.vocabulary:
        return next(iter(vocabulary(field.vocabulary)))
    if field.type in {Type.TEXT, Type.REF}:
        return field.label.in_language(language)
    return _EXAMPLES[field.type]


_EXAMPLES: Final[Mapping[Type, str]] = MappingProxyType(
    {Type.EDTF: "2021-03", Type.INTEGER: "2021", Type.NUMBER: "1.5", Type.BOOLEAN: "true"}
)
