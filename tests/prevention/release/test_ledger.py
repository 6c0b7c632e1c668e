"""What is spent adds up exactly, never shrinks, and never passes the limit of a lifetime."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from palermo.errors import Disclosive, WrongState
from palermo.prevention.release import budget, cohort, ledger, year
from palermo.prevention.release.ledger import EntryState, Ledger, Limits
from tests.prevention.release.ledgers import AT, DELTA, an_entry

LIMITS = Limits()


def test_micro_rho_add_up_exactly():
    book = Ledger(tuple(an_entry(f"r-{number}", epsilon=0.1) for number in range(30)))

    rho = Fraction(budget.rho(0.1, DELTA), 10**6)
    assert Fraction(book.spent, 10**6) == 30 * rho
    assert book.epsilon() == budget.epsilon(30 * budget.rho(0.1, DELTA), DELTA)


def test_one_release_may_spend_a_whole_lifetime_and_nothing_is_left():
    book = Ledger().reserved(an_entry(epsilon=4.0), LIMITS)

    assert book.left(LIMITS, delta=DELTA) == 0
    with pytest.raises(Disclosive, match=r"Of epsilon 4 for a lifetime 4 is spent"):
        book.reserved(an_entry("r-2", epsilon=0.01), LIMITS)


def test_what_is_left_can_be_spent_and_one_micro_rho_more_cannot():
    book = Ledger().reserved(an_entry(epsilon=3.0), LIMITS)
    rest = replace(an_entry("r-2", epsilon=4.0), rho_micro=book.left(LIMITS, delta=DELTA))

    assert book.reserved(rest, LIMITS).epsilon() <= 4.0
    with pytest.raises(Disclosive):
        book.reserved(replace(rest, rho_micro=rest.rho_micro + 1), LIMITS)


@pytest.mark.parametrize("state", [EntryState.FINISHED, EntryState.FAILED, EntryState.WITHDRAWN])
def test_nothing_is_given_back_whatever_becomes_of_a_release(state):
    book = Ledger().reserved(an_entry(), LIMITS)
    after = book.closed("r-1", state, at=AT)

    assert after.spent == book.spent
    assert after.last("r-1").state is state


def test_a_finished_release_says_which_cap_and_which_table_it_had():
    book = Ledger().reserved(an_entry(), LIMITS).closed("r-1", EntryState.FINISHED, at=AT, cap=7, table="cd")
    gone = book.closed("r-1", EntryState.WITHDRAWN, at=AT)

    assert [(entry.cap, entry.table) for entry in gone.entries] == [(None, ""), (7, "cd"), (7, "cd")]


@pytest.mark.parametrize("first", [state for state in EntryState if not ledger.NEXT[state]])
@pytest.mark.parametrize("then", EntryState)
def test_a_release_that_ended_does_not_go_on(first, then):
    entry = an_entry(state=first, rho_micro=0 if first is not EntryState.TORN else 5)

    with pytest.raises(WrongState, match=f"it is {first.value}"):
        Ledger((entry,)).closed("r-1", then, at=AT)


def test_a_release_that_reserved_nothing_does_not_end():
    with pytest.raises(WrongState, match="not reserved"):
        Ledger().closed("r-1", EntryState.FINISHED, at=AT)


def test_a_release_reserves_once_and_a_retry_is_another_release():
    book = Ledger().reserved(an_entry(), LIMITS).closed("r-1", EntryState.FAILED, at=AT)

    with pytest.raises(WrongState, match="A new attempt is a new release"):
        book.reserved(an_entry(), LIMITS)
    assert book.reserved(an_entry("r-2"), LIMITS).spent == 2 * book.spent


@pytest.mark.parametrize(
    ("before", "after"),
    [("2020-2021", "2021-2022"), ("all", "2030-"), ("-2020", "2020-"), ("a survey", "2020-2020")],
)
def test_people_of_overlapping_cohorts_are_charged_twice_and_it_is_said(before, after):
    book = Ledger().reserved(an_entry(cohort=before), LIMITS)
    wanted = an_entry("r-2", cohort=after)

    assert book.reserved(wanted, LIMITS).spent == 2 * book.spent
    assert [problem.rule for problem in ledger.warnings(book, wanted, LIMITS)] == ["budget-twice"]


def test_cohorts_apart_spend_of_one_account_too():
    book = Ledger().reserved(an_entry(cohort=cohort.named(2010, 2011), epsilon=4.0), LIMITS)
    wanted = an_entry("r-2", cohort=cohort.named(2020, None))

    assert not ledger.warnings(book, replace(wanted, rho_micro=1), LIMITS)[1:]
    assert ledger.charged_twice(book, wanted.cohort) == ()
    with pytest.raises(Disclosive):
        book.reserved(wanted, LIMITS)


def test_over_eight_a_warning_goes_with_it():
    high = Limits(lifetime=10.0)

    assert ledger.warnings(Ledger(), an_entry(epsilon=8.0), high) == ()
    found = ledger.warnings(Ledger(), an_entry(epsilon=8.1), high)
    assert [(one.rule, one.severity.value) for one in found] == [("budget-high", "warning")]
    assert not ledger.against(Ledger(), an_entry(epsilon=8.1), high)


def test_over_twelve_two_people_must_approve():
    high = Limits(lifetime=20.0)
    alone, same = an_entry(epsilon=12.5), an_entry(epsilon=12.5, approvers=("hana", "hana"))

    for wanted in (alone, same):
        with pytest.raises(Disclosive, match="two people must approve"):
            Ledger().reserved(wanted, high)
    assert Ledger().reserved(replace(alone, approvers=("hana", "omar")), high).spent
    assert not ledger.against(Ledger(), an_entry(epsilon=12.0), high)


def test_the_smallest_delta_of_all_counts():
    book = Ledger().reserved(an_entry(epsilon=2.0, delta=1e-8), LIMITS)

    assert book.delta(1e-6) == 1e-8
    assert book.left(LIMITS, delta=1e-6) == book.left(LIMITS, delta=1e-8)


@pytest.mark.parametrize("rho", [0, -1, 1.0, True])
def test_a_reservation_is_a_whole_number_over_nothing(rho):
    with pytest.raises(ValueError, match="whole numbers"):
        an_entry(rho_micro=rho)


def test_only_a_reservation_charges():
    with pytest.raises(ValueError, match="whole numbers"):
        an_entry(state=EntryState.FINISHED)


def test_no_epsilon_is_shown_that_is_too_small():
    with pytest.raises(ValueError, match="Show no less"):
        an_entry(rho_micro=budget.rho(1.1, DELTA))


@pytest.mark.parametrize("delta", [0.0, 0.011, -1.0])
def test_a_delta_that_promises_nothing_is_refused(delta):
    with pytest.raises(ValueError, match="delta"):
        an_entry(rho_micro=1, delta=delta)


@pytest.mark.parametrize(("epsilon", "text"), [(4.0, "4"), (3.991, "4"), (0.1, "0.1"), (1.234, "1.24")])
def test_an_epsilon_is_shown_rounded_up(epsilon, text):
    assert ledger.shown(epsilon) == text


def test_a_year_buys_fewer_large_or_more_small_releases():
    offers = year.plan_of_year(Ledger(), limits=LIMITS, sizes=(3, 5, 10), delta=DELTA)

    assert [offer.releases for offer in offers] == [1, 2, 4, 12]
    assert all(offer.releases * offer.rho_micro <= budget.rho(4.0, DELTA) for offer in offers)
    errors = [offer.predicted[-1].high for offer in offers]
    assert errors == sorted(errors)


def test_what_a_year_buys_can_be_reserved_to_the_last():
    (monthly,) = year.plan_of_year(Ledger(), limits=LIMITS, sizes=(3, 5), delta=DELTA, years=2, times=[12])
    book = Ledger()

    for month in range(24):
        wanted = an_entry(f"r-{month}", rho_micro=monthly.rho_micro, epsilon=monthly.epsilon)
        book = book.reserved(wanted, LIMITS)
    assert book.epsilon() <= 4.0


def test_a_spent_budget_buys_nothing():
    book = Ledger().reserved(an_entry(epsilon=4.0), LIMITS)

    assert year.plan_of_year(book, limits=LIMITS, sizes=(3, 5), delta=DELTA) == ()


class Lifetime(RuleBasedStateMachine):
    """Releases, failures, withdrawals and retries in any order, beside a sum of exact fractions."""

    def __init__(self):
        super().__init__()
        self.book, self.known, self.sum, self.most = Ledger(), [], Fraction(0), 0

    @rule(epsilon=st.floats(0.05, 4.0), delta=st.sampled_from([1e-5, 1e-6, 1e-9]))
    def reserve(self, epsilon, delta):
        wanted = an_entry(f"r-{len(self.known)}", epsilon=epsilon, delta=delta)
        fits = budget.epsilon(self.book.spent + wanted.rho_micro, self.book.delta(delta)) <= LIMITS.lifetime
        try:
            self.book = self.book.reserved(wanted, LIMITS)
        except Disclosive:
            assert not fits
            return
        assert fits
        self.known.append(wanted.release)
        self.sum += Fraction(wanted.rho_micro, 10**6)

    @rule(which=st.integers(0, 20), state=st.sampled_from(EntryState))
    def end(self, which, state):
        name = f"r-{which}"
        last = self.book.last(name)
        allowed = last is not None and state in ledger.NEXT[last.state]
        try:
            self.book = self.book.closed(name, state, at=AT)
        except WrongState:
            assert not allowed
        else:
            assert allowed

    @rule(which=st.integers(0, 20))
    def retry(self, which):
        if self.book.last(f"r-{which}"):
            with pytest.raises(WrongState):
                self.book.reserved(an_entry(f"r-{which}", epsilon=0.05), LIMITS)

    @invariant()
    def spend_is_exact_never_shrinks_and_never_passes_the_limit(self):
        assert self.book.spent == self.sum * 10**6
        assert self.book.spent >= self.most
        assert self.book.epsilon() <= LIMITS.lifetime
        self.most = self.book.spent


TestLifetime = Lifetime.TestCase
TestLifetime.settings = settings(max_examples=25, stateful_step_count=15, deadline=None)
