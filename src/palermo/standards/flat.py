"""Our own CSV: one case a row, one column a field, lists parted by semicolons.

A coded answer is its code, or its state in round brackets where there is no code: `(unknown)`, `(declined)`.
The fields of a list of objects (`means[].kind`, `means[].kind_text`) hold one part an object, in the same
order. An entity that cannot be said this way is written as JSON in a column of the entity's own name, so
that nothing is lost. A column that no field claims is kept under `local`. A row that starts with `# ` is a
comment.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from palermo.errors import Problem
from palermo.standards import field as fields
from palermo.standards.fault import fault
from palermo.standards.field import Field, Type
from palermo.standards.header import check_shift
from palermo.standards.row import Draft, digest
from palermo.standards.table import LEFT_OUT, Line, Table, names, plain
from palermo.standards.vocabulary import vocabulary

COMMENT: Final = "# "
PARTS: Final = ";"
INNER: Final = "|"
ANSWERED: Final = "answered"
STATE: Final = re.compile(r"\(([a-z_]+)\)")
TICKS: Final = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}
LISTS: Final = frozenset({Type.CODED_LIST, Type.REF_LIST})


class Unfit(ValueError):
    """A cell that its field cannot take; carries the rule it breaks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a field stands: its entity, the list it is part of if any, and its keys inside that."""

    field: Field
    entity: str
    many: bool
    group: str
    key: tuple[str, ...]


@cache
def place(path: str) -> Place:
    """The place of a declared path: `person.names[].given` is part of the list `names` of `person`."""
    found = fields.field(path)
    head, _, rest = found.path.partition(".")
    group, _, key = rest.rpartition("[].")
    return Place(
        field=found,
        entity=head.removesuffix("[]"),
        many=head.endswith("[]"),
        group=group,
        key=tuple((key or rest).split(".")),
    )


@cache
def columns() -> tuple[str, ...]:
    """The columns of our CSV: every field that a person may type, then every entity for what is left."""
    typed = [each.path for each in fields.fields() if each.typed]
    return (*typed, *(each.name for each in fields.entities()))


def known(name: str) -> bool:
    """Whether a column name is the path of a field or the name of an entity."""
    return name in _paths()


@cache
def _paths() -> frozenset[str]:
    said = {each.path for each in fields.fields() if each.type is not Type.MAP}
    return frozenset(said | {each.name for each in fields.entities()})


def drafts(table: Table, *, limit: int = 2_000) -> Iterator[Draft]:
    """The documents of a table in our CSV; the header is the first row."""
    header = names(table, limit=limit)
    plan = Plan(header)
    check_shift(table.name, list(map(_fit, header)), [line.cells for line in table.sample[1:]])
    for line in table.body(1, len(header)):
        if not (line.cells and line.cells[0].startswith(COMMENT)):
            yield plan.draft(line)


def _fit(name: str) -> Callable[[str], bool] | None:
    """Whether a cell could stand under a coded column; other columns are not asked."""
    if "." not in name or not known(name) or not (declared := fields.field(name)).vocabulary:
        return None
    codes = vocabulary(declared.vocabulary).codes
    return lambda cell: all(
        part in codes or bool(STATE.fullmatch(part)) for part in re.split(r"[;|]", cell) if part
    )


class Plan:
    """The columns of one file, resolved once; what a cell means is kept for each value met."""

    def __init__(self, header: Sequence[str]) -> None:
        singles: list[tuple[int, Place, dict[str, Any]]] = []
        groups: dict[tuple[str, str], list[tuple[int, Place]]] = {}
        whole: list[tuple[int, str]] = []
        local: list[tuple[int, str]] = []
        for index, name in enumerate(header):
            if name == LEFT_OUT:
                continue
            if not known(name):
                local.append((index, name or f"column {index + 1}"))
            elif "." not in name:
                whole.append((index, name))
            elif (found := place(name)).many or found.group:
                groups.setdefault((found.entity, found.group), []).append((index, found))
            else:
                singles.append((index, found, {}))
        self._singles = singles
        self._groups = groups
        self._whole = whole
        self._local = local

    def draft(self, line: Line) -> Draft:
        name = digest(line.cells)
        if line.problem:
            return Draft(number=line.number, problems=(line.problem,), digest=name)
        document: dict[str, Any] = {"schema_version": fields.schema_version()}
        problems: list[Problem] = []
        self.read([plain(cell) for cell in line.cells], document, problems)
        if problems:
            return Draft(number=line.number, problems=tuple(problems), digest=name)
        return Draft(number=line.number, document=document, digest=name)

    def read(self, cells: list[str], document: dict[str, Any], problems: list[Problem]) -> None:
        """Fills a document from the cells of a row."""
        for part in (self._read_singles, self._read_groups, self._read_whole, self._read_local):
            part(cells, document, problems)

    def _read_singles(self, cells: list[str], document: dict[str, Any], problems: list[Problem]) -> None:
        for index, found, met in self._singles:
            cell = cells[index]
            if not cell:
                continue
            value = met.get(cell)
            if value is None:
                value = _tried(found, cell, problems)
                if value is None:
                    continue
                if len(met) < 10_000:
                    met[cell] = value
            _put(document.setdefault(found.entity, {}), found.key, value)

    def _read_groups(self, cells: list[str], document: dict[str, Any], problems: list[Problem]) -> None:
        for (entity, group), members in self._groups.items():
            items = _items([(found, cells[index]) for index, found in members if cells[index]], problems)
            if items and group:
                document.setdefault(entity, {})[group] = items
            elif items:
                document[entity] = items

    def _read_whole(self, cells: list[str], document: dict[str, Any], problems: list[Problem]) -> None:
        for index, entity in self._whole:
            if not cells[index]:
                continue
            if entity in document:
                problems.append(fault("said-twice", path=entity, column=entity))
                continue
            try:
                document[entity] = json.loads(cells[index])
            except (ValueError, RecursionError):
                problems.append(fault("not-json", path=entity, column=1))

    def _read_local(self, cells: list[str], document: dict[str, Any], problems: list[Problem]) -> None:
        local = {name: cells[index] for index, name in self._local if cells[index]}
        if not local:
            return
        said = document.setdefault("local", {})
        if isinstance(said, dict):
            said.update(local)
        else:
            problems.append(fault("said-twice", path="local", column="local"))


def _tried(found: Place, cell: str, problems: list[Problem]) -> Any:
    try:
        return parsed(found.field, cell)
    except Unfit as unfit:
        problems.append(fault(str(unfit), path=found.field.path, column=found.field.path))
        return None


def _items(cells: list[tuple[Place, str]], problems: list[Problem]) -> list[dict[str, Any]]:
    """The objects of a list whose fields stand in several cells, part by part."""
    items: list[dict[str, Any]] = []
    for found, cell in cells:
        for index, part in enumerate(split(cell, PARTS)):
            while len(items) <= index:
                items.append({})
            value = _tried(found, part, problems) if part else None
            if value is not None:
                _put(items[index], found.key, value)
    return items


def _put(target: dict[str, Any], key: tuple[str, ...], value: Any) -> None:
    for step in key[:-1]:
        target = target.setdefault(step, {})
    target[key[-1]] = value


def parsed(declared: Field, cell: str) -> Any:
    """The value that a cell says for a field; raises Unfit where it cannot be one."""
    if declared.type in LISTS:
        inner = INNER if "[]" in declared.path else PARTS
        return [_one(declared.type, part) for part in split(cell, inner)]
    if declared.type is Type.TEXT and "[]" not in declared.path:
        return cell
    return _one(declared.type, unescaped(cell))


def _one(kind: Type, cell: str) -> Any:
    return _READ.get(kind, str)(cell)


def answer(cell: str) -> dict[str, Any]:
    """A coded answer from its code, or from its state in round brackets."""
    state = STATE.fullmatch(cell.strip())
    return {"value": None, "state": state[1]} if state else {"value": cell.strip(), "state": ANSWERED}


def number(cell: str) -> float:
    """A number: whole where it is written whole."""
    try:
        return int(cell) if re.fullmatch(r"\s*-?\d+\s*", cell) else float(cell)
    except ValueError:
        raise Unfit("unreadable-number") from None


def tick(cell: str) -> bool:
    """A tick: TRUE or FALSE, 1 or 0, yes or no."""
    try:
        return TICKS[cell.strip().casefold()]
    except KeyError:
        raise Unfit("unreadable-tick") from None


_READ: Final[Mapping[Type, Callable[[str], Any]]] = {
    Type.CODED: answer,
    Type.CODED_LIST: answer,
    Type.INTEGER: number,
    Type.NUMBER: number,
    Type.BOOLEAN: tick,
}


def split(cell: str, mark: str) -> list[str]:
    """The parts of a cell at `mark`, unless a backslash stands before it."""
    if "\\" not in cell:
        return cell.split(mark)
    found, start, at = [], 0, 0
    while at < len(cell):
        if cell[at] == mark:
            found.append(cell[start:at])
            start = at + 1
        at += 2 if cell[at] == "\\" else 1
    return [*found, cell[start:]]


def unescaped(text: str) -> str:
    """The text as it was before `escaped`."""
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL) if "\\" in text else text
