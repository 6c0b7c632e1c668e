"""Indicator 16.2.2: rows that add up in every replicate, and rates that a slow twin counts again."""

import csv
import io
import json
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.errors import InvalidRecord
from palermo.prevention import methods, population, sdg, sheet
from palermo.prevention.covariates import Stratified
from palermo.prevention.estimate import Estimate, refused
from palermo.prevention.page import svg
from palermo.prevention.saying import say
from tests.prevention.tables import SHARED, a_table

SEXES, AGES, FORMS = ("f", "m"), ("child", "adult"), ("ForcedLabour", "SexualExploitation")
TABLE = a_table({"A": 40, "B": 30, "AB": 9})
PEOPLE = ("f,child,1000", "f,adult,4000", "m,child,1500", "m,adult,3500")


def a_population(*rows, head="sex,age"):
    lines = [f"{row},Census,2020-01-01" for row in rows or PEOPLE]
    return population.parse([f"{head},population,source,date", *lines])


def a_stratified(hidden, *, seed=1, columns=("sex", "age", "form"), replicates=40):
    """Strata of every sex, age and form with these hidden numbers, and replicates near them."""
    strata = tuple(product(SEXES, AGES, FORMS))
    observed = np.arange(1, 1 + len(strata))
    totals = observed + np.array(hidden)
    drawn = totals * np.random.default_rng(seed).uniform(0.5, 2, (replicates, len(strata)))
    whole = Estimate(
        method="made",
        lists=TABLE.lists,
        observed=int(observed.sum()),
        table=TABLE.hash,
        estimable=True,
        total=float(totals.sum()),
    )
    return Stratified(
        whole=whole,
        columns=columns,
        strata=strata,
        observed=tuple(observed.tolist()),
        totals=tuple(totals.tolist()),
        replicates=drawn,
        level=0.9,
    )


HIDDEN = st.lists(st.floats(0, 1e6), min_size=8, max_size=8)


def only(found, **values):
    """The rows with these values."""
    return [row for row in found.rows if all(getattr(row, name) == value for name, value in values.items())]


def one(found, **values):
    """The row with these values and the total of all others."""
    (row,) = only(found, **{"year": "_T", "sex": "_T", "age": "_T", "form": "_T", **values})
    return row


@given(hidden=HIDDEN, seed=st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_rows_of_a_dimension_are_exactly_its_total_in_every_replicate(hidden, seed):
    found = sdg.table(a_stratified(hidden, seed=seed), a_population())

    for name, values in (("sex", SEXES), ("age", AGES), ("form", FORMS)):
        others = {other for other in ("sex", "age", "form") if other != name}
        for row in only(found, **{name: "_T"}):
            parts = [
                part
                for part in found.rows
                if getattr(part, name) in values and all(getattr(part, o) == getattr(row, o) for o in others)
            ]
            assert sum(part.total for part in parts) == row.total
            assert sum(part.observed for part in parts) == row.observed
            assert (sum(part.replicates for part in parts) == row.replicates).all()


@given(hidden=HIDDEN)
@settings(max_examples=20, deadline=None)
def test_every_row_is_what_counting_stratum_by_stratum_gives(hidden):
    joint = a_stratified(hidden)
    people = {("f", "child"): 1000, ("f", "adult"): 4000, ("m", "child"): 1500, ("m", "adult"): 3500}

    found = sdg.table(joint, a_population())

    assert len(found.rows) == 27
    for row in found.rows:
        wanted = (row.sex, row.age, row.form)
        inside = [
            place
            for place, stratum in enumerate(joint.strata)
            if all(want in ("_T", have) for want, have in zip(wanted, stratum, strict=True))
        ]
        living = sum(
            number
            for group, number in people.items()
            if all(want in ("_T", have) for want, have in zip(wanted[:2], group, strict=True))
        )
        total = sum(joint.totals[place] for place in inside)
        drawn = sorted(sum(draw[place] for place in inside) for draw in joint.replicates)
        assert row.population.people == living
        assert row.total == pytest.approx(total, abs=1e-5)
        assert row.rate == pytest.approx(total / living * 100_000, rel=1e-6)
        assert drawn[0] <= row.interval.low + 1e-5 <= row.interval.high <= drawn[-1] + 1e-5
        assert row.rate_interval.high == pytest.approx(row.interval.high / living * 100_000)


def test_a_form_has_the_population_of_its_group():
    found = sdg.table(a_stratified([5.0] * 8), a_population())

    assert one(found, sex="f", form="ForcedLabour").population.people == 5000
    assert one(found, form="ForcedLabour").population.people == 10_000


def test_columns_that_are_no_dimension_are_summed_over():
    found = sdg.table(a_stratified([5.0] * 8, columns=("sex", "age", "region")), a_population())

    assert {row.form for row in found.rows} == {"_T"}
    assert one(found).total == 36 + 40


def test_a_dimension_under_another_name_is_named():
    joint = a_stratified([5.0] * 8, columns=("papers", "age", "form"))

    found = sdg.table(joint, a_population(), named={"sex": "papers"})

    assert found.columns == {"sex": "papers", "age": "age", "form": "form"}


def test_years_are_not_summed():
    joint = replace(
        a_stratified([5.0] * 8),
        strata=tuple((str(2020 + i // 4), str(i)) for i in range(8)),
        columns=("year", "r"),
    )
    people = a_population("2020,100", "2021,200", head="year")

    found = sdg.table(joint, people)

    assert [(row.year, row.population.people) for row in found.rows] == [("2020", 100), ("2021", 200)]
    assert sum(row.total for row in found.rows) == 36 + 40


def test_the_one_year_of_a_population_is_that_of_the_rows():
    people = a_population(*(f"2020,{row}" for row in PEOPLE), head="year,sex,age")

    assert {row.year for row in sdg.table(a_stratified([5.0] * 8), people).rows} == {"2020"}


def test_people_of_a_value_that_nobody_is_counted_by_are_in_the_totals_alone():
    every = a_stratified([10] * 8)
    unsaid = replace(every, strata=tuple(("unknown" if s == "m" else s, a, f) for s, a, f in every.strata))

    found = sdg.table(unsaid, a_population(), apart={"unknown"})

    assert {row.sex for row in found.rows} == {"_T", "f"}
    assert one(found).total == sum(every.totals)
    with pytest.raises(InvalidRecord):
        sdg.table(unsaid, a_population())


@pytest.mark.parametrize(
    "rows, head, said",
    [
        (("f,1000", "m,1000"), "sex", "dimension age: The file does not divide people by it."),
        (PEOPLE[:2], "sex,age", "sex m, age adult: The file has no line for it."),
        (
            [f"{year},{row}" for year in (2020, 2021) for row in PEOPLE],
            "year,sex,age",
            "dimension year: The file has several years.",
        ),
    ],
)
def test_a_population_that_does_not_fit_the_table_is_refused(rows, head, said):
    with pytest.raises(InvalidRecord) as refusal:
        sdg.table(a_stratified([5.0] * 8), a_population(*rows, head=head))

    assert said in str(refusal.value)


def test_more_victims_than_people_are_told():
    found = sdg.table(a_stratified([5.0] * 7 + [1e4]), a_population())

    assert "sex m, age adult, form SexualExploitation: There are more victims" in str(found.problems[-1])
    assert sdg.table(a_stratified([5.0] * 8), a_population()).problems == ()


def test_a_refused_model_leaves_what_is_known():
    whole = refused("made", TABLE, say("strata-unfitted"))
    joint = replace(
        a_stratified([5.0] * 8), whole=whole, totals=(float("nan"),) * 8, replicates=np.empty((0, 8))
    )

    found = sdg.table(joint, a_population())

    assert one(found).total is one(found).interval is one(found).rate is one(found).rate_interval is None
    assert one(found).document()["per_100000"]["observed"] == pytest.approx(360)
    assert json.loads(json.dumps(found.document(), allow_nan=False))["estimate"]["estimable"] is False
    assert found.plot()["title"]["subtitle"].startswith("Refused")


def test_without_replicates_there_is_no_interval():
    found = sdg.table(a_stratified([5.0] * 8, replicates=0), a_population())

    assert one(found).interval is None
    assert found.document()["rows"][0]["per_100000"]["interval"] is None


def test_the_document_says_where_a_number_is_from():
    row = one(sdg.table(a_stratified([5.0] * 8), a_population()), sex="f", age="child", form="ForcedLabour")

    told = row.document()

    assert told["indicator"] == "16.2.2"
    assert told["codes"] == {"SEX": "F", "AGE": "Y0T17"}
    assert told["series"] == "VC_HTF_DETVFLR"
    assert told["population"] == {"people": 1000, "source": "Census", "date": "2020-01-01"}
    assert told["interval"]["level"] == 0.9


def test_a_line_of_the_csv_is_a_row():
    found = sdg.table(a_stratified([5.0] * 8), a_population())

    lines = list(csv.DictReader(io.StringIO(found.csv())))

    assert len(lines) == len(found.rows)
    assert [float(line["total"]) for line in lines] == [row.total for row in found.rows]
    assert {line["population_source"] for line in lines} == {"Census"}
    assert "\r" not in found.csv()


def test_no_cell_starts_a_formula_in_a_spreadsheet():
    joint = a_stratified([5.0] * 8)
    wild = replace(joint, strata=tuple((s, a, "=1+1" if f == FORMS[0] else f) for s, a, f in joint.strata))

    lines = csv.DictReader(io.StringIO(sdg.table(wild, a_population()).csv()))

    assert {line["form"] for line in lines} == {"_T", "'=1+1", FORMS[1]}


def test_the_picture_shows_the_smallest_groups():
    found = sdg.table(a_stratified([5.0] * 8), a_population())

    assert len(found.plot()["data"]["values"]) == 8
    assert "<svg" in svg(found.plot())


def shared_sheet(name, columns):
    path = SHARED / f"{name}.csv"
    if not path.exists():
        pytest.skip(f"no shared data at {path}")
    return sheet.read(path, columns=columns)


@pytest.mark.parametrize("method", ["covariates", "pooled"])
def test_the_scottish_table_adds_up_to_its_whole(method):
    read = shared_sheet("scotland_pwid_covariates", ("Region", "Gender", "Age"))
    people = a_population(
        "Female,Young,600000", "Female,Old,2000000", "Male,Young,600000", "Male,Old,1900000", "_T,_T,5100000"
    )

    joint = methods.joined(read, method, replicates=60, draws=200)
    found = sdg.table(joint, people)

    assert one(found).observed == 5670
    assert one(found).total == pytest.approx(sum(joint.totals), rel=1e-9)
    assert one(found).replicates == pytest.approx(joint.replicates.sum(axis=1), rel=1e-9)
    assert one(found, sex="f").total + one(found, sex="m").total == one(found).total
    assert one(found, age="Young").rate > 3 * one(found, age="Old").rate


def test_a_table_without_sex_or_age_has_one_row():
    read = shared_sheet("spina_covariates", ("eth",))

    people = population.parse(["population,source,date", "850000,Census,1970"])

    found = sdg.table(methods.joined(read, "covariates", replicates=40), people)

    assert len(found.rows) == 1
    assert 621 < one(found).total < 900


def test_the_simulated_records_have_a_row_for_each_year_and_sex():
    path = SHARED / "cruyff_simdat_individual.csv"
    if not path.exists():
        pytest.skip(f"no shared data at {path}")
    header, *rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    places = [header.index(name) for name in ("R1", "R2", "R3", "R4", "X1", "Y")]
    people = sorted(",".join(row[place] for place in places) for row in rows)
    lines = [f"{cell},{people.count(cell)}" for cell in dict.fromkeys(people)]
    read = sheet.parse(["R1,R2,R3,R4,sex,year,count", *lines], columns=("sex", "year"))
    years = sorted({stratum[1] for stratum in read.strata})
    living = a_population(*(f"{year},{sex},50000" for year in years for sex in "12"), head="year,sex")

    found = sdg.table(methods.joined(read, "covariates", year="year", replicates=40), living)

    assert len(found.rows) == 3 * len(years)
    assert sum(row.observed for row in only(found, sex="_T")) == 1043
    for year in years:
        whole = one(found, year=year)
        parts = [one(found, year=year, sex=sex) for sex in "12"]
        assert sum(part.total for part in parts) == whole.total
        assert (sum(part.replicates for part in parts) == whole.replicates).all()
