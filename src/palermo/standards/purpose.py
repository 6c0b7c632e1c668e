"""What may stand beside a form of exploitation (R03, R04); other in words (R12); amount and currency (R13)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
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

    parent: str
    key: str
    text: str
    code: str
    listed: bool


@cache
def _others() -> Mapping[str, tuple[_Other, ...]]:
    """For each entity its fields that may say other."""
    found: dict[str, list[_Other]] = {}
    for each in fields():
        if each.other_text:
            parent, _, key = each.path.rpartition(".")
            other = _Other(
                parent=parent,
                key=key,
                text=each.other_text.rpartition(".")[2],
                code=vocabulary(each.vocabulary).other,
                listed=each.type is Type.CODED_LIST,
            )
            found.setdefault(each.entity, []).append(other)
    return MappingProxyType({name: tuple(others) for name, others in found.items()})


def other_without_words(document: Document, _: date | None) -> Iterator[Problem]:
    for entity, others in _others().items():
        if entity in document:
            for other in others:
                yield from _wordless(document, other)


def _wordless(document: Document, other: _Other) -> Iterator[Problem]:
    for at, held in tree.objects(document, other.parent):
        if other.key not in held or plain(held.get(other.text)):
            continue
        given = codes(held[other.key]) if other.listed else (code(held[other.key]),)
        if other.code in given:
            yield rule("R12").at(f"{at}.{other.key}", text=f"{at}.{other.text}")


AMOUNTS: Final = (("fee_amount", "fee_currency"), ("debt_amount", "debt_currency"))


def amount_without_currency(document: Document, _: date | None) -> Iterator[Problem]:
    held = document["recruitment"]
    for amount, currency in AMOUNTS:
        if (plain(held.get(amount)) is None) != (not code(held.get(currency))):
            missing = amount if plain(held.get(amount)) is None else currency
            yield rule("R13").at(f"recruitment.{missing}", amount=amount, currency=currency)
