"""The whole answer to a sheet, as other programs read it."""

import json

import pytest

from palermo.errors import Unknown
from palermo.prevention import answer, methods, sheet
from palermo.prevention.estimate import Estimate

ROWS = "1,0,0,40\n0,1,0,30\n0,0,1,25\n1,1,0,9\n1,0,1,4\n0,1,1,5\n1,1,1,2"
SPARSE = "1,0,0,40\n0,1,0,30\n0,0,1,25"


def a_sheet(*places, rows=ROWS):
    """The same people in each place; without places, a sheet without strata."""
    if not places:
        return sheet.parse(["A,B,C,count", *rows.split()])
    lines = [f"{place},{row}" for place in places for row in rows.split()]
    return sheet.parse(["place,A,B,C,count", *lines], columns=["place"])


@pytest.fixture(autouse=True)
def only_stepwise(monkeypatch):
    """One quick method stands for those that answer for a table alone."""
    monkeypatch.setattr(methods, "METHODS", {"stepwise": methods.METHODS["stepwise"]})


def asked(read, **options):
    return answer.answer(read, **{"replicates": 40, "draws": 400, **options})


def test_a_sheet_without_strata_has_no_joint_answer():
    found = asked(a_sheet())

    assert [one.method for one in found.whole] == ["stepwise"]
    assert found.strata == {}
    assert found.stratified is None
    assert found.margins() == {}


def test_joint_methods_answer_for_everyone_and_for_each_stratum():
    found = asked(a_sheet("XA", "XB"))

    assert [one.method for one in found.whole] == ["stepwise", "covariates", "pooled"]
    assert {tuple(one.method for one in results) for results in found.strata.values()} == {
        ("stepwise", "covariates", "pooled")
    }
    assert all(isinstance(one, Estimate) for results in found.strata.values() for one in results)


def test_strata_of_the_joint_model_sum_to_its_whole():
    document = asked(a_sheet("XA", "XB")).document()

    whole = document["results"][1]
    strata = [one["results"][1] for one in document["strata"]]
    assert sum(one["total"] for one in strata) == pytest.approx(whole["total"])
    assert sum(one["hidden"] for one in strata) == pytest.approx(whole["hidden"])
    assert [one["total"] for one in document["margins"]["place"]] == [one["total"] for one in strata]


def test_names_choose_among_all_methods_joint_ones_too():
    found = asked(a_sheet("XA", "XB"), names=["pooled"])

    assert [one.method for one in found.whole] == ["pooled"]
    assert found.stratified is None


def test_a_method_of_another_name_is_refused_with_those_there_are():
    with pytest.raises(Unknown, match=r"method x: .* Use stepwise, covariates, pooled"):
        asked(a_sheet(), names=["x"])


@pytest.mark.parametrize("trials", [False, True])
@pytest.mark.parametrize("places", [(), ("XA", "XB")])
def test_each_step_is_heard(places, trials):
    heard, read = [], a_sheet(*places)

    asked(read, trials=trials, ended=heard.append)

    assert len(heard) == answer.steps(read, trials=trials)


def test_a_refused_joint_model_has_no_margins_and_refuses_each_stratum():
    found = asked(a_sheet("XA", "XB", rows=SPARSE))

    assert not found.estimable
    assert found.margins() == {}
    assert not any(one.estimable for results in found.strata.values() for one in results)
    assert json.loads(json.dumps(found.document()))["results"][1]["total"] is None


def test_a_table_of_two_lists_is_refused_by_the_joint_methods_too():
    lines = [f"{place},1,{flag},{count}" for place in ("XA", "XB") for flag, count in ((0, 9), (1, 3))]
    read = sheet.parse(["place,A,B,count", *lines, "XA,0,1,4"], columns=["place"])

    found = asked(read)

    assert [str(one.warnings[0]).split(":")[0] for one in found.whole] == ["lists"] * 3
    assert found.document()["strata"][0]["results"][1]["estimable"] is False


def test_checks_stand_beside_the_estimates():
    checks = asked(a_sheet(), level=0.9).document()["checks"]

    assert checks["sizes"] == {"A": 55, "B": 46, "C": 36}
    assert checks["alone"] == pytest.approx(95 / 115)
    assert [one["lists"] for one in checks["chapman"]] == [["A", "B"], ["A", "C"], ["B", "C"]]
    assert checks["chao"]["interval"]["level"] == 0.9
    assert checks["trials"] == []


def test_trials_leave_out_and_hide_each_list():
    (found,) = asked(a_sheet(), trials=True).document()["checks"]["trials"]

    assert found["method"] == "stepwise"
    assert [one["list"] for one in found["without"]] == ["A", "B", "C"]
    assert [(one["list"], one["truth"], one["seen"]) for one in found["hidden"]] == [
        ("A", 55, 15),
        ("B", 46, 16),
        ("C", 36, 11),
    ]
    assert found["consistency"] is None
    assert "Fewer than 3 other lists" in found["hidden"][0]["warnings"][0]


def test_a_trial_of_four_lists_says_whether_the_known_number_is_covered():
    rows = [(cell, 5 + cell % 4 * 3) for cell in range(1, 16)]
    lines = [f"{','.join(str(cell >> bit & 1) for bit in range(4))},{people}" for cell, people in rows]
    found = answer.answer(sheet.parse(["A,B,C,D,count", *lines]), trials=True, replicates=60)

    hidden = found.document()["checks"]["trials"][0]["hidden"]
    assert {one["covered"] for one in hidden} <= {True, False}
    assert found.trials[0].consistency == sum(one["covered"] for one in hidden) / 4


def test_no_number_is_written_that_json_does_not_have():
    told = answer.finite(
        {"rhat": float("inf"), "medians": [float("nan"), 2.0], "pair": (1, "a"), "none": None}
    )

    assert told == {"rhat": None, "medians": [None, 2.0], "pair": [1, "a"], "none": None}
