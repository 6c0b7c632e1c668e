"""What is wrong with a pack, found by whoever holds it: files, signature, card, budget, counts and rows.

Nothing is asked of the publisher, and nothing of any network. An empty answer says that the pack is whole
and agrees with itself; who stands behind it only a signature by a key known from elsewhere can say.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from palermo import __version__
from palermo.errors import InvalidRecord, Problem, Unreachable
from palermo.prevention.release import budget, figure, pack, signature
from palermo.prevention.release import card as cards
from palermo.prevention.release.card import Card
from palermo.prevention.release.figure import Figure
from palermo.prevention.release.finding import finding
from palermo.standards.table import plain

EPSILON_TOLD = 0.001
"""An epsilon may be told larger than its rho by so much: it was asked for in round numbers."""

FAR = 6.0
"""Standard deviations that a count of the rows may lie from the published one."""

FEW_APART = 0.01
"""Of the counts, the part that may lie further."""


@dataclass(slots=True, kw_only=True)
class Verdict:
    """What was found: faults, and notes on what the pack itself cannot prove."""

    faults: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    card: Card | None = None
    public_key: str | None = None

    @property
    def sound(self) -> bool:
        """Whether there is no fault."""
        return not self.faults


def verify(folder: Path, *, public_key: str | None = None) -> Verdict:
    """Everything that is wrong with the pack in a folder; `public_key` is whose signature is asked for."""
    verdict = Verdict()
    content = _content(folder)
    try:
        told = signature.opened(content.pop(signature.NAME, b""))
    except InvalidRecord as refused:
        verdict.faults += refused.problems
        return verdict
    verdict.public_key = told["public_key"]
    verdict.faults += _files(content, told["files"])
    faults, notes = _signed(told, public_key)
    verdict.faults += faults
    verdict.notes += notes
    _read(verdict, content, signed=verdict.public_key is not None)
    return verdict


def _content(folder: Path) -> dict[str, bytes]:
    try:
        return {
            str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
    except OSError as error:
        raise Unreachable(f"{folder.name}: {error.strerror}. Give a folder that you may read.") from error


def _files(content: Mapping[str, bytes], told: Mapping[str, Mapping[str, object]]) -> Iterator[Problem]:
    for name, entry in told.items():
        if name not in content:
            yield finding("missing-file", path=name)
        elif entry != {"sha256": signature.hashed(content[name]), "bytes": len(content[name])}:
            yield finding("changed-file", path=name)
    yield from (finding("unknown-file", path=name) for name in content if name not in told)


def _signed(told: Mapping[str, object], wanted: str | None) -> tuple[list[Problem], list[Problem]]:
    """Faults and notes on the signature."""
    at = signature.NAME
    if told["signature"] is None:
        problem = finding("not-signed", path=at)
        return ([problem], []) if wanted else ([], [problem])
    faults = [] if signature.holds(told) else [finding("false-signature", path=at)]
    if wanted and wanted.strip() != told["public_key"]:
        faults.append(finding("other-key", path=at))
    return faults, [] if wanted else [finding("key-untold", path=at)]


def _read(verdict: Verdict, content: Mapping[str, bytes], *, signed: bool) -> None:
    """Look into card, counts and rows; each is looked at only if it can be read."""
    try:
        verdict.card = card = cards.read(_text(content, cards.NAME))
        verdict.faults += [*_schema(card, content), *_budget(card)]
        figures = figure.read(_text(content, pack.COUNTS))
        verdict.faults += _counts(card, figures)
        if not verdict.faults:
            verdict.faults += _rows(card, figures, content)
        if not verdict.faults and card["code_version"] == __version__:
            verdict.faults += _derived(card, figures, content, signed=signed)
    except InvalidRecord as refused:
        verdict.faults += refused.problems


def _text(content: Mapping[str, bytes], name: str) -> str:
    try:
        return content.get(name, b"").decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidRecord(name, [finding("changed-file", path=name)]) from error


def _schema(card: Card, content: Mapping[str, bytes]) -> Iterator[Problem]:
    if content.get(cards.SCHEMA_NAME) != cards.schema_text().encode():
        yield finding("other-schema", path=cards.SCHEMA_NAME, version=card["code_version"])


def _budget(card: Card) -> Iterator[Problem]:
    """Rho, epsilon and noise as the card tells them, worked out again."""
    rho, delta, told = card["rho_micro"], card["delta"], card["epsilon"]
    found = budget.epsilon(rho, delta)
    if not found <= told <= found + EPSILON_TOLD or card["rho"] != rho / budget.MICRO:
        given = {"rho": card["rho"], "delta": delta, "found": f"{found:.4f}", "given": told}
        yield finding("wrong-epsilon", path=cards.NAME, **given)
    spent = sum(query["rho_micro"] for query in card["queries"])
    if spent != rho:
        yield finding("wrong-sum", path=cards.NAME, found=spent, given=rho)
    for query in card["queries"]:
        least = Decimal(query["squared_sensitivity"]) * budget.MICRO / (2 * query["rho_micro"])
        if Decimal(query["sigma"]) ** 2 < least:
            needed = {"given": query["sigma"], "found": f"{least.sqrt():.3f}"}
            yield finding("little-noise", path=f"{cards.NAME} {query['query']}", **needed)


def _counts(card: Card, figures: Sequence[Figure]) -> Iterator[Problem]:
    known = {(name, code) for name, column in card.columns.items() for code in column.codes}
    for line, one in enumerate(figures, start=2):
        if not known.issuperset(one.facts):
            yield finding("unlisted-value", path=f"{pack.COUNTS} line {line}")
    ways = Counter(one.ways for one in figures)
    told = {one["ways"]: one["published"] for one in card["counts"] if one["published"]}
    if ways != told:
        yield finding("wrong-number", path=pack.COUNTS, found=ways.total(), given=sum(told.values()))


def _rows(card: Card, figures: Sequence[Figure], content: Mapping[str, bytes]) -> Iterator[Problem]:
    """Rows are what the card says, and count nearly what is published."""
    if card["rows"] is None:
        return
    rows = list(csv.reader(io.StringIO(_text(content, pack.ROWS))))
    if not rows or [plain(name) for name in rows[0]] != list(card.columns):
        yield finding("wrong-columns", path=pack.ROWS)
        return
    if len(rows) - 1 != card["rows"]:
        yield finding("wrong-number", path=pack.ROWS, found=len(rows) - 1, given=card["rows"])
    if any(len(row) != len(rows[0]) for row in rows):
        yield finding("wrong-columns", path=pack.ROWS)
        return
    standing = _standing(card, rows[1:])
    if standing is None:
        yield finding("unlisted-value", path=pack.ROWS)
        return
    apart = sum(_far(one, standing) for one in figures)
    if apart > max(1, FEW_APART * len(figures)):
        yield finding("rows-apart", path=pack.ROWS, cells=len(figures), apart=apart)


Standing = Mapping[tuple[str, str], NDArray[np.uint8]]
"""The rows in which each fact stands, one bit a row."""


def _standing(card: Card, rows: Sequence[Sequence[str]]) -> Standing | None:
    """Where each fact stands; None where a cell holds what is in no list."""
    found: dict[tuple[str, str], NDArray[np.uint8]] = {}
    for place, column in enumerate(card.columns.values()):
        cells = np.array([plain(row[place]) for row in rows], dtype=np.str_)
        texts, which = np.unique(cells, return_inverse=True)
        held = [_codes(text, column) for text in texts.tolist()]
        if None in held:
            return None
        for code in column.codes:
            has = np.array([code in (codes or ()) for codes in held], dtype=np.bool_)
            found[column.name, code] = np.packbits(has[which])
    return found


def _codes(text: str, column: cards.Column) -> tuple[str, ...] | None:
    if text in column.blank or not text:
        return ()
    codes = tuple(text.split(column.split)) if column.split else (text,)
    return codes if column.codes.keys() >= set(codes) else None


def _far(one: Figure, standing: Standing) -> bool:
    first, *others = (standing[fact] for fact in one.facts)
    for other in others:
        first = first & other
    counted = int(np.bitwise_count(first).sum())
    return abs(counted - one.count) > max(FAR * one.sd, 1.0)


def _derived(
    card: Card, figures: Sequence[Figure], content: Mapping[str, bytes], *, signed: bool
) -> Iterator[Problem]:
    """Pages and descriptions say what card and counts say: this version makes them again."""
    made = pack.derived(card, figures, signed=signed)
    yield from (
        finding("not-made-of", path=name) for name, text in made.items() if content.get(name) != text.encode()
    )
    tables = [name for name in (pack.COUNTS, pack.ROWS, pack.PARQUET) if name in content]
    if card["tables"] != {name: signature.hashed(content[name]) for name in tables}:
        yield finding("not-made-of", path=cards.NAME)
