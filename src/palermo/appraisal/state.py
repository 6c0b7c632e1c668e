"""The States that are appraised, those that treaty tables still name, and those that are no State.

193 members of the United Nations. A former State is never counted as a party of today, and its row is
never handed to a successor: a successor counts when the register names it.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from palermo.appraisal.spelling import folded, spellings
from palermo.appraisal.words import Text
from palermo.errors import Unknown

MADE_UP = re.compile(r"X[A-Z]")
MADE_UP_NAME = re.compile(r"(?:country |pays )?(?P<code>x[a-z])(?: made up| fictif)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A member of the United Nations, or a made-up country XA to XZ for tests and demonstrations."""

    code: str
    iso2: str
    region: str
    name: Text
    name_ar: str

    @property
    def made_up(self) -> bool:
        return self.region == "made_up"

    @property
    def names(self) -> Text:
        """The name in every language of the reports."""
        return Text(en=self.name.en, fr=self.name.fr, ar=self.name_ar)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerState:
    """A State that has ended; `successors` are codes and carry no treaty rights by themselves."""

    code: str
    name: Text
    ended_on: date
    successors: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """A place or body that tables name and that is not one of the 193: it is never counted with them."""

    code: str
    kind: str


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of one table of the framework."""
    text = files("palermo.appraisal").joinpath("framework", name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def items(cell: str) -> tuple[str, ...]:
    """The items of a cell that holds a list."""
    return tuple(item.strip() for item in cell.split(";") if item.strip())


@cache
def states() -> Mapping[str, State]:
    """The 193 members, by ISO 3166-1 alpha-3 code."""
    return {row["iso3"]: _member(row) for row in rows("states.csv")}


@cache
def former_states() -> Mapping[str, FormerState]:
    return {row["code"]: _former(row) for row in rows("former_states.csv")}


@cache
def others() -> Mapping[str, Other]:
    """Places and bodies that tables may name, by code; they are counted as seen and not appraised."""
    return {row["code"]: Other(code=row["code"], kind=row["kind"]) for row in rows("others.csv")}


def state(given: str) -> State:
    """The State of that code or name; an unknown one is answered with the nearest names."""
    code = given.strip().upper()
    if code in states():
        return states()[code]
    if made_up := MADE_UP_NAME.fullmatch(folded(given)):
        return _made_up(made_up["code"].upper())
    if match := _by_name().get(folded(given)):
        return states()[match]
    raise Unknown(f"No State is called {given!r}. {_advice(given)}")


def place(given: str) -> str:
    """The code that a name of a table stands for: a State, a former one, or a place or body that is none."""
    code = given.strip().upper()
    if is_state(code) or code in former_states() or code in others():
        return code
    if past := _former_by_name().get(folded(given)):
        return past.code
    if other := _other_by_name().get(folded(given)):
        return other
    return state(given).code


def mentioned(text: str) -> tuple[str, ...]:
    """The codes of the States that a sentence names, in the order they stand."""
    names = (match[0] for match in _any_name().finditer(f" {folded(text)} "))
    return tuple(dict.fromkeys(_by_name().get(name) or state(name).code for name in names))


def is_state(code: str) -> bool:
    """Whether a table's code is a State that can be appraised."""
    return code in states() or MADE_UP.fullmatch(code) is not None


def ended(*, code: str, name: str) -> FormerState | None:
    """The former State that a row is about, by its code or by its name."""
    known = former_states()
    return known.get(code) or _former_by_name().get(folded(name))


def _member(row: Mapping[str, str]) -> State:
    return State(
        code=row["iso3"], iso2=row["iso2"], region=row["region"], name=_name(row), name_ar=row["name_ar"]
    )


def _former(row: Mapping[str, str]) -> FormerState:
    return FormerState(
        code=row["code"],
        name=_name(row),
        ended_on=date.fromisoformat(row["ended_on"]),
        successors=items(row["successors"]),
    )


def _name(row: Mapping[str, str]) -> Text:
    return Text(en=row["name_en"], fr=row["name_fr"])


def _made_up(code: str) -> State:
    name = Text(en=f"Country {code} (made up)", fr=f"Pays {code} (fictif)")
    return State(code=code, iso2=code, region="made_up", name=name, name_ar=f"البلد {code} (وهمي)")


@cache
def _by_name() -> Mapping[str, str]:
    """Codes by folded name; a short form that two States could bear is nobody's."""
    full: dict[str, str] = {}
    for one in states().values():
        for written in (one.name.en, one.name.fr):
            full.update(dict.fromkeys(spellings(written)[:2], one.code))
    short = [(spellings(name)[-1], code) for name, code in _named()]
    shared = {name for name, code in short if any(other != code for same, other in short if same == name)}
    taken = {one.iso2.casefold(): one.code for one in states().values()}
    brief = {name: code for name, code in short if name not in shared}
    return taken | brief | full | {name: code for name, code in _aliases() if code in states()}


def _named() -> Iterator[tuple[str, str]]:
    for one in states().values():
        yield one.name.en, one.code
        yield one.name.fr, one.code


@cache
def _aliases() -> tuple[tuple[str, str], ...]:
    """Other spellings that tables use, our own list: folded name and code."""
    return tuple((folded(row["name"]), row["code"]) for row in rows("state_names.csv"))


@cache
def _former_by_name() -> Mapping[str, FormerState]:
    official = {folded(name): one for one in former_states().values() for name in (one.name.en, one.name.fr)}
    also = {name: former_states()[code] for name, code in _aliases() if code in former_states()}
    return official | also


@cache
def _other_by_name() -> Mapping[str, str]:
    return {name: code for name, code in _aliases() if code in others()}


@cache
def _any_name() -> re.Pattern[str]:
    """Any name of a State inside a folded text, the longest first; codes of two letters are no names."""
    names = sorted((name for name in _by_name() if len(name) > 3), key=len, reverse=True)
    return re.compile(f"(?<= )(?:(?:country|pays) x[a-z]|{'|'.join(map(re.escape, names))})(?= )")


def _advice(given: str) -> str:
    if past := ended(code=given.strip().upper(), name=given):
        return (
            f"{past.name.en} ended on {past.ended_on}. Appraise {' or '.join(past.successors) or 'a member'}."
        )
    if given.strip().upper() in others() or folded(given) in _other_by_name():
        return "It is a place or body that is no member of the United Nations. Appraise a member."
    word = f" {folded(given)} "
    named = [name for name in _by_name() if len(word) > 5 and word in f" {name} "]
    near = get_close_matches(folded(given), [*_by_name(), *(code.casefold() for code in states())], n=3)
    found = list(dict.fromkeys(_by_name().get(name, name.upper()) for name in named or near))[:3]
    if not found:
        return "Give a three-letter code such as PAK, or a name such as Pakistan."
    return "Did you mean " + " or ".join(f"{code} ({states()[code].name.en})" for code in found) + "?"
