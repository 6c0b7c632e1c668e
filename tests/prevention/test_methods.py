"""The gate before every number, and the table of methods."""

import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest

from palermo.prevention import methods
from palermo.prevention.estimate import Estimate, Interval
from palermo.prevention.existence import Code
from tests.prevention.tables import a_table, answers, shared

THREE = {"A": 40, "B": 30, "C": 25, "AB": 9, "AC": 4, "BC": 5, "ABC": 2}


def an_estimate(**known):
    found = {"method": "made", "lists": ("A",), "observed": 9, "table": "", "estimable": True, "total": 20.0}
    return Estimate(**{**found, **known})


@pytest.fixture
def made(monkeypatch):
    """A method of the name `made` that answers with what it was given."""

    def estimate(table, *, seed, level=0.5):
        return an_estimate(lists=table.lists, seed=seed, details={"level": level})

    monkeypatch.setitem(sys.modules, "palermo.prevention.made", SimpleNamespace(estimate=estimate))
    monkeypatch.setitem(methods.METHODS, "made", methods.Method("made"))
    return "made"


def test_stepwise_is_among_the_methods_and_what_is_not_installed_is_not(monkeypatch):
    monkeypatch.setitem(methods.METHODS, "absent", methods.Method("absent"))

    assert methods.available()[0] == "stepwise"
    assert "absent" not in methods.available()


def test_a_method_is_given_the_options_it_knows(made):
    found = methods.estimate(a_table(THREE), made, seed=4, level=0.9, threshold=0.1)

    assert found.seed == 4
    assert found.details == {"level": 0.9}


def test_an_option_that_is_fixed_stays(made, monkeypatch):
    monkeypatch.setitem(methods.METHODS, made, methods.Method("made", fixed=(("level", 0.8),)))

    assert methods.estimate(a_table(THREE), made, seed=4, level=0.9).details == {"level": 0.8}


@pytest.mark.parametrize(
    "rows, lists, said",
    [
        ({"A": 5, "AB": 2, "B": 4}, "AB", "fewer than three"),
        ({"A": 5, "B": 2, "AB": 4}, "ABC", "Nobody is in it"),
        ({"AB": 5, "AC": 2, "A": 4}, "ABC", "contains everyone"),
        ({"A": 5, "BC": 2, "ABC": 4}, "ABC", "fewer than three"),
        ({"A": 5, "B": 2, "C": 4}, "ABC", "No two lists share anybody"),
        ({"ABC": 5}, "ABC", "contains everyone"),
        ({}, "ABC", "Nobody is in it"),
    ],
    ids=[
        "two lists",
        "an empty list",
        "a list of everyone",
        "two lists that are one",
        "no overlap",
        "three lists that are one",
        "a stratum of nobody",
    ],
)
def test_a_table_that_says_nothing_is_refused_by_every_method_with_a_remedy(made, rows, lists, said):
    found = methods.estimate(a_table(rows, lists=lists), made, seed=1)

    assert not found.estimable
    assert found.total is None
    assert said in str(found.warnings[0])
    assert found.method == made


def test_a_list_that_repeats_another_is_left_out_and_changes_nothing():
    table = a_table(THREE)
    doubled = a_table({names.replace("A", "AD"): people for names, people in THREE.items()}, lists="ABCD")

    found, once = (methods.estimate(one, "stepwise", replicates=20) for one in (doubled, table))

    assert found.total == once.total
    assert found.interval == once.interval
    assert str(found.warnings[-1]) == "List D holds the same people as A: left out."


def test_merging_lists_of_the_same_people_changes_nothing():
    doubled = a_table({names.replace("A", "AD"): people for names, people in THREE.items()}, lists="ABCD")

    merged = doubled.merge({"A": ["A", "D"]})

    assert merged == a_table(THREE)


@pytest.mark.parametrize("total, refused", [(9_000.0, False), (9_001.0, True)], ids=["1,000 times", "more"])
def test_a_total_that_next_to_no_overlap_carries_is_taken_back(total, refused):
    found = methods.gated(an_estimate(total=total))

    assert found.estimable is not refused
    assert any("for each that is known" in str(warning) for warning in found.warnings) is refused


def test_too_many_failed_replicates_take_the_number_back():
    answer = an_estimate(replicates=100, failed=6)

    gated = methods.gated(answer)

    assert not gated.estimable
    assert gated.total is gated.hidden is gated.interval is None
    assert "6% of the replicates" in str(gated.warnings[0])
    assert methods.gated(replace(answer, failed=5)) == replace(answer, failed=5)


@pytest.mark.parametrize("code", [Code.NOT_EXISTING, Code.NOT_IDENTIFIABLE, Code.NEITHER])
def test_each_refusal_by_code_has_its_remedy(code):
    refusal = an_estimate(estimable=False, total=None, code=code, warnings=("No.",))

    assert methods.gated(refusal).warnings == ("No.", methods.REMEDIES[code])


def test_a_refusal_without_a_code_stands_as_it_is():
    refusal = an_estimate(estimable=False, total=None, warnings=("Chains split.",))

    assert methods.gated(refusal) == refusal


def test_all_methods_answer_and_tell_when_each_is_done():
    ended = []

    found = methods.all_methods(a_table(THREE), names=("stepwise",), ended=ended.append, replicates=0)

    assert [one.method for one in found] == ended == ["stepwise"]


def test_without_names_every_method_that_is_here_answers(made, monkeypatch):
    monkeypatch.setattr(methods, "METHODS", {"stepwise": methods.METHODS["stepwise"]})

    assert [one.method for one in methods.all_methods(a_table(THREE), replicates=0)] == ["stepwise"]


def test_the_korean_table_is_answered_stepwise_through_the_gate():
    known = answers("korea_3", "mse_r_stepwise_p0.02")

    assert methods.estimate(shared("korea_3"), "stepwise", replicates=0).total == pytest.approx(
        known["estimate"], rel=1e-6
    )


THIN = {"A": 30, "B": 30, "C": 30, "AB": 1, "AC": 1, "BC": 1}
APART = {"A": 10, "B": 27, "C": 25}

FEW_OVERLAPS = {"A": 28, "B": 19, "C": 29, "BC": 1, "ABC": 1}
UNBOUND = {"A": 12, "B": 23, "C": 17, "BC": 1}


@pytest.mark.parametrize(
    "rows, method, options, reason, remedy",
    [
        (APART, "latent", {}, "No two lists share anybody", "add a list that overlaps"),
        (
            {"A": 40, "B": 30, "C": 25, "AB": 9, "AC": 4},
            "bayes-threshold",
            {"ratio": 0},
            "",
            "fewer interactions",
        ),
        (
            FEW_OVERLAPS,
            "stepwise",
            {"replicates": 100},
            "13% of the replicates",
            "merge lists, or join strata",
        ),
        (FEW_OVERLAPS, "bic", {"replicates": 100}, "of the replicates", "merge lists, or join strata"),
        (THIN, "graphs", {"reach": 2, "level": 0.99}, "at the end of the grid", "Merge lists"),
        (THIN, "latent", {"burn": 0, "draws": 20, "longest": 0}, "different stories", "Merge lists"),
        (UNBOUND, "bayes-threshold", {"draws": 500}, "to the prior", "merge lists, or join strata"),
        (THREE, "stepwise", {"smallest": 40}, "fewer than 40 people", "Merge it"),
    ],
    ids=[
        "no overlap",
        "not determined",
        "replicates failed",
        "replicates of bic failed",
        "the grid binds",
        "chains split",
        "the prior binds",
        "a list under its minimum",
    ],
)
def test_a_number_that_would_not_hold_is_refused_with_what_could_help(rows, method, options, reason, remedy):
    found = methods.estimate(a_table(rows), method, **options)

    said = " ".join(map(str, found.warnings))
    assert not found.estimable
    assert found.total is found.hidden is found.interval is None
    assert reason in said
    assert remedy in said


def test_all_pairs_that_no_triangle_holds_are_not_identifiable():
    found = methods.estimate(
        a_table({"A": 40, "B": 30, "C": 25, "AB": 9, "AC": 4}), "bayes-threshold", ratio=0
    )

    assert found.code in {Code.NOT_IDENTIFIABLE, Code.NEITHER}


@pytest.mark.parametrize(
    "known, said",
    [
        ({"code": Code.NOT_IDENTIFIABLE}, "cannot be estimated"),
        ({"details": {"rhat": 1.2}}, "different stories (R-hat 1.20)"),
        ({"details": {"at_cap": 0.001}}, "limit of the computation"),
        (
            {
                "details": {"at_grid_end": 0.03},
                "interval": Interval(level=0.95, kind="credible", low=9, high=30),
            },
            "limit",
        ),
        ({"interval": Interval(level=0.95, kind="credible", low=9, high=2001)}, "to the prior"),
    ],
)
def test_the_gate_does_not_rely_on_a_method_to_refuse(known, said):
    gated = methods.gated(an_estimate(**known))

    assert not gated.estimable
    assert said in str(gated.warnings[0])


@pytest.mark.parametrize(
    "known",
    [
        {"details": {"rhat": 1.05, "at_cap": 0.0}},
        {"details": {"at_grid_end": 0.02}, "interval": Interval(level=0.95, kind="credible", low=9, high=30)},
        {"interval": Interval(level=0.95, kind="bca", low=9, high=2001)},
    ],
)
def test_what_holds_passes_the_gate_as_it_is(known):
    assert methods.gated(an_estimate(**known)) == an_estimate(**known)


def test_two_reasons_are_both_told():
    gated = methods.gated(an_estimate(details={"rhat": 2.0}, replicates=10, failed=5))

    assert len(gated.warnings) == 2
