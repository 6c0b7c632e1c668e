"""The dimensions of indicator 16.2.2: sex, age group, form of exploitation and year, with the UN's codes.

A value that our vocabulary knows, by its code or by a label in any language, stands as that code; any other
stands as it is. `_T` is the total over a dimension, as in the data of the United Nations.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from palermo.errors import InvalidRecord
from palermo.prevention.fault import Fault, fault
from palermo.prevention.saying import say
from palermo.prevention.sheet import Sheet
from palermo.standards.vocabulary import Vocabulary, vocabulary

TOTAL = "_T"
INDICATOR = "16.2.2"
DETECTED = "VC_HTF_DETV"
"""The series of detected victims; a form adds its letters, and a rate per 100,000 adds R."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """One way to divide victims: the columns it is known by, and the list of its codes if there is one."""

    name: str
    columns: tuple[str, ...]
    codes: str = ""

    @property
    def vocabulary(self) -> Vocabulary | None:
        return vocabulary(self.codes) if self.codes else None

    def value(self, given: str) -> str:
        """The code that the value means, or the value."""
        return given if given == TOTAL else _labels(self.codes).get(given.casefold(), given)

    def within(self, value: str, wider: str) -> bool:
        """Is the value the wider one, or a part of it?"""
        words = self.vocabulary
        known = words is not None and value in words and wider in words
        return value == wider or wider == TOTAL or bool(words and known and words.within(value, wider))


SEX = Dimension(name="sex", columns=("sex", "gender"), codes="sex")
AGE = Dimension(name="age", columns=("age", "age_band", "age_group"), codes="age_band")
FORM = Dimension(
    name="form", columns=("form", "exploitation_form", "exploitation"), codes="exploitation_form"
)
YEAR = Dimension(name="year", columns=("year",))
DIMENSIONS = {one.name: one for one in (YEAR, SEX, AGE, FORM)}


def found(columns: Sequence[str], named: Mapping[str, str] | None = None) -> dict[str, str]:
    """The column of each dimension: the one that is `named` for it, or one of a name it is known by."""
    given = dict(named or {})
    if problems := list(_unfit(columns, given)):
        raise InvalidRecord("strata", problems)
    free = [column for column in columns if column not in given.values()]
    for name, one in DIMENSIONS.items():
        known = [column for column in free if column.casefold() in one.columns]
        if name not in given and known:
            given[name] = known[0]
    return {name: given[name] for name in DIMENSIONS if name in given}


def numbered(sheet: Sheet, year: str | None) -> None:
    """Refuse a column of years that holds anything but numbers; without one there is nothing to refuse."""
    if year is None:
        return
    place = sheet.columns.index(year)
    other = sorted({stratum[place] for stratum in sheet.strata if not stratum[place].isdecimal()})
    if other:
        values = ", ".join(map(repr, other))
        raise InvalidRecord("table", [fault("not-a-year", say("at-column-named", name=year), values=values)])


def sex_code(value: str) -> str:
    """The UN's code of a sex; empty where there is none."""
    return _SEXES.get(value, "")


def age_code(value: str) -> str:
    """The UN's code of an age group: Y0T17 for 0 to 17, Y_GE18 for 18 and over; empty where there is none."""
    first, _, last = value.partition("-")
    if first.isdigit() and last.isdigit():
        return f"Y{int(first)}T{int(last)}"
    if value.endswith("+") and value[:-1].isdigit():
        return f"Y_GE{int(value[:-1])}"
    return _AGES.get(value, "")


def series(form: str) -> str:
    """The UN's series of the detected victims of this form per 100,000; empty where the form is not ours."""
    if form == TOTAL:
        return f"{DETECTED}R"
    words = FORM.vocabulary
    return f"{DETECTED}{_FORMS.get(form, 'OP')}R" if words is not None and form in words else ""


_SEXES = {TOTAL: TOTAL, "f": "F", "m": "M", "x": "_O", "unknown": "_U"}
_AGES = {TOTAL: TOTAL, "child": "Y0T17", "adult": "Y_GE18", "unknown": "_U"}
_FORMS = {
    "SexualExploitation": "SX",
    "OrganRemoval": "OG",
    **dict.fromkeys(("ForcedLabour", "ChildLabour", "Servitude", "SlaveryLike", "DebtBondagePurpose"), "FL"),
}


@cache
def _labels(codes: str) -> dict[str, str]:
    """Codes of a list by code and label, in lower case."""
    terms = vocabulary(codes).terms.values() if codes else ()
    labels = {
        text.casefold(): one.code for one in terms for text in (one.label.en, one.label.fr, one.label.ar)
    }
    return labels | {one.code.casefold(): one.code for one in terms}


def _unfit(columns: Sequence[str], named: Mapping[str, str]) -> Iterator[Fault]:
    """What is wrong with the columns named for dimensions."""
    for name, column in named.items():
        if name not in DIMENSIONS:
            yield fault("no-dimension", say("at-dimension", name=name), names=", ".join(DIMENSIONS))
        if column not in columns:
            yield fault("no-column", say("at-dimension", name=name), name=column, names=", ".join(columns))
