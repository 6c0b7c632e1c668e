"""The code lists of the data structure, made from the framework, with English and French names.

Series of the Sustainable Development Goals keep the codes of the United Nations Statistics Division; so do
sexes and ages (`framework/sdmx.toml`). A code of the tables that no list of ours names is kept, in capitals.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from palermo.appraisal import label, words
from palermo.appraisal.dataset import Dataset, Datum
from palermo.appraisal.edition import Speech
from palermo.appraisal.evidence import Grade, Source
from palermo.appraisal.observation import TOTAL, ObservationStatus
from palermo.appraisal.provision import Set, provisions
from palermo.appraisal.state import state, states
from palermo.appraisal.words import Language, Phrase, Text

NOT_A_CODE = re.compile(r"[^A-Z0-9_@$-]+")
WHOLE = "_T"
NOT_APPLICABLE = "_Z"
OBS_STATUS = {
    ObservationStatus.REPORTED: "A",
    ObservationStatus.SUPPRESSED: "Q",
    ObservationStatus.ESTIMATED: "E",
}
MISSING = "O"
FREE = "F"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeList:
    """One list: its id, its name and its codes with their names, in order."""

    id: str
    name: Text
    codes: tuple[tuple[str, Text], ...]


def coded(text: str) -> str:
    """A name as SDMX allows it for a code: detected_victims is DETECTED_VICTIMS, PARTY.TIP is PARTY_TIP."""
    return NOT_A_CODE.sub("_", text.upper())


def sex(code: str) -> str:
    return _known("sex", code)


def age(code: str) -> str:
    return _known("age", code)


def form(code: str) -> str:
    return WHOLE if code == TOTAL else coded(code)


def unit(code: str) -> str:
    return _known("unit", code)


def lists(data: Dataset) -> tuple[CodeList, ...]:
    """Every list; those of the framework are whole, and those of sources hold what the rows cite."""
    return (
        _area(data),
        _cycles(data),
        _provisions(),
        _measures(data),
        *(_told_apart(by, data) for by in ("sex", "age", "form", "unit")),
        _sources(data),
        *(_fixed(name) for name in ("OBS_STATUS", "CONF_STATUS")),
        CodeList(id="CL_GRADE", name=_name("GRADE"), codes=tuple((one.value, _grade(one)) for one in Grade)),
    )


def status(one: Datum) -> str:
    return MISSING if one.high is None else OBS_STATUS[one.status]


def _area(data: Dataset) -> CodeList:
    made_up = sorted({one.state for one in data.figures} - states().keys())
    named = [(one, state(one).name) for one in (*states(), *made_up)]
    return CodeList(id="CL_AREA", name=_name("REF_AREA"), codes=tuple(named))


def _cycles(data: Dataset) -> CodeList:
    rows = [str(one["id"]) for one in words.table("cycles.toml")["cycle"]]
    return CodeList(
        id="CL_CYCLE", name=_name("CYCLE"), codes=tuple((one, Text(en=one, fr=one)) for one in rows)
    )


def _provisions() -> CodeList:
    plan = [(one.id, one.text) for one in provisions().values() if one.set is Set.PLAN]
    whole = (NOT_APPLICABLE, Text(**_table()["not_applicable"]))
    return CodeList(id="CL_PROVISION", name=_name("PROVISION"), codes=(*plan, whole))


def _measures(data: Dataset) -> CodeList:
    known = dict.fromkeys((*label.measures(), *(one.measure for one in data.figures)))
    named = {coded(one): _worded(label.measure(one)) for one in known}
    return CodeList(id="CL_MEASURE", name=_name("MEASURE"), codes=tuple(named.items()))


def _told_apart(by: str, data: Dataset) -> CodeList:
    """Sex, age, form or unit: what the framework names, and what the rows hold beside it."""
    own = {code: Text(**name) for code, name in _table()["code"][by].items()}
    held = sorted({getattr(one, by) for one in data.figures})
    code = {"sex": sex, "age": age, "form": form, "unit": unit}[by]
    named = label.unit if by == "unit" else label.group
    found = {code(one): _worded(named(one)) for one in held}
    return CodeList(id=f"CL_{by.upper()}", name=_name(by.upper()), codes=tuple((found | own).items()))


def _sources(data: Dataset) -> CodeList:
    """One code for each edition of a source: the same source said different things at different dates."""
    found = {source(one): _edition(one) for one in data.figures}
    return CodeList(id="CL_SOURCE", name=_name("SOURCE"), codes=tuple(sorted(found.items())))


def source(one: Datum) -> str:
    """The code of the edition that a figure comes from: its source and, where it is dated, the day."""
    as_of = f"_{one.found.as_of:%Y%m%d}" if one.found else ""
    return coded(one.source) + as_of


def _edition(one: Datum) -> Text:
    if one.found is None:
        return Text(**_table()["own_source"])
    named: Source = one.found.source
    return Text(
        en=f"{named.publisher.en}: {named.name.en}, {one.found.as_of}",
        fr=f"{named.publisher.fr} : {named.name.fr}, {one.found.as_of}",
    )


def _fixed(name: str) -> CodeList:
    codes = tuple((code, Text(**named)) for code, named in _table()["code"][name.lower()].items())
    return CodeList(id=f"CL_{name}", name=_name(name), codes=codes)


def _grade(one: Grade) -> Text:
    return Text(**_table()["code"]["grade"][one.value])


def _known(kind: str, code: str) -> str:
    """The code of the Statistics Division where the table gives one; else ours, in capitals."""
    mapped: str | None = _table()["unsd"].get(kind, {}).get(code)
    return mapped or (WHOLE if code == TOTAL else coded(code))


def _name(component: str) -> Text:
    return Text(**_table()["concept"][component])


def _worded(value: Phrase | Text) -> Text:
    english, french = (
        Speech(language=one, numbers={}, font="").plain(value) for one in (Language.ENGLISH, Language.FRENCH)
    )
    return Text(en=english, fr=french)


def _table() -> Mapping[str, Any]:
    return words.table("sdmx.toml")


def codes_of(components: Iterable[str], data: Dataset) -> Mapping[str, CodeList]:
    """The list of each coded component, by the component's id."""
    by_id = {one.id: one for one in lists(data)}
    return {name: by_id[_table()["list"][name]] for name in components if name in _table()["list"]}
