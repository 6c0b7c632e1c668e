"""What others have published for the people of a well-known table: numbers with their source, nothing else.

A table is known by its counts and not by the names of its lists. A table that is not known has none.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from palermo.prevention.overlap import Overlap
from palermo.prevention.saying import say
from palermo.prevention.words import method


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a number was published; a title that is not certain is empty."""

    author: str
    year: int
    title: str
    journal: str

    @property
    def short(self) -> str:
        """The author for a line of a picture."""
        first, *others = self.author.split(", ")
        return f"{first} et al." if others else first

    def __str__(self) -> str:
        parts = (f"{self.author} ({self.year})", self.title, self.journal)
        return ". ".join(part for part in parts if part) + "."


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A total, an interval or a range that others gave; `lists` is how many lists they used."""

    source: Source
    method: str
    lists: int
    total: float | None
    low: float | None
    high: float | None

    def row(self, language: str = "en") -> dict[str, Any]:
        """A row of `picture.estimates`: not ours."""
        told = say(
            "picture-figure",
            author=self.source.short,
            year=str(self.source.year),
            method=method(self.method),
        )
        name = told.text(language)
        return {"method": name, "total": self.total, "low": self.low, "high": self.high, "ours": False}


def of(table: Overlap) -> tuple[Published, ...]:
    """What was published for the people of this table, the least total first."""
    known = {fingerprint(table)}
    return tuple(
        Published(
            source=Source(**_book()["source"][one["source"]]),
            method=one["method"],
            lists=one["lists"],
            total=one.get("total"),
            low=one.get("low"),
            high=one.get("high"),
        )
        for people in _book()["people"]
        if known & set(people["tables"])
        for one in sorted(people["figures"], key=_place)
    )


def fingerprint(table: Overlap) -> str:
    """A name for the counts of a table, whatever its lists are called and however they are ordered."""
    return sha256(repr(table.canonical().counts.tolist()).encode()).hexdigest()


def _place(figure: dict[str, Any]) -> float:
    return float(figure.get("total") or (figure["low"] + figure["high"]) / 2)


@cache
def _book() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("published.toml").read_text("utf-8"))
