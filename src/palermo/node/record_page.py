"""A record as sections of labels and values for a page, in the page's language."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from palermo.node import case_words, table
from palermo.node.case_words import STATES, TIERS, language
from palermo.standards.field import Entity, Field, Tier, Type, entities

Row = tuple[str, str, None, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One entity of the record: its name, and for each item its rows as `summary_list` takes them."""

    name: str
    title: str
    items: tuple[tuple[Row, ...], ...]


def sections(document: Mapping[str, Any]) -> tuple[Section, ...]:
    """Every entity of which the document says anything, in the order of the declared fields."""
    found = (_section(entity, document[entity.name]) for entity in entities() if entity.name in document)
    return tuple(section for section in found if section.items)


def _section(entity: Entity, part: Any) -> Section:
    items = part if entity.many else [part]
    rows = (tuple(_local(item) if entity.open else _rows(entity, item)) for item in items)
    return Section(
        name=entity.name,
        title=entity.label.in_language(language()),
        items=tuple(shown for shown in rows if shown),
    )


def _local(item: Mapping[str, Any]) -> Iterator[Row]:
    for column, value in item.items():
        yield (str(column), str(value), None, _tier(Tier.T3))


def _rows(entity: Entity, item: Mapping[str, Any]) -> Iterator[Row]:
    """Fields of the item itself, then each of its lists item by item."""
    prefix = entity.name + ("[]." if entity.many else ".")
    places = [(field, field.path.removeprefix(prefix).split(".")) for field in entity.fields]
    done: set[str] = set()
    for field, place in places:
        head = place[0]
        if not head.endswith("[]"):
            yield from _row(field, _at(item, place))
        elif head not in done:
            done.add(head)
            inside = [(other, steps[1:]) for other, steps in places if steps[0] == head]
            yield from _listed(inside, item.get(head.removesuffix("[]"), ()))


def _listed(inside: Sequence[tuple[Field, list[str]]], items: Sequence[Mapping[str, Any]]) -> Iterator[Row]:
    for number, item in enumerate(items, start=1):
        for field, place in inside:
            for label, value, link, note in _row(field, _at(item, place)):
                yield (f"{label} ({number})" if len(items) > 1 else label, value, link, note)


def _at(item: Any, place: Sequence[str]) -> Any:
    for step in place:
        if not isinstance(item, Mapping) or step not in item:
            return None
        item = item[step]
    return item


def _row(field: Field, value: Any) -> Iterator[Row]:
    if value not in (None, [], {}):
        yield (field.label.in_language(language()), words(field, value), None, _tier(field.tier))


def _tier(tier: Tier) -> str:
    return "" if tier is Tier.T1 else str(TIERS[tier.value])


def words(field: Field, value: Any) -> str:
    """A value in words: labels of codes, why there is no answer, dates spelled out."""
    if isinstance(value, list):
        return _(", ").join(words(field, one) for one in value)
    if isinstance(value, Mapping) and "state" in value:
        return _answer(field, value)
    if isinstance(value, Mapping):
        return _("; ").join(f"{key}: {held}" for key, held in value.items())
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if field.type is Type.CODE:
        return case_words.code(field.vocabulary, str(value))
    return _plain(field, value)


def _answer(field: Field, answer: Mapping[str, Any]) -> str:
    if answer["state"] != "answered":
        return str(STATES[answer["state"]])
    return (
        case_words.code(field.vocabulary, str(answer["value"])) if field.vocabulary else str(answer["value"])
    )


def _plain(field: Field, value: Any) -> str:
    if field.type in {Type.EDTF, Type.MOMENT} and re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value)):
        return table.text(date.fromisoformat(value))
    return str(value)
