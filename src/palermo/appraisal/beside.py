"""What a report shows beside an appraisal and never counts in it: outside context, and root causes."""

from dataclasses import dataclass
from pathlib import Path

from palermo.appraisal import context
from palermo.appraisal.composite import causes
from palermo.appraisal.composite.causes import Vulnerability
from palermo.appraisal.context import Context, Outside
from palermo.appraisal.register import Register, TableRead
from palermo.errors import Unreachable


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """Where a State stands among `units` by root causes: the 90 % interval of its place, 1 the most exposed.

    `first` and `last` are the quarters that the interval touches; `filled` is the share of filled-in figures.
    """

    units: int
    low: int
    high: int
    first: int
    last: int
    draws: int
    filled: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The context of one State, and its exposure to root causes; None where no table was read."""

    context: Context | None = None
    exposure: Exposure | None = None
    tables: tuple[TableRead, ...] = ()


NOTHING = Beside()


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """The outside tables of a folder, read once for every State."""

    outside: Outside
    vulnerability: Vulnerability | None

    def of(self, state: str) -> Beside:
        """What stands beside the appraisal of that State."""
        return Beside(
            context=context.of(self.outside, state),
            exposure=_exposure(self.vulnerability, state),
            tables=self._tables,
        )

    @property
    def _tables(self) -> tuple[TableRead, ...]:
        own = set(context.files())
        outside = tuple(one for one in self.outside.tables if one.file in own)
        return (*outside, *(self.vulnerability.causes.tables if self.vulnerability else ()))


def read(folder: Path, register: Register) -> Aside:
    """The outside tables of the folder that this register was read from; what it lacks is not shown."""
    return Aside(outside=context.read(folder, register=register), vulnerability=_vulnerability(folder))


def _vulnerability(folder: Path) -> Vulnerability | None:
    try:
        return causes.vulnerability(folder)
    except Unreachable:  # a folder without tables of root causes
        return None


def _exposure(found: Vulnerability | None, state: str) -> Exposure | None:
    if found is None or state not in found.index.units:
        return None
    place = found.index.place(state)
    low, high = found.found.interval(state)
    quarters = found.found.standings[place]
    return Exposure(
        units=len(found.index.units),
        low=low,
        high=high,
        first=quarters.first,
        last=quarters.last,
        draws=len(found.found.draws),
        filled=found.index.imputed_share(state),
    )
