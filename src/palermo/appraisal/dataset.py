"""Every figure and every assessment of an appraisal as flat rows, each with what it opens to.

SDMX, CSV and workbooks are written from these rows; a report of several States is their rows together. What
sources say differently stands side by side, and a suppressed cell is an interval: nothing is dropped.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from palermo.appraisal.assess import Appraisal
from palermo.appraisal.assessment import LADDER, Assessment, Status
from palermo.appraisal.evidence import Evidence, Found, distinct
from palermo.appraisal.observation import TOTAL, Observation, ObservationStatus
from palermo.appraisal.statement.claim import Claim
from palermo.appraisal.treaty import Standing, Verdict
from palermo.appraisal.words import Number

STATUS = "STATUS"
SHARE = "SHARE_DONE"
PARTY = "PARTY"
OBSTACLE = "OBSTACLE"
CLAIM = "CLAIM"
SUPPORT = "SUPPORT"
OWN = "palermo"
UNITS = {
    STATUS: "step",
    SHARE: "percent",
    PARTY: "yes or no",
    OBSTACLE: "count",
    CLAIM: "count",
    SUPPORT: "count",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Datum:
    """One figure. `low` and `high` are None where it is missing; `found` is None where we counted it.

    `part` counts the rows above it that one edition of a source holds for the same key. `measure` is a
    series, or one of ours with what it is about: PARTY.TIP, OBSTACLE.no_data.
    """

    state: str
    cycle: str
    measure: str
    period: str
    low: Number | None
    high: Number | None
    unit: str
    provision: str = ""
    sex: str = TOTAL
    age: str = TOTAL
    form: str = TOTAL
    status: ObservationStatus = ObservationStatus.REPORTED
    found: Found | None = None
    evidence: tuple[str, ...] = ()
    part: int = 0

    @property
    def exact(self) -> bool:
        return self.low is not None and self.low == self.high

    @property
    def source(self) -> str:
        """The id of the source; what we counted ourselves is our own."""
        return self.found.source.id if self.found else OWN

    @property
    def key(self) -> tuple[str, ...]:
        """What tells a figure apart from every other, save the rows that one edition repeats."""
        as_of = self.found.as_of.isoformat() if self.found else ""
        asked = (self.state, self.cycle, self.provision, self.measure, self.sex, self.age, self.form)
        return (*asked, self.period, self.source, as_of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """The rows of one State or of several, and the evidence that they open to."""

    today: date
    cycle: str
    figures: tuple[Datum, ...]
    assessments: tuple[Assessment, ...]
    evidence: tuple[Evidence, ...]


def of(appraisals: Iterable[Appraisal]) -> Dataset:
    """The rows of these appraisals, in the order of their States."""
    ours = sorted(appraisals, key=lambda one: one.state.code)
    figures = [one for each in ours for one in _figures(each)]
    return Dataset(
        today=max(one.today for one in ours),
        cycle=max(one.cycle for one in ours),
        figures=_parts_counted(figures),
        assessments=tuple(one for each in ours for one in each.assessments.values()),
        evidence=distinct(one for each in ours for one in _evidence(each)),
    )


def _figures(appraisal: Appraisal) -> Iterator[Datum]:
    for item in appraisal.assessments.values():
        yield _status(item, appraisal)
    for share in appraisal.shares:
        yield _ours(
            appraisal,
            f"{SHARE}.{share.pillar}",
            low=share.percent(share.low),
            high=share.percent(share.high),
        )
    for standing in appraisal.standings:
        yield from _party(standing, appraisal)
    for item in appraisal.assessments.values():
        yield from _obstacles(item, appraisal)
    yield from _said(appraisal)
    for one in appraisal.observations:
        yield _observed(one, appraisal.cycle)


def _ours(
    appraisal: Appraisal,
    measure: str,
    *,
    low: Number | None,
    high: Number | None,
    provision: str = "",
    evidence: tuple[str, ...] = (),
) -> Datum:
    return Datum(
        state=appraisal.state.code,
        cycle=appraisal.cycle,
        measure=measure,
        period=appraisal.today.isoformat(),
        low=low,
        high=high,
        unit=UNITS[measure.partition(".")[0]],
        provision=provision,
        evidence=evidence,
    )


def _status(one: Assessment, appraisal: Appraisal) -> Datum:
    """The step of the ladder that is shown, and the highest that evidence could still show."""
    low = LADDER.index(one.status) if one.status in LADDER else None
    high = LADDER.index(one.at_most) if one.at_most in LADDER else None
    bottom = 0 if one.status is Status.NOT_ASSESSED else low
    return _ours(appraisal, STATUS, low=bottom, high=high, provision=one.provision, evidence=one.evidence_ids)


def _party(standing: Standing, appraisal: Appraisal) -> Iterator[Datum]:
    verdicts = [one for one in (standing.verdict, *standing.agreeing, *standing.conflicting) if one]
    for verdict in verdicts:
        yield _verdict(verdict, standing, appraisal)


def _verdict(verdict: Verdict, standing: Standing, appraisal: Appraisal) -> Datum:
    return Datum(
        state=standing.state,
        cycle=appraisal.cycle,
        measure=f"{PARTY}.{standing.treaty}",
        period=verdict.as_of.isoformat(),
        low=int(verdict.party),
        high=int(verdict.party),
        unit=UNITS[PARTY],
        found=verdict.action.found,
        evidence=tuple(one.id for one in verdict.evidence),
    )


def _obstacles(one: Assessment, appraisal: Appraisal) -> Iterator[Datum]:
    """How often each reason fired for the provision."""
    found: dict[str, list[str]] = {}
    counts: Counter[str] = Counter()
    for obstacle in one.obstacles:
        counts[str(obstacle.reason)] += 1
        found.setdefault(str(obstacle.reason), []).extend(item.id for item in obstacle.evidence)
    for reason, count in counts.items():
        yield _ours(
            appraisal,
            f"{OBSTACLE}.{reason}",
            low=count,
            high=count,
            provision=one.provision,
            evidence=tuple(dict.fromkeys(found[reason])),
        )


def _said(appraisal: Appraisal) -> Iterator[Datum]:
    """How many passages two people confirmed, by kind and provision, and how many ask for which help."""
    told: dict[tuple[str, str], list[Claim]] = {}
    for one in appraisal.dossier.told:
        for provision in one.provisions if one.grade == "E" else ():
            told.setdefault((f"{CLAIM}.{one.kind}", provision), []).append(one)
        for support in one.support:
            told.setdefault((f"{SUPPORT}.{support}", ""), []).append(one)
    for (measure, provision), claims in sorted(told.items()):
        ids = tuple(one.evidence.id for one in claims)
        yield _ours(appraisal, measure, low=len(claims), high=len(claims), provision=provision, evidence=ids)


def _observed(one: Observation, cycle: str) -> Datum:
    return Datum(
        state=one.state,
        cycle=cycle,
        measure=one.series,
        period=str(one.period),
        low=one.bounds.low,
        high=one.bounds.high,
        unit=one.unit,
        sex=one.sex,
        age=one.age,
        form=one.form,
        status=one.status,
        found=one.found,
        evidence=(one.evidence_id,),
    )


def _parts_counted(figures: Iterable[Datum]) -> tuple[Datum, ...]:
    """Each row told apart from those above it with the same key."""
    seen: Counter[tuple[str, ...]] = Counter()
    counted = []
    for one in figures:
        counted.append(replace(one, part=seen[one.key]) if seen[one.key] else one)
        seen[one.key] += 1
    return tuple(counted)


def _evidence(appraisal: Appraisal) -> Iterator[Evidence]:
    for one in appraisal.assessments.values():
        yield from one.evidence
    for standing in appraisal.standings:
        yield from standing.evidence
    for claim in appraisal.dossier.told:
        yield claim.evidence
    for observed in appraisal.observations:
        yield observed.evidence
