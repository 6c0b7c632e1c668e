"""Who is in which lists, over every agency: counted exactly, shown rounded."""

from collections import Counter
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.errors import InvalidRecord
from palermo.node import overlap, question, rounded
from palermo.node.actions import approval, erasure
from palermo.node.draw import Draw
from palermo.node.models import Consent
from palermo.prevention import sheet
from palermo.protection.access import Role
from tests.node.cases import CONSENTED, IDENTITY, NOW, a_case, an_actor, an_agency
from tests.node.estimations import AGENCIES, LISTS, a_person, a_population, a_question, store

pytestmark = pytest.mark.django_db

BIT = {agency: 1 << place for place, agency in enumerate(AGENCIES)}


def found(**more):
    for agency in AGENCIES:
        an_agency(agency)
    return overlap.found(a_question(**more), now=NOW)


def cells(one):
    return {cell: int(count) for cell, count in enumerate(one.counts) if count}


def test_the_table_counts_each_person_once_over_all_agencies():
    known = a_population(80)

    one = found()

    expected = Counter(sum(BIT[agency] for agency in met) for met in known.values())
    assert cells(one.sheet.whole) == dict(expected)
    assert one.cases == sum(len(met) for met in known.values())
    assert one.agencies == tuple(sorted(AGENCIES))


def test_two_cases_of_one_person_in_one_agency_count_once():
    store(a_person(1), a_person(1))

    assert cells(found().sheet.whole) == {1: 1}


def test_cases_that_a_third_joins_are_one_person():
    born = CONSENTED | {
        "person.birth": "1999-04-12",
        "person.names[0].given": "Ann",
        "person.names[0].family": "Lee",
    }
    paper = {"person.documents[0].number": "Q1"}
    phone = {"person.contact[0].channel": "mobile_phone", "person.contact[0].value": "+9991"}
    store(born | paper)
    store(born | phone, agency="xa-police")
    assert cells(found().sheet.whole) == {1: 1, 2: 1}

    store(born | paper | phone, agency="xa-hotline")

    assert cells(found().sheet.whole) == {7: 1}


def test_agencies_of_one_list_are_one_list():
    store(a_person(1), a_person(2))
    store(a_person(1), agency="xa-police")
    store(a_person(2), agency="xa-hotline")
    an_agency("xa-border")

    lists = {"Help": ("xa-shelter", "xa-hotline"), "Police": ("xa-police",), "Border": ("xa-border",)}

    assert cells(found(lists=lists).sheet.whole) == {1: 1, 3: 1}


def test_cases_of_other_agencies_are_not_counted():
    store(a_person(1), agency="xa-border")

    assert found().cases == 0


def test_cases_without_a_key_are_left_out_and_counted():
    store(a_person(1), {"case.ref": "R-2"}, IDENTITY)

    one = found()

    assert (one.cases, one.unkeyed) == (1, 2)
    assert cells(one.sheet.whole) == {1: 1}


@pytest.mark.parametrize(
    "since, until, refs",
    [(None, None, 3), (2022, None, 2), (None, 2022, 2), (2022, 2022, 1), (2030, None, 0)],
)
def test_only_cases_registered_in_the_period_count(since, until, refs):
    store(*(a_person(year, **{"case.year_registered": year}) for year in (2021, 2022, 2023)))

    assert found(since=since, until=until).cases == refs


@pytest.mark.parametrize("state", overlap.OUTSIDE)
def test_cases_that_are_no_victims_or_withdrawn_or_doubled_are_left_out(state):
    store(a_person(1, **{"case.identification": state}), a_person(2))

    one = found()

    assert (one.cases, one.unkeyed) == (1, 0)


def test_an_erased_person_is_left_out():
    kept = a_case(**a_person(1))
    officer = Role.DATA_PROTECTION_OFFICER
    approval.give(kept.id, step="erase", by=an_actor(officer, name="other"), now=NOW)

    erasure.erase(kept.id, by=an_actor(officer, name="one"), now=NOW)

    one = found()
    assert (one.cases, one.unkeyed) == (0, 0)


@pytest.mark.parametrize(
    "withdrawn, again, counted", [(True, False, 0), (False, False, 1), (True, True, 1)], ids=str
)
def test_who_withdrew_their_consent_to_statistics_is_left_out(withdrawn, again, counted):
    (kept,) = store(a_person(1))
    told = {"case": kept, "purpose": "statistics", "recipient": "xa-shelter", "tiers": ["T1"]}
    told |= {"given_at": NOW - timedelta(days=2), "recorded_by": "test"}
    Consent.objects.create(**told, withdrawn_at=NOW - timedelta(days=1) if withdrawn else None)
    if again:
        Consent.objects.create(**told)

    assert found().cases == counted


def test_strata_are_told_apart_by_one_value_a_person():
    store(
        a_person(1, **{"person.sex": "f", "exploitation[0].form": "SexualExploitation"}),
        a_person(2, **{"person.sex": "m", "exploitation[0].form": "ForcedLabour"}),
    )
    store(a_person(2, **{"person.sex": "f", "exploitation[0].form": "ForcedLabour"}), agency="xa-police")
    store(a_person(2, **{"person.sex": "m"}), agency="xa-hotline")

    one = found(strata=("sex", "form"))

    assert {values: cells(table) for values, table in one.sheet.strata.items()} == {
        ("f", "SexualExploitation"): {1: 1},
        ("m", "ForcedLabour"): {7: 1},
    }
    assert one.differing == {"sex": 1, "form": 0}
    assert one.sheet.columns == ("sex", "form")
    assert cells(one.sheet.whole) == {1: 1, 7: 1}


def test_what_nobody_wrote_down_is_a_stratum_of_its_own():
    store(a_person(1, **{"person.sex": {"value": None, "state": "unknown"}}))

    assert list(found(strata=("sex",)).sheet.strata) == [(overlap.UNSAID,)]


def test_the_year_of_a_person_is_the_first_in_which_they_were_known():
    store(a_person(1, **{"case.year_registered": 2023}), a_person(1, **{"case.year_registered": 2023}))
    store(a_person(1, **{"case.year_registered": 2021}), agency="xa-police")

    assert list(found(strata=("year",)).sheet.strata) == [("2021",)]


MOMENTS = st.integers(0, 5).map(lambda day: NOW + timedelta(days=day))
SAID = st.lists(st.tuples(MOMENTS, st.integers(0, 2), st.sampled_from("abc")), min_size=1, max_size=8)


@given(SAID)
def test_one_value_is_the_one_said_most_and_then_first(said):
    times = {value: sum(1 for one in said if one[2] == value) for value in "abc"}
    firsts = {value: min((one for one in said if one[2] == value), default=None) for value in "abc"}
    expected = min(
        (value for value in "abc" if firsts[value]), key=lambda value: (-times[value], firsts[value])
    )

    assert overlap.one_value(said) == expected
    assert overlap.one_value(reversed(said)) == expected


@given(st.lists(st.lists(st.integers(0, 12), min_size=1, max_size=3), max_size=12))
def test_joined_keys_are_those_of_a_slow_search(groups):
    union = overlap.Union()
    for group in groups:
        union.join([bytes([one]) for one in group])

    def reached(key):
        seen = {key}
        while more := {one for group in groups if seen & set(group) for one in group} - seen:
            seen |= more
        return seen

    for key in {one for group in groups for one in group}:
        assert union.first(bytes([key])) == bytes([min(reached(key))])


@given(st.integers(0, 10_000), st.binary(min_size=8, max_size=8))
def test_a_shown_count_is_a_multiple_of_five_less_than_five_away(count, key):
    draw = Draw()
    draw.add(key)

    shown = draw.people(count)

    assert shown % 5 == 0
    assert abs(shown - count) < 5


@pytest.mark.parametrize("count", [0, 5, 1, 4, 7])
def test_shown_counts_are_right_on_average(count):
    draws = [Draw((number << 64) // 1000).people(count) for number in range(1000)]

    assert sum(draws) / 1000 == pytest.approx(count, abs=0.01)


def test_the_same_people_are_shown_alike_whatever_the_lists_are_called():
    a_population(70)
    first = found().shown.whole

    others = {f"{name} and others": agencies for name, agencies in LISTS.items()}

    assert cells(found(lists=others).shown.whole) == cells(first)
    assert cells(found().shown.whole) == cells(first)


def test_sums_of_what_is_shown_are_sums_of_rounded_cells():
    a_population(70)

    one = found(strata=("sex", "year"))
    table = rounded.table(one)

    assert all(cell["people"] % 5 == 0 for stratum in table["strata"] for cell in stratum["cells"])
    assert table["observed"] == sum(stratum["observed"] for stratum in table["strata"])
    assert table["observed"] == sum(cell["people"] for cell in table["cells"])
    assert table["sizes"] == {
        name: sum(cell["people"] for cell in table["cells"] if name in cell["lists"]) for name in LISTS
    }
    assert table["cases"] % 5 == table["unkeyed"] % 5 == 0
    assert all(
        pair["people"] <= min(table["sizes"][name] for name in pair["lists"]) for pair in table["pairs"]
    )


@given(st.floats(1, 1e9))
def test_a_shown_figure_has_three_digits_or_is_a_multiple_of_five(value):
    shown = rounded.figure(value)

    assert shown % 5 == 0
    assert abs(shown - value) <= max(2.5, 0.005 * value)
    assert rounded.figure(shown) == shown


def test_fewer_than_fifty_people_are_not_estimated():
    a_population(40)

    assert [problem.rule for problem in overlap.against(found())] == ["few-people"]


def test_half_a_hundred_people_may_be_estimated():
    a_population(90)

    assert overlap.against(found()) == ()


def test_the_exact_table_is_one_that_the_library_reads():
    a_population(80)

    one = found()

    assert sheet.parse(sheet.write(one.sheet.whole).splitlines()).whole == one.sheet.whole


@pytest.mark.parametrize(
    "more, rule",
    [
        ({"lists": {"A": ("x",), "B": ("y",)}}, "question-lists"),
        ({"lists": {"A": ("x",), " ": ("y",), "C": ("z",)}}, "question-names"),
        ({"lists": {"A": ("x",), "A ": ("y",), "C": ("z",)}}, "question-names"),
        ({"lists": {"A": ("x",), "B" * 61: ("y",), "C": ("z",)}}, "question-names"),
        ({"lists": {"A": ("x",), "B": (), "C": ("z",)}}, "question-empty-list"),
        ({"lists": {"A": ("x",), "B": ("x",), "C": ("z",)}}, "question-agency-twice"),
        ({"since": 2023, "until": 2021}, "question-years"),
        ({"since": 23}, "question-years"),
        ({"strata": ("sex", "sex")}, "question-strata"),
        ({"strata": ("name",)}, "question-strata"),
        ({"methods": ("oracle",)}, "question-methods"),
        ({"replicates": -1}, "question-options"),
        ({"level": 1.0}, "question-options"),
        ({"seed": 2**31}, "question-options"),
    ],
)
def test_a_question_that_cannot_be_asked_says_why(more, rule):
    with pytest.raises(InvalidRecord) as refused:
        a_question(**more)

    assert [problem.rule for problem in refused.value.problems] == [rule]
    assert all(problem.wrong_fr and problem.remedy_fr for problem in refused.value.problems)


def test_every_fault_of_a_question_is_named_at_once():
    with pytest.raises(InvalidRecord) as refused:
        a_question(lists={}, strata=("name",), seed=-1)

    assert len(refused.value.problems) == 3


@pytest.mark.parametrize(
    "strata, methods, trials", list(product([(), ("sex", "year")], [(), ("bic",)], [True, False]))
)
def test_a_question_comes_back_from_its_document(strata, methods, trials):
    asked = a_question(strata=strata, methods=methods, trials=trials, since=2021)

    assert question.read(asked.document()) == asked
