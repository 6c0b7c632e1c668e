"""The ledger of a lifetime: what every release has spent of the privacy of a person, added up exactly.

Rho of zero-concentrated differential privacy adds up over releases (Bun and Steinke, TCC 2016), so whole
micro-rho are kept and added, and turned into epsilon once, at the smallest delta that any release has named.
A release reserves its rho before its first query. Nothing gives it back: no failure, no crash, no withdrawal.

There is one account for everybody: who is in two releases is charged for both, and who is in one as well. A
person may move from one cohort to another when cases are joined, so cohorts have no accounts of their own.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from palermo.errors import Disclosive, Problem, Severity, WrongState
from palermo.prevention.release import budget, cohort


class EntryState(StrEnum):
    """What an entry says of its release; `torn` is what a line that broke off may have reserved."""

    RESERVED = "reserved"
    FINISHED = "finished"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    TORN = "torn"


NEXT: dict[EntryState, frozenset[EntryState]] = {
    EntryState.RESERVED: frozenset({EntryState.FINISHED, EntryState.FAILED, EntryState.WITHDRAWN}),
    EntryState.FINISHED: frozenset({EntryState.WITHDRAWN}),
    EntryState.FAILED: frozenset(),
    EntryState.WITHDRAWN: frozenset(),
    EntryState.TORN: frozenset(),
}
_NOTHING = range(1)
CHARGES = {EntryState.RESERVED: range(1, 10**15), EntryState.TORN: range(10**15)}
MOST_DELTA = 0.01
"""A larger delta would be no promise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Epsilon: the most of a lifetime; over what a warning goes with it; over what two must have approved."""

    lifetime: float = 4.0
    warn: float = 8.0
    second: float = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line: `rho_micro` is what it adds, nothing unless it reserves. `epsilon` is as it is shown.

    `lifetime` is the limit it was reserved under, `cap` the most fields of a person that were counted (known
    at the end), `table` a keyed digest of what was read, `at` a moment in UTC as ISO 8601.
    """

    rho_micro: int
    release: str
    purpose: str
    delta: float
    epsilon: float
    lifetime: float
    version: str
    schema_hash: str
    cohort: str
    approvers: tuple[str, ...]
    at: str
    state: EntryState = EntryState.RESERVED
    unit: str = "person"
    cap: int | None = None
    table: str = ""

    def __post_init__(self) -> None:
        if type(self.rho_micro) is not int or self.rho_micro not in CHARGES.get(self.state, _NOTHING):
            raise ValueError("Micro-rho are whole numbers, over 0 where they are reserved, else 0.")
        if not 0.0 < self.delta <= MOST_DELTA:
            raise ValueError(f"delta {self.delta} is not over 0 and at most {MOST_DELTA}.")
        if self.state == EntryState.RESERVED and budget.epsilon(self.rho_micro, self.delta) > self.epsilon:
            raise ValueError("The epsilon shown is less than what is reserved amounts to. Show no less.")

    def closed(self, state: EntryState, *, at: str, cap: int | None = None, table: str = "") -> "Entry":
        """The entry that says how the release went on; it adds nothing."""
        cap, table = self.cap if cap is None else cap, table or self.table
        return replace(self, rho_micro=0, state=state, at=at, cap=cap, table=table)


@dataclass(frozen=True)
class Ledger:
    """Entries in the order in which they were made."""

    entries: tuple[Entry, ...] = ()

    @cached_property
    def spent(self) -> int:
        """All micro-rho that were ever reserved."""
        return sum(entry.rho_micro for entry in self.entries)

    def delta(self, wanted: float = MOST_DELTA) -> float:
        """The smallest delta of all entries and of the one wanted."""
        return min([wanted, *(entry.delta for entry in self.entries)])

    def epsilon(self, *, more: int = 0, delta: float = MOST_DELTA) -> float:
        """What all of it amounts to, with so much more at this delta; 0 where nothing is spent."""
        total = self.spent + more
        return budget.epsilon(total, self.delta(delta)) if total else 0.0

    def left(self, limits: Limits, *, delta: float) -> int:
        """The micro-rho that a release at this delta can still reserve."""
        return max(budget.rho(limits.lifetime, self.delta(delta)) - self.spent, 0)

    def last(self, release: str) -> Entry | None:
        """The last entry of a release."""
        return next((entry for entry in reversed(self.entries) if entry.release == release), None)

    def reserved(self, wanted: Entry, limits: Limits) -> "Ledger":
        """With the reservation; Disclosive where the budget does not hold it, WrongState for a second one."""
        if self.last(wanted.release):
            raise WrongState(
                f"release {wanted.release}: it was made already. A new attempt is a new release."
            )
        if problems := against(self, wanted, limits):
            raise Disclosive(f"release {wanted.release}: " + " ".join(_said(problems)))
        return Ledger((*self.entries, wanted))

    def closed(
        self, release: str, state: EntryState, *, at: str, cap: int | None = None, table: str = ""
    ) -> "Ledger":
        """With the entry that says how a release went on; WrongState where it cannot have."""
        last = self.last(release)
        if last is None or state not in NEXT[last.state]:
            stands = last.state.value if last else "not reserved"
            raise WrongState(f"release {release}: it is {stands}, so it cannot become {state.value}.")
        return Ledger((*self.entries, last.closed(state, at=at, cap=cap, table=table)))


def against(ledger: Ledger, wanted: Entry, limits: Limits) -> tuple[Problem, ...]:
    """Why the release may not be made; empty means go. Nothing but the ledger is read."""
    total = ledger.epsilon(more=wanted.rho_micro, delta=wanted.delta)
    return tuple(_against(ledger, wanted, limits, total))


def _against(ledger: Ledger, wanted: Entry, limits: Limits, total: float) -> Iterator[Problem]:
    if total > limits.lifetime:
        yield _over(total, before=ledger.epsilon(delta=wanted.delta), limits=limits)
    if total > limits.second and len(set(wanted.approvers)) < 2:
        most, sum_of = shown(limits.second), shown(total)
        yield _problem(
            "budget-second",
            wrong=f"All releases together would amount to epsilon {sum_of}, and only one person approves.",
            remedy=f"Over epsilon {most} two people must approve.",
            wrong_fr=f"L'ensemble atteindrait epsilon {sum_of}, et une seule personne approuve.",
            remedy_fr=f"Au-delà d'epsilon {most}, deux personnes doivent approuver.",
            wrong_ar=f"سيبلغ مجموع الإصدارات إبسيلون {sum_of}، ولم يوافق إلا شخص واحد.",
            remedy_ar=f"فوق إبسيلون {most} يجب أن يوافق شخصان.",
        )


def warnings(ledger: Ledger, wanted: Entry, limits: Limits) -> tuple[Problem, ...]:
    """What is to be known before the release is approved, though it may be made."""
    return tuple(_warnings(ledger, wanted, limits))


def _warnings(ledger: Ledger, wanted: Entry, limits: Limits) -> Iterator[Problem]:
    total = ledger.epsilon(more=wanted.rho_micro, delta=wanted.delta)
    if total > limits.warn:
        sum_of = shown(total)
        yield _problem(
            "budget-high",
            wrong=f"All releases together would amount to epsilon {sum_of}, which protects a person little.",
            remedy="Say in the release why so much is given away.",
            wrong_fr=f"L'ensemble atteindrait epsilon {sum_of}, ce qui protège peu une personne.",
            remedy_fr="Dites dans la diffusion pourquoi tant est livré.",
            wrong_ar=f"سيبلغ مجموع الإصدارات إبسيلون {sum_of}، وهذا لا يحمي الشخص إلا قليلا.",
            remedy_ar="اذكر في الإصدار لماذا يُكشف هذا القدر.",
            severity=Severity.WARNING,
        )
    if twice := len(charged_twice(ledger, wanted.cohort)):
        yield _problem(
            "budget-twice",
            wrong=f"People of this release may be in {twice} made before; they are charged for each.",
            remedy="Release fewer times, with more budget each time.",
            wrong_fr=f"Ses personnes peuvent être dans {twice} autres déjà faites ; chacune compte.",
            remedy_fr="Diffusez moins souvent, avec plus de budget chaque fois.",
            wrong_ar=f"قد يكون أشخاص هذا الإصدار في إصدارات سابقة (عددها {twice})، ويُحسب عليهم كل منها.",
            remedy_ar="أصدر مرات أقل، بميزانية أكبر في كل مرة.",
            severity=Severity.WARNING,
        )


def charged_twice(ledger: Ledger, wanted: str) -> tuple[str, ...]:
    """The releases made before that may hold a person of this cohort."""
    made = [entry for entry in ledger.entries if entry.state in CHARGES]
    return tuple(entry.release for entry in made if cohort.overlap(entry.cohort, wanted))


def shown(epsilon: float) -> str:
    """An epsilon for people: two places, rounded up."""
    return f"{-(-epsilon * 100 // 1) / 100:.2f}".rstrip("0").rstrip(".")


def _over(total: float, *, before: float, limits: Limits) -> Problem:
    cap, was, wanted = shown(limits.lifetime), shown(before), shown(total)
    return _problem(
        "budget-spent",
        wrong=f"Of epsilon {cap} for a lifetime {was} is spent; with this release it would be {wanted}.",
        remedy="Ask for a smaller epsilon, or have the State decide on another limit.",
        wrong_fr=f"Sur epsilon {cap} pour une vie, {was} est dépensé ; avec celle-ci, ce serait {wanted}.",
        remedy_fr="Demandez un epsilon plus petit, ou faites décider l'État d'une autre limite.",
        wrong_ar=f"أُنفق {was} من إبسيلون {cap} لمدى الحياة، وسيصير مع هذا الإصدار {wanted}.",
        remedy_ar="اطلب إبسيلون أصغر، أو لتقرر الدولة حدا آخر.",
    )


def _problem(rule: str, *, severity: Severity = Severity.ERROR, **texts: str) -> Problem:
    return Problem(rule=rule, path="epsilon", severity=severity, **texts)


def _said(problems: Iterable[Problem]) -> Iterator[str]:
    return (f"{problem.wrong} {problem.remedy}" for problem in problems)
