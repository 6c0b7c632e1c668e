"""A job is named by all that decides its answer and by nothing else; its faults stay with their table."""

import logging

import pytest

from palermo.errors import InvalidRecord, Unknown
from palermo.prevention import job as jobs
from palermo.prevention import methods, parcel
from palermo.prevention.overlap import Overlap
from tests.prevention.strata_tables import a_stratum
from tests.prevention.tables import a_table


def key(table=None, *, method="stepwise", **options):
    return jobs.job(method, options).key(table or a_stratum(1))


@pytest.mark.parametrize(
    "other",
    [
        {"method": "bic"},
        {"replicates": 10},
        {"seed": 2},
        {"level": 0.9},
        {"threshold": 0.03},
        {"table": a_stratum(2)},
        {"table": a_stratum(1).reordered("DCBA")},
    ],
    ids=lambda other: next(iter(other)),
)
def test_what_decides_the_answer_is_in_its_key(other):
    assert key(**other) != key()


@pytest.mark.parametrize("other", [{"threads": 2}, {"batch": 7}, {"order": 3}, {"walks": 5}])
def test_what_does_not_decide_the_answer_is_not_in_its_key(other):
    assert key(**other) == key()


def test_the_kernel_is_in_the_key(monkeypatch):
    before = key()
    monkeypatch.setattr(jobs, "kernel", lambda: "another")

    assert key() != before


def test_the_kernel_is_named_by_the_code_and_the_libraries(monkeypatch):
    before = jobs.kernel.__wrapped__()
    assert jobs.kernel.__wrapped__() == before

    monkeypatch.setattr(jobs, "LIBRARIES", ("numpy",))

    assert jobs.kernel.__wrapped__() != before


def test_a_method_that_is_not_there_is_told_with_those_that_are():
    with pytest.raises(Unknown, match=r"method magic: .* Use stepwise, bic"):
        jobs.job("magic", {})


@pytest.mark.parametrize(
    "option, value", [("replicates", -1), ("replicates", 1.5), ("seed", -1), ("level", 1.0), ("level", 0)]
)
def test_an_option_that_cannot_be_is_refused_before_any_table_is_asked(option, value):
    with pytest.raises(InvalidRecord, match=f"options: {option}: The value does not fit"):
        jobs.job("stepwise", {option: value})


def test_every_option_at_fault_is_told_at_once():
    with pytest.raises(InvalidRecord) as refusal:
        jobs.job("stepwise", {"replicates": -1, "level": 2.0})

    assert [problem.path for problem in refusal.value.problems] == ["replicates", "level"]


def test_a_table_that_cannot_be_estimated_is_refused_with_the_reason():
    answer = parcel.unpack(jobs.job("stepwise", {}).run(a_table({"A": 5, "B": 0, "C": 4})))

    assert not answer.estimable
    assert "Nobody is in it" in str(answer.warnings[0])
    assert parcel.sound(answer)


def test_a_table_whose_lists_hold_the_same_people_is_refused_with_the_reason():
    answer = parcel.unpack(jobs.job("stepwise", {}).run(a_table({"AB": 5}, lists="AB")))

    assert [warning.rule for warning in answer.warnings] == ["fault"]
    assert "fewer than three different lists" in str(answer.warnings[0])


def test_what_a_method_says_is_wrong_with_a_table_is_its_refusal(monkeypatch):
    def estimate(table, method, **_):
        raise InvalidRecord("table", Overlap(lists=("A", "B"), counts=[0, 5, 0, 0]).faults())

    monkeypatch.setattr(methods, "estimate", estimate)

    answer = parcel.unpack(jobs.job("stepwise", {}).run(a_stratum(1)))

    assert not answer.estimable
    assert ["contains everyone" in str(warning) for warning in answer.warnings] == [True, False]


def test_an_error_that_nobody_foresaw_is_a_refusal_and_is_logged(caplog):
    job = jobs.job("stepwise", {"threshold": "wide", "replicates": 0})

    with caplog.at_level(logging.CRITICAL, logger="palermo.prevention.job"):
        answer = parcel.unpack(job.run(a_stratum(1)))

    assert not answer.estimable
    assert "nobody foresaw" in str(answer.warnings[0])
    assert not parcel.sound(answer)
