"""Many strata: the same bytes however they are run, each with its own answer or refusal."""

import json
import os
import signal
from multiprocessing import active_children

import pytest

from palermo.errors import InvalidRecord, Unknown
from palermo.prevention import addition, methods, strata
from palermo.prevention.cache import Cache
from tests.prevention.strata_tables import a_stratum, strata_of
from tests.prevention.tables import a_table

OPTIONS = {"method": "stepwise", "replicates": 30}


def slowly(tables, *, method, **options):
    """One stratum after the other, as the command would do it alone."""
    return {stratum: methods.estimate(table, method, **options) for stratum, table in tables.items()}


def document(answer):
    """What is written, as JSON gives it back."""
    return json.loads(answer.to_json())


@pytest.mark.parametrize("method", ["stepwise", "bic-average"])
def test_strata_have_the_answers_that_a_loop_gives(method):
    tables = strata_of(6)

    found = strata.estimate(tables, method=method, replicates=30)

    expected = slowly(tables, method=method, replicates=30)
    assert {name: document(one) for name, one in found.answers()} == {
        name: document(one) for name, one in expected.items()
    }


def test_processes_and_batches_change_no_byte():
    tables = strata_of(12)

    alone = strata.estimate(tables, batch=1, **OPTIONS)
    two = strata.estimate(tables, processes=2, batch=7, **OPTIONS)
    three = strata.estimate(tables, processes=3, batch=2, **OPTIONS)

    assert dict(alone.parcels) == dict(two.parcels) == dict(three.parcels)
    assert alone.digest == two.digest == three.digest


def test_answers_stand_in_the_order_of_the_tables():
    tables = dict(reversed(strata_of(9).items()))

    assert list(strata.estimate(tables, processes=2, batch=1, **OPTIONS).parcels) == list(tables)


def test_the_digest_changes_with_an_answer_and_not_with_their_order():
    tables = strata_of(3)

    first = strata.estimate(tables, **OPTIONS)
    turned = strata.estimate(dict(reversed(tables.items())), **OPTIONS)
    other = strata.estimate(tables, seed=2, **OPTIONS)

    assert turned.digest == first.digest
    assert other.digest != first.digest


def test_a_stratum_that_cannot_be_estimated_loses_nobody_elses_answer():
    tables = {("XA",): a_stratum(1), ("XB",): a_table({"A": 5, "B": 4}), ("XC",): a_stratum(2)}

    found = strata.estimate(tables, **OPTIONS)

    assert [one.estimable for _, one in found.answers()] == [True, False, True]
    assert found["XB",].warnings
    assert (found.sum().strata, found.sum().refused, found.sum().left_out) == (2, 1, 9)


def test_each_stratum_that_is_done_is_heard():
    tables, heard = strata_of(5), []

    strata.estimate(tables, processes=2, batch=1, ended=heard.append, **OPTIONS)

    assert sorted(heard) == sorted(tables)


def test_sums_by_a_part_of_the_name_add_up_to_everyone():
    found = strata.estimate(strata_of(8), **OPTIONS)

    by_state, whole = found.by(0), found.sum()

    assert list(by_state) == [("XA",), ("XB",)]
    assert sum(one.total for one in by_state.values()) == pytest.approx(whole.total)
    assert sum(one.drawn for one in by_state.values()) == pytest.approx(whole.drawn)
    assert sum(one.observed for one in by_state.values()) == whole.observed


def test_no_strata_have_no_sum():
    found = strata.estimate({}, **OPTIONS)

    assert found.sum() is addition.NOTHING
    assert len(found) == 0


@pytest.mark.slow
def test_strata_whose_process_was_ended_are_told_and_run_again(caplog):
    tables, killed = strata_of(30), []

    def kill_once(_):
        if not killed:
            killed.append(active_children()[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    with caplog.at_level("CRITICAL", logger="palermo.prevention.workers"):
        found = strata.estimate(tables, processes=2, batch=1, ended=kill_once, method="stepwise")
    rest = strata.estimate({name: tables[name] for name in found.again}, method="stepwise")

    assert found.again
    assert len(found) + len(found.again) == 30
    assert {*found.again}.isdisjoint(found.parcels)
    assert (found | rest).again == ()
    assert (found | rest).digest == strata.estimate(tables, method="stepwise").digest


def test_a_stratum_without_an_answer_is_unknown():
    found = strata.estimate(strata_of(1), **OPTIONS)

    with pytest.raises(Unknown, match="stratum XZ, 9: it has no answer"):
        found["XZ", "9"]


@pytest.mark.parametrize("wrong", [{"processes": 0}, {"batch": 0}])
def test_fewer_than_one_process_or_table_in_a_task_is_refused(wrong):
    with pytest.raises(InvalidRecord, match="less than 1"):
        strata.estimate(strata_of(1), **wrong, **OPTIONS)


def test_both_faults_are_told_at_once():
    with pytest.raises(InvalidRecord) as refusal:
        strata.estimate(strata_of(1), processes=0, batch=-1, **OPTIONS)

    assert len(refusal.value.problems) == 2


def test_documents_are_ready_for_json():
    found = strata.estimate(strata_of(2), **OPTIONS)

    first, _ = (json.loads(json.dumps(one)) for one in found.documents())

    assert first["stratum"] == ["XA", "0"]
    assert first["result"]["method"] == "stepwise"


def test_strata_by_several_methods_are_what_all_methods_says():
    tables, names, heard = strata_of(3), ("stepwise", "bic"), []

    found = strata.apart(tables, names=names, processes=2, ended=heard.append, replicates=30, threads=2)

    for stratum, table in tables.items():
        expected = methods.all_methods(table, names=names, replicates=30)
        assert [document(one) for one in found[stratum]] == [document(one) for one in expected]
    assert heard == ["stepwise"] * 3 + ["bic"] * 3


def test_strata_by_several_methods_are_run_again_where_a_process_was_ended(caplog):
    tables, killed = strata_of(40), []

    def kill_once(_):
        if not killed:
            killed.append(active_children()[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    with caplog.at_level("CRITICAL", logger="palermo.prevention.workers"):
        found = strata.apart(tables, names=["stepwise"], processes=2, ended=kill_once, replicates=300)

    assert killed
    assert list(found) == list(tables)
    assert found == strata.apart(tables, names=["stepwise"], replicates=300)


def test_the_cache_serves_the_same_strata_by_several_methods(tmp_path):
    kept, names = Cache(folder=tmp_path), ("stepwise", "bic")

    first = strata.apart(strata_of(3), names=names, cache=kept, replicates=30)
    again = strata.apart(strata_of(3), names=names, cache=kept, replicates=30)

    assert again == first
    assert len(list(tmp_path.glob("??/*.estimate"))) == 6
