"""A release read back from its pack: its rows as codes, its counts, and the promise that the card tells.

Whoever looks for persons in a release looks at what everybody has, not at what made it.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from palermo.errors import InvalidRecord, Unreachable
from palermo.prevention.release import card as cards
from palermo.prevention.release import figure, pack, signature
from palermo.prevention.release.card import Card
from palermo.prevention.release.figure import Figure
from palermo.prevention.release.finding import finding, refusal
from palermo.prevention.release.plan import Plan
from palermo.prevention.release.schema import Column, Schema
from palermo.standards.table import plain

Codes = NDArray[np.int16]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Packed:
    """What a pack holds; `rows` are None where counts alone were published."""

    card: Card
    rows: Codes | None
    figures: tuple[Figure, ...]
    plan: Plan

    @property
    def epsilon(self) -> float:
        """As the card tells it."""
        return float(self.card["epsilon"])

    @property
    def delta(self) -> float:
        """The delta that epsilon goes with."""
        return float(self.card["delta"])

    @property
    def rho_micro(self) -> int:
        """The micro-rho that was charged."""
        return int(self.card["rho_micro"])


def read(folder: Path, schema: Schema) -> Packed:
    """The release in a folder; refused where its columns are not the schema's, or a table was changed."""
    card = cards.read(_file(folder, cards.NAME).decode("utf-8", "replace"))
    if problems := [finding("other-column", path=f"column {name}") for name in _apart(card, schema)]:
        raise InvalidRecord(cards.NAME, problems)
    return Packed(
        card=card,
        rows=None if card["rows"] is None else _rows(_table(folder, pack.ROWS, card), schema),
        figures=figure.read(_table(folder, pack.COUNTS, card)),
        plan=Plan(sizes=schema.sizes, epsilon=card["epsilon"], delta=card["delta"], ways=card["ways"]),
    )


def _apart(card: Card, schema: Schema) -> list[str]:
    """Columns that card and schema do not have alike; all of them where only their order differs."""
    told = {name: (tuple(one.codes), one.split) for name, one in card.columns.items()}
    known = {one.name: (one.codes, one.split) for one in schema.columns}
    apart = [name for name in {**told, **known} if told.get(name) != known.get(name)]
    return apart or ([] if list(told) == list(known) else list(known))


def _table(folder: Path, name: str, card: Card) -> str:
    """The text of a table that is still the one the card was written for."""
    content = _file(folder, name)
    if card["tables"].get(name) != signature.hashed(content):
        raise refusal(folder.name, "changed-file", path=name)
    return content.decode("utf-8")


def _file(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except FileNotFoundError as error:
        raise refusal(folder.name, "missing-file", path=name) from error
    except OSError as error:
        raise Unreachable(f"{folder.name}: {error.strerror}. Give a folder that you may read.") from error


def _rows(text: str, schema: Schema) -> Codes:
    lines = list(csv.reader(io.StringIO(text)))[1:]
    parts = [_codes(column, [line[place] for line in lines]) for place, column in enumerate(schema.columns)]
    return np.concatenate(parts, axis=1) if lines else np.zeros((0, len(schema.fields)), dtype=np.int16)


def _codes(column: Column, cells: Sequence[str]) -> Codes:
    """The fields of one column, each different text read once; a card's own table holds codes alone."""
    texts, which = np.unique(np.array(cells, dtype=np.str_), return_inverse=True)
    known = [column.values(plain(text)) or (0,) * len(column.fields) for text in texts.tolist()]
    return np.array(known, dtype=np.int16)[which.reshape(-1)]
