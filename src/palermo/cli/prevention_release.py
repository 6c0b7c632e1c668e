"""`palermo prevention release`: publish counts and made-up rows of persons, within a privacy budget."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from palermo.cli.prevention_progress import Reach, note, steps

if TYPE_CHECKING:
    from palermo.errors import Problem
    from palermo.prevention.release.described import Telling
    from palermo.prevention.release.guarded import Secret
    from palermo.prevention.release.ledger import Entry, Limits
    from palermo.prevention.release.made import Effort, Release
    from palermo.prevention.release.persons import Persons
    from palermo.prevention.release.plan import Plan
    from palermo.prevention.release.schema import Schema
    from palermo.prevention.release.signature import Key

EPILOG = (
    "Example: palermo prevention release cases.csv --schema schema.toml --epsilon 4 --ledger ledger.jsonl "
    "--out pack   Exit code: 0 published, 2 a file is not right, 3 the budget refuses it."
)
AUTO = "auto"
PERSONS = 100_000
NO_LEDGER = "No --ledger: nobody keeps account of what this release spends."

ONE_ROW = (
    "Each row is taken for one person. If one of these columns tells persons apart, name it with "
    'person = "..." in the schema: who is in two rows gives away twice as much as is promised.'
)

SHOWN = 5
"""Texts of a column of which it is said how they are read."""

BEFORE, AFTER = 0.15, 0.95
"""The parts of a bar before and after a release is made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for on the command line, beside the files."""

    epsilon: float
    delta: str
    persons: int
    ways: int
    rounds: str
    seed: int
    rows: bool
    lifetime: float
    approvers: tuple[str, ...]
    publisher: str
    licence: str
    title: str
    cohort: str
    on: date


def release(
    table: Annotated[
        Path, typer.Argument(help="CSV, workbook or Parquet: one row a person.", dir_okay=False, exists=True)
    ],
    schema: Annotated[
        Path, typer.Option(help="TOML: the columns and their closed lists.", dir_okay=False, exists=True)
    ],
    out: Annotated[Path, typer.Option(help="The folder of the pack, new or empty.")],
    epsilon: Annotated[float, typer.Option(min=0.01, max=100, help="What this release may give away.")] = 4,
    delta: Annotated[str, typer.Option(help="A number, or auto: 1 / (n ln n), n from --persons.")] = AUTO,
    persons: Annotated[
        int, typer.Option(min=1, help="At most so many, as the public knows; only delta is made of it.")
    ] = PERSONS,
    ways: Annotated[int, typer.Option(min=1, max=3, help="Columns that a count combines at most.")] = 3,
    rounds: Annotated[str, typer.Option(help="Fits whose mean the counts are: a number, or auto.")] = AUTO,
    seed_public: Annotated[int, typer.Option(min=0, help="Of the fits; noise has no seed.")] = 1,
    ledger: Annotated[
        Path | None, typer.Option(help="The account of all releases; made if new.", dir_okay=False)
    ] = None,
    lifetime: Annotated[
        float, typer.Option(min=0.01, help="Epsilon that all releases of the ledger may spend.")
    ] = 4,
    rows: Annotated[bool, typer.Option(help="Publish made-up rows too, or counts alone.")] = True,
    key: Annotated[
        Path | None,
        typer.Option(help="PEM: the Ed25519 key that signs the pack.", dir_okay=False, exists=True),
    ] = None,
    approved_by: Annotated[
        list[str] | None, typer.Option(metavar="OFFICE", help="Who approved it; again for a second.")
    ] = None,
    publisher: Annotated[str, typer.Option(help="Who publishes it.")] = "",
    licence: Annotated[str, typer.Option(help="The licence of the pack.")] = "",
    title: Annotated[str, typer.Option(help="What stands over the figures.")] = "",
    cohort: Annotated[
        str, typer.Option(help="Years of registration: 2020-2024, 2020-, -2024, or all.")
    ] = "all",
    on: Annotated[
        datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="Of the release; today if none.")
    ] = None,
) -> None:
    """Publish counts and made-up rows of a table of persons, within a privacy budget."""
    asked = Asked(
        epsilon=epsilon,
        delta=delta,
        persons=persons,
        ways=ways,
        rounds=rounds,
        seed=seed_public,
        rows=rows,
        lifetime=lifetime,
        approvers=_approvers(approved_by or ()),
        publisher=publisher,
        licence=licence,
        title=title,
        cohort=_cohort(cohort),
        on=on.date() if on else datetime.now(UTC).date(),
    )
    with steps() as reach:
        reach("Checking", 0)
        found = Publishing(asked, table=table, schema=schema, out=out, ledger=ledger, key=key).run(reach)
    typer.echo("\n".join(_lines(found, out)))


class Publishing:
    """One release, from files to a folder. What can be refused without reading persons is refused first."""

    def __init__(
        self, asked: Asked, *, table: Path, schema: Path, out: Path, ledger: Path | None, key: Path | None
    ) -> None:
        from palermo.prevention.release import folder, schema_text, signature

        self.asked, self.table, self.out, self.ledger = asked, table, out, ledger
        if ledger and ledger.resolve().is_relative_to(out.resolve()):
            raise typer.BadParameter(
                f"--ledger {ledger} is in the folder of the pack, which is published. Keep it elsewhere."
            )
        lists = schema_text.content(schema)
        self.schema: Schema = schema_text.decoded(lists, where=schema.name)
        self.plan: Plan = _plan(self.schema, asked)
        self.effort: Effort = _effort(asked)
        self.key: Key | None = signature.key(key) if key else None
        self.entry = self._entry(hashlib.sha256(lists).hexdigest())
        folder.ready(out)

    def run(self, reach: Reach) -> "Release":
        """Read, reserve, measure, fit and write; what was reserved stays spent whatever happens."""
        from palermo.prevention import compiled
        from palermo.prevention.release import described, intake, pack

        self._account()
        if not compiled.prepared(["release"]):
            note(compiled.FIRST)
        reach("Reading", 0.05)
        read = intake.read(self.table, self.schema)
        for line in _mappings(self.schema):
            note(line)
        if read.left_out:
            note(f"Columns that the schema does not name are not released: {', '.join(read.left_out)}.")
            if self.schema.person is None:
                note(ONE_ROW)
        with self._reserved(read.hash) as finished:
            found = self._made(read.persons, reach)
            reach("Writing", AFTER)
            files = described.files(found, self.schema, self._telling(), signed=self.key is not None)
            pack.write(files, self.out, key=self.key)
            finished(found.cap)
        return found

    def _made(self, persons: "Secret[Persons]", reach: Reach) -> "Release":
        """The release; the bar moves while it is fitted and while its intervals are found."""
        from palermo.prevention.release import made
        from palermo.prevention.release.stage import Stage

        names = {Stage.MEASURING: "Measuring", Stage.FITTING: "Fitting", Stage.SPREAD: "Intervals"}
        return made.make(
            persons,
            self.plan,
            seed=self.asked.seed,
            rows=self.asked.rows,
            effort=self.effort,
            told=lambda part, stage: reach(names[stage], BEFORE + (AFTER - BEFORE) * part),
        )

    def _account(self) -> None:
        """Refuse what the budget does not hold, and say what is to be known."""
        from palermo.errors import Disclosive
        from palermo.prevention.release import ledger, ledger_file

        known = ledger_file.read(self.ledger, self._limits).ledger if self.ledger else ledger.Ledger()
        if against := ledger.against(known, self.entry, self._limits):
            raise Disclosive(f"{self.table.name}: {' '.join(map(_sentence, against))}")
        for problem in ledger.warnings(known, self.entry, self._limits):
            note(_sentence(problem))
        if not self.ledger:
            note(NO_LEDGER)

    @contextmanager
    def _reserved(self, table: str) -> Iterator[Callable[[int], None]]:
        """The budget reserved; the entry says failed unless it is told to be finished."""
        from palermo.prevention.release import ledger_file
        from palermo.prevention.release.ledger import EntryState

        if self.ledger is None:
            yield lambda cap: None
            return
        path, named = self.ledger, self.entry.release
        ledger_file.reserve(path, self.entry, self._limits)
        with ExitStack() as undone:
            undone.callback(lambda: ledger_file.close(path, named, EntryState.FAILED, at=_now()))

            def finished(cap: int) -> None:
                undone.pop_all()
                ledger_file.close(
                    path, named, EntryState.FINISHED, at=_now(), cap=cap, table=self._digest(table)
                )

            yield finished

    @property
    def _limits(self) -> "Limits":
        """Of the ledger; where there is none, nothing is known of a lifetime."""
        from palermo.prevention.release.ledger import Limits

        return Limits(lifetime=self.asked.lifetime if self.ledger else inf)

    def _entry(self, schema_hash: str) -> "Entry":
        from palermo import __version__
        from palermo.prevention.release.ledger import Entry

        return Entry(
            rho_micro=self.plan.rho,
            release=f"{self.out.name}-{_now('microseconds')}",
            purpose=self.schema.purpose.en,
            delta=self.plan.delta,
            epsilon=self.plan.epsilon,
            lifetime=self._limits.lifetime,
            version=__version__,
            schema_hash=schema_hash,
            cohort=self.asked.cohort,
            approvers=self.asked.approvers,
            at=_now(),
        )

    def _digest(self, table: str) -> str:
        """A digest of the table that only the holder of the signing key can make again; none without it."""
        return hashlib.sha256(self.key.sign(f"table {table}".encode())).hexdigest() if self.key else ""

    def _telling(self) -> "Telling":
        from palermo.prevention.release.described import Telling
        from palermo.standards.field import Text

        asked = self.asked
        return Telling(
            on=asked.on,
            title=Text(en=asked.title, fr=asked.title),
            publisher=asked.publisher,
            approvers=asked.approvers,
            licence=asked.licence,
        )


def _approvers(given: Sequence[str]) -> tuple[str, ...]:
    """Who approved it, each told once: a second who is the first again is no second."""
    told = {name.casefold(): name for name in reversed([" ".join(one.split()) for one in given])}
    if "" in told:
        raise typer.BadParameter(
            "--approved-by names nobody. Name the office that approved, or leave it out."
        )
    return tuple(reversed(told.values()))


def _cohort(name: str) -> str:
    from palermo.prevention.release import cohort

    if not cohort.readable(name):
        raise typer.BadParameter(
            f"--cohort {name} says no years. Write 2020-2024 (2020-2020 for one year), 2020-, -2024 or all."
        )
    return name


def _plan(schema: "Schema", asked: Asked) -> "Plan":
    from palermo.prevention.release import budget
    from palermo.prevention.release.ledger import MOST_DELTA
    from palermo.prevention.release.plan import Plan

    try:
        delta = budget.delta(asked.persons) if asked.delta == AUTO else _number(asked.delta)
        if not 0 < delta <= MOST_DELTA:
            raise ValueError(f"--delta {delta} is not over 0 and at most {MOST_DELTA}.")
        bound = asked.persons if asked.delta == AUTO else None
        return Plan(sizes=schema.sizes, epsilon=asked.epsilon, delta=delta, ways=asked.ways, persons=bound)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise ValueError(f"--delta {text} is neither auto nor a number.") from error


def _effort(asked: Asked) -> "Effort":
    from dataclasses import replace

    from palermo.prevention.release import made

    usual = made.ROWS if asked.rows else made.COUNTS
    if asked.rounds == AUTO:
        return usual
    if not asked.rounds.isdecimal() or not 1 <= int(asked.rounds) <= 100:
        raise typer.BadParameter(f"--rounds {asked.rounds} is neither auto nor a number from 1 to 100.")
    return replace(usual, fits=int(asked.rounds))


def _lines(found: "Release", out: Path) -> Iterator[str]:
    """What was published, for a terminal."""
    from palermo.prevention.release import pack

    yield f"{out}: epsilon {found.plan.epsilon:g} at delta {found.delta:g}, rho {found.rho_micro / 1e6:g}"
    yield f"about {found.people:,} persons; combinations count at most {found.cap} recorded fields of each"
    yield from (_way(found, ways) for ways in range(1, len(found.caps) + 1))
    yield f"{len(found.rows):,} made-up rows" if found.rows is not None else _rowless(found)
    if found.rows is not None and not pack.has_parquet():
        yield "rows.parquet is left out: pyarrow is not installed here"
    if 10 * found.people * found.delta > 1:
        yield "! delta is over 1 / (10 persons): take a smaller one, or auto, next time"
    if found.plan.counted:
        yield "! more persons than --persons: delta was made smaller, so noise is larger than it had to be"


def _rowless(found: "Release") -> str:
    """Why there are no rows."""
    from palermo.prevention.release.plan import FEWEST

    few = f": rows need {FEWEST:,} persons or more" if found.people < FEWEST else ""
    return f"no rows, counts alone{few}"


def _mappings(schema: "Schema") -> Iterator[str]:
    """The texts that are not read as they stand, column by column; all of them are in the codebook."""
    for column, found in groupby(schema.mappings(), key=lambda one: one[0]):
        told = [f"“{text}” is {code or 'not recorded'}" for _, text, code in found if text]
        if told:
            more = f", and {len(told) - SHOWN} more (see the codebook)" if len(told) > SHOWN else ""
            yield f"{column}: {', '.join(told[:SHOWN])}{more}."


def _way(found: "Release", ways: int) -> str:
    """How many counts of so many columns there are, and how wrong the mean one is."""
    known = [one for one in found.errors if one.ways == ways and one.cells]
    cells = sum(one.cells for one in known)
    mean = sum(one.cells * one.error for one in known) / cells if cells else 0.0
    published = sum(len(one.columns) == ways for one in found.counts)
    limit = found.limits[ways - 1]
    return f"{ways}-way: {published:,} counts of {limit} and more, mean error about {mean:.1f}"


def _sentence(problem: "Problem") -> str:
    return f"{problem.wrong} {problem.remedy}"


def _now(parts: str = "seconds") -> str:
    return datetime.now(UTC).isoformat(timespec=parts)
