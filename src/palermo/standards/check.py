"""Checks of one value each, built once from the declared fields.

A check is called with the value, the trail to the object it stands in, its key, and the list to which a
fault is added; a path is written out only when there is a fault. No message repeats a value, except a short
code of a statistical field that all but matches a code of its list.
"""

import json
import math
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from palermo.errors import Problem
from palermo.standards import edtf, identifier, shape
from palermo.standards.answer import State
from palermo.standards.field import Field, Tier, Type
from palermo.standards.rule import Rule, rule
from palermo.standards.vocabulary import Vocabulary, vocabulary

Trail = str | tuple["Trail", str | int]
Check = Callable[[Any, Trail, str | int, list[Problem]], None]

REF_PATTERN: Final = r"[A-Za-z0-9][A-Za-z0-9._:/+-]{0,127}"
LONGEST_TEXT: Final = 20_000
LONGEST_LIST: Final = 1_000
LONGEST_NAME: Final = 200
STATES: Final = tuple(state.value for state in State)
MISSING: Final = frozenset(STATES) - {State.ANSWERED.value}
FACT: Final = ("source", "observed_at", "recorded_by")
_REF: Final = re.compile(REF_PATTERN)
_CODE_LIKE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_+-]{0,47}")
_BARE: Final = frozenset({"value", "state"})
_ANSWER: Final = _BARE | frozenset(FACT)


def check(field: Field) -> Check:
    """The check of one declared field."""
    return _MAKERS[field.type](field)


def local(value: Any, parent: Trail, key: str | int, problems: list[Problem]) -> None:
    """Checks the columns that no field claims: any JSON, of a bounded size."""
    if type(value) is not dict:
        problems.append(shape.NOT_AN_OBJECT.at(place(parent, key)))
    elif not all(_is_column(name, each) for name, each in value.items()):
        problems.append(shape.LOCAL.at(place(parent, key), most=LONGEST_TEXT))


def place(parent: Trail, key: str | int) -> str:
    """The path of `key` inside `parent`; a number is the place of an item in a list."""
    above = parent if isinstance(parent, str) else place(*parent)
    if isinstance(key, int):
        return f"{above}[{key}]"
    return f"{above}.{key}" if above else key


def unknown_code(known: Vocabulary, tier: Tier, path: str, code: str) -> Problem:
    """The problem of a code that its list does not hold, with the nearest code where one comes near."""
    if known.name == "perpetrator_role" and code in vocabulary("trafficked_person_role"):
        return rule("R11").at(path)
    near = known.nearest(code) if _CODE_LIKE.fullmatch(code.strip()) else ""
    shown = f" ({code.strip()!r})" if near and tier is Tier.T1 else ""
    hint = f"Use {near}, or add" if near else "Use a code of that list, or add"
    hint_fr = f"Utilisez {near}, ou ajoutez" if near else "Utilisez un code de cette liste, ou ajoutez"
    return rule("R15").at(path, vocabulary=known.name, shown=shown, hint=hint, hint_fr=hint_fr)


# ------------------------------------------------------------------------------------------- coded answers


def _coded(field: Field) -> Check:
    known = vocabulary(field.vocabulary)
    codes = frozenset(known.codes)

    def checked(value: Any, parent: Trail, key: str | int, problems: list[Problem]) -> None:
        if type(value) is dict and len(value) == 2 and value.get("state") == "answered":
            code = value.get("value")
            if type(code) is str and code in codes:
                return
        _explain(value, known, field.tier, place(parent, key), problems)

    return checked


def _explain(value: Any, known: Vocabulary, tier: Tier, path: str, problems: list[Problem]) -> None:
    if type(value) is not dict or not _BARE <= value.keys() <= _ANSWER:
        problems.append(shape.ANSWER.at(path))
        return
    code, state = value["value"], value["state"]
    if type(state) is not str or state not in STATES:
        problems.append(shape.STATE.at(path, states=", ".join(STATES)))
    elif state == State.ANSWERED:
        _explain_code(code, known, tier, path, problems)
    elif code is not None:
        problems.append(shape.VALUE_AND_STATE.at(path))
    for name in FACT:
        if name in value:
            _FACT_CHECKS[name](value[name], path, name, problems)


def _explain_code(code: Any, known: Vocabulary, tier: Tier, path: str, problems: list[Problem]) -> None:
    if type(code) is not str or not code:
        problems.append(shape.NO_CODE.at(path, vocabulary=known.name))
    elif code not in known:
        problems.append(unknown_code(known, tier, path, code))


def _coded_list(field: Field) -> Check:
    return each_of(_coded(field))


def each_of(item: Check) -> Check:
    """The check of a list whose items each pass `item`."""

    def checked(value: Any, parent: Trail, key: str | int, problems: list[Problem]) -> None:
        if type(value) is not list:
            problems.append(shape.NOT_A_LIST.at(place(parent, key)))
        elif len(value) > LONGEST_LIST:
            problems.append(shape.TOO_MANY.at(place(parent, key), most=LONGEST_LIST))
        else:
            trail = (parent, key)
            for number, each in enumerate(value):
                item(each, trail, number, problems)

    return checked


def _code(field: Field) -> Check:
    known = vocabulary(field.vocabulary)

    def checked(value: Any, parent: Trail, key: str | int, problems: list[Problem]) -> None:
        if type(value) is not str or value not in known.terms:
            _explain_code(value, known, field.tier, place(parent, key), problems)

    return checked


# -------------------------------------------------------------------------------------------- plain values


def _plain(broken: Rule, fits: Callable[[Any], bool], **given: object) -> Check:
    """The check of a plain value, in whose place a missing answer may stand."""

    def checked(value: Any, parent: Trail, key: str | int, problems: list[Problem]) -> None:
        if not fits(value) and not _is_missing(value):
            problems.append(broken.at(place(parent, key), **given))

    return checked


def _is_missing(value: Any) -> bool:
    return (
        type(value) is dict
        and value.keys() == _BARE
        and value["value"] is None
        and type(value["state"]) is str
        and value["state"] in MISSING
    )


def _is_date(value: Any) -> bool:
    return type(value) is str and len(value) <= 10 and edtf.is_date(value)


def _is_moment(value: Any) -> bool:
    return type(value) is str and len(value) <= 40 and edtf.is_moment(value)


def _is_text(value: Any) -> bool:
    return type(value) is str and 0 < len(value) <= LONGEST_TEXT and _is_storable(value)


def _is_storable(value: str) -> bool:
    """Whether a database can keep it: no zero byte and no half of a surrogate pair."""
    return "\0" not in value and (value.isascii() or not any("\ud800" <= each <= "\udfff" for each in value))


def _is_ref(value: Any) -> bool:
    return type(value) is str and _REF.fullmatch(value) is not None


def _is_id(value: Any) -> bool:
    return type(value) is str and identifier.verify(value)


def _is_map(value: Any) -> bool:
    return (
        type(value) is dict
        and len(value) <= LONGEST_LIST
        and all(_is_ref(name) and _is_small(each) for name, each in value.items())
    )


def _is_small(value: Any) -> bool:
    return value is None or type(value) is bool or _is_number(value) or _is_ref(value)


def _is_number(value: Any) -> bool:
    return type(value) is int or (type(value) is float and math.isfinite(value))


def _is_column(name: Any, value: Any) -> bool:
    if type(name) is not str or not 0 < len(name) <= LONGEST_NAME or not _is_storable(name):
        return False
    if type(value) is str:
        return len(value) <= LONGEST_TEXT and _is_storable(value)
    try:
        text = json.dumps(value, allow_nan=False, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        return False
    return len(text) <= LONGEST_TEXT and _is_storable(text) and "\\u0000" not in text


def _bounded(broken: Rule, fits: Callable[[Any], bool]) -> Callable[[Field], Check]:
    def made(field: Field) -> Check:
        least = -math.inf if field.minimum is None else field.minimum
        most = math.inf if field.maximum is None else field.maximum

        def checked(value: Any, parent: Trail, key: str | int, problems: list[Problem]) -> None:
            if not fits(value):
                if not _is_missing(value):
                    problems.append(broken.at(place(parent, key)))
            elif not least <= value <= most:
                problems.append(shape.RANGE.at(place(parent, key), least=least, most=most))

        return checked

    return made


_TEXT: Final = _plain(shape.TEXT, _is_text, most=LONGEST_TEXT)
_DATE: Final = _plain(shape.DATE, _is_date)
_REFERENCE: Final = _plain(shape.REF, _is_ref)
_MAKERS: Final[Mapping[Type, Callable[[Field], Check]]] = MappingProxyType(
    {
        Type.CODED: _coded,
        Type.CODED_LIST: _coded_list,
        Type.CODE: _code,
        Type.EDTF: lambda _: _DATE,
        Type.MOMENT: lambda _: _plain(shape.MOMENT, _is_moment),
        Type.INTEGER: _bounded(shape.INTEGER, lambda value: type(value) is int),
        Type.NUMBER: _bounded(shape.NUMBER, _is_number),
        Type.BOOLEAN: lambda _: _plain(shape.BOOLEAN, lambda value: type(value) is bool),
        Type.TEXT: lambda _: _TEXT,
        Type.REF: lambda _: _REFERENCE,
        Type.REF_LIST: lambda _: each_of(_REFERENCE),
        Type.MAP: lambda _: _plain(shape.MAP, _is_map),
        Type.ID: lambda _: _plain(shape.ID, _is_id),
    }
)


def _source(value: Any, parent: Trail, key: str | int, problems: list[Problem]) -> None:
    known = vocabulary("fact_source")
    if type(value) is not str or value not in known.terms:
        _explain_code(value, known, Tier.T2, place(parent, key), problems)


_FACT_CHECKS: Final[Mapping[str, Check]] = MappingProxyType(
    {"source": _source, "observed_at": _DATE, "recorded_by": _REFERENCE}
)
