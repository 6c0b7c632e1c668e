"""Made-up records that fit the standard: for demonstrations, tests and benchmarks, and never for a statistic.

The people live in country XA, which does not exist. One seed gives the same records on every machine. A
person may be known to several of twelve agencies, under a name that is not always spelt alike, with answers
missing.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

FIRST_YEAR, YEARS = 2021, 5
CHILD_BANDS = frozenset({"0-8", "9-17"})
LABOUR_FORMS = frozenset({"ForcedLabour", "Servitude", "ChildLabour"})
_SUBFORMS = {"SexualExploitation": "subform_sexual", "ForcedCriminality": "subform_criminal"}

Document = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUpAgency:
    """An agency of country XA; `reach` is the share of all victims that it meets by itself."""

    code: str
    name: str
    kind: str
    level: str
    channel: str
    reach: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Specimen:
    """One made-up record of one agency; `person` numbers the person, so that duplicates are known."""

    agency: MadeUpAgency
    person: int
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    number: int
    sex: str
    age_band: str
    citizenship: str
    form: str
    names: tuple[str, str]
    phone: str
    year: int
    month: int

    @property
    def child(self) -> bool:
        return self.age_band in CHILD_BANDS


@cache
def _tables() -> Mapping[str, Any]:
    return tomllib.loads(files("palermo.standards").joinpath("specimen.toml").read_text("utf-8"))


@cache
def agencies() -> tuple[MadeUpAgency, ...]:
    """The twelve agencies of country XA."""
    return tuple(MadeUpAgency(**row) for row in _tables()["agency"])


def specimens(records: int, *, seed: int = 1) -> Iterator[Specimen]:
    """Exactly `records` records, person by person, over YEARS years from FIRST_YEAR."""
    chance = Random(seed)  # noqa: S311  # made-up people need repeatable chance, not secrecy
    made, number = 0, 0
    while made < records:
        number += 1
        person = _person(number, chance)
        for agency in _seen_by(person, chance)[: records - made]:
            yield Specimen(agency=agency, person=number, document=_document(person, agency, chance))
            made += 1


def _person(number: int, chance: Random) -> _Person:
    sex, age_band = _drawn("sex", chance), _drawn("age_band", chance)
    kind = "form_child" if age_band in CHILD_BANDS else "form_man" if sex == "m" else "form_woman"
    year = FIRST_YEAR + chance.choices(range(YEARS), weights=range(4, 4 + YEARS))[0]
    return _Person(
        number=number,
        sex=sex,
        age_band=age_band,
        citizenship=_drawn("citizenship", chance),
        form=_drawn(kind, chance),
        names=(_name(chance), _name(chance)),
        phone=f"+999{chance.randrange(10**8):08d}",
        year=year,
        month=chance.randint(1, 12),
    )


def _seen_by(person: _Person, chance: Random) -> list[MadeUpAgency]:
    """The agencies that met this person, at least one: each by its reach, raised by what draws it."""
    facts = {
        "child": person.child,
        "labour": person.form in LABOUR_FORMS,
        "sexual": person.form == "SexualExploitation",
        "foreign": person.citizenship != _tables()["country"],
    }
    met: list[MadeUpAgency] = []
    while not met:
        for agency in agencies():
            facts["seen-by-police"] = any(one.kind == "LawEnforcement" for one in met)
            if chance.random() < 0.22 * agency.reach * _pull(agency, facts):
                met.append(agency)
    return met


def _pull(agency: MadeUpAgency, facts: Mapping[str, bool]) -> float:
    pull = 1.0
    for rule in _tables()["drawn"]:
        if rule["agency"] == agency.code and facts[rule["when"]]:
            pull *= rule["times"]
    return pull


def _document(person: _Person, agency: MadeUpAgency, chance: Random) -> Document:
    month = min(12, person.month + chance.choice((0, 0, 0, 1, 2)))
    opened = f"{person.year}-{month:02d}-{chance.randint(1, 28):02d}"
    document: Document = {
        "schema_version": "1.0",
        "case": _case(person, agency, opened, chance),
        "person": _identity(person, chance),
        "means": [{"kind": _answer(code)} for code in _several("means", chance)],
        "exploitation": [_exploitation(person, chance)],
        "recruitment": _recruitment(chance),
        "consent": [_consent(person, opened, chance)],
        "provenance": {"source": chance.choice(("self_report", "observation", "third_party"))},
    }
    return {entity: part for entity, part in document.items() if part}


def _case(person: _Person, agency: MadeUpAgency, opened: str, chance: Random) -> Document:
    state = _chosen(_tables()["identification"], chance)
    return {
        "ref": f"{agency.code[:3].upper()}-{person.year}-{chance.randrange(10**6):06d}",
        "agency": agency.code,
        "agency_type": _answer(agency.kind),
        "agency_level": _answer(agency.level),
        "channel": _answer(agency.channel),
        "country": _answer(_tables()["country"]),
        "data_source": _answer("hotline" if agency.kind == "Helpline" else "case_management"),
        "year_registered": person.year,
        "opened_at": opened,
        "identification": _answer(state),
        "support": _answer(chance.choice(("offered", "accepted", "in_support", "in_support", "declined"))),
        "safety": _answer(chance.choice(("unknown", "safe", "safe", "at_risk"))),
    }


def _identity(person: _Person, chance: Random) -> Document:
    given, family = (_misspelt(name, chance) for name in person.names)
    education = None if chance.random() < _tables()["missing"]["education"] else "PrimaryEducation"
    unknown_country = chance.random() < _tables()["missing"]["citizenship"]
    return {
        "sex": _answer(person.sex),
        "age_band": _answer(person.age_band),
        "child_flag": _answer("child" if person.child else "adult"),
        "citizenships": [_answer(None if unknown_country else person.citizenship)],
        "education": _answer(education),
        "names": [{"given": given, "family": family}],
        "contact": [{"channel": _answer("mobile_phone"), "value": person.phone}],
        "assistance_received": [_answer(code) for code in _several("service", chance)],
    }


def _exploitation(person: _Person, chance: Random) -> Document:
    entry: Document = {"form": _answer(person.form)}
    if person.form in LABOUR_FORMS:
        entry["industry"] = _answer(_drawn("industry", chance))
    if person.form in _SUBFORMS:
        entry["subform"] = _answer(_drawn(_SUBFORMS[person.form], chance))
    if person.form == "Other":
        entry["form_text"] = "made up: another form"
    return entry


def _recruitment(chance: Random) -> Document:
    missing = _tables()["missing"]
    return {
        name: [_answer(None if chance.random() < missing[name] else _drawn(name, chance))]
        for name in ("method", "relation")
    }


def _consent(person: _Person, opened: str, chance: Random) -> Document:
    consent = {
        "purpose": _answer("services"),
        "basis": _answer("consent"),
        "given": True,
        "given_by": _answer("guardian" if person.child else "self"),
        "method": _answer(chance.choice(("signed", "spoken"))),
        "given_at": f"{opened}T09:00:00Z",
    }
    return consent | ({"child_view_heard": True} if person.child else {})


def _answer(code: str | None) -> Document:
    return {"value": code, "state": "answered" if code else "unknown"}


def _drawn(table: str, chance: Random) -> str:
    return _chosen(_tables()["weights"][table], chance)


def _chosen(weights: Mapping[str, float], chance: Random) -> str:
    return chance.choices(tuple(weights), weights=tuple(weights.values()))[0]


def _several(table: str, chance: Random) -> Sequence[str]:
    """Each code by its own weight; none at all where the question was not answered."""
    if chance.random() < _tables()["missing"][table]:
        return ()
    return [code for code, weight in _tables()["weights"][table].items() if chance.random() < weight]


def _name(chance: Random) -> str:
    parts = _tables()["name"]
    return "".join(chance.choice(parts[place]) for place in ("start", "middle", "end"))


def _misspelt(name: str, chance: Random) -> str:
    """Now and then two letters changed places, as they do at a desk."""
    if chance.random() > 0.12 or len(name) < 4:
        return name
    place = chance.randrange(1, len(name) - 2)
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]
