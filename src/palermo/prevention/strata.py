"""Many strata, each estimated alone: over processes, from what is known already, and summed jointly.

What comes back does not depend on the number of processes or on how tables were put together in tasks: each
stratum's answer is a parcel (`parcel`) of the same bytes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from palermo.errors import InvalidRecord, Problem, Unknown
from palermo.prevention import addition, parcel, workers
from palermo.prevention import job as jobs
from palermo.prevention.addition import Sum
from palermo.prevention.cache import Cache
from palermo.prevention.estimate import Estimate
from palermo.prevention.job import Job, Numbered
from palermo.prevention.overlap import Overlap
from palermo.prevention.sheet import Stratum

Tables = Mapping[Stratum, Overlap]
Ended = Callable[[Stratum], None]
Runner = Callable[[Job, Sequence[Numbered]], Iterator[workers.Found]]
"""Runs a job on numbered tables: gives each number with its parcel, or None where it must be run again."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Strata:
    """The answer of each stratum, in the order in which the tables were given.

    `again` are the strata without an answer, because what worked on them was ended; `notes` say what else
    went otherwise than asked. `level` is that of the joint intervals.
    """

    method: str
    level: float
    parcels: Mapping[Stratum, bytes]
    again: tuple[Stratum, ...] = ()
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.parcels)

    def __getitem__(self, stratum: Stratum) -> Estimate:
        if stratum not in self.parcels:
            raise Unknown(f"stratum {', '.join(stratum)}: it has no answer. Estimate it, or run it again.")
        return parcel.unpack(self.parcels[stratum])

    def __or__(self, other: "Strata") -> "Strata":
        """These answers with those of another run, which stand where both have one."""
        parcels = {**self.parcels, **other.parcels}
        again = tuple(one for one in dict.fromkeys((*self.again, *other.again)) if one not in parcels)
        return replace(self, parcels=parcels, again=again, notes=(*self.notes, *other.notes))

    @property
    def digest(self) -> str:
        """A name for all the answers; the same strata give the same one, in whatever order they stand."""
        whole = sha256(repr(sorted(self.again)).encode())
        for stratum in sorted(self.parcels):
            whole.update(repr(stratum).encode() + sha256(self.parcels[stratum]).digest())
        return whole.hexdigest()

    def answers(self) -> Iterator[tuple[Stratum, Estimate]]:
        """Each stratum with its answer; one answer is in memory at a time."""
        return ((stratum, parcel.unpack(found)) for stratum, found in self.parcels.items())

    def sum(self) -> Sum:
        """Everyone together, with the interval of the sum."""
        return self.by().get((), addition.NOTHING)

    def by(self, *places: int) -> dict[Stratum, Sum]:
        """The sums of the strata that agree at these places of their names, replicate by replicate.

        The sums of any `by` have replicates that add up to those of `sum`.
        """
        return addition.sums(
            ((tuple(stratum[place] for place in places), one) for stratum, one in self.answers()),
            level=self.level,
        )

    def documents(self) -> Iterator[dict[str, Any]]:
        """Each stratum's answer, as the command writes it."""
        for stratum, one in self.answers():
            yield {"stratum": list(stratum), "table": one.table, "result": one.document()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to run: over how many processes, how many tables in one task, and with which cache, if any."""

    processes: int = 1
    batch: int = workers.BATCH
    cache: Cache | None = None
    ended: Ended | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        problems = [_MORE[name] for name in _MORE if getattr(self, name) < 1]
        if problems:
            raise InvalidRecord("strata", problems)


def estimate(
    tables: Tables,
    *,
    method: str,
    processes: int = 1,
    cache: Cache | None = None,
    batch: int = workers.BATCH,
    ended: Ended | None = None,
    **options: object,
) -> Strata:
    """Estimate each stratum by one method; `ended` hears each stratum that is done.

    A table that cannot be estimated is refused with its reason and loses nobody else's answer. Processes are
    spawned: a script that calls this keeps its own work under `if __name__ == "__main__"`.
    """
    plan = Plan(processes=processes, batch=batch, cache=cache, ended=ended)
    return run(tables, jobs.job(method, options), plan=plan, by=_local(plan))


def run(tables: Tables, job: Job, *, plan: Plan, by: Runner) -> Strata:
    """Take what the cache knows, have the rest run, keep it, and put all in the order of the tables."""
    cache, names = plan.cache, list(tables)
    damaged, lost = (cache.spoiled, cache.unwritten) if cache else (0, 0)
    parcels = _known(tables, job, cache)
    asked = [(number, tables[name]) for number, name in enumerate(names) if name not in parcels]
    _heard(parcels, plan)
    for number, found in by(job, asked):
        if found is not None:
            parcels[names[number]] = found
            _kept(found, cache, job, tables[names[number]])
            _heard([names[number]], plan)
    return Strata(
        method=job.method,
        level=float(str(dict(job.options).get("level", LEVEL))),
        parcels={name: parcels[name] for name in names if name in parcels},
        again=tuple(name for name in names if name not in parcels),
        notes=_notes(cache, damaged, lost),
    )


def apart(
    tables: Tables,
    *,
    names: Sequence[str],
    processes: int = 1,
    cache: Cache | None = None,
    ended: Callable[[str], None] | None = None,
    **options: object,
) -> dict[Stratum, tuple[Estimate, ...]]:
    """Each stratum's answers by the methods of these names; `ended` hears the method of each that is done.

    A stratum whose process was ended is estimated once more, by this process.
    """
    found = {name: _certain(tables, name, processes, cache, ended, options) for name in names}
    return {stratum: tuple(found[name][stratum] for name in names) for stratum in tables}


def _certain(
    tables: Tables,
    method: str,
    processes: int,
    cache: Cache | None,
    ended: Callable[[str], None] | None,
    options: Mapping[str, object],
) -> Strata:
    def heard(_: Stratum) -> None:
        if ended:
            ended(method)

    plan = Plan(processes=processes, cache=cache, ended=heard)
    job = jobs.job(method, options)
    first = run(tables, job, plan=plan, by=_local(plan))
    if not first.again:
        return first
    rest, alone = {stratum: tables[stratum] for stratum in first.again}, replace(plan, processes=1)
    return first | run(rest, job, plan=alone, by=_local(alone))


def _local(plan: Plan) -> Runner:
    return lambda job, tables: workers.run(job, tables, processes=plan.processes, batch=plan.batch)


def _known(tables: Tables, job: Job, cache: Cache | None) -> dict[Stratum, bytes]:
    if cache is None:
        return {}
    found = ((stratum, cache.find(job.key(table))) for stratum, table in tables.items())
    return {stratum: one for stratum, one in found if one is not None}


def _kept(found: bytes, cache: Cache | None, job: Job, table: Overlap) -> None:
    if cache and parcel.sound(parcel.unpack(found)):
        cache.keep(job.key(table), found)


def _heard(strata: Sequence[Stratum] | Mapping[Stratum, bytes], plan: Plan) -> None:
    if plan.ended:
        for stratum in strata:
            plan.ended(stratum)


def _notes(cache: Cache | None, damaged: int, lost: int) -> tuple[str, ...]:
    if cache is None:
        return ()
    told = (
        (cache.spoiled - damaged, "results on disk were damaged: they were computed anew."),
        (cache.unwritten - lost, "results could not be kept on disk."),
    )
    return tuple(f"{number} {words}" for number, words in told if number)


LEVEL = 0.95
_MORE = {
    name: Problem(rule="option", path=name, wrong="It is less than 1.", remedy="Give 1 or more.")
    for name in ("processes", "batch")
}
