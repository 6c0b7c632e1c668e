"""What a record says about age: bounds in years, whether it is known, whether the person is a child."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from palermo.standards.answer import any_code, code, codes, plain
from palermo.standards.edtf import is_date, parse

MAJORITY: Final = 18
OLDEST: Final = 150
BANDS: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {
        "0-8": (0, 8),
        "9-17": (9, 17),
        "18-20": (18, 20),
        "21-23": (21, 23),
        "24-26": (24, 26),
        "27-29": (27, 29),
        "30-38": (30, 38),
        "39-47": (39, 47),
        "48+": (48, OLDEST),
        "child": (0, 17),
        "adult": (18, OLDEST),
    }
)
ANY: Final = (0, OLDEST)
SIGNS_OF_FORM: Final = frozenset({"ChildLabour", "ForcedAdoption"})


def bounds(person: Mapping[str, Any], *, years: str, band: str) -> tuple[int, int]:
    """The least and the greatest age that the field `years`, or else the field `band`, allows."""
    stated = plain(person.get(years))
    if stated is not None:
        return stated, stated
    return BANDS.get(code(person.get(band)), ANY)


def is_unknown(person: Mapping[str, Any]) -> bool:
    """Whether nothing settles on which side of 18 the person stands, or somebody disputes what does."""
    if plain(person.get("age_disputed")) is True:
        return True
    return (
        not code(person.get("child_flag"))
        and code(person.get("age_band")) not in BANDS
        and not any(plain(person.get(key)) is not None for key in ("age_at_identification", "age_estimate"))
        and plain(person.get("birth")) in {None, "XXXX"}
    )


def signs_of_a_child(document: Mapping[str, Any]) -> bool:
    """Whether anything in the record suggests that the person may be under 18."""
    person = document.get("person", {})
    return (
        plain(person.get("child_signs")) is True
        or _youngest(person) < MAJORITY
        or "SeparatedOrUnaccompaniedChild" in codes(person.get("status_migration"))
        or not SIGNS_OF_FORM.isdisjoint(any_code(document.get("exploitation", ()), "form"))
        or "guardian" in any_code(document.get("consent", ()), "given_by")
        or bool(document.get("best_interests"))
    )


def is_child(person: Mapping[str, Any], *, today: date | None) -> bool:
    """Whether the record holds the person to be a child; the flag decides, else what else it says of age."""
    flag = code(person.get("child_flag"))
    if flag:
        return flag != "adult"
    return _youngest(person) < MAJORITY or _born_too_late(person, today)


def _youngest(person: Mapping[str, Any]) -> int:
    """The greatest age any stated figure allows; the lowest of them, where they differ."""
    stated = [
        bounds(person, years=key, band="age_band")[1] for key in ("age_at_identification", "age_estimate")
    ]
    return min(stated)


def _born_too_late(person: Mapping[str, Any], today: date | None) -> bool:
    birth = plain(person.get("birth"))
    if today is None or not isinstance(birth, str) or not is_date(birth):
        return False
    earliest = parse(birth).first
    return (today.year - earliest.year, today.month, today.day) < (MAJORITY, earliest.month, earliest.day)
