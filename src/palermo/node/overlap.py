"""Which lists know whom: the overlap table of a question, counted over every agency's cases of this node.

Cases are joined by their person keys (`person_key`): two cases that share one are about one person, and so
are two that a third joins. Left out, and counted, are cases without a key; left out too are erased persons,
cases that are no victim's, doubled or withdrawn, people who withdrew their consent to statistics, and where
years are told apart, cases without one.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import numpy as np
from django.db.models import Exists, OuterRef, Q, QuerySet

from palermo.errors import Problem
from palermo.node import person_key, tenancy
from palermo.node.draw import Draw
from palermo.node.keyfile import current
from palermo.node.models import Case, Consent, PersonKey
from palermo.node.question import Question
from palermo.prevention.overlap import Overlap
from palermo.prevention.sheet import Sheet, Stratum

OUTSIDE = ("withdrawn_by_person", "merged", "out_of_scope_pathway", "not_recognised", "rg_negative")
UNSAID = "not_recorded"
FEWEST_PEOPLE = 50
_NO_ANSWER = (None, "", "null")
COLUMNS = ("pk", "agency", "created_at", "year", "sex", "age_band", "forms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The exact table of a question, which never leaves the node, and `shown`, the same in rounded counts.

    `cases` went into it; `unkeyed` were left out, with too little identity. `agencies` have cases in it.
    `differing` counts, for each column of strata, the people whose cases say different things.
    """

    sheet: Sheet
    shown: Sheet
    cases: int
    unkeyed: int
    shown_cases: int
    shown_unkeyed: int
    agencies: tuple[str, ...]
    differing: Mapping[str, int]


class _Row(NamedTuple):
    """What is read of a case; COLUMNS are its columns."""

    case: str
    agency: str
    at: datetime
    year: str | None
    sex: str | None
    age_band: str | None
    forms: str | None

    def said(self, name: str) -> list[str]:
        """The values of a column of strata; none where there is no answer, which SQLite calls `null`."""
        values = json.loads(self.forms or "[]") if name == "form" else [getattr(self, name)]
        return [value for value in values if value not in _NO_ANSWER]


@dataclass(slots=True)
class _Person:
    """What the cases of one person say together."""

    digest: bytes
    cell: int = 0
    said: dict[str, list[tuple[datetime, int, str]]] = field(default_factory=lambda: defaultdict(list))


def found(asked: Question, *, now: datetime) -> Found:
    """Count who is in which lists of the question."""
    tally = _Tally(asked)
    with tenancy.scope(tenancy.EVERY_AGENCY):
        keys = opened_keys(asked.agencies)
        cases = counted(asked.agencies, since=asked.since, until=asked.until, now=now)
        if "year" in asked.strata:
            cases = cases.exclude(year=None)
        for row in cases.values_list(*COLUMNS).iterator():
            tally.add(_Row(*row), keys.get(row[0], ()))
    return tally.found()


def against(found: Found) -> tuple[Problem, ...]:
    """Why no estimate is made of it, beyond what the methods say; empty means go."""
    return () if found.sheet.whole.observed >= FEWEST_PEOPLE else (_FEW_PEOPLE,)


_FEW_PEOPLE = Problem(
    rule="few-people",
    path="lists",
    wrong=f"Fewer than {FEWEST_PEOPLE} people are known to these lists in these years.",
    remedy="Ask about more agencies or years.",
    wrong_fr=f"Moins de {FEWEST_PEOPLE} personnes sont connues de ces listes en ces années.",
    remedy_fr="Interrogez plus d'organismes ou d'années.",
)


def counted(
    agencies: Iterable[str], *, since: int | None, until: int | None, now: datetime
) -> QuerySet[Case]:
    """The cases of agencies that count in statistics of these years, whether they have a key or not."""
    said = Consent.objects.filter(case=OuterRef("pk"), purpose="statistics")
    withdrawn, live = said.filter(withdrawn_at__lte=now), said.exclude(withdrawn_at__lte=now)
    cases = Case.objects.order_by().filter(agency__in=agencies, erased_at=None)
    # A case whose record says nothing of it counts; the column is null there, which `exclude` would drop.
    cases = cases.filter(Q(identification=None) | ~Q(identification__in=OUTSIDE))
    cases = cases.exclude(Exists(withdrawn) & ~Exists(live))
    if since is not None:
        cases = cases.filter(year__gte=str(since))
    return cases if until is None else cases.filter(year__lte=str(until))


def opened_keys(agencies: Iterable[str]) -> Mapping[str, list[bytes]]:
    """The opened keys of each case of agencies."""
    opened, keys = person_key.Opener(current()), defaultdict(list)
    rows = PersonKey.objects.order_by().filter(agency__in=agencies).values_list("case", "key")
    for case, key in rows.iterator():
        keys[case].append(opened(bytes(key), case=case))
    return keys


class _Tally:
    """Counts cases as they come; people are told apart when all have come."""

    def __init__(self, asked: Question) -> None:
        self.asked = asked
        self.bit = {code: 1 << place for place, codes in enumerate(asked.lists.values()) for code in codes}
        self.people = Union()
        self.rows: list[tuple[bytes, int, datetime, dict[str, list[str]]]] = []
        self.agencies: set[str] = set()
        self.unkeyed, self.ring = 0, current()
        self.draws = {"cases": Draw(), "unkeyed": Draw()}

    def add(self, row: _Row, keys: Iterable[bytes]) -> None:
        """One case; its keys are one person's from now on."""
        own = sorted(keys)
        self.draws["cases" if own else "unkeyed"].add(person_key.pulp(self.ring, row.case))
        if not own:
            self.unkeyed += 1
            return
        self.people.join(own)
        self.agencies.add(row.agency)
        kept = {name: row.said(name) for name in self.asked.strata}
        self.rows.append((own[0], self.bit[row.agency], row.at, kept))

    def found(self) -> Found:
        """The tables of everyone counted."""
        persons: dict[bytes, _Person] = {}
        for key, bit, at, said in self.rows:
            digest = self.people.first(key)
            person = persons.setdefault(digest, _Person(digest))
            person.cell |= bit
            for name, values in said.items():
                person.said[name] += [(at, place, value) for place, value in enumerate(values)]
        exact, shown = self._sheets(persons.values())
        return Found(
            sheet=exact,
            shown=shown,
            cases=len(self.rows),
            unkeyed=self.unkeyed,
            shown_cases=self.draws["cases"].people(len(self.rows)),
            shown_unkeyed=self.draws["unkeyed"].people(self.unkeyed),
            agencies=tuple(sorted(self.agencies)),
            differing={name: sum(map(_differs(name), persons.values())) for name in self.asked.strata},
        )

    def _sheets(self, persons: Iterable[_Person]) -> tuple[Sheet, Sheet]:
        size = 1 << len(self.asked.lists)
        counts: dict[Stratum, np.ndarray] = defaultdict(lambda: np.zeros(size, dtype=np.int64))
        draws: dict[Stratum, dict[int, Draw]] = defaultdict(lambda: defaultdict(Draw))
        for person in persons:
            stratum = tuple(one_value(person.said[name], first=name == "year") for name in self.asked.strata)
            counts[stratum][person.cell] += 1
            draws[stratum][person.cell].add(person.digest)
        shown = {
            stratum: np.array([draws[stratum][cell].people(int(n)) if n else 0 for cell, n in enumerate(own)])
            for stratum, own in counts.items()
        }
        return self._sheet(counts), self._sheet(shown)

    def _sheet(self, counts: Mapping[Stratum, np.ndarray]) -> Sheet:
        lists, columns = tuple(self.asked.lists), self.asked.strata
        strata = {stratum: Overlap(lists=lists, counts=counts[stratum]) for stratum in sorted(counts)}
        nobody = np.zeros(1 << len(lists), dtype=np.int64)
        whole = Overlap(lists=lists, counts=sum(counts.values(), start=nobody))
        return Sheet(whole=whole, columns=columns, strata=strata if columns else {})


def one_value(said: Iterable[tuple[datetime, int, str]], *, first: bool = False) -> str:
    """The value of a person whose cases may differ: the one most of them give, else the one given first.

    With `first` the one given first counts in any case: the year in which somebody was first known.
    """
    given = sorted(said)
    if not given:
        return UNSAID
    if first:
        return min(value for _at, _place, value in given)
    times = Counter(value for _at, _place, value in given)
    most = max(times.values())
    return next(value for _at, _place, value in given if times[value] == most)


def _differs(name: str) -> Callable[[_Person], bool]:
    return lambda person: len({value for _at, _place, value in person.said[name]}) > 1


class Union:
    """Keys that are one person's, joined as they are met (union-find); `first` is the least of them."""

    def __init__(self) -> None:
        self._above: dict[bytes, bytes] = {}

    def join(self, keys: Iterable[bytes]) -> None:
        """These keys are one person's."""
        least, *others = sorted({self.first(key) for key in keys})
        for other in others:
            self._above[other] = least

    def first(self, key: bytes) -> bytes:
        """The least key that is known to be the same person's."""
        path = list(self._climb(key))
        for met in path:
            self._above[met] = path[-1]
        return path[-1]

    def _climb(self, key: bytes) -> Iterator[bytes]:
        above = self._above.setdefault(key, key)
        while above != key:
            yield key
            key, above = above, self._above[above]
        yield key
