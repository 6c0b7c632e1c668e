"""National figures: counted from codes, added, pooled and protected."""

import csv
import gzip
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.errors import Disclosive
from palermo.prevention.disclosure import Shown
from palermo.prevention.figures import EXCLUSIVE, NOT_RECORDED, Coded, Figures, figures

PUBLIC = Path(__file__).resolve().parents[3] / "shared/data/ctdc/ctdc_kanon_2020_recoded10.csv.gz"

codes = st.sampled_from(["", "a", "b", "c"])
people = st.lists(
    st.builds(
        Coded,
        year=st.sampled_from(["", "2020", "2021"]),
        sex=codes,
        age_band=codes,
        forms=st.lists(codes, max_size=3).map(tuple),
        regions=st.lists(codes, max_size=2).map(tuple),
    ),
    max_size=20,
)


def many(count: int, **changes) -> list[Coded]:
    facts = {"year": "2021", "sex": "f", "age_band": "18-29", "forms": ("labour",), "regions": ("xa",)}
    return [Coded(**facts | changes)] * count


def test_people_are_counted_once_a_year_and_once_a_form():
    counted = figures([*many(6), Coded(year="2021", forms=("labour", "sexual", "labour"))])

    assert counted.years == {"2021": 7}
    assert counted.by["form"] == {("2021", "labour"): 7, ("2021", "sexual"): 1}
    assert counted.by["sex"] == {("2021", "f"): 6, ("2021", NOT_RECORDED): 1}


@given(people)
def test_every_dimension_accounts_for_everyone(rows):
    counted = figures(rows)

    assert sum(counted.years.values()) == len(rows)
    for name, exclusive in EXCLUSIVE.items():
        told = sum(counted.by[name].values())
        assert told == len(rows) if exclusive else told >= len(rows)


@given(people, people)
def test_figures_add_up(one, other):
    assert figures(one) + figures(other) == figures([*one, *other])


@given(people)
def test_pooling_years_loses_no_one(rows):
    counted = figures(rows)
    while len(counted.years) > 1:
        before, counted = counted, counted.pooled()
        assert len(counted.years) == len(before.years) - 1
        assert sum(counted.years.values()) == len(rows)


def test_pooled_years_carry_the_name_of_the_span():
    counted = figures([*many(9, year="2018"), *many(1, year="2019"), *many(3, year="2020"), *many(9)])

    assert list(counted.pooled().years) == ["2018", "2019-2020", "2021"]
    assert list(counted.pooled().pooled().years) == ["2018-2020", "2021"]


def test_protected_figures_show_a_few_as_few_and_codes_nobody_has_as_zero():
    rows = [*many(30), *many(30, year="2020"), *many(20, sex="m"), *many(3, year="2020", sex="m")]

    release = figures(rows).protected({"sex": ["f", "m", "x"]})

    assert release.columns["sex"] == ("f", "m", "x")
    assert str(release.cell("sex", "2020", "m")) == "<5"
    assert str(release.cell("sex", "2020", "x")) == "0"
    assert release.cell("sex").low == 83


def test_years_with_too_few_people_are_pooled_before_anything_is_shown():
    rows = [*many(1, year="2019"), *many(1, year="2020", sex="m"), *many(2)]

    release = figures(rows).protected()

    assert release.rows == ("2019-2021",)


def test_one_person_in_two_years_of_nothing_else_is_not_published_or_stays_uncertain():
    release = figures([*many(1, year="2019"), *many(1)]).protected()

    assert {cell.shown for cell in release.cells.values()} <= {Shown.FEW, Shown.WITHHELD}


def test_where_even_all_years_together_would_reveal_someone_nothing_is_published(monkeypatch):
    def refuse(*_arguments):
        raise Disclosive("figures: too few people.")

    monkeypatch.setattr("palermo.prevention.disclosure.protect", refuse)

    with pytest.raises(Disclosive):
        figures([*many(1, year="2019"), *many(1)]).protected()


def test_no_cases_at_all_is_a_release_of_zero():
    assert figures([]).protected().cell("sex").low == 0


def test_pre_aggregated_counts_of_a_quarter_million_people_are_protected():
    chance = random.Random(7)
    rows = figures(
        Coded(
            year=f"20{chance.randrange(10, 30)}",
            sex=chance.choice("fffm"),
            age_band=chance.choice("abcdefgh"),
            forms=(chance.choice("abcdefghijkl"),),
            regions=(chance.choice("abcdefghijklmnopqr"),),
        )
        for _person in range(2_500)
    )
    hundredfold = Figures(
        years={year: count * 100 for year, count in rows.years.items()},
        by={name: {key: n * 100 for key, n in counts.items()} for name, counts in rows.by.items()},
    )

    release = (hundredfold + rows).protected()

    assert release.cell("sex").low == 252_500


@pytest.mark.skipif(not PUBLIC.exists(), reason="the public table of cases is not beside the checkout")
def test_the_public_table_of_cases_becomes_figures_with_every_year_total_shown():
    with gzip.open(PUBLIC, "rt", encoding="utf-8", newline="") as stream:
        counted = figures(
            Coded(
                year=row["yearOfRegistration"].removesuffix(".0"),
                sex=row["gender"],
                age_band=row["ageBroad"],
                forms=tuple(row["ExploitType"].split(";")),
                regions=tuple(row["citizenship"].split(";")),
            )
            for row in csv.DictReader(stream)
        )

    release = counted.protected()

    hidden = sum(cell.shown is not Shown.EXACT for cell in release.cells.values())
    print(f"{sum(counted.years.values()):,} people, {len(release.cells)} cells, {hidden} not shown exactly")
    assert release.cell("sex").low == 48_801
    assert {release.cell("sex", year).shown for year in release.rows} == {Shown.EXACT}
