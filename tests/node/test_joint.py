"""The joint answer as it is kept: read back it gives the same margins, failed replicates included."""

import json
from dataclasses import replace

import numpy as np
import pytest

from palermo.node import joint, rounded
from palermo.prevention.answer import answer
from palermo.prevention.overlap import Overlap
from palermo.prevention.sheet import Sheet

LISTS = ("A", "B", "C")
COUNTS = {"f": (0, 40, 30, 9, 25, 8, 7, 3), "m": (0, 22, 26, 6, 19, 5, 6, 2)}


@pytest.fixture(scope="module")
def said():
    strata = {(sex,): Overlap(lists=LISTS, counts=np.array(counts)) for sex, counts in COUNTS.items()}
    whole = Overlap(lists=LISTS, counts=sum(np.array(counts) for counts in COUNTS.values()))
    sheet = Sheet(whole=whole, columns=("sex",), strata=strata)
    return answer(sheet, names=("covariates",), replicates=30, level=0.9, seed=3)


def kept(said):
    """As the database gives it back."""
    return json.loads(json.dumps(rounded.finite({**said.document(), **joint.document(said)})))


def test_margins_read_back_are_those_of_the_answer(said):
    found = joint.read(kept(said))

    assert found.columns == said.stratified.columns
    for one, other in zip(found.by("sex").values(), said.stratified.by("sex").values(), strict=True):
        assert (one.observed, one.total) == (other.observed, other.total)
        assert one.interval.low == pytest.approx(other.interval.low, abs=0.1)
        assert one.interval.high == pytest.approx(other.interval.high, abs=0.1)


def test_rows_of_a_replicate_still_add_up(said):
    found = joint.read(kept(said))

    sums = found.replicates.sum(axis=1)
    assert sums == pytest.approx(said.stratified.replicates.sum(axis=1), abs=0.1 * len(found.strata))


def test_a_failed_replicate_stays_failed(said):
    drawn = said.stratified.replicates.copy()
    drawn[4] = np.nan
    failed = replace(said, stratified=replace(said.stratified, replicates=drawn))

    found = joint.read(kept(failed))

    assert np.isnan(found.replicates[4]).all()
    assert not np.isnan(np.delete(found.replicates, 4, axis=0)).any()


def test_without_a_joint_answer_nothing_is_kept(said):
    alone = replace(said, stratified=None)

    assert joint.document(alone) == {}
    assert joint.read(kept(alone)) is None
