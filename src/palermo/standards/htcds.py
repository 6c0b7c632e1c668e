"""Reads the Human Trafficking Case Data Standard 2.0: a filled workbook, or its CSV.

Where the public templates disagree with the standard, the column is found by code and label (header.py) and
the value by code or label (spelling.py). An exploitation is one object a form: industries stand with the
first form of labour, kinds of sexual exploitation with the sexual form, more of them in further objects.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from palermo.errors import InvalidRecord, Problem, Severity
from palermo.standards import field as fields
from palermo.standards import header as headers
from palermo.standards import record
from palermo.standards.fault import fault, refusal
from palermo.standards.field import Field, Tier, Type
from palermo.standards.flat import Unfit, answer, number, tick
from palermo.standards.header import Header, Named, Names
from palermo.standards.row import Draft, digest
from palermo.standards.slot import Slot, slot
from palermo.standards.spelling import Spelling
from palermo.standards.table import LEFT_OUT, Line, Table, check_unique, counter, plain
from palermo.standards.vocabulary import vocabulary

MULTI: Final = ";"
LABOUR: Final = ("ForcedLabour", "Servitude", "ChildLabour")
SEXUAL: Final = ("SexualExploitation",)
DATE: Final = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?:[T ][\d:.+Z-]*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One field of the standard: its name and label there, and its home in our record."""

    name: str
    label: str
    at: str
    home: Field
    core: bool = False
    aliases: tuple[str, ...] = ()

    @property
    def listed(self) -> bool:
        """Whether the field may hold several values in our record."""
        return self.home.type is Type.CODED_LIST or "[*]" in self.at


@cache
def columns() -> Mapping[str, Column]:
    """The 84 fields, by name, in the order of the standard."""
    return {
        name: Column(
            name=name,
            label=given["label"],
            at=given["at"],
            home=fields.by_htcds()[name],
            core=given.get("core", False),
            aliases=tuple(given.get("aliases", ())),
        )
        for name, given in _tables()["field"].items()
    }


def template() -> tuple[str, ...]:
    """The fields of the public case sheet, in its order."""
    return tuple(_tables()["template"])


@cache
def labels(name: str) -> Mapping[str, str]:
    """The labels that IOM's workbooks show for the codes of a vocabulary; other codes have our own label."""
    found: dict[str, str] = _tables()["labels"].get(name, {})
    return found


@cache
def spelling(name: str) -> Spelling:
    """How the codes of a vocabulary are spelt in files of the standard."""
    return Spelling(vocabulary(name), labels(name), _tables()["spelt"].get(name, {}))


@cache
def names() -> Names:
    """The fields by code and label, each with a check of its values for when the two disagree."""
    return Names(
        Named(code=each.name, label=each.label, aliases=each.aliases, fits=_check(each))
        for each in columns().values()
    )


def _check(column: Column) -> Any:
    if column.name == "prs_MailingPostalCode":
        shape = re.compile(r"(?=.*\d)[\w -]{2,12}")
        return lambda value: bool(shape.fullmatch(value))
    if not column.home.vocabulary:
        return None
    spelt = _roles if column.name == "per_RoleInProcess" else spelling(column.home.vocabulary).code
    return lambda value: bool(spelt(value))


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("htcds.toml").read_text("utf-8"))


# ------------------------------------------------------------------------------------------------ reading


def header(table: Table) -> Header | None:
    """The header of a table if it is one of the standard's."""
    rows = [[plain(cell) for cell in line.cells] for line in table.sample]
    found = headers.match(rows, names())
    return found if found and found.known >= 2 else None


def drafts(table: Table, found: Header) -> Iterator[Draft]:
    """The documents of a table; a row that holds nothing but its own number is passed over."""
    if len(table.sample) <= found.rows:
        raise refusal(table.name, "header-only")
    for line in table.sample[: found.rows]:
        if line.problem:
            raise InvalidRecord(table.name, (line.problem,))
    check_unique([column.code or column.name for column in found.columns], table.name)
    skipped = counter(table, found.rows)
    known = [(column.place, columns()[column.code]) for column in found.columns if column.code]
    unknown = [(column.place, column.name) for column in found.columns if not column.code]
    unknown = [(place, name) for place, name in unknown if place != skipped and name != LEFT_OUT]
    for line in table.body(found.rows, len(found.columns)):
        if line.problem or any(cell for place, cell in enumerate(line.cells) if place != skipped):
            yield _draft(line, known, unknown)


def _draft(line: Line, known: Sequence[tuple[int, Column]], unknown: Sequence[tuple[int, str]]) -> Draft:
    name = digest(line.cells)
    if line.problem:
        return Draft(number=line.number, problems=(line.problem,), digest=name)
    cells = {column.name: plain(line.cells[place]) for place, column in known}
    local = {title: plain(line.cells[place]) for place, title in unknown if line.cells[place]}
    return draft(line.number, cells, local=local, name=name)


def draft(
    place: int, cells: Mapping[str, str], *, local: Mapping[str, Any], name: str, marks: str = MULTI
) -> Draft:
    """The document of one row given as cells by field name; `marks` part the values of a cell."""
    document, problems = document_of(cells, marks=marks)
    if local:
        document["local"] = dict(local)
    if problems:
        return Draft(number=place, problems=tuple(problems), digest=name)
    if (document.get("case", {}).get("consent") or {}).get("value") == "refused":
        note = fault("no-consent", path="case.consent", severity=Severity.NOTE)
        return Draft(number=place, document=statistical(document), problems=(note,), digest=name)
    return Draft(number=place, document=document, digest=name)


def document_of(cells: Mapping[str, str], *, marks: str = MULTI) -> tuple[dict[str, Any], list[Problem]]:
    """The document that the cells of one row say, and what in them could not be read."""
    document: dict[str, Any] = {"schema_version": fields.schema_version()}
    problems: list[Problem] = []
    found: dict[str, list[str]] = {}
    for name, cell in cells.items():
        if not cell.strip():
            continue
        column = columns()[name]
        try:
            value = _value(column, cell, marks)
        except Unfit as unfit:
            problems.append(fault(str(unfit), path=column.home.path, column=name))
            continue
        if column.name == "con_Consent" and value["value"] == "given":
            slot(CONSENT).put(document, True)
        if column.at in _GATHERED:
            found[column.at] = value
        else:
            _slot(column.at).put(document, value)
    _gather(found, document)
    return document, problems


def _value(column: Column, cell: str, marks: str) -> Any:
    if column.name == "con_Consent":
        return answer("given" if tick(cell) else "refused")
    if column.listed:
        codes = (
            _role_codes(cell, marks) if column.name == "per_RoleInProcess" else _codes(column, cell, marks)
        )
        return codes if column.at in _GATHERED else [answer(code) for code in codes]
    if column.home.type is Type.CODED:
        code = spelling(column.home.vocabulary).code(cell)
        return answer(code or cell.strip())
    return _READ[column.home.type](cell)


def _codes(column: Column, cell: str, marks: str) -> list[str]:
    return spelling(column.home.vocabulary).codes(cell, marks)


def _date(cell: str) -> str:
    """A date written year first, as precise as it is; anything else could be two dates and is refused."""
    found = DATE.fullmatch(cell.strip())
    if found is None:
        raise Unfit("unreadable-date")
    return "-".join(part.zfill(2) for part in found.groups() if part)


def _number(cell: str) -> float:
    return number(cell.strip())


def _text(cell: str) -> str:
    return cell


_READ: Final = {
    Type.TEXT: _text,
    Type.EDTF: _date,
    Type.INTEGER: _number,
    Type.NUMBER: _number,
    Type.BOOLEAN: tick,
}


@cache
def _slot(at: str) -> Slot:
    return slot(at)


# Fields whose values become objects of a list, or are shared out between two fields.
CONSENT: Final = "consent[purpose=services].given"
FORM: Final = "exploitation[*].form"
INDUSTRY: Final = "exploitation[*].industry"
SUBFORM: Final = "exploitation[*].subform"
MEANS: Final = "means[*].kind"
ROLE: Final = "perpetrator[0].role"
_GATHERED: Final = frozenset({FORM, INDUSTRY, SUBFORM, MEANS, ROLE})


def _gather(found: Mapping[str, list[str]], document: dict[str, Any]) -> None:
    if MEANS in found:
        document["means"] = [{"kind": answer(code)} for code in found[MEANS]]
    if ROLE in found:
        _put_roles(found[ROLE], document)
    items = exploitation(found.get(FORM, []), found.get(INDUSTRY, []), found.get(SUBFORM, []))
    if items:
        first = (document.get("exploitation") or [{}])[0]
        document["exploitation"] = [{**items[0], **first}, *items[1:]]


def exploitation(forms: list[str], industries: list[str], subforms: list[str]) -> list[dict[str, Any]]:
    """One object a form, with its industry and kind; what has no form stands in an object without."""
    items: list[dict[str, Any]] = [{"form": answer(form)} for form in forms]
    for key, values, homes in (("industry", industries, LABOUR), ("subform", subforms, SEXUAL)):
        form = next((form for form in forms if form in homes), None)
        for value in values:
            free = (item for item in items if _form(item) == form and key not in item)
            home = next(free, None)
            if home is None:
                home = {"form": answer(form)} if form else {}
                items.append(home)
            home[key] = answer(value)
    return items


def _form(item: Mapping[str, Any]) -> str | None:
    return item["form"]["value"] if "form" in item else None


def _roles(cell: str) -> str | None:
    return spelling("perpetrator_role").code(cell) or spelling("trafficked_person_role").code(cell)


def _role_codes(cell: str, marks: str) -> list[str]:
    parts = (part.strip() for part in re.split(f"[{re.escape(marks)}]", cell) if part.strip())
    return list(dict.fromkeys(_roles(part) or part for part in parts))


def _put_roles(codes: Iterable[str], document: dict[str, Any]) -> None:
    """Roles of trafficked persons, which the standard mixes with those of perpetrators, stand apart (R11)."""
    persons = vocabulary("trafficked_person_role")
    for key, chosen in (
        ("role", [answer(code) for code in codes if code not in persons]),
        ("person_role", [answer(code) for code in codes if code in persons]),
    ):
        if chosen:
            slot(f"perpetrator[0].{key}").put(document, chosen)


def statistical(document: Mapping[str, Any]) -> dict[str, Any]:
    """The statistical part (tier T1) of a document: all that may be taken where consent was refused."""
    return record.Record(document=dict(document)).tier(Tier.T1)
