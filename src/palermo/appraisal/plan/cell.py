"""What a cell of a plan says: a day in three formats, a number as people write it, a word of a list.

Every reader answers with the value, or raises `Unreadable` with the rule that it breaks.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache

from palermo.appraisal import provision, state
from palermo.appraisal.observation import Bounds
from palermo.appraisal.plan import form
from palermo.appraisal.words import Language, Text, phrase_text
from palermo.errors import Unknown

ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:T[\d:.]+)?")
DAY_FIRST = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
WRITTEN = re.compile(r"(\d{1,2})(?:er|st|nd|rd|th)?\s+([^\W\d]+)\.?,?\s+(\d{4})")
SPACES = re.compile(r"[\s\u00a0\u202f]+")
UNKNOWN_NUMBERS = frozenset({"", "..", "...", "…", "-", "–", "n/a", "n.a.", "n/d", "s.o."})
UNDER = re.compile(r"<(\d+)")
RANGE = re.compile(r"(?P<low>[^–]*?\d)[-–](?P<high>\d[^–]*)")
PLAIN = re.compile(r"-?\d+(\.\d+)?")
THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
COMMA = re.compile(r"-?\d+,\d+")
CURRENCY = re.compile(r"[A-Z]{3}")
GROUPED = re.compile(r"(?<=\d)[\s\u00a0\u202f](?=\d{3}(?!\d))")


class Unreadable(ValueError):
    """A cell that does not hold what its column promises; `values` fill the words of the fault."""

    def __init__(self, rule: str, **values: str | Text) -> None:
        self.rule, self.values = rule, values
        super().__init__(rule)


def day(said: str) -> date:
    """2026-03-05, 5/3/2026 and 5.3.2026 (day first), 5 March 2026, 5 mars 2026, 1er mars 2026."""
    year, month, number = _parts(SPACES.sub(" ", said.strip()))
    try:
        return date(year, month, number)
    except ValueError as error:
        raise Unreadable("not-a-day") from error


def _parts(said: str) -> tuple[int, int, int]:
    if found := ISO.fullmatch(said):
        return int(found[1]), int(found[2]), int(found[3])
    if found := DAY_FIRST.fullmatch(said):
        return int(found[3]), int(found[2]), int(found[1])
    if (found := WRITTEN.fullmatch(said)) and (month := months().get(form.folded(found[2]))):
        return int(found[3]), month, int(found[1])
    raise Unreadable("not-a-day")


@cache
def months() -> Mapping[str, int]:
    """Months by their names in both languages, and by their first letters in English."""
    names = phrase_text("months")
    whole = {
        form.folded(name): number
        for language in (Language.ENGLISH, Language.FRENCH)
        for number, name in enumerate(names.in_language(language).split(), start=1)
    }
    short = {name[:3].casefold(): number for number, name in enumerate(names.en.split(), start=1)}
    return short | {"sept": 9} | whole


def number(said: str, *, language: Language) -> Bounds | None:
    """The interval that a number stands for, None where the cell says that it is not known.

    A comma parts thousands in English ("1,234") and decimals in French ("1 234,5"); where both can be
    meant, the cell is refused. "<5" is 1 to 4, "3-7" is 3 to 7.
    """
    bare = said.strip()
    if bare.casefold() in UNKNOWN_NUMBERS:
        return None
    while GROUPED.search(bare):
        bare = GROUPED.sub("", bare)
    if (under := UNDER.fullmatch(SPACES.sub("", bare))) and int(under[1]) > 1:
        return Bounds(low=1, high=int(under[1]) - 1)
    if found := RANGE.fullmatch(bare):
        return _between(*(_amount(found[end].strip(), language) for end in ("low", "high")))
    exact = _amount(bare, language)
    return Bounds(low=exact, high=exact)


def _between(low: float, high: float) -> Bounds:
    if low > high:
        raise Unreadable("not-a-number")
    return Bounds(low=low, high=high)


def _amount(said: str, language: Language) -> int | float:
    if PLAIN.fullmatch(said):
        return _exact(said)
    if THOUSANDS.fullmatch(said) and language is Language.ENGLISH:
        return _exact(said.replace(",", ""))
    if THOUSANDS.fullmatch(said) and said.count(",") == 1 and "." not in said:
        raise Unreadable("two-numbers")
    if COMMA.fullmatch(said):
        return _exact(said.replace(",", "."))
    raise Unreadable("not-a-number")


def _exact(digits: str) -> int | float:
    return float(digits) if "." in digits else int(digits)


def chosen(said: str, *, kind: str) -> str:
    """The code of a word of a list, in either language, or of the code itself."""
    known = _choices(kind)
    if (key := form.folded(said)) in known:
        return known[key]
    names = form.choices(kind).values()
    every = Text(en=", ".join(one.en for one in names), fr=", ".join(one.fr for one in names))
    raise Unreadable("not-in-list", choices=every)


@cache
def _choices(kind: str) -> Mapping[str, str]:
    listed = form.choices(kind)
    return {form.folded(name): code for code, text in listed.items() for name in (code, text.en, text.fr)}


def currency(said: str) -> str:
    code = said.strip().upper()
    if not CURRENCY.fullmatch(code):
        raise Unreadable("not-a-currency")
    return code


def country(said: str) -> str:
    """The code of a State, given by code or by name in either language."""
    try:
        return state.state(said).code
    except Unknown as error:
        raise Unreadable("unknown-state", near=str(error)) from error


def provisions(said: str) -> tuple[str, ...]:
    """Ids of provisions, parted by commas, semicolons or spaces; each once, in the order given."""
    known = {id.casefold(): id for id in provision.provisions()}
    given = [one.strip(" .") for one in re.split(r"[;,\s]+", said) if one.strip(" .")]
    for one in given:
        if one.casefold() not in known:
            raise Unreadable("unknown-provision", near=near(one, known.values()))
    return tuple(dict.fromkeys(known[one.casefold()] for one in given))


def near(said: str, known: Iterable[str], *, cutoff: float = 0.4) -> str:
    """The names that look most like what was given, or the first few there are."""
    by_key = {form.folded(one): one for one in known}
    found = get_close_matches(form.folded(said), by_key, n=2, cutoff=cutoff) or list(by_key)[:3]
    return " / ".join(by_key[one] for one in found) or "–"
