"""Everything that the tables of a data folder say, and what became of each file and row."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from palermo.appraisal import evidence, published, reader, reservation, state, table, words
from palermo.appraisal.depositary import form, index
from palermo.appraisal.depositary.page import refused
from palermo.appraisal.evidence import Evidence, Found, Grade, Source
from palermo.appraisal.observation import Observation, repeats_counted
from palermo.appraisal.publication import Publication
from palermo.appraisal.reservation import Declared, Reservation
from palermo.appraisal.treaty import Act, Standing, TreatyAction, standing
from palermo.appraisal.words import Text, say
from palermo.errors import InvalidRecord, Problem, Unreachable

OWN_CATALOGUE = "sources.toml"
READERS = (*published.KINDS, *form.FORMS)
Dated = TypeVar("Dated", TreatyAction, Reservation)
READ_ELSEWHERE = ("context.toml", "causes.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRead:
    """What became of one table: its rows, those used, those not needed and why, those unreadable."""

    file: str
    sha256: str
    rows: int
    used: int
    unused: tuple[tuple[str, int], ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, kw_only=True)
class Register:
    """Treaty actions, observations, and the data sets that States have published.

    `covered` lists the treaties and series whose tables name every State that acted or reported, `listed`
    the treaties whose tables name every reservation. `beside` are acts of those that are no members: they
    are shown, and never counted among the 193.
    """

    actions: tuple[TreatyAction, ...] = ()
    beside: tuple[TreatyAction, ...] = ()
    declared: tuple[Reservation, ...] = ()
    listed: tuple[tuple[str, Found], ...] = ()
    observations: tuple[Observation, ...] = ()
    publications: tuple[Publication, ...] = ()
    covered: tuple[tuple[str, Found], ...] = ()
    tables: tuple[TableRead, ...] = ()
    files_not_read: tuple[str, ...] = ()

    def known_on(self, today: date) -> "Register":
        """What could be known on that day: nothing from a later edition, no act of a later day."""
        return replace(
            self,
            actions=_known(self.actions, today),
            beside=_known(self.beside, today),
            declared=_known(self.declared, today),
            listed=tuple((treaty, found) for treaty, found in self.listed if found.as_of <= today),
            observations=tuple(one for one in self.observations if one.found.as_of <= today),
            publications=tuple(one for one in self.publications if one.found.as_of <= today),
            covered=tuple((treaty, found) for treaty, found in self.covered if found.as_of <= today),
        )

    def standing(self, state: str, treaty: str) -> Standing:
        """Whether the State is a party, absence from a complete table counted as a statement of its own."""
        said = self.acts(state, treaty)
        named = {(one.found.source.id, one.found.as_of) for one in said}
        absent = [
            TreatyAction(state=state, treaty=treaty, act=Act.NO_ENTRY, on=None, found=found)
            for covered, found in self.covered
            if covered == treaty and (found.source.id, found.as_of) not in named
        ]
        return standing(state, treaty, [*said, *absent])

    def acts(self, state: str, treaty: str) -> tuple[TreatyAction, ...]:
        """All that any source says the State did about the treaty."""
        return tuple(one for one in self._by_state.get(state, ()) if one.treaty == treaty)

    def reservations(self, state: str, treaty: str) -> tuple[Reservation, ...]:
        """The reservations and declarations of the State to the treaty that are still open."""
        ours = [one for one in self.declared if (one.state, one.treaty) == (state, treaty)]
        return reservation.standing(ours, listed=(found for listed, found in self.listed if listed == treaty))

    def objections(self, state: str, treaty: str) -> tuple[Reservation, ...]:
        """Objections of others to what the State declared about the treaty."""
        return tuple(
            one
            for one in self.declared
            if one.kind is Declared.OBJECTION and one.treaty == treaty and state in one.against
        )

    def outside(self, treaty: str) -> tuple[Standing, ...]:
        """Participants that are no members of the United Nations: organisations, other States, observers."""
        codes = sorted({one.state for one in self.beside if one.treaty == treaty})
        return tuple(standing(code, treaty, self.beside) for code in codes)

    def series(self, state: str, *names: str) -> tuple[Observation, ...]:
        """The State's observations of these series, or of all where none is named, by year."""
        ours = [one for one in self._observed.get(state, ()) if not names or one.series in names]
        return tuple(sorted(ours, key=lambda one: (one.period, one.sex, one.age, one.form, one.evidence_id)))

    def published(self, state: str) -> tuple[Publication, ...]:
        """What the State has published, the newest first."""
        ours = [one for one in self.publications if one.state == state]
        return tuple(sorted(ours, key=lambda one: (-one.found.as_of.toordinal(), one.found.file)))

    def absences(self, state: str, *series: str) -> tuple[Evidence, ...]:
        """Evidence that tables which hold these series have no row for the State."""
        return tuple(
            Evidence(
                id=evidence.identity(found.source.id, found.as_of, state, name, "no row"),
                says=say("evidence.no_row", series=say(f"series.{name}")),
                found=found,
            )
            for name, found in self.covered
            if name in series and not self.series(state, name)
        )

    @cached_property
    def _by_state(self) -> Mapping[str, list[TreatyAction]]:
        grouped: dict[str, list[TreatyAction]] = {}
        for one in self.actions:
            grouped.setdefault(one.state, []).append(one)
        return grouped

    @cached_property
    def _observed(self) -> Mapping[str, list[Observation]]:
        grouped: dict[str, list[Observation]] = {}
        for one in self.observations:
            grouped.setdefault(one.state, []).append(one)
        return grouped

    @property
    def problems(self) -> tuple[tuple[str, Problem], ...]:
        return tuple((one.file, problem) for one in self.tables for problem in one.problems)


def _known(facts: Iterable[Dated], today: date) -> tuple[Dated, ...]:
    return tuple(one for one in facts if one.found.as_of <= today and (one.on is None or one.on <= today))


def read(folder: Path) -> Register:
    """Read every table of a folder that is known by name or by its form; the others are named, not read."""
    if not folder.is_dir():
        raise Unreachable(f"{folder}: there is no such folder. Give the folder of the tables with --data.")
    catalogue = _recognised(folder, _catalogue(folder))
    known = sorted(path for path in folder.iterdir() if path.name in catalogue["table"])
    if not known:
        names = ", ".join(sorted(catalogue["table"]))
        raise Unreachable(
            f"{folder}: no known table is here. Known are {names}; name others in sources.toml."
        )
    elsewhere = {
        OWN_CATALOGUE,
        index.INDEX,
        *(file for name in READ_ELSEWHERE for file in words.table(name)["table"]),
    }
    others = sorted(path.name for path in folder.iterdir() if path.is_file() and path not in known)
    return merged(
        [table_read(path, catalogue=catalogue) for path in known],
        files_not_read=tuple(name for name in others if name not in elsewhere),
    )


def _recognised(folder: Path, catalogue: Mapping[str, Any]) -> Mapping[str, Any]:
    """The catalogue, and with it the files of the folder that have the form of a depositary."""
    found = {
        path.name: {"reader": name}
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name not in catalogue["table"] and (name := form.recognised(path))
    }
    return {**catalogue, "table": {**catalogue["table"], **found}}


def merged(registers: Iterable[Register], *, files_not_read: tuple[str, ...] = ()) -> Register:
    """Several registers as one; a figure that two files of one source repeat is kept once."""
    parts = tuple(registers)
    figures = {one.evidence_id: one for part in reversed(parts) for one in reversed(part.observations)}
    return Register(
        actions=tuple(one for part in parts for one in part.actions),
        beside=tuple(one for part in parts for one in part.beside),
        declared=tuple(one for part in parts for one in part.declared),
        listed=tuple(one for part in parts for one in part.listed),
        observations=tuple(figures.values())[::-1],
        publications=tuple(one for part in parts for one in part.publications),
        covered=tuple(one for part in parts for one in part.covered),
        tables=tuple(one for part in parts for one in part.tables),
        files_not_read=files_not_read,
    )


def table_read(path: Path, *, catalogue: Mapping[str, Any] | None = None) -> Register:
    """One table as a register."""
    catalogue = catalogue or _recognised(path.parent, _catalogue(path.parent))
    if path.name not in catalogue["table"]:
        forms = ", ".join(READERS)
        raise refused(
            path.name,
            looked="a form that is known",
            found="none of them",
            remedy=f"Name one of {forms} in sources.toml.",
        )
    entry = catalogue["table"][path.name]
    if entry["reader"] in form.FORMS:
        return _depositary(path, entry, catalogue)
    kind = published.KINDS[entry["reader"]]
    sheet = table.read(path, columns=kind.columns)
    place = reader.Place(
        file=path.name,
        source=_source(entry["source"], catalogue) if "source" in entry else None,
        as_of=entry.get("as_of"),
        sources=lambda name: _source(name, catalogue),
    )
    facts, count = reader.facts(kind, sheet, place)
    return _of_facts(
        facts,
        complete=kind.complete,
        listed=_listed(facts) if kind.lists else (),
        account=_account(sheet.file, sheet.sha256, count),
    )


def _depositary(path: Path, entry: Mapping[str, Any], catalogue: Mapping[str, Any]) -> Register:
    """A file in the form of a depositary as a register."""
    known = form.FORMS[entry["reader"]]
    said = form.Said(
        source=_source(entry.get("source") or known.source or path.name, catalogue),
        as_of=entry.get("as_of"),
        treaty=entry.get("treaty"),
    )
    found = known.read(path, said)
    return _of_facts(
        found.facts,
        complete=found.complete,
        listed=found.listed,
        account=_account(path.name, found.sha256, found.count),
    )


def _of_facts(
    facts: Iterable[reader.Fact], *, complete: bool, listed: tuple[tuple[str, Found], ...], account: TableRead
) -> Register:
    """Facts sorted by what they are; acts of those that are no members are kept beside."""
    known = tuple(facts)
    acted = [one for one in known if isinstance(one, TreatyAction)]
    return Register(
        actions=tuple(one for one in acted if state.is_state(one.state)),
        beside=tuple(one for one in acted if not state.is_state(one.state)),
        declared=tuple(one for one in known if isinstance(one, Reservation)),
        listed=listed,
        observations=repeats_counted(one for one in known if isinstance(one, Observation)),
        covered=(*(_covered(acted) if complete else ()), *_series_covered(known)),
        tables=(account,),
    )


def _listed(facts: Iterable[reader.Fact]) -> tuple[tuple[str, Found], ...]:
    """Each treaty that a table of reservations lists, as of the date the table gives for it."""
    return tuple(
        {
            (one.treaty, one.found.as_of): (one.treaty, replace(one.found, line=0))
            for one in facts
            if isinstance(one, Reservation)
        }.values()
    )


def _account(file: str, sha256: str, count: table.Count) -> TableRead:
    return TableRead(
        file=file,
        sha256=sha256,
        rows=count.rows,
        used=count.used,
        unused=tuple(sorted(count.unused.items())),
        problems=tuple(count.problems),
    )


def _covered(actions: Iterable[TreatyAction]) -> tuple[tuple[str, Found], ...]:
    """Each treaty that a complete table lists, as of the date the table gives for it."""
    tables = {
        (one.treaty, one.found.source.id, one.found.as_of): replace(one.found, line=0) for one in actions
    }
    return tuple((key[0], found) for key, found in sorted(tables.items(), key=lambda item: item[0]))


def _series_covered(facts: Iterable[reader.Fact]) -> tuple[tuple[str, Found], ...]:
    """Each series that a table holds."""
    tables = {
        (one.series, one.found.source.id): replace(one.found, line=0)
        for one in facts
        if isinstance(one, Observation)
    }
    return tuple((key[0], found) for key, found in sorted(tables.items(), key=lambda item: item[0]))


def _catalogue(folder: Path) -> Mapping[str, Any]:
    """The built-in catalogue, over it the index of downloads, over both the folder's sources.toml."""
    own = folder / OWN_CATALOGUE
    layers = (
        words.table("sources.toml"),
        {"table": index.read(folder)},
        _own(own) if own.is_file() else {},
    )
    return {
        name: {key: entry for layer in layers for key, entry in layer.get(name, {}).items()}
        for name in ("source", "table")
    }


def _own(path: Path) -> Mapping[str, Any]:
    try:
        extra = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        wrong = f"is not TOML: {error}."
        raise InvalidRecord(OWN_CATALOGUE, [_bad(wrong, "See docs/how-to/appraise-a-state.md.")]) from error
    problems = [
        _bad(f"the reader of {name!r} is unknown.", f"Use one of {', '.join(READERS)}.")
        for name, entry in extra.get("table", {}).items()
        if entry.get("reader") not in READERS
    ]
    if problems:
        raise InvalidRecord(OWN_CATALOGUE, problems)
    return extra


def _bad(wrong: str, remedy: str) -> Problem:
    return Problem(rule="sources", path="file", wrong=wrong, remedy=remedy)


def _source(name: str, catalogue: Mapping[str, Any]) -> Source:
    """The source of that name; one that the catalogue does not know counts as an independent report."""
    entry = catalogue["source"].get(name)
    if entry is None:
        text = Text(en=name, fr=name)
        return Source(id=name, name=text, publisher=text, grade=Grade.INDEPENDENT)
    return Source(
        id=name, name=Text(**entry["name"]), publisher=Text(**entry["publisher"]), grade=Grade(entry["grade"])
    )
