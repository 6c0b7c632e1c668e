"""How near a treaty is to universal: parties of the 193, by region and by year, and who signed and waits.

Every number opens to the States it counts, and every State to its evidence. Nothing is known of a State after
the date of the newest source that speaks of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from itertools import groupby

from palermo.appraisal import state
from palermo.appraisal.evidence import Evidence, distinct
from palermo.appraisal.provision import Instrument, instruments
from palermo.appraisal.register import Register
from palermo.appraisal.state import State
from palermo.appraisal.treaty import BINDS, DECIDES, Act, Standing, TreatyAction
from palermo.errors import Unknown

DAYS_IN_YEAR = 365.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A day on which a State became a party or ceased to be one."""

    on: date
    state: str
    party: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """The parties at the end of a year (of the last one: on the day up to which anything is known)."""

    year: int
    parties: int
    joined: tuple[str, ...]
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """The States of one regional group: all, those that are parties, those that signed and wait."""

    id: str
    states: tuple[str, ...]
    parties: tuple[str, ...]
    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A State that signed and was not yet a party on the last day known, and for how many years by then."""

    state: str
    signed_on: date | None
    known_on: date
    evidence: tuple[Evidence, ...]

    @property
    def days(self) -> int:
        """Days from the signature to the last day known; -1 where the signature has no date."""
        return (self.known_on - self.signed_on).days if self.signed_on else -1

    @property
    def years(self) -> float | None:
        """The same in years, to one decimal; None where the signature has no date."""
        return round(self.days / DAYS_IN_YEAR, 1) if self.signed_on else None


@dataclass(frozen=True, kw_only=True)
class Universal:
    """One treaty among these States, `standings` by code; `outside` are participants of other kinds."""

    treaty: str
    states: Mapping[str, State]
    standings: Mapping[str, Standing]
    outside: tuple[Standing, ...]
    complete_on: date | None
    steps: tuple[Step, ...]

    @property
    def instrument(self) -> Instrument:
        return instruments()[self.treaty]

    @property
    def parties(self) -> tuple[str, ...]:
        return tuple(code for code, one in self.standings.items() if one.party)

    @property
    def unknown(self) -> tuple[str, ...]:
        """States of which no source speaks."""
        return tuple(code for code, one in self.standings.items() if one.party is None)

    @property
    def conflicting(self) -> tuple[str, ...]:
        """States of which an older or weaker source says otherwise."""
        return tuple(code for code, one in self.standings.items() if one.conflicting)

    @property
    def undated(self) -> tuple[str, ...]:
        """Parties whose day of joining no source gives: they are counted apart from the years."""
        dated = {one.state for one in self.steps}
        return tuple(code for code in self.parties if code not in dated)

    @property
    def known_on(self) -> date | None:
        """The newest day of which any source speaks."""
        return max((one.known_on for one in self.standings.values() if one.known_on), default=None)

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        """Those that signed and wait, the longest first, those without a date last."""
        found = [one for one in map(_waits, self.standings.values()) if one]
        return tuple(sorted(found, key=lambda one: (-one.days, one.state)))

    @property
    def regions(self) -> tuple[Region, ...]:
        """The regional groups in alphabetical order of their ids."""
        parties, waiting = set(self.parties), {one.state for one in self.waiting}
        by_region = sorted(self.states.values(), key=lambda one: (one.region, one.code))
        groups = {
            id_: tuple(one.code for one in of) for id_, of in groupby(by_region, lambda one: one.region)
        }
        return tuple(
            Region(
                id=id_,
                states=codes,
                parties=tuple(code for code in codes if code in parties),
                waiting=tuple(code for code in codes if code in waiting),
            )
            for id_, codes in groups.items()
        )

    @property
    def years(self) -> tuple[Year, ...]:
        """Every year from the first party to the last complete list, with those who joined and left in it.

        A later source that names only some States does not lengthen it; an act of a later year does.
        """
        listed = self.complete_on or self.known_on
        if not self.steps or listed is None:
            return ()
        found, parties = [], 0
        for year in range(self.steps[0].on.year, max(listed.year, self.steps[-1].on.year) + 1):
            joined = tuple(one.state for one in self.steps if one.on.year == year and one.party)
            left = tuple(one.state for one in self.steps if one.on.year == year and not one.party)
            parties += len(joined) - len(left)
            found.append(Year(year=year, parties=parties, joined=joined, left=left))
        return tuple(found)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        return distinct(item for one in self.standings.values() for item in one.evidence)


def treaty(given: str) -> str:
    """The id of a treaty of the framework; an unknown one is answered with the nearest."""
    known = {one.id: one for one in instruments().values() if one.kind == "treaty"}
    asked = given.strip().upper()
    if asked in known:
        return asked
    near = get_close_matches(asked, known, n=3) or list(known)
    raise Unknown(f"No treaty has the id {given!r}. Did you mean {' or '.join(near)}?")


def treaties(register: Register) -> tuple[str, ...]:
    """The treaties of which the register knows anything, in the order of the framework."""
    known = {one.treaty for one in register.actions}
    return tuple(one for one in instruments() if one in known)


def universal(register: Register, treaty: str, *, states: Iterable[State] | None = None) -> Universal:
    """How near the treaty is to universal among these States, all 193 members where none are given."""
    among = {one.code: one for one in (state.states().values() if states is None else states)}
    standings = {code: register.standing(code, treaty) for code in among}
    return Universal(
        treaty=treaty,
        states=among,
        standings=standings,
        outside=register.outside(treaty),
        complete_on=max((found.as_of for name, found in register.covered if name == treaty), default=None),
        steps=tuple(
            sorted(
                (step for one in standings.values() for step in _steps(one, register)),
                key=lambda step: (step.on, step.state, step.party),
            )
        ),
    )


def _steps(standing: Standing, register: Register) -> tuple[Step, ...]:
    """When the State joined and left, by the newest source that agrees with the verdict and gives days."""
    agreeing = [one.action.found for one in (standing.verdict, *standing.agreeing) if one]
    for found in agreeing:
        said = [
            one
            for one in register.acts(standing.state, standing.treaty)
            if (one.found.source.id, one.found.as_of) == (found.source.id, found.as_of) and one.act in DECIDES
        ]
        turns = _turns(said)
        if turns and turns[-1].party is standing.party:
            return turns
    return ()


def _turns(said: Iterable[TreatyAction]) -> tuple[Step, ...]:
    """The days on which being a party changed; none at all where one that ended it has no day."""
    acts = list(said)
    if any(one.on is None and one.act is Act.DENUNCIATION for one in acts):
        return ()
    found: list[Step] = []
    ordered = sorted(((one.on, one.act) for one in acts if one.on), key=lambda one: (one[0], one[1]))
    for on, act in ordered:
        if BINDS[act] is not (found[-1].party if found else False):
            found.append(Step(on=on, state=acts[0].state, party=BINDS[act]))
    return tuple(found)


def _waits(standing: Standing) -> Waiting | None:
    """The State's wait, where the newest source says that it is no party and a source says that it signed."""
    if standing.party is not False or standing.known_on is None:
        return None
    said = [one.action for one in (standing.verdict, *standing.agreeing) if one]
    signed = [one for one in said if one.act is Act.SIGNATURE]
    if not signed:
        return None
    days = [one.on for one in signed if one.on]
    return Waiting(
        state=standing.state,
        signed_on=min(days, default=None),
        known_on=standing.known_on,
        evidence=standing.evidence,
    )
