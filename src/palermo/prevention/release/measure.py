"""The measurements of a release: every query of a plan asked once, each paid for, and no more let out."""

from collections.abc import Callable
from math import comb

from palermo.prevention.release import candidates, counts, noise
from palermo.prevention.release.cells import Cells
from palermo.prevention.release.guarded import Public, Secret
from palermo.prevention.release.noise import Integers
from palermo.prevention.release.persons import Persons
from palermo.prevention.release.plan import WAYS, Plan
from palermo.prevention.release.tables import Measured, Query, Table


def measured(secret: Secret[Persons], plan: Plan) -> Measured:
    """Ask all that the plan asks. The charge of each query is the plan's, whatever its answer.

    Where more persons are counted than the plan was made for, the rest is charged less: `Plan.of_people`.
    """
    people = noise.noised(counts.persons(secret), squared=1, rho=plan.parts["persons"])
    number = max(int(people.value[0]), 0)
    plan = plan.of_people(number)
    recorded = noise.noised(counts.recorded(secret), squared=1, rho=plan.parts["recorded"])
    asked = [_query("persons", people, 1), _query("recorded", recorded, 1)]
    tables, left_out, caps = list[Table](), list[int](), list[int]()
    for ways in range(1, plan.reach + 1):
        caps.append(_cap(plan, recorded.value, tables, caps))
        cap = caps[-1]
        cells, beyond = candidates.candidates(plan.sizes, tables, most=plan.most)
        found = noise.noised(
            _counted(secret, cells, cap), squared=comb(cap, ways), rho=plan.parts[WAYS[ways - 1]]
        )
        asked.append(_query(WAYS[ways - 1], found, comb(cap, ways)))
        bar = plan.cut * asked[-1].sigma if ways > 1 else 1.0
        tables.append(Table(cells=cells, noisy=found.value, sigma=asked[-1].sigma, bar=bar))
        left_out.append(beyond)
    return Measured(
        sizes=plan.sizes,
        people=number,
        caps=tuple(caps),
        tables=tuple(tables),
        queries=tuple(asked),
        left_out=tuple(left_out),
    )


def _cap(plan: Plan, recorded: Integers, tables: list[Table], caps: list[int]) -> int:
    """The cap of the next table: the pairs' own is the triples' too, so that rows can have both."""
    if not tables:
        return plan.first_cap(recorded)
    return plan.cap(recorded, tables[0].noisy) if len(tables) == 1 else caps[-1]


def _query(name: str, found: Public[Integers], squared: int) -> Query:
    return Query(name=name, squared=squared, sigma=noise.sigma(squared, found.rho), rho=found.rho)


def _counted(secret: Secret[Persons], cells: Cells, cap: int) -> Secret[Integers]:
    if cells.ways == 1:
        return counts.ones(secret, cap)
    counted: Callable[[Secret[Persons], Cells, int], Secret[Integers]]
    counted = counts.pairs if cells.ways == 2 else counts.triples
    return counted(secret, cells, cap)
