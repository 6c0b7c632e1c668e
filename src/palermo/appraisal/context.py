"""What others say of a State: tiers, policy indices, statistics. Shown beside its appraisal, never counted.

No outside score is the truth: the United States' tier and Cho's 3P agree only in part (Spearman -0.61 over
1,875 pairs of State and year). So nothing that assesses, ranks or scores may import this module (a test reads
the imports), and where two of them disagree about the same year, that is shown.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

from palermo.appraisal import observation, published, reader, table, words
from palermo.appraisal import register as registers
from palermo.appraisal.evidence import Grade, Source
from palermo.appraisal.observation import TOTAL, Observation, ObservationStatus
from palermo.appraisal.reader import Kind, Place, Row
from palermo.appraisal.register import Register, TableRead
from palermo.appraisal.table import Count
from palermo.appraisal.words import Phrase, Text, say
from palermo.errors import Unreachable

SAME_THING = ("detected_victims", "VC_HTF_DETV")
OFFICE_SERIES = ("detected_victims", "persons_prosecuted", "persons_convicted")


class Band(StrEnum):
    """Where a value stands on its own scale, cut in three by `framework/context.toml`."""

    WEAK = "weak"
    MIDDLE = "middle"
    STRONG = "strong"


class Agreement(StrEnum):
    """How two outside figures of the same year compare."""

    AGREE = "agree"
    DIFFER = "differ"
    OPPOSITE = "opposite"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What the outside tables of a folder say, and what became of their rows."""

    observations: tuple[Observation, ...] = ()
    tables: tuple[TableRead, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One outside figure with its year and source; `band` is given for scores and not for counts."""

    series: str
    observation: Observation
    band: Band | None = None

    @property
    def name(self) -> Phrase:
        return say(f"series.{self.series}")

    @property
    def period(self) -> int:
        return self.observation.period

    @property
    def source(self) -> Source:
        return self.observation.found.source


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two outside figures about the same year, and whether they agree."""

    period: int
    first: Said
    second: Said
    agreement: Agreement

    @property
    def says(self) -> Phrase:
        """The comparison in words; both figures with their sources are `first` and `second`."""
        return say(
            f"context.{self.agreement}",
            year=str(self.period),
            first=self.first.name,
            second=self.second.name,
            low=self.first.observation.figure,
            high=self.second.observation.figure,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The newest figure of each outside measure, and each pair that speaks of the same year."""

    state: str
    rows: tuple[Said, ...]
    comparisons: tuple[Comparison, ...]

    @property
    def disagreements(self) -> tuple[Comparison, ...]:
        return tuple(one for one in self.comparisons if one.agreement is not Agreement.AGREE)


def of(source: Path | Register | Outside, state: str) -> Context:
    """The outside context of one State: of a folder of tables, of a register, or of tables already read.

    A register holds statistics alone; `read(folder)` adds the tables of outside scores.
    """
    said = [one for one in _observations(source) if one.state == state and one.is_total]
    rows = tuple(_said(one) for one in _newest(said))
    return Context(state=state, rows=rows, comparisons=(*_of_scores(said), *_of_counts(said)))


def read(folder: Path, *, register: Register | None = None) -> Outside:
    """The outside scores of a folder with the statistics beside them; a folder may hold none of either.

    `register` is what was read from the folder already, where it was.
    """
    if not folder.is_dir():
        raise Unreachable(f"{folder}: there is no such folder. Give the folder of the tables with --data.")
    parts = [_table(folder / name) for name in files() if (folder / name).is_file()]
    statistics = register.observations if register else _statistics(folder)
    return Outside(
        observations=(*(one for part in parts for one in part.observations), *statistics),
        tables=tuple(one for part in parts for one in part.tables),
    )


def files() -> tuple[str, ...]:
    """The names of the tables of outside scores that are known."""
    return tuple(_catalogue()["table"])


def _observations(source: Path | Register | Outside) -> tuple[Observation, ...]:
    return read(source).observations if isinstance(source, Path) else source.observations


def _statistics(folder: Path) -> tuple[Observation, ...]:
    try:
        return registers.read(folder).observations
    except Unreachable:  # a folder with outside scores alone
        return ()


def _table(path: Path) -> Outside:
    entry = _catalogue()["table"][path.name]
    sheet = table.read(path, columns=PANEL.columns)
    own = entry.get("source")
    place = Place(
        file=path.name,
        source=None,
        as_of=entry["as_of"],
        sources=lambda name: _source(own or name),
    )
    facts, count = reader.facts(PANEL, sheet, place)
    return Outside(
        observations=tuple(one for one in facts if isinstance(one, Observation)),
        tables=(_account(sheet, count),),
    )


def _account(sheet: table.Sheet, count: Count) -> TableRead:
    return TableRead(
        file=sheet.file,
        sha256=sheet.sha256,
        rows=count.rows,
        used=count.used,
        unused=tuple(sorted(count.unused.items())),
        problems=tuple(count.problems),
    )


def _panel(line: int, row: Row, place: Place, count: Count) -> Iterator[Observation]:
    """One observation for each measure that the row fills; a year without a rating is counted and said."""
    filled = [name for name, entry in measures().items() if row[entry["column"]].strip()]
    if not filled:
        count.leave(row["tier_note"].strip() or "no score in this year")
    for name in filled:
        yield _observation(name, line, row, place)


def _observation(name: str, line: int, row: Row, place: Place) -> Observation:
    entry = measures()[name]
    cell = row[entry["column"]].strip()
    value = reader.bounds(cell, entry["column"])
    whole = int(value.low) if value.low == int(value.low) else value.low
    return Observation(
        state=row["iso3"].strip(),
        series=name,
        period=reader.year(row["year"], "year"),
        bounds=observation.Bounds(low=whole, high=whole),
        value_text=cell,
        unit="score",
        sex=TOTAL,
        age=TOTAL,
        form=TOTAL,
        status=ObservationStatus.REPORTED,
        found=replace(place, source=place.sources(entry["source"])).found(line),
    )


def measures() -> Mapping[str, Mapping[str, Any]]:
    """The outside scores that are known: the column, the source and the bands of each."""
    known: Mapping[str, Mapping[str, Any]] = _catalogue()["measure"]
    return known


def _catalogue() -> Mapping[str, Any]:
    return words.table("context.toml")


@cache
def _source(name: str) -> Source:
    entry = _catalogue()["source"][name]
    return Source(
        id=name, name=Text(**entry["name"]), publisher=Text(**entry["publisher"]), grade=Grade(entry["grade"])
    )


PANEL = Kind(
    columns=("iso3", "name", "year", "tier_note", *(one["column"] for one in measures().values())),
    facts=_panel,
)


def shown_series() -> tuple[str, ...]:
    """What the context shows, in its order: outside scores, the offices' counts, the goal series."""
    return (*measures(), *OFFICE_SERIES, *sorted(published.SDG_SERIES))


def _newest(said: Iterable[Observation]) -> tuple[Observation, ...]:
    """The newest year of each series; within a year the newest edition."""
    newest: dict[str, Observation] = {}
    for one in sorted(said, key=lambda one: (one.period, one.found.as_of)):
        newest[one.series] = one
    return tuple(newest[name] for name in shown_series() if name in newest)


def _said(one: Observation) -> Said:
    return Said(series=one.series, observation=one, band=band(one.series, float(one.bounds.low)))


def band(series: str, value: float) -> Band | None:
    """Where a value stands on its scale; None for a series that is no score."""
    entry = measures().get(series)
    if entry is None:
        return None
    middle, strong = entry["bands"]
    sign = -1 if entry.get("low_is_good") else 1
    if sign * value >= sign * strong:
        return Band.STRONG
    return Band.MIDDLE if sign * value >= sign * middle else Band.WEAK


def _of_scores(said: Iterable[Observation]) -> Iterator[Comparison]:
    """Every two overall scores, in the newest year for which both stand."""
    overall = [name for name, entry in measures().items() if entry.get("overall")]
    years = {name: {one.period: one for one in said if one.series == name} for name in overall}
    for first, second in combinations(overall, 2):
        if both := years[first].keys() & years[second].keys():
            yield _bands_compared(years[first][max(both)], years[second][max(both)])


def _bands_compared(first: Observation, second: Observation) -> Comparison:
    one, other = _said(first), _said(second)
    order = list(Band)
    apart = abs(order.index(one.band or Band.WEAK) - order.index(other.band or Band.WEAK))
    agreement = (Agreement.AGREE, Agreement.DIFFER, Agreement.OPPOSITE)[apart]
    return Comparison(period=first.period, first=one, second=other, agreement=agreement)


def _of_counts(said: Iterable[Observation]) -> Iterator[Comparison]:
    """The two offices' counts of detected victims, in the newest year for which both stand."""
    years = [{one.period: one for one in said if one.series == name} for name in SAME_THING]
    if both := years[0].keys() & years[1].keys():
        first, second = (of_year[max(both)] for of_year in years)
        agreement = Agreement.AGREE if first.bounds.meets(second.bounds) else Agreement.DIFFER
        yield Comparison(period=max(both), first=_said(first), second=_said(second), agreement=agreement)
