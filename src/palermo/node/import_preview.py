"""What an import would do: how the file is understood, what becomes of its first rows. Nothing is stored."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO

from palermo.errors import InvalidRecord
from palermo.node import sealed_upload
from palermo.node.actions.import_run import met, understood
from palermo.standards import read
from palermo.standards.field import declared
from palermo.standards.quarantine import entries
from palermo.standards.row import Row

ROWS = 1_000
FAULTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """`columns` pairs those of the file with the fields they fill; `fields` counts the rows that fill each.

    `faults` are of rows kept out.
    """

    understood: Mapping[str, Any]
    columns: Sequence[tuple[str, str]]
    rows: int
    kept_out: int
    whole: bool
    fields: Sequence[tuple[str, int]]
    met: Sequence[Mapping[str, Any]]
    faults: Sequence[Mapping[str, Any]]
    broken: str = ""

    @property
    def hopeless(self) -> bool:
        """The file was read to where it ends or breaks off, and every row of it was kept out."""
        return self.rows == self.kept_out and bool(self.whole or self.broken)


def preview(file: BinaryIO, *, format: str) -> Preview:
    """The first ROWS rows of a file, read and let go; a file that breaks off says so in `broken`."""
    rows: list[Row] = []
    broken, whole = "", False
    with read.records(file, format=format or None, limits=sealed_upload.LIMITS) as reading:
        source = iter(reading)
        try:
            rows.extend(islice(source, ROWS))
            whole = next(source, None) is None
        except InvalidRecord as error:
            broken = str(error)
        bad = [row for row in rows if row.refused]
        found = Counter(path for row in rows if row.record for path in set(_paths(row.record.document)))
        return Preview(
            understood=understood(reading),
            columns=reading.columns,
            rows=len(rows),
            kept_out=len(bad),
            whole=whole,
            fields=found.most_common(),
            met=met(row for row in rows if not row.refused),
            faults=[entry for row in bad[:FAULTS] for entry in entries(row)][:FAULTS],
            broken=broken,
        )


def _paths(value: Any, place: str = "") -> Iterator[str]:
    """The declared path of everything that is filled."""
    if isinstance(value, Mapping) and "state" not in value:
        for key, held in value.items():
            yield from _paths(held, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list):
        for held in value:
            yield from _paths(held, place if _is_answer(held) else f"{place}[]")
    elif not place.startswith("schema_version"):
        yield declared(place)


def _is_answer(value: Any) -> bool:
    return not isinstance(value, Mapping) or "state" in value
