"""Why a schema may not be released by: every fault of its columns and lists, whatever the table holds."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from math import comb, sqrt
from unicodedata import combining, normalize

from palermo.errors import Problem
from palermo.prevention.release.fault import fault
from palermo.prevention.release.schema import SEPARATOR, Column, Schema
from palermo.standards.header import simple

MOST_FIELDS = 60
MOST_CODES = 300
GOOD_FIELDS, JOINED = 20, 10
"""The columns, and the codes that one joins, of which a fault says how much noise they save."""

_MOST_LETTERS, _MOST_WORDS = 80, 12
_DATE = re.compile(r"\d{4}-\d\d?-\d\d?([ T].*)?|\d{1,2}([./-])\d{1,2}\2\d{2,4}")
_IDENTIFIER = re.compile(r".*\d{6}.*|.*@.*\..*|[0-9a-f]{8}-[0-9a-f-]{27}|-?\d{1,3}\.\d{4,}.*", re.IGNORECASE)
_IDENTITY = frozenset(
    """
    name names fullname firstname lastname givenname familyname surname middlename alias nickname maidenname
    nom prenom prenoms nomcomplet nomdefamille surnom
    email mail phone phonenumber telephone portable mobile address street postcode zipcode adresse courriel
    passport passportnumber passeport nationalid idnumber documentnumber socialsecuritynumber
    birthdate dateofbirth dob birthday datedenaissance
    gps latitude longitude coordinates coordonnees ipaddress username
    note notes comment comments remarks narrative description freetext commentaire remarques recit
    """.split()  # noqa: SIM905  # one word a line would fill a page
)


def faults(schema: Schema) -> Iterator[Problem]:
    """Every fault of a schema; none means that a table may be read against it."""
    names = Counter(column.name for column in schema.columns)
    names.update([schema.person] if schema.person else [])
    for name, times in names.items():
        if times > 1:
            yield fault("column-twice", path=f"column {name}")
    if len(schema.fields) > MOST_FIELDS:
        given, joined = len(schema.fields), GOOD_FIELDS
        told = {"given": given, "limit": MOST_FIELDS, "joined": joined, "times": _times(given, joined)}
        yield fault("many-columns", path="schema", **told)
    for column in schema.columns:
        yield from _column(column)


def _times(given: int, joined: int) -> int:
    """How many times more noise a count of three values has with so many columns, nobody being capped."""
    return round(sqrt(comb(given, 3) / comb(joined, 3)))


def _column(column: Column) -> Iterator[Problem]:
    at = f"column {column.name}"
    if not column.codes:
        yield fault("empty-list", path=at)
    if len(column.codes) > MOST_CODES:
        told = {
            "given": len(column.codes),
            "limit": MOST_CODES,
            "joined": JOINED,
            "times": round(sqrt(JOINED)),
        }
        yield fault("long-list", path=at, **told)
    if identity(column.name):
        yield fault("identity-column", path=at, column=column.name)
    if not column.listed.edges and (rule := likeness(column.codes)):
        yield fault(rule, path=at)
    yield from _texts(column, at)


def _texts(column: Column, at: str) -> Iterator[Problem]:
    """Faults of single codes and spellings."""
    spellings, known = column.listed.spellings, set(column.codes)
    folded = {blank.casefold() for blank in column.blank}
    plain = [*column.codes, *spellings]
    for text, times in Counter(plain).items():
        if times > 1 or text.casefold() in folded:
            yield fault("code-twice", path=at, code=repr(text))
    for code in sorted(set(spellings.values()) - known):
        yield fault("unknown-spelling", path=at, code=repr(code))
    marks = [SEPARATOR, *([column.split] if column.split else [])]
    for text, mark in [(column.name, SEPARATOR), *((code, mark) for code in column.codes for mark in marks)]:
        if text != text.strip() or not text or mark in text:
            yield fault("odd-code", path=at, code=repr(text), mark=repr(mark))


def identity(name: str) -> bool:
    """Whether a column's name says that it identifies a person or a place, or holds free text."""
    plain = "".join(one for one in normalize("NFKD", name) if not combining(one))
    return simple(plain) in _IDENTITY


def likeness(values: Sequence[str]) -> str:
    """The rule that a list breaks that holds dates, identifiers or free text and no codes; else empty."""
    if any(len(value) > _MOST_LETTERS or len(value.split()) > _MOST_WORDS for value in values):
        return "text-list"
    for rule, pattern in (("date-list", _DATE), ("identifier-list", _IDENTIFIER)):
        if values and 2 * sum(bool(pattern.fullmatch(value)) for value in values) > len(values):
            return rule
    return ""
