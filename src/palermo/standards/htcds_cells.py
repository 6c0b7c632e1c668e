"""A record as the cells of HTCDS 2.0, and what had to change on the way.

A code that the standard does not have is written as the next wider code that it has, else as Other with the
code in words in the case comment, else left out. Every change is told by field and code.
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any, Final

from palermo.standards import htcds
from palermo.standards.answer import code
from palermo.standards.field import Type
from palermo.standards.htcds import FORM, INDUSTRY, MEANS, ROLE, SUBFORM, Column
from palermo.standards.slot import slot
from palermo.standards.vocabulary import vocabulary

COMMENT: Final = "cco_CaseComment"


def _header() -> tuple[tuple[str, str], ...]:
    """The columns as the public template orders them, then the fields that it leaves out."""
    names = dict.fromkeys([*htcds.template(), *htcds.columns()])
    return tuple((name, htcds.columns()[name].label) for name in names)


HEADER: Final = _header()


def said(document: Mapping[str, Any]) -> tuple[dict[str, str], dict[tuple[str, str], str], dict[str, Any]]:
    """The cells by field name, codes as values; the fate of codes that changed; the document read back."""
    writing = _Writing(document)
    cells = {name: cell for name, column in htcds.columns().items() if (cell := writing.cell(column))}
    if writing.words:
        cells[COMMENT] = "\n".join([*([cells[COMMENT]] if COMMENT in cells else []), *writing.words])
    rebuilt, _ = htcds.document_of(cells)
    return cells, writing.fates, rebuilt


def labelled(name: str, cell: str) -> str:
    """A cell with the labels of IOM's workbooks in place of codes; country and language codes stay."""
    column = htcds.columns()[name]
    if not column.home.vocabulary or column.home.vocabulary in ("country", "language", "consent_answer"):
        return cell
    shown = {**htcds.labels("trafficked_person_role"), **htcds.labels(column.home.vocabulary)}
    return ";".join(shown.get(code, code) for code in cell.split(";"))


class _Writing:
    """One record on its way to cells."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._left = deepcopy(dict(document))
        self.fates: dict[tuple[str, str], str] = {}
        self.words: list[str] = []

    def cell(self, column: Column) -> str:
        if column.at in _GATHER:
            found = _GATHER[column.at](self._left)
        else:
            taken = slot(column.at).take(self._left)
            found = taken if isinstance(taken, list) else [] if taken is None else [taken]
        if column.name == "con_Consent":
            return _CONSENT.get(code(found[0]) if found else "", "")
        parts = [part for each in found if (part := self._part(column, each))]
        return ";".join(dict.fromkeys(parts))

    def _part(self, column: Column, value: Any) -> str:
        if column.home.vocabulary:
            return self._said(column, code(value)) if code(value) else ""
        if isinstance(value, dict):
            return ""
        if column.home.type is Type.BOOLEAN:
            return "TRUE" if value else "FALSE"
        return value if isinstance(value, str) else repr(value)

    def _said(self, column: Column, given: str) -> str:
        """The code of the standard for one of ours."""
        name = column.home.vocabulary
        allowed = _allowed(name)
        if not allowed or given in allowed:
            return given
        wider = given
        while wider and wider in vocabulary(name) and wider not in allowed:
            wider = vocabulary(name).broader(wider)
        if wider in allowed:
            self.fates[column.home.path, given] = f"written as the wider code {wider}"
            return wider
        if "Other" in allowed:
            self.fates[column.home.path, given] = f"written as Other, with {given} in words in {COMMENT}"
            self.words.append(f"{column.label}: Other = {given}")
            return "Other"
        self.fates[column.home.path, given] = f"left out: the standard has no code for {given}"
        return ""


_CONSENT: Final = {"given": "TRUE", "refused": "FALSE", "withdrawn": "FALSE"}


def _allowed(name: str) -> frozenset[str]:
    """The codes that the standard has of a vocabulary; none where it takes the whole list."""
    extra = htcds.labels("trafficked_person_role") if name == "perpetrator_role" else {}
    return frozenset({*htcds.labels(name), *extra})


def _each(items: Iterable[Mapping[str, Any]], key: str) -> list[Any]:
    return [item[key] for item in items if key in item]


def _forms(left: Mapping[str, Any]) -> list[Any]:
    return _each(left.get("exploitation", ()), "form")


def _industries(left: Mapping[str, Any]) -> list[Any]:
    return _each(left.get("exploitation", ()), "industry")


def _subforms(left: Mapping[str, Any]) -> list[Any]:
    """Kinds of sexual exploitation only: the standard has no field for other kinds."""
    known = htcds.labels("exploitation_subform")
    return [each for each in _each(left.get("exploitation", ()), "subform") if code(each) in known]


def _means(left: Mapping[str, Any]) -> list[Any]:
    return _each(left.get("means", ()), "kind")


def _roles(left: Mapping[str, Any]) -> list[Any]:
    first = (left.get("perpetrator") or [{}])[0]
    return [*first.get("role", ()), *first.get("person_role", ())]


_GATHER: Final = {FORM: _forms, INDUSTRY: _industries, SUBFORM: _subforms, MEANS: _means, ROLE: _roles}
