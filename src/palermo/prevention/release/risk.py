"""The risk report on a release, which a data-protection officer reads and signs before it is published.

It opens the real records and is covered by no promise: it stays inside the node, and nothing that makes or
packs a release may import it. Four questions are asked, each with what was tried, what was found and what
that does not show: who stands out, whether rows of single persons reappear, what rows tell of a person beyond
public totals, and whether a reader can tell that a person was in the table.
"""

from collections.abc import Callable, Sequence
from itertools import count

from palermo.errors import InvalidRecord, Problem, Unknown, WrongState
from palermo.prevention.release import fit, holdout, measure, membership
from palermo.prevention.release.alike import of_rows
from palermo.prevention.release.exposure import Exposure, exposed
from palermo.prevention.release.guarded import Secret
from palermo.prevention.release.holdout import Codes, Make
from palermo.prevention.release.inference import inferred
from palermo.prevention.release.made import Release
from palermo.prevention.release.opening import opened
from palermo.prevention.release.packed import Packed
from palermo.prevention.release.persons import Persons
from palermo.prevention.release.plan import Plan
from palermo.prevention.release.report import Asked, Report
from palermo.prevention.release.risk_words import problem
from palermo.prevention.release.schema import Schema
from palermo.standards.header import simple

USUAL = frozenset(
    """
    year yearregistered yearofregistration annee month mois
    sex sexe gender genre age ageband agegroup agebroad
    citizenship nationality nationalite country pays countryofexploitation region province district
    """.split()  # noqa: SIM905  # one word a line would fill a page
)
"""Names of columns that a neighbour, an employer or a trafficker knows of a person (quasi-identifiers)."""

Moved = Callable[[float], None]
"""Told the part of the work that is done, from 0 to 1."""


def usual(schema: Schema) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns that an attacker usually knows, and all others, which are to stay hidden.

    Where that leaves one side empty, the last column is to stay hidden from who knows all before it.
    """
    names = tuple(column.name for column in schema.columns)
    known = tuple(name for name in names if simple(name) in USUAL)
    hidden = tuple(name for name in names if name not in known)
    return (known, hidden) if known and hidden else (names[:-1], names[-1:])


def asked(schema: Schema, *, known: Sequence[str], sensitive: Sequence[str], **changed: int) -> Asked:
    """What is asked, by the names of columns; of a column of several values, each code is a field."""
    if problems := _problems(known, sensitive):
        raise InvalidRecord("risk", problems)
    fields = {name: _fields(schema, name) for name in (*known, *sensitive)}
    return Asked(
        known=tuple(field for name in known for field in fields[name]),
        sensitive=tuple(field for name in sensitive for field in fields[name]),
        **changed,
    )


def _problems(known: Sequence[str], sensitive: Sequence[str]) -> list[Problem]:
    found = [problem("both", path=f"column {name}") for name in known if name in sensitive]
    missing = [word for word, names in (("known", known), ("sensitive", sensitive)) if not names]
    return found + [problem("none-asked", path=word) for word in missing]


def _fields(schema: Schema, name: str) -> list[int]:
    found = [place for place, field in enumerate(schema.fields) if field.column == name]
    if not found:
        names = ", ".join(column.name for column in schema.columns)
        raise Unknown(f"The schema has no column {name}. Use one of: {names}.")
    return found


def report(
    secret: Secret[Persons],
    release: Release | Packed,
    *,
    asked: Asked,
    make: Make | None = None,
    moved: Moved | None = None,
) -> Report:
    """Try to find persons in a release of them. Trial releases are made as the plan says, and thrown away."""
    if release.rows is None:
        raise WrongState("The release has no rows to find anyone in. Read the errors of its counts instead.")
    trial = make or making(release.plan)
    counted = _counted(trial, of=asked.trials + 2 * asked.runs, moved=moved) if moved else trial
    return _report(opened(secret), release.rows, release, asked=asked, make=counted)


def _counted(make: Make, *, of: int, moved: Moved) -> Make:
    """The same, telling after each release how many of all are made."""
    number = count(1)

    def counted(persons: Secret[Persons], seed: int) -> Codes:
        rows = make(persons, seed)
        moved(next(number) / of)
        return rows

    return counted


def _report(persons: Persons, rows: Codes, release: Release | Packed, *, asked: Asked, make: Make) -> Report:
    whole = range(len(persons.sizes))
    allowed = membership.bound(epsilon=release.epsilon, delta=release.delta, rho=release.rho_micro)
    return Report(
        asked=asked,
        epsilon=release.epsilon,
        delta=release.delta,
        real=_exposed(persons, asked),
        released=_exposed(of_rows(rows, persons.sizes), asked),
        alone=holdout.alone(persons, rows, make, columns=whole, trials=asked.trials, seed=asked.seed),
        inferences=tuple(inferred(persons, rows, known=asked.known, column=one) for one in asked.sensitive),
        membership=membership.tested(
            persons, make, runs=asked.runs, among=asked.among, seed=asked.seed, allowed=allowed
        ),
    )


def _exposed(persons: Persons, asked: Asked) -> Exposure:
    return exposed(persons, known=asked.known, sensitive=asked.sensitive, least=asked.least)


def making(plan: Plan, *, moves: int = fit.EFFORT) -> Make:
    """Rows as a release by this plan makes them."""

    def make(persons: Secret[Persons], seed: int) -> Codes:
        return fit.fitted(measure.measured(persons, plan), seed=seed, effort=moves)[0].rows

    return make
