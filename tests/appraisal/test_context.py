"""What others say of a State: shown with year and source, compared where two speak, and counted nowhere."""

import ast
from importlib.resources import files
from pathlib import Path

import pytest

from palermo.appraisal import context, register, specimen
from palermo.appraisal.context import Agreement, Band
from palermo.appraisal.words import phrase_text
from palermo.errors import Unreachable
from tests.appraisal.made import a_register, an_observation, public

SOURCE = Path(str(files("palermo.appraisal")))
# Whatever assesses, scores or ranks.
JUDGES = ("rule", "assess", "assessment", "obstacle", "profile", "register", "composite")


@pytest.fixture
def folder(tmp_path):
    specimen.lay(tmp_path)
    return tmp_path


def imported(path):
    """Every name that a module imports, `from a import b` as `a.b`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{one.name}" for one in node.names)
            yield str(node.module)


def named(path):
    """A module's name: palermo.appraisal.rule."""
    parts = path.relative_to(SOURCE.parents[1]).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def reached(name, modules):
    """Every module of the appraisal that one leads to, over however many imports."""
    found, ahead = set(), [name]
    while ahead:
        here = ahead.pop()
        found.add(here)
        ahead += [one for one in set(imported(modules[here])) & modules.keys() if one not in found]
    return found


@pytest.mark.parametrize("name", JUDGES)
def test_nothing_that_assesses_scores_or_ranks_leads_to_the_context(name):
    modules = {named(path): path for path in SOURCE.rglob("*.py")}
    judges = [one for one in modules if f"{one}.".startswith(f"palermo.appraisal.{name}.")]

    assert judges
    assert not [one for one in judges if "palermo.appraisal.context" in reached(one, modules)]


def test_the_walk_over_imports_does_find_the_context():
    modules = {named(path): path for path in SOURCE.rglob("*.py")}

    assert "palermo.appraisal.register" in reached("palermo.appraisal.context", modules)
    assert "palermo.appraisal.context" in reached("palermo.appraisal.beside", modules)


def test_no_rule_is_set_upon_a_series_of_the_context():
    rules = SOURCE.joinpath("framework", "rules.toml").read_text("utf-8")

    assert not [name for name in context.measures() if name in rules]


def test_the_newest_figure_of_each_measure_stands_with_its_year_and_source(folder):
    rows = {one.series: one for one in context.of(folder, "XA").rows}

    assert (rows["tip_tier"].period, rows["tip_tier"].band) == (2025, Band.STRONG)
    assert rows["criminalisation_level"].period == 2024
    assert rows["tip_tier"].source.id == "made-up-panel"
    assert rows["tip_tier"].observation.found.line == 4
    assert rows["detected_victims"].band is None


def test_two_scores_of_one_year_that_say_the_opposite_are_shown(folder):
    (worst,) = [one for one in context.of(folder, "XB").disagreements if one.agreement is Agreement.OPPOSITE]

    assert (worst.first.series, worst.second.series, worst.period) == ("tip_tier", "p3_total", 2024)
    assert phrase_text(worst.says.key).fr.endswith("disent le contraire.")


def test_scores_of_different_years_are_never_compared(folder):
    compared = context.of(folder, "XA").comparisons

    assert {one.period for one in compared} == {2024, 2025}
    assert all(one.first.period == one.second.period == one.period for one in compared)


@pytest.mark.parametrize(("office", "agreement"), [("29", "agree"), ("<40", "agree"), ("31", "differ")])
def test_two_counts_of_the_same_people_agree_where_their_bounds_meet(office, agreement):
    read = a_register(an_observation(office), an_observation("29", series="VC_HTF_DETV"))

    (one,) = context.of(read, "XA").comparisons

    assert one.agreement == agreement


def test_a_state_of_which_nobody_speaks_has_an_empty_context(folder):
    empty = context.of(folder, "XQ")

    assert (empty.rows, empty.comparisons) == ((), ())


def test_outside_scores_are_read_where_no_other_table_is(folder, tmp_path):
    for path in folder.iterdir():
        if path.name != "context.csv":
            path.unlink()

    assert {one.series for one in context.of(tmp_path, "XA").rows} == set(context.measures())


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(Unreachable, match="no such folder"):
        context.of(tmp_path / "nowhere", "XA")


def test_years_without_a_rating_are_counted_and_not_lost(folder):
    (table,) = context.read(folder).tables

    assert (table.rows, table.used, table.unused) == (5, 4, (("not rated", 1),))


def test_a_table_of_the_context_is_not_called_unknown_by_the_register(folder):
    assert register.read(folder).files_not_read == ()


@pytest.mark.parametrize(
    ("series", "value", "band"),
    [
        ("tip_tier", 1, "strong"),
        ("tip_tier", 2, "middle"),
        ("tip_tier", 2.5, "weak"),
        ("p3_total", 12, "strong"),
        ("p3_total", 8, "middle"),
        ("p3_total", 7, "weak"),
        ("criminalisation_level", 0, "weak"),
    ],
)
def test_the_bands_of_a_scale(series, value, band):
    assert context.band(series, value) == band


@pytest.fixture(scope="module")
def outside():
    return context.read(public())


def test_the_public_panel_is_read_whole(outside):
    (panel,) = outside.tables
    said = context.of(outside, "PAK")

    assert panel.rows == 3021 == panel.used + sum(count for _, count in panel.unused) + len(panel.problems)
    assert ("tip_tier", 2014) in {(one.series, one.period) for one in said.rows}
    assert said.disagreements


def test_the_sum_of_the_public_3p_is_that_of_its_parts_in_all_rows_but_one(outside):
    read = {}
    for one in outside.observations:
        if one.series.startswith("p3_"):
            read.setdefault((one.state, one.period), {})[one.series] = one.bounds.low
    whole = [one for one in read.values() if len(one) == 4]
    wrong = [one for one in whole if 2 * one["p3_total"] != sum(one.values())]

    assert len(whole) > 2000
    assert len(wrong) <= 1
