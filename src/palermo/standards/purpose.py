"""What may stand beside a form of exploitation (R03, R04), what other means (R12), money in full (R13)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any, Final

from palermo.errors import Problem
from palermo.standards import tree
from palermo.standards.answer import code, codes, plain
from palermo.standards.field import Type, fields
from palermo.standards.rule import rule
from palermo.standards.tree import Document
from palermo.standards.vocabulary import vocabulary

LABOUR: Final = frozenset({"ForcedLabour", "Servitude", "ChildLabour"})


def industry_without_labour(document: Document, _: date | None) -> Iterator[Problem]:
    for number, item in enumerate(document.get("exploitation", ())):
        if "industry" in item and code(item["industry"]) and not _forms(item, document) & LABOUR:
            yield rule("R03").at(f"exploitation[{number}].industry")


def sex_type_without_sex(document: Document, _: date | None) -> Iterator[Problem]:
    subforms = vocabulary("exploitation_subform")
    for number, item in enumerate(document.get("exploitation", ())):
        found = code(item.get("subform"))
        sexual = bool(found) and subforms.broader(found) == "SexualExploitation"
        if sexual and "SexualExploitation" not in _forms(item, document):
            yield rule("R04").at(f"exploitation[{number}].subform")


def _forms(item: Mapping[str, Any], document: Document) -> set[str]:
    """The form of this item; where it names none, the forms of the whole record."""
    own = code(item.get("form"))
    return {own} if own else {code(each.get("form")) for each in document["exploitation"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Other:
    """A field with a code for something else, and the sibling that says it in words."""

    key: str
    text: str
    code: str
    listed: bool

    def wordless(self, held: Mapping[str, Any]) -> bool:
        """Whether an object that has this field says other in it without the words."""
        given = codes(held[self.key]) if self.listed else (code(held[self.key]),)
        return self.code in given and not plain(held.get(self.text))


@cache
def _others() -> tuple[tuple[str, str, tuple[_Other, ...]], ...]:
    """The entity and the path of every object with fields that may say other, and these fields."""
    found: dict[tuple[str, str], tuple[_Other, ...]] = {}
    for each in fields():
        if each.other_text:
            parent, _, key = each.path.rpartition(".")
            other = _Other(
                key=key,
                text=each.other_text.rpartition(".")[2],
                code=vocabulary(each.vocabulary).other,
                listed=each.type is Type.CODED_LIST,
            )
            found[each.entity, parent] = (*found.get((each.entity, parent), ()), other)
    return tuple((entity, parent, others) for (entity, parent), others in found.items())


def other_without_words(document: Document, _: date | None) -> Iterator[Problem]:
    for entity, parent, others in _others():
        for at, held in tree.objects(document, parent) if entity in document else ():
            for other in others:
                if other.key in held and other.wordless(held):
                    yield _wordless(at, other)


@lru_cache(maxsize=1024)
def _wordless(at: str, other: _Other) -> Problem:
    return rule("R12").at(f"{at}.{other.key}", text=f"{at}.{other.text}")


AMOUNTS: Final = (("fee_amount", "fee_currency"), ("debt_amount", "debt_currency"))


def amount_without_currency(document: Document, _: date | None) -> Iterator[Problem]:
    held = document.get("recruitment", {})
    for amount, currency in AMOUNTS:
        if (plain(held.get(amount)) is None) != (not code(held.get(currency))):
            missing = amount if plain(held.get(amount)) is None else currency
            yield rule("R13").at(f"recruitment.{missing}", amount=amount, currency=currency)
