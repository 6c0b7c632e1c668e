"""Root causes: the newest figure that is not too old, every row accounted for, an interval a rank."""

import gzip

import numpy as np
import pytest

from palermo.appraisal import composite, specimen
from palermo.appraisal.composite import causes
from palermo.errors import InvalidRecord, Unreachable
from tests.appraisal.made import public

OWN = "made_up_causes.csv"


@pytest.fixture
def folder(tmp_path):
    specimen.lay(tmp_path)
    return tmp_path


def add(folder, *lines):
    with (folder / OWN).open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


def test_ten_indicators_stand_in_four_dimensions_with_names_in_three_languages():
    tree = causes.hierarchy()

    assert len(tree.ids) == 10
    assert len(tree.children(causes.TOP)) == 4
    assert all(
        {"en", "fr", "ar"} <= set(one)
        for one in (*causes.indicators().values(), *causes.dimensions().values())
    )


def test_the_newest_figure_counts_and_one_that_is_too_old_is_left(folder):
    add(folder, "XB,2024,poverty,61.0", "XB,2019,poverty,1.0")

    read = causes.read(folder)

    assert (read.known["XB", "poverty"].value, read.known["XB", "poverty"].year) == (61.0, 2024)
    assert dict(read.tables[0].unused) == {"before 2005": 1}


def test_of_two_tables_the_newer_year_counts(folder):
    lines = ["iso3,year,indicator,value", "XA,2010,poverty,1.5", "XB,2025,poverty,2.5"]
    (folder / "causes.csv").write_text("\n".join(lines))
    before = causes.read(folder).known["XA", "poverty"]

    assert before.file == OWN
    assert causes.read(folder).known["XB", "poverty"].value == 2.5


def test_several_kinds_of_displaced_people_of_one_year_are_summed(tmp_path):
    lines = ["iso3,year,displacement_type,population_left", "XA,2017,refugees,9", "XA,2018,refugees,5"]
    lines += ["XA,2018,asylum_seekers,2", "XA,2018,returned_refugees,70"]
    (tmp_path / "unhcr_displaced_origin_2018.csv.gz").write_bytes(_packed("\n".join(lines)))

    read = causes.read(tmp_path)

    assert read.known["XA", "displaced"].value == 7
    assert (read.tables[0].rows, read.tables[0].used) == (4, 3)


def _packed(text):
    return gzip.compress(text.encode())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("QQQ,2020,poverty,1", "is not a State's code"),
        ("XA,2020,detected_victims,1", "is no indicator"),
        ("XA,20,poverty,1", "is not a year"),
        ("XA,2020,poverty,NaN", "is not a number"),
        ("XA,2020,poverty,<5", "is not a number"),
        ("XA,2020", "has 2 cells"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_and_the_others_count(folder, line, said):
    before = causes.read(folder).tables[0]
    add(folder, line)

    read = causes.read(folder)
    (name, problem), account = read.problems[0], read.tables[0]

    assert name == OWN
    assert said in str(problem)
    assert (
        account.rows
        == before.rows + 1
        == account.used + len(account.problems) + sum(n for _, n in account.unused)
    )


def test_places_that_are_no_members_are_counted_and_not_ranked(folder):
    add(folder, "HKG,2020,poverty,1")

    assert ("not one of the 193 members", 1) in causes.read(folder).tables[0].unused


def test_the_made_up_countries_have_an_index_and_the_one_with_too_little_is_named(folder):
    found = causes.vulnerability(folder, draws=300)

    assert found.index.left_out == ("XL",)
    assert "XH" in found.index.units
    assert found.index.imputed_share("XH") == pytest.approx(0.2)
    assert found.found.document()["units"]["XA"]["rank_interval_90"]


def test_the_index_of_root_causes_cannot_hold_detected_victims(monkeypatch):
    bad = {**causes.indicators(), "caught": {**causes.indicators()["poverty"], "en": "Detected victims"}}
    monkeypatch.setattr(causes, "indicators", lambda: bad)
    causes.hierarchy.cache_clear()

    with pytest.raises(InvalidRecord, match="victims that were found"):
        causes.hierarchy()
    causes.hierarchy.cache_clear()


def test_a_folder_that_is_not_there_or_holds_no_table_is_named(tmp_path):
    with pytest.raises(Unreachable, match="no such folder"):
        causes.read(tmp_path / "nowhere")
    with pytest.raises(Unreachable, match="no table of root causes"):
        causes.read(tmp_path)


def test_one_country_alone_is_no_index(tmp_path):
    lines = ["iso3,year,indicator,value", *(f"XA,2020,{id},1" for id in causes.indicators())]
    (tmp_path / OWN).write_text("\n".join(lines))

    with pytest.raises(InvalidRecord, match="1 unit"):
        causes.vulnerability(tmp_path)


def test_a_dimension_that_no_table_fills_is_refused(tmp_path):
    filled = [id for id in causes.indicators() if id not in ("women_schooling", "women_unemployment")]
    lines = ["iso3,year,indicator,value"]
    lines += [f"X{code},2020,{id},{ord(code)}" for code in "ABCDE" for id in filled]
    (tmp_path / OWN).write_text("\n".join(lines))

    with pytest.raises(InvalidRecord, match="women_unemployment: has no number for any unit"):
        causes.vulnerability(tmp_path)


# -- the public tables --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def world():
    return causes.vulnerability(public())


def test_183_states_have_seven_of_ten_indicators(world):
    made = world.index

    assert len(made.units) == 183
    assert (~np.isnan(made.denominated)).sum(axis=1).min() >= 7
    assert 0.02 < made.filled.mean() < 0.05
    assert all(
        one.rows == one.used + len(one.problems) + sum(n for _, n in one.unused)
        for one in world.causes.tables
    )
    assert world.causes.problems == ()


def test_half_of_the_states_span_a_fifth_of_all_places(world):
    spread = world.found.spread

    assert 30 <= spread.median_width <= 55
    assert 0.6 <= spread.stable_pairs <= 0.8
    assert 8 <= spread.mean_shift <= 14


@pytest.mark.parametrize(("code", "low", "high"), [("PAK", 23, 56), ("NOR", 173, 183)])
def test_intervals_meet_those_of_the_research(world, code, low, high):
    ours = world.found.interval(code)

    assert ours[0] <= high
    assert ours[1] >= low


def test_no_cell_is_older_than_it_may_be_and_every_cell_has_its_year(world):
    made = world.index
    oldest = np.array([one["oldest"] for one in causes.indicators().values()])
    known = ~np.isnan(made.denominated)

    assert ((made.years >= oldest) | ~known).all()
    assert (made.years[~known] == 0).all()


def test_a_driver_of_a_state_lifts_it_and_the_figure_is_as_published(world):
    first = max(world.index.cells("PAK"), key=lambda one: one.effect)
    published = world.causes.known["PAK", "displaced"]

    assert first.effect > 0
    assert published.year == 2018
    assert causes.scaled("displaced", published.value) == pytest.approx(
        next(one.value for one in world.index.cells("PAK") if one.indicator == "displaced")
    )


def test_the_same_seed_gives_the_same_document(world):
    again = causes.vulnerability(public())

    assert world.found.document() == again.found.document()


def test_what_was_published_is_dated_and_named():
    publisher, as_of = causes.publisher("root_cause_gapminder.csv.gz")

    assert publisher.fr.startswith("Gapminder")
    assert as_of.year == 2026
    assert OWN in causes.files()
    assert isinstance(causes.hierarchy(), composite.Hierarchy)
