"""Reads flat tables in the manner of CTDC: one row a person, coded answers and flags, no identity.

Four layouts are known (ctdc.toml). A flag that stands for several codes keeps a code of its own and is never
opened into its parts; 0 says "no" only in layouts that have another sign for "not recorded".
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from importlib.resources import files
from typing import Any, Final

from palermo.errors import Problem
from palermo.standards import field as fields
from palermo.standards.fault import fault
from palermo.standards.header import check_shift, simple
from palermo.standards.row import Draft, digest
from palermo.standards.table import LEFT_OUT, Line, Table, counter, names
from palermo.standards.vocabulary import vocabulary

ON: Final = frozenset({"1", "1.0", "true", "True", "TRUE"})
OFF: Final = frozenset({"0", "0.0", "false", "False", "FALSE"})
MET: Final = 20_000
EXCLUDED: Final = {"means": "means_excluded", "form": "forms_excluded", "relation": "relations_excluded"}

Effect = tuple[str, str, Any]
Effects = tuple[Effect, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One way in which such tables are laid out."""

    name: str
    title: str
    signature: frozenset[str]
    blank: frozenset[str]
    flag_blank: frozenset[str]
    says_no: bool
    data_source: str = ""


@cache
def layouts() -> tuple[Layout, ...]:
    """Every layout that is known."""
    return tuple(
        Layout(
            name=name,
            title=given["title"],
            signature=frozenset(map(simple, given["signature"])),
            blank=frozenset(given["blank"]),
            flag_blank=frozenset(given["flag_blank"]),
            says_no=given["zero"] == "no",
            data_source=given.get("data_source", ""),
        )
        for name, given in _tables()["layout"].items()
    )


def layout(header: Sequence[str]) -> Layout | None:
    """The layout of a header, by the columns that only it has; at least two of them must be there."""
    found = frozenset(map(simple, header))
    best = max(layouts(), key=lambda each: len(each.signature & found))
    return best if len(best.signature & found) >= 2 else None


def drafts(table: Table, *, limit: int = 2_000) -> Iterator[Draft]:
    """The documents of a table; the header is the first row."""
    header = names(table, limit=limit)
    plan = Plan(header, layout(header) or layouts()[0], counter(table, 1))
    check_shift(table.name, plan.fits(), [line.cells for line in table.sample[1:]])
    for line in table.body(1, len(header)):
        name = digest(line.cells)
        yield Draft(number=line.number, digest=name, later=partial(plan.draft, line, name=name))


def unclaimed(header: Sequence[str]) -> tuple[str, ...]:
    """The columns that are not known; their values are kept under `local`."""
    return tuple(name for name in header if simple(name) not in column_names() and name != LEFT_OUT)


def homes(header: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Each known column with the path of the field that it fills; columns that repeat others fill none."""
    found = ((name, *column_names()[simple(name)]) for name in header if simple(name) in column_names())
    return tuple((name, _home(kind, key)) for name, kind, key in found if kind != "again")


def _home(kind: str, key: str) -> str:
    at = key.partition(".")[0] if kind == "flag" else _tables()["column"][key]["at"]
    return _PATHS.get(at, at)


def written() -> tuple[str, ...]:
    """The columns of the tables that we write."""
    return tuple(_tables()["written"])


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("ctdc.toml").read_text("utf-8"))


@cache
def column_names() -> Mapping[str, tuple[str, str]]:
    """Every known column name, made simple, with its kind (`column`, `flag`, `again`) and its key."""
    found = {simple(name): ("again", "") for name in _tables()["again"]["names"]}
    for key, given in _tables()["column"].items():
        found.update({simple(name): ("column", key) for name in given["names"]})
    for kind, codes in _tables()["flag"].items():
        for code, spelt in codes.items():
            found.update({simple(name): ("flag", f"{kind}.{code}") for name in spelt})
    return found


@dataclass(slots=True)
class _Column:
    """A column of one file: what each cell met so far does to the document."""

    name: str
    kind: str
    key: str
    layout: Layout
    met: dict[str, Effects | Problem] = field(default_factory=dict)

    def effects(self, cell: str) -> Effects | Problem:
        found = self._effects(cell.strip())
        if len(self.met) < MET:
            self.met[cell] = found
        return found

    def fits(self, cell: str) -> bool:
        return not isinstance(self.effects(cell), Problem)

    def _effects(self, cell: str) -> Effects | Problem:
        if self.kind == "again":
            return ()
        if self.kind == "flag":
            return self._flag(cell)
        if self.kind == "column":
            return self._column(cell)
        return (_set(f"local.{self.name}", cell),) if cell and self.name != LEFT_OUT else ()

    def _flag(self, cell: str) -> Effects | Problem:
        kind, code = self.key.split(".")
        if cell in self.layout.flag_blank:
            return ()
        if cell in ON:
            return (_told(kind, code, self.name),)
        if cell in OFF:
            excluded = EXCLUDED.get(kind) if self.layout.says_no else None
            return (("no", excluded, _answer(code)),) if excluded else ()
        return fault("unknown-value", path=_PATHS.get(kind, "local"), column=self.name, allowed="0, 1")

    def _column(self, cell: str) -> Effects | Problem:
        given = _tables()["column"][self.key]
        if cell in self.layout.blank:
            return ()
        if cell in given.get("elsewhere", {}):
            path, _, code = given["elsewhere"][cell].partition("=")
            return (_set(path, _answer(code)),)
        return _READ[given.get("as", "values")](self, cell, given)

    def listed(self, cell: str, given: Mapping[str, Any]) -> Effects | Problem:
        code = given["values"].get(cell)
        if code is None:
            return self.unknown(given, ", ".join(given["values"]))
        if not code:
            return ()
        if "." in given["at"]:
            return (_set(given["at"], _answer(code)),)
        return (_told(given["at"], code, self.name),)

    def year(self, cell: str, given: Mapping[str, Any]) -> Effects | Problem:
        number = cell.removesuffix(".0")
        if len(number) == 4 and number.isdigit():
            return (_set(given["at"], int(number)),)
        return self.unknown(given, "a year of four digits")

    def country(self, cell: str, given: Mapping[str, Any]) -> Effects | Problem:
        code = cell.upper()
        if code not in vocabulary("country"):
            return self.unknown(given, "a country code of two letters (ISO 3166)")
        if given["at"] == "person.citizenships":
            return (_set(given["at"], [_answer(code)]),)
        return (("country", "", _answer(code)),)

    def unknown(self, given: Mapping[str, Any], allowed: str) -> Problem:
        return fault(
            "unknown-value", path=_PATHS.get(given["at"], given["at"]), column=self.name, allowed=allowed
        )


_READ: Final = {"values": _Column.listed, "year": _Column.year, "country": _Column.country}
_PATHS: Final = {
    "means": "means[].kind",
    "form": "exploitation[].form",
    "work": "exploitation[].industry",
    "sex": "exploitation[].subform",
    "relation": "recruitment.relation",
    "person": "person.sex",
    "exploitation.country": "exploitation[].country",
}


@cache
def _answer(code: str) -> dict[str, Any]:
    return {"value": code, "state": "answered"}


def _set(path: str, value: Any) -> Effect:
    return ("set", path, value)


def _told(kind: str, code: str, column: str) -> Effect:
    """What a flag that is on, or a category, says."""
    if kind == "person":
        name, _, value = code.partition("_") if code != "citizen_of_exploitation_country" else (code, "", "")
        return _set(f"person.{name}", _answer(value) if value else True)
    if kind == "work":
        return _work(code, column)
    return (
        _part("SexualExploitation", "subform", _answer(code)) if kind == "sex" else (kind, "", _answer(code))
    )


def _part(form: str, key: str, value: Any) -> Effect:
    """What stands beside a form of exploitation."""
    return ("part", form, (key, value))


def _work(code: str, column: str) -> Effect:
    """A kind of work is an industry, a part of forced labour, a form of its own, or one without a name."""
    if code in vocabulary("industry"):
        return _part("ForcedLabour", "industry", _answer(code))
    if code in vocabulary("exploitation_subform"):
        return _part("ForcedLabour", "subform", _answer(code))
    if code in vocabulary("exploitation_form"):
        return ("form", "", _answer(code))
    return _part("ForcedLabour", "form_text", f"{column}: other work")


class Plan:
    """The columns of one file."""

    def __init__(self, header: Sequence[str], found: Layout, skipped: int | None) -> None:
        self._source = "" if any(simple(name) == "datasource" for name in header) else found.data_source
        self._columns = [
            _Column(name, *column_names().get(simple(name), ("local", "")), found) for name in header
        ]
        if skipped is not None:
            self._columns[skipped].kind = "again"

    def fits(self) -> list[Callable[[str], bool] | None]:
        """A check of each column's cells; none for columns that take anything."""
        return [column.fits if column.kind in ("column", "flag") else None for column in self._columns]

    def draft(self, line: Line, *, name: str = "") -> Draft:
        """The document of a row; `name` is its digest."""
        if line.problem:
            return Draft(number=line.number, problems=(line.problem,), digest=name)
        sheet = _Sheet()
        problems: list[Problem] = []
        raw: dict[str, str] = {}
        for column, cell in zip(self._columns, line.cells, strict=True):
            effects = column.met.get(cell)
            if effects is None:
                effects = column.effects(cell)
            if not effects:
                continue
            if isinstance(effects, Problem):
                problems.append(effects)
                raw[effects.path] = cell
            else:
                sheet.take(effects)
        if problems:
            return Draft(number=line.number, problems=tuple(problems), raw=raw, digest=name)
        return Draft(number=line.number, document=sheet.document(self._source), digest=name)


class _Sheet:
    """What the cells of one row say, by kind, before it is laid out as a document."""

    __slots__ = ("_said",)

    def __init__(self) -> None:
        self._said: dict[str, list[tuple[str, Any]]] = {}

    def take(self, effects: Effects) -> None:
        for kind, name, value in effects:
            if kind in self._said:
                self._said[kind].append((name, value))
            else:
                self._said[kind] = [(name, value)]

    def document(self, source: str) -> dict[str, Any]:
        document: dict[str, Any] = {"schema_version": fields.schema_version()}
        if source:
            document["case"] = {"data_source": dict(_answer(source))}
        for path, value in self._said.get("set", ()):
            entity, _, key = path.partition(".")
            document.setdefault(entity, {})[key] = _own(value)
        for key, value in self._said.get("no", ()):
            document.setdefault("case", {}).setdefault(key, []).append(_own(value))
        if means := self._distinct("means"):
            document["means"] = [{"kind": kind} for kind in means]
        if relation := self._distinct("relation"):
            document["recruitment"] = {"relation": relation}
        if exploitation := self._exploitation():
            document["exploitation"] = exploitation
        return document

    def _distinct(self, kind: str) -> list[Any]:
        found: list[Any] = []
        for _, value in self._said.get(kind, ()):
            if value not in found:
                found.append(_own(value))
        return found

    def _exploitation(self) -> list[dict[str, Any]]:
        """One item a form; industries and subforms stand with their form, or alone without one."""
        items: list[dict[str, Any]] = [{"form": form} for form in self._distinct("form")]
        for form, (key, value) in self._said.get("part", ()):
            home = next((item for item in items if _form(item) == form and key not in item), None)
            if home is None:
                told = [item["form"] for item in items if _form(item) == form]
                home = {"form": dict(told[0])} if told else {}
                items.append(home)
            home[key] = _own(value)
        if country := self._said.get("country"):
            items = items or [{}]
            for item in items:
                item["country"] = _own(country[-1][1])
        return items


def _own(shared: Any) -> Any:
    """A copy of what is kept for a cell, so that changing one record never changes another."""
    if type(shared) is dict:
        return dict(shared)
    return [dict(each) for each in shared] if type(shared) is list else shared


def _form(item: Mapping[str, Any]) -> Any:
    return item["form"]["value"] if "form" in item else None
