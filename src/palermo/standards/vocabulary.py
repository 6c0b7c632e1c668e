"""Lists of codes that a committee can change without us, each read once from a CSV file.

A code is never edited, only closed. Codes of different lists are different types: comparing or mixing them
is an error, because `Other` of one list says nothing about `Other` of another.
"""

import csv
import difflib
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, ClassVar

from palermo.errors import PalermoError, Unknown
from palermo.standards.field import Text


class MixedVocabularies(PalermoError):
    """Codes of two different lists were compared or put together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One row of a list."""

    code: str
    label: Text
    definition: str = ""
    broader: str = ""
    closed_on: date | None = None


class Code:
    """A code together with its list; each list has its own subclass, reached by `Vocabulary.code`."""

    __slots__ = ("value",)
    vocabulary: ClassVar["Vocabulary"]
    value: str

    def __init__(self, value: str) -> None:
        if value not in self.vocabulary:
            raise Unknown(
                f"The list {self.vocabulary.name} has no such code. {_hint(self.vocabulary, value)}"
            )
        object.__setattr__(self, "value", value)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("A code does not change.")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Code):
            return NotImplemented
        self._same_list(other)
        return self.value == other.value

    def __lt__(self, other: "Code") -> bool:
        self._same_list(other)
        return self.value < other.value

    def __hash__(self) -> int:
        return hash((self.vocabulary.name, self.value))

    def __str__(self) -> str:
        return self.value

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.value!r})"

    def _same_list(self, other: "Code") -> None:
        if type(self) is not type(other):
            mine, theirs = self.vocabulary.name, other.vocabulary.name
            raise MixedVocabularies(
                f"A code of {mine} was set against one of {theirs}. Map one to the other first."
            )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vocabulary:
    """One list of codes: its terms in the order of the file, and who publishes it."""

    name: str
    title: Text
    publisher: str
    edition: str
    licence: str
    dated: date
    terms: Mapping[str, Term]
    broader_name: str = ""
    other: str = ""  # the code that means something else, to be said in words

    @property
    def codes(self) -> Set[str]:
        """Every code, closed ones too, in the order of the list."""
        return self.terms.keys()

    def __contains__(self, code: object) -> bool:
        return code in self.terms

    def __iter__(self) -> Iterator[str]:
        return iter(self.terms)

    def __len__(self) -> int:
        return len(self.terms)

    def code(self, value: str) -> Code:
        """The code as a value of this list's own type."""
        return _code_type(self.name)(value)

    def term(self, code: str) -> Term:
        """The row of `code`."""
        try:
            return self.terms[code]
        except KeyError:
            raise Unknown(f"The list {self.name} has no such code. {_hint(self, code)}") from None

    def label(self, code: str, language: str = "en") -> str:
        """The text of `code` for people."""
        return self.term(code).label.in_language(language)

    def broader(self, code: str) -> str:
        """The next wider code, in the list `broader_name` names, else in this one; empty at the top."""
        return self.term(code).broader

    def narrower(self, code: str) -> tuple[str, ...]:
        """The codes of this list that stand directly under `code`."""
        return tuple(term.code for term in self.terms.values() if term.broader == code)

    def within(self, code: str, wider: str) -> bool:
        """Whether `code` is `wider` or stands under it at any depth."""
        if code == wider:
            return True
        above = self.broader(code)
        above_list = vocabulary(self.broader_name or self.name)
        return bool(above) and (above == wider or (above in above_list and above_list.within(above, wider)))

    def open_codes(self, *, on: date) -> tuple[str, ...]:
        """The codes that may be chosen on a day."""
        return tuple(code for code, term in self.terms.items() if not term.closed_on or term.closed_on > on)

    def nearest(self, given: str) -> str:
        """The code that looks most like `given`; empty where none comes near."""
        folded = {code.casefold(): code for code in self.terms}
        wanted = given.strip().casefold()[:64]
        found = [wanted] if wanted in folded else difflib.get_close_matches(wanted, folded, n=1, cutoff=0.75)
        return folded[found[0]] if found else ""

    def resembles(self, given: str) -> bool:
        """Whether `given` is nearly a code or label of the list, and so hardly a name in the wrong column."""
        texts = [text for code, term in self.terms.items() for text in (code, term.label.en, term.label.fr)]
        wanted = given.strip().casefold()[:64]
        return bool(difflib.get_close_matches(wanted, map(str.casefold, texts), n=1, cutoff=0.75))


@cache
def vocabulary(name: str) -> Vocabulary:
    """The list called `name`."""
    try:
        about = _index()[name]
    except KeyError:
        raise Unknown(f"No vocabulary is called {name!r}. Vocabularies: {', '.join(names())}.") from None
    text = files(__package__).joinpath("vocabularies", f"{name}.csv").read_text("utf-8")
    terms = {term.code: term for term in _terms(text.splitlines())}
    return Vocabulary(
        name=name,
        title=Text(**about["title"]),
        publisher=about["publisher"],
        edition=about["edition"],
        licence=about["licence"],
        dated=about["date"],
        terms=MappingProxyType(terms),
        broader_name=about.get("broader", ""),
        other=about.get("other") or next((code for code in ("Other", "other") if code in terms), ""),
    )


def names() -> tuple[str, ...]:
    """The names of every list."""
    return tuple(sorted(_index()))


@cache
def _code_type(name: str) -> type[Code]:
    title = "".join(part.capitalize() for part in name.split("_"))
    return type(title, (Code,), {"__slots__": (), "vocabulary": vocabulary(name)})


@cache
def _index() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files(__package__).joinpath("vocabularies", "index.toml").read_text("utf-8"))


def _terms(lines: Iterable[str]) -> Iterator[Term]:
    for row in csv.DictReader(lines):
        yield Term(
            code=row["code"],
            label=Text(en=row["label_en"], fr=row["label_fr"], ar=row["label_ar"]),
            definition=row["definition"],
            broader=row["broader"],
            closed_on=date.fromisoformat(row["closed_on"]) if row["closed_on"] else None,
        )


def _hint(given: Vocabulary, code: str) -> str:
    near = given.nearest(code)
    return f"Use {near}, or another code of that list." if near else "Use a code of that list."
