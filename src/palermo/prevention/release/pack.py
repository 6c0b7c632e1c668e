"""The folder in which a release is published: its tables, and all that people and catalogues read of them.

Everything but rows and counts is made of the card and the counts alone, so whoever has those can make it
again and compare. Equal input gives equal bytes. A pack appears whole or not at all.
"""

import io
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from palermo.prevention.release import card as cards
from palermo.prevention.release import codebook, dashboard, figure, folder, metadata, readme, signature
from palermo.prevention.release.card import Card
from palermo.prevention.release.figure import Figure
from palermo.prevention.release.signature import Key
from palermo.prevention.release.wording import LANGUAGES

COUNTS, ROWS, PARQUET, ERRORS = "counts.csv", "rows.csv", "rows.parquet", "errors.csv"

Cells = Sequence[Sequence[str]]
"""The cells of each column, from the first row to the last."""


def files(card: Card, figures: Sequence[Figure], rows: Cells | None, *, signed: bool) -> dict[str, bytes]:
    """Every file of a pack but its manifest; the card then tells the hashes of the tables."""
    found = {COUNTS: figure.written(figures).encode()}
    if rows is not None:
        found[ROWS] = figure.lines([list(card.columns), *zip(*rows, strict=True)]).encode()
        if has_parquet():
            found[PARQUET] = parquet(card, rows)
    whole = Card({**card.document, "tables": {name: signature.hashed(one) for name, one in found.items()}})
    return found | {name: text.encode() for name, text in derived(whole, figures, signed=signed).items()}


def derived(card: Card, figures: Sequence[Figure], *, signed: bool) -> dict[str, str]:
    """Every file that is made of the card and the counts."""
    found = {cards.NAME: card.written(), cards.SCHEMA_NAME: cards.schema_text(), ERRORS: errors(card)}
    found |= {dashboard.name(one): dashboard.page(card, figures, language=one) for one in LANGUAGES}
    found |= dict(codebook.pages(card))
    found["dcat.jsonld"] = metadata.catalogue(card, card["tables"])
    found["counts.csv-metadata.json"] = metadata.counts(card)
    if card["rows"] is not None:
        found["rows.csv-metadata.json"] = metadata.rows(card)
    return found | {readme.NAME: readme.text(card, signed=signed)}


def errors(card: Card) -> str:
    """The table of expected errors as CSV; `to` is empty where a size has no end."""
    head = ("ways", "from", "to", "cells", "error", "sd")
    return figure.lines(
        [head, *(["" if one[name] is None else str(one[name]) for name in head] for one in card["errors"])]
    )


def has_parquet() -> bool:
    """Whether rows can be written as Parquet here too."""
    return find_spec("pyarrow") is not None


def parquet(card: Card, rows: Cells) -> bytes:
    """The rows as Parquet, each column text; what is not recorded is null."""
    import pyarrow
    from pyarrow.parquet import write_table

    columns = {
        one.name: pyarrow.array([None if cell in one.blank else cell for cell in cells], pyarrow.string())
        for one, cells in zip(card.columns.values(), rows, strict=True)
    }
    out = io.BytesIO()
    write_table(pyarrow.table(columns), out, compression="zstd")
    return out.getvalue()


def write(found: Mapping[str, bytes], place: Path, *, key: Key | None = None) -> None:
    """The files and their manifest in a new folder, which takes its name only when all is on the disk."""
    folder.put({**found, signature.NAME: signature.manifest(found, key=key)}, place)
