"""The people of each group: sums over what is not asked, and every fault by its line."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.errors import InvalidRecord
from palermo.prevention import population

HEAD = "sex,age,population,source,date"
GROUPS = (
    "f,child,10,Census,2020",
    "f,adult,20,Census,2020",
    "m,child,30,Census,2020",
    "m,adult,40,Census,2021",
)


def a_population(*rows, head=HEAD):
    return population.parse([head, *(rows or GROUPS)])


def test_a_group_and_the_sum_of_several_have_their_people_and_source():
    found = a_population()

    assert found.of({"sex": "f", "age": "child"}).people == 10
    assert found.of({"sex": "m", "age": "_T"}).people == 70
    assert found.of({"form": "ForcedLabour"}).people == 100
    assert found.of({"sex": "m"}).source == "Census"
    assert found.of({"sex": "m"}).date == "2020; 2021"
    assert found.of({"sex": "x"}) is None


def test_a_label_means_its_code():
    found = a_population("Female,Child (under 18),10,Census,2020", "male,child,5,Census,2020")

    assert found.of({"sex": "f", "age": "child"}).people == 10


def test_totals_and_wider_ages_are_checked_and_not_counted_twice():
    found = a_population(
        "_T,_T,60,Census,2020",
        "f,child,30,Census,2020",
        "f,0-8,10,Census,2020",
        "f,9-17,20,Census,2020",
        "f,adult,30,Census,2020",
    )

    assert found.of({"sex": "_T", "age": "_T"}).people == 60
    assert found.of({"age": "child"}).people == 30
    assert sorted(found.groups) == [("f", "0-8"), ("f", "9-17"), ("f", "adult")]


def test_years_are_those_of_the_file():
    found = a_population("2020,5,Census,2020", "2021,6,Census,2021", head="year,population,source,date")

    assert found.years == ("2020", "2021")
    assert found.of({"year": "2021"}).people == 6
    assert a_population().years == ()


@pytest.mark.parametrize(
    "rows, said",
    [
        (GROUPS[:3], "sex m, age adult: The file has no line for it."),
        ((*GROUPS, GROUPS[1]), "line 6: The same group stands in line 3."),
        (("f,child,-1,Census,2020",), "line 2, population: It is negative."),
        (("f,child,0,Census,2020",), "line 2, population: Nobody is in the group."),
        (("f,child,1.5,Census,2020",), "line 2, population: It is not a whole number."),
        (("f,child,many,Census,2020",), "line 2, population: It is not a whole number."),
        (("f,child,5,,2020",), "line 2, source: It is empty."),
        (("f,child,1e30,Census,2020",), "line 2, population: A count is larger than there are people."),
        (("f,child,5,Census,yesterday",), "line 2, date: It is not a date."),
        (("f,child,5,Census,2020-13-01",), "line 2, date: It is not a date."),
        (("f,child,5",), "line 2: It has 3 values."),
        ((*GROUPS, "_T,child,41,Census,2020"), "line 6: It says 41 and its parts are 40."),
        (("",), "file: There is no group."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_fault_is_named_by_its_line(rows, said):
    with pytest.raises(InvalidRecord) as refusal:
        a_population(*rows)

    assert said in str(refusal.value)


@pytest.mark.parametrize(
    "head, said",
    [
        ("sex,population,date", "There is no column `source`."),
        ("sex,height,population,source,date", "line 1, column 2: No denominator has it."),
        ("sex,gender,population,source,date", "Two columns say the same."),
    ],
)
def test_a_fault_of_the_header_is_named(head, said):
    with pytest.raises(InvalidRecord) as refusal:
        a_population(head=head)

    assert said in str(refusal.value)


@pytest.mark.parametrize("date", ["2020", "2020-07", "2020-07-01"])
def test_a_day_a_month_and_a_year_are_dates(date):
    rows = [row.replace("2020", date) for row in GROUPS]

    assert a_population(*rows).of({"sex": "f", "age": "child"}).date == date


def test_a_file_parted_by_semicolons_is_read():
    head, *rows = (row.replace(",", ";") for row in (HEAD, *GROUPS))

    assert a_population(*rows, head=head).of({"sex": "m"}).people == 70


def test_all_faults_are_told_at_once():
    with pytest.raises(InvalidRecord) as refusal:
        a_population("f,child,-1,Census,2020", "m,child,0.5,,2020")

    assert [problem.path for problem in refusal.value.problems] == [
        "line 2, population",
        "line 3, source",
        "line 3, population",
    ]


def test_a_file_that_is_not_text_is_refused(tmp_path):
    path = tmp_path / "people.csv"
    path.write_bytes(HEAD.encode("utf-16"))

    with pytest.raises(InvalidRecord, match=r"people\.csv: file: It is not UTF-8 text"):
        population.read(path)


def test_a_file_is_read_with_its_mark(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("\n".join([HEAD, *GROUPS, ""]), encoding="utf-8-sig")

    assert population.read(path) == a_population()


@given(people=st.lists(st.integers(1, 10**9), min_size=12, max_size=12))
def test_any_sum_is_that_of_its_groups(people):
    names = list(product(("2020", "2021"), ("f", "m"), ("0-8", "9-17", "adult")))
    rows = [f"{','.join(name)},{some},Census,2020" for name, some in zip(names, people, strict=True)]
    found = a_population(*rows, head="year,sex,age,population,source,date")
    children = sum(some for name, some in zip(names, people, strict=True) if name[2] != "adult")

    assert found.of({}).people == sum(people)
    assert found.of({"age": "child"}).people == children
    assert sum(found.of({"year": year}).people for year in found.years) == sum(people)
