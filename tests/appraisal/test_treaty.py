"""Who is a party: every act, every source, and the newest dated one deciding."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from palermo.appraisal.evidence import Grade
from palermo.appraisal.treaty import BINDS, DECIDES, Act, standing
from tests.appraisal.made import FRESH, STALE, an_action


def of(*actions):
    return standing("XA", "TIP", actions)


@pytest.mark.parametrize(
    "act, party",
    [
        (Act.RATIFICATION, True),
        (Act.ACCESSION, True),
        (Act.SUCCESSION, True),
        (Act.ACCEPTANCE, True),
        (Act.APPROVAL, True),
        (Act.DEFINITIVE_SIGNATURE, True),
        (Act.REPORTED_PARTY, True),
        (Act.SIGNATURE, False),
        (Act.DENUNCIATION, False),
        (Act.REPORTED_NOT_PARTY, False),
        (Act.NO_ENTRY, False),
    ],
    ids=str,
)
def test_an_act_by_itself_makes_a_party_or_not(act, party):
    assert of(an_action(act)).party is party


def test_the_table_of_acts_is_complete():
    assert set(BINDS) == set(Act)
    assert frozenset(Act) - {Act.SIGNATURE} == DECIDES


def test_nothing_said_is_not_known():
    unknown = of()

    assert unknown.party is None
    assert unknown.known_on is None
    assert unknown.act is None
    assert unknown.evidence == ()


@pytest.mark.parametrize(
    "acts, party",
    [
        ([(Act.SIGNATURE, 2000), (Act.RATIFICATION, 2005)], True),
        ([(Act.RATIFICATION, 2005), (Act.DENUNCIATION, 2010)], False),
        ([(Act.RATIFICATION, 2005), (Act.DENUNCIATION, 2010), (Act.ACCESSION, 2015)], True),
        ([(Act.RATIFICATION, 2005), (Act.SIGNATURE, 2010)], True),
        ([(Act.SIGNATURE, 2000)], False),
    ],
    ids=["signed then ratified", "denounced", "denounced and back", "signature after", "signed only"],
)
def test_the_last_deciding_act_of_a_source_decides(acts, party):
    found = of(*(an_action(act, on=date(year, 1, 1)) for act, year in acts))

    assert found.party is party
    assert found.signed_only is (acts == [(Act.SIGNATURE, 2000)])


def test_the_newest_dated_source_wins_and_the_loser_is_shown():
    absent = an_action(Act.NO_ENTRY, on=None, as_of=STALE, source="old-table")
    yes = an_action(
        Act.REPORTED_PARTY, on=None, as_of=date(2023, 9, 14), source="later", grade=Grade.INDEPENDENT
    )

    found = of(absent, yes)

    assert found.party is True
    assert found.known_on == date(2023, 9, 14)
    assert [one.action for one in found.conflicting] == [absent]
    assert {one.found.source.id for one in found.evidence} == {"old-table", "later"}


def test_sources_of_the_same_day_are_weighed_by_grade():
    register = an_action(Act.RATIFICATION, source="register", grade=Grade.REGISTER)
    report = an_action(Act.REPORTED_NOT_PARTY, on=None, source="a-report", grade=Grade.INDEPENDENT)

    assert of(report, register).party is True


def test_a_yes_without_a_date_shows_the_date_of_an_older_source_that_agrees():
    dated = an_action(Act.ACCESSION, on=date(2008, 7, 31), as_of=STALE, source="register")
    yes = an_action(Act.REPORTED_PARTY, on=None, as_of=FRESH, source="report")

    found = of(dated, yes)

    assert found.act == dated
    assert found.known_on == FRESH
    assert found.conflicting == ()


def test_another_state_or_treaty_says_nothing_here():
    assert of(an_action(state="XB"), an_action(treaty="UNTOC")).party is None


ACTIONS = some.builds(
    lambda act, year, as_of, source: an_action(
        act, on=date(year, 1, 1), as_of=date(as_of, 1, 1), source=source
    ),
    some.sampled_from([Act.SIGNATURE, Act.RATIFICATION, Act.DENUNCIATION, Act.REPORTED_NOT_PARTY]),
    some.integers(1990, 2012),
    some.integers(2013, 2016),
    some.sampled_from(["a", "b"]),
)


def slow_party(actions):
    """The obvious twin: take the newest edition, walk its acts by date, switch on and off."""
    if not actions:
        return None
    newest = max(one.found.as_of for one in actions)
    first = min(one.found.source.id for one in actions if one.found.as_of == newest)
    said = [one for one in actions if one.found.as_of == newest and one.found.source.id == first]
    party = False
    for one in sorted(said, key=lambda one: (one.on, one.act)):
        if one.act is Act.RATIFICATION:
            party = True
        elif one.act is not Act.SIGNATURE:
            party = False
    return party


@given(some.lists(ACTIONS, max_size=6))
def test_the_standing_equals_that_of_the_slow_twin(actions):
    assert of(*actions).party is slow_party(actions)


@given(some.permutations([an_action(act, on=date(2000 + n, 1, 1)) for n, act in enumerate(list(Act)[:5])]))
def test_the_order_in_which_rows_stand_changes_nothing(actions):
    assert of(*actions) == of(*sorted(actions, key=lambda one: one.on))
