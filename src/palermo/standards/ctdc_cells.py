"""A record as one row of a CTDC-like table: the 27 columns of the synthetic releases, and the kind of record.

A flag is on when the record has its code or any code under it; an "other" flag, when it has a code that no
flag of its kind names. Every code that a flag holds only in part is told with its fate.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from palermo.standards import ctdc
from palermo.standards.answer import code, codes, plain
from palermo.standards.header import simple
from palermo.standards.table import Line
from palermo.standards.vocabulary import vocabulary

WRITTEN: Final = ctdc.written()
SOURCES: Final = {"case_management": "Case Management", "hotline": "Hotline", "synthetic": "Synthetic"}
LISTS: Final = {
    "means": ("means", "means[].kind"),
    "form": ("exploitation_form", "exploitation[].form"),
    "work": ("industry", "exploitation[].industry"),
    "sex": ("exploitation_subform", "exploitation[].subform"),
    "relation": ("relation", "recruitment.relation"),
}
REST: Final = {"isOtherExploit": "form", "recruiterRelationOther": "relation"}


def said(document: Mapping[str, Any]) -> tuple[dict[str, str], dict[tuple[str, str], str], dict[str, Any]]:
    """The cells of a record, the fate of codes that a flag holds only in part, and the document read back."""
    told = _told_codes(document)
    fates: dict[tuple[str, str], str] = {}
    cells = {name: cell for name in WRITTEN if (cell := _plain_cell(name, document))}
    flags = [name for name in WRITTEN if ctdc.column_names()[simple(name)][0] == "flag"]
    for name in flags:
        kind, flag = ctdc.column_names()[simple(name)][1].split(".")
        held = _held(name, kind, flag, told[kind])
        fates.update({(LISTS[kind][1], code): f"written as {name}" for code in held if code != flag})
        if held:
            cells[name] = "1"
        elif flag in told[f"no {kind}"]:
            cells[name] = "0"
    draft = _plan().draft(Line(1, [cells.get(name, "") for name in WRITTEN]))
    return cells, fates, draft.document or {}


@cache
def _plan() -> ctdc.Plan:
    return ctdc.Plan(WRITTEN, next(each for each in ctdc.layouts() if each.name == "synthetic"), None)


def _held(name: str, kind: str, flag: str, told: Sequence[str]) -> list[str]:
    """The codes that turn a flag on: its own, those under it, and for an "other" flag those no flag names."""
    found = vocabulary(_list_of(kind, flag))
    held = [code for code in told if code in found and found.within(code, flag)]
    if name not in REST:
        return held
    named = {
        ctdc.column_names()[simple(each)][1].split(".")[1]
        for each in WRITTEN
        if ctdc.column_names()[simple(each)][1].startswith(f"{kind}.") and each != name
    }
    return [code for code in told if not any(found.within(code, each) for each in named)]


def _list_of(kind: str, flag: str) -> str:
    return (
        "exploitation_subform"
        if kind == "work" and flag in vocabulary("exploitation_subform")
        else LISTS[kind][0]
    )


def _told_codes(document: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    items = document.get("exploitation", ())
    case = document.get("case", {})
    works = [each.get(key) for each in items for key in ("industry", "subform")]
    return {
        "means": codes(each.get("kind") for each in document.get("means", ())),
        "form": codes(each.get("form") for each in items),
        "work": codes(works),
        "sex": codes(each.get("subform") for each in items),
        "relation": codes(document.get("recruitment", {}).get("relation")),
        "no means": codes(case.get("means_excluded")),
        "no form": codes(case.get("forms_excluded")),
        "no relation": codes(case.get("relations_excluded")),
        "no work": (),
        "no sex": (),
    }


def _plain_cell(name: str, document: Mapping[str, Any]) -> str:
    person, case = document.get("person", {}), document.get("case", {})
    if name == "yearOfRegistration":
        return str(plain(case.get("year_registered")) or "")
    if name == "gender":
        other = code(person.get("gender")) in vocabulary("gender") and vocabulary("gender").within(
            code(person["gender"]), "TransOrNonConforming"
        )
        return (
            "Trans/NonConforming" if other else {"f": "Female", "m": "Male"}.get(code(person.get("sex")), "")
        )
    if name == "ageBroad":
        band = code(person.get("age_band"))
        return band.replace("-", "--") if band[:1].isdigit() else ""
    if name == "citizenship":
        return next(iter(codes(person.get("citizenships"))), "")
    if name == "CountryOfExploitation":
        return next(iter(codes(each.get("country") for each in document.get("exploitation", ()))), "")
    if name == "traffickMonths":
        return code(person.get("trafficked_band")).replace("-", "--")
    return SOURCES.get(code(case.get("data_source")), "Not stated") if name == "Datasource" else ""
