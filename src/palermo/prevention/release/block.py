"""What stands together on a dashboard: the values of one column, or all facts that are recorded or not."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from palermo.prevention.release.card import Card, Column
from palermo.prevention.release.wording import told

Fact = tuple[str, str]

ASKED: Mapping[str, str] = {
    "country": "country|citizen|nationalit|pays|origin",
    "form": "exploit|form|labou?r|travail",
    "sex": "sex|gender|genre|woman|female",
    "age": "age|âge|minor|mineur|child|enfant",
    "means": "means|control|moyen",
}
"""What people filter by most, told from a column's name: these stand first and are shown two at a time."""

FEW = 12
"""Values that are shown in the order of their list; longer lists of names go by size."""

_YES = {"1", "1.0", "y", "yes", "true", "oui", "x"}
_WORDS = re.compile(r"[^\W\d_]+?(?=[A-Z][a-z]|[\W\d_]|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Facts under one heading, each with what it is called; `several` where one person may have many."""

    title: str
    labels: Mapping[Fact, str]
    several: bool
    asked: str = ""

    @property
    def ranked(self) -> bool:
        """Whether the values go by size: many names, and no years, ages or other numbers."""
        return len(self.labels) > FEW and not any(code[:1].isdigit() for _, code in self.labels)


def blocks(card: Card, language: str) -> tuple[Block, ...]:
    """The blocks of a card: what people filter by most, then the rest, in the order of the table."""
    columns = card.columns.values()
    several = [one for one in columns if one.split or len(one.codes) > 1]
    flags = [one for one in columns if not one.split and len(one.codes) == 1]
    found = [*(_block(one, language) for one in several), *_flags(flags, language)]
    order = [*ASKED, ""]
    return tuple(sorted(found, key=lambda block: order.index(block.asked)))


def asked(name: str) -> str:
    """Which of `ASKED` a column's name speaks of; empty where none."""
    words = " ".join(_WORDS.findall(name)).lower()
    return next((kind for kind, text in ASKED.items() if re.search(rf"\b({text})", words)), "")


def _block(column: Column, language: str) -> Block:
    labels = {(column.name, code): column.said(code, language) for code in column.codes}
    return Block(
        title=column.label(language), labels=labels, several=bool(column.split), asked=asked(column.name)
    )


def _flags(columns: list[Column], language: str) -> Iterator[Block]:
    """Columns that are recorded or not, those of one kind under one heading."""
    for kind in [*ASKED, ""]:
        of_kind = [_flag(one, language) for one in columns if asked(one.name) == kind]
        if labels := dict(chain.from_iterable(of_kind)):
            yield Block(
                title=told(f"flags{kind and '-'}{kind}", language), labels=labels, several=True, asked=kind
            )


def _flag(column: Column, language: str) -> Iterator[tuple[Fact, str]]:
    for code in column.codes:
        said, title = column.said(code, language), column.label(language)
        yes = said.casefold() in _YES
        yield (column.name, code), title if yes else told("chosen", language, column=title, value=said)
