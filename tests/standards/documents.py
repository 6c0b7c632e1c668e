"""Documents for tests: strategies made from the declared fields, and small factories."""

import secrets
from functools import cache

from hypothesis import strategies as st

from palermo.standards import identifier, record
from palermo.standards.check import MISSING
from palermo.standards.field import Type, fields
from palermo.standards.vocabulary import vocabulary

DATES = st.sampled_from(["2021-03-05", "2020-02-29", "2021-03", "2021", "202X", "XXXX", "1999-12-31"])
MOMENTS = DATES | st.sampled_from(
    ["2021-03-05T14:30:00Z", "2021-03-05T23:30+02:00", "2021-03-05T14:30:00.5Z"]
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20)
REFS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:/+-]{0,9}", fullmatch=True)
STATES = st.sampled_from(sorted(MISSING))
MISSING_ANSWERS = st.fixed_dictionaries({"value": st.none(), "state": STATES})
FACTS = {
    "source": st.sampled_from(list(vocabulary("fact_source"))),
    "observed_at": DATES,
    "recorded_by": REFS,
}
SMALL = st.none() | st.booleans() | st.integers(-9, 9) | REFS
JUNK = st.sampled_from([None, True, 1.5, -7, "", "no such code", "\0", [], {}, [1], {"value": 1}, 10**9])
IDENTIFIERS = st.binary(min_size=16, max_size=16).map(lambda drawn: identifier.make(lambda _: drawn))


@cache
def coded(name):
    """Answers of a list, given or missing, some with facts of their own."""
    codes = st.sampled_from(list(vocabulary(name)))
    given = st.fixed_dictionaries({"value": codes, "state": st.just("answered")}, optional=FACTS)
    return given | MISSING_ANSWERS


def numbers(field):
    low = int(field.minimum) if field.minimum is not None else -5
    return st.integers(low, int(field.maximum) if field.maximum is not None else low + 99)


@cache
def values(field):
    """Values that fit a field."""
    plain = {
        Type.EDTF: DATES,
        Type.MOMENT: MOMENTS,
        Type.BOOLEAN: st.booleans(),
        Type.TEXT: TEXTS,
        Type.REF: REFS,
        Type.MAP: st.dictionaries(REFS, SMALL, max_size=3),
        Type.ID: IDENTIFIERS,
    }
    if field.type is Type.CODED:
        return coded(field.vocabulary)
    if field.type is Type.CODED_LIST:
        return st.lists(coded(field.vocabulary), max_size=3)
    if field.type is Type.CODE:
        return st.sampled_from(list(vocabulary(field.vocabulary)))
    if field.type is Type.REF_LIST:
        return st.lists(REFS | MISSING_ANSWERS, max_size=3)
    if field.type in {Type.INTEGER, Type.NUMBER}:
        return numbers(field) | MISSING_ANSWERS
    return plain[field.type] | MISSING_ANSWERS


@st.composite
def flat_facts(draw, *, most=12):
    """Places with values that fit them."""
    chosen = draw(st.lists(st.sampled_from(fields()), max_size=most, unique_by=lambda field: field.path))
    return {draw(places(field)): draw(values(field)) for field in chosen}


@st.composite
def places(draw, field):
    """Places in a document at which a field may stand."""
    path = field.path
    while "[]" in path:
        path = path.replace("[]", f"[{draw(st.integers(0, 2))}]", 1)
    return path


def documents(**options):
    """Documents of sound form; the rules may be broken."""
    return flat_facts(**options).map(record.document)


def consenting(**facts):
    """A document whose person agrees to services, so that identity may be held."""
    given = {"consent[0].purpose": "services", "consent[0].given": True, "consent[0].given_at": "2020-01-01"}
    return record.document({**given, **{name.replace("__", "."): held for name, held in facts.items()}})


def an_identifier():
    return identifier.make(secrets.token_bytes)
