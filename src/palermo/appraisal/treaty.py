"""Who is a party to a treaty, by which act, since when, and how long ago anyone last knew.

Ratification, accession, succession, acceptance, approval, formal confirmation and definitive signature bind;
a signature does not; a denunciation ends. The newest dated source wins, and a source that says otherwise is
shown with it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from palermo.appraisal import evidence
from palermo.appraisal.evidence import Evidence, Found
from palermo.appraisal.provision import instruments
from palermo.appraisal.words import say


class Act(StrEnum):
    """What a source says of a State and a treaty."""

    SIGNATURE = "signature"
    RATIFICATION = "ratification"
    ACCESSION = "accession"
    SUCCESSION = "succession"
    ACCEPTANCE = "acceptance"
    APPROVAL = "approval"
    DEFINITIVE_SIGNATURE = "definitive signature"
    FORMAL_CONFIRMATION = "formal confirmation"
    DENUNCIATION = "denunciation"
    REPORTED_PARTY = "reported party"
    REPORTED_NOT_PARTY = "reported not party"
    NO_ENTRY = "no entry"


BINDS = {
    Act.SIGNATURE: False,
    Act.RATIFICATION: True,
    Act.ACCESSION: True,
    Act.SUCCESSION: True,
    Act.ACCEPTANCE: True,
    Act.APPROVAL: True,
    Act.DEFINITIVE_SIGNATURE: True,
    Act.FORMAL_CONFIRMATION: True,
    Act.DENUNCIATION: False,
    Act.REPORTED_PARTY: True,
    Act.REPORTED_NOT_PARTY: False,
    Act.NO_ENTRY: False,
}
DECIDES = frozenset(Act) - {Act.SIGNATURE}


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatyAction:
    """One act of a State, or one statement of a source about it; `on` is None where no date is given."""

    state: str
    treaty: str
    act: Act
    on: date | None
    found: Found

    @property
    def evidence(self) -> Evidence:
        treaty = instruments()[self.treaty].name
        key = "evidence.treaty.dated" if self.on else "evidence.treaty"
        dated = {"on": self.on} if self.on else {}
        says = say(key, treaty=treaty, act=say(f"act.{self.act}"), **dated)
        found = self.found
        id_ = evidence.identity(found.source.id, found.as_of, self.state, self.treaty, self.act, self.on)
        return Evidence(id=id_, says=says, found=found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one source said at one date: party or not, by which act."""

    party: bool
    action: TreatyAction
    evidence: tuple[Evidence, ...]

    @property
    def as_of(self) -> date:
        return self.action.found.as_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Whether a State is a party: `verdict` decided, `agreeing` said the same, `conflicting` otherwise.

    `party` is None where no source speaks. Nothing is known after `known_on`.
    """

    state: str
    treaty: str
    verdict: Verdict | None
    agreeing: tuple[Verdict, ...] = ()
    conflicting: tuple[Verdict, ...] = ()

    @property
    def party(self) -> bool | None:
        return self.verdict.party if self.verdict else None

    @property
    def known_on(self) -> date | None:
        return self.verdict.as_of if self.verdict else None

    @property
    def act(self) -> TreatyAction | None:
        """The act to show: the dated one of the newest source that agrees, else the deciding one."""
        agreeing = [one.action for one in (self.verdict, *self.agreeing) if one]
        return next((one for one in agreeing if one.on), agreeing[0] if agreeing else None)

    @property
    def signed_only(self) -> bool:
        return self.verdict is not None and self.verdict.action.act is Act.SIGNATURE

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        verdicts = [one for one in (self.verdict, *self.agreeing, *self.conflicting) if one]
        return evidence.distinct(item for one in verdicts for item in one.evidence)


def standing(state: str, treaty: str, actions: Iterable[TreatyAction]) -> Standing:
    """Weigh every source that speaks of this State and this treaty."""
    ours = sorted((one for one in actions if (one.state, one.treaty) == (state, treaty)), key=_by_source)
    verdicts = sorted((_verdict(list(group)) for _, group in groupby(ours, key=_by_source)), key=_newest)
    if not verdicts:
        return Standing(state=state, treaty=treaty, verdict=None)
    newest, *older = verdicts
    return Standing(
        state=state,
        treaty=treaty,
        verdict=newest,
        agreeing=tuple(one for one in older if one.party is newest.party),
        conflicting=tuple(one for one in older if one.party is not newest.party),
    )


def _verdict(actions: list[TreatyAction]) -> Verdict:
    """The last deciding act of one source; a signature decides only where nothing else was done."""
    ordered = sorted(actions, key=lambda one: (one.on or _undated(one), one.act))
    deciding = [one for one in ordered if one.act in DECIDES] or ordered
    last = deciding[-1]
    return Verdict(
        party=BINDS[last.act], action=last, evidence=evidence.distinct(one.evidence for one in ordered)
    )


def _undated(action: TreatyAction) -> date:
    """Where an act without a date stands among the others: a denunciation ends what came before it."""
    return date.max if action.act is Act.DENUNCIATION else date.min


def _by_source(action: TreatyAction) -> tuple[date, str]:
    return (action.found.as_of, action.found.source.id)


def _newest(verdict: Verdict) -> tuple[int, str, str]:
    source = verdict.action.found.source
    return (-verdict.as_of.toordinal(), source.grade, source.id)
