"""The flat rows: nothing is dropped, every row opens to its evidence, no two rows have one key."""

from collections import Counter
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as some

from palermo.appraisal import dataset
from palermo.appraisal.dataset import OBSTACLE, PARTY, SHARE, STATUS
from tests.appraisal.made import STALE, an_action, an_appraisal, an_observation
from tests.appraisal.test_report import FACT_SETS, FACTS


def rows(*facts, measure=None, **more):
    made = dataset.of([an_appraisal(*facts, **more)])
    return [one for one in made.figures if measure in (None, one.measure, one.measure.partition(".")[0])]


@settings(max_examples=15, deadline=None)
@given(FACT_SETS)
def test_no_two_rows_have_one_key_and_every_row_opens_to_evidence(facts):
    made = dataset.of([an_appraisal(*facts)])
    known = {one.id for one in made.evidence}

    assert max(Counter((one.key, one.part) for one in made.figures).values()) == 1
    assert all(set(one.evidence) <= known for one in made.figures)
    assert all(one.evidence for one in made.figures if one.found)


@settings(max_examples=15, deadline=None)
@given(FACT_SETS)
def test_every_figure_that_was_read_is_a_row_with_its_bounds(facts):
    appraisal = an_appraisal(*facts)

    held = Counter((one.evidence, one.low, one.high) for one in dataset.of([appraisal]).figures if one.found)

    wanted = Counter(((one.evidence_id,), one.bounds.low, one.bounds.high) for one in appraisal.observations)
    assert wanted <= held


def test_a_hidden_figure_keeps_its_bounds_and_has_no_value():
    [row] = rows(an_observation("<5"), measure="detected_victims")

    assert (row.low, row.high, row.exact, row.status) == (1, 4, False, "suppressed")


def test_sources_that_differ_stand_side_by_side():
    found = rows(*FACTS, measure=f"{PARTY}.TIP")

    assert {(one.low, one.found.as_of) for one in found} == {(1, date(2026, 1, 1)), (0, STALE)}


def test_a_row_that_a_source_repeats_is_kept_and_numbered():
    twice = [an_observation("7", year=2024, form="forced labour", line=line) for line in (2, 3)]

    found = [*rows(*twice, an_observation("9", year=2024, form="forced labour"), measure="detected_victims")]

    assert sorted(one.part for one in found) == list(range(len(found)))


def test_a_status_is_a_step_with_the_step_that_evidence_could_still_show():
    found = {one.provision: (one.low, one.high) for one in rows(an_action(), measure=STATUS)}

    assert len(found) == 47
    assert found["GPA-R01"] == (0, 3)
    assert found["GPA-T01"] == (2, 3)


def test_shares_and_obstacles_are_rows():
    assert len(rows(measure=SHARE)) == 5
    assert {one.measure for one in rows(measure=OBSTACLE)} >= {f"{OBSTACLE}.no_data"}


def test_several_states_stand_in_the_order_of_their_codes():
    ours = [an_appraisal(code=code) for code in ("XC", "XA", "XB")]

    codes = [one.state for one in dataset.of(ours).figures]

    assert codes == sorted(codes)


@settings(max_examples=8, deadline=None)
@given(some.permutations(FACTS))
def test_the_order_of_facts_changes_no_row(facts):
    assert dataset.of([an_appraisal(*facts)]) == dataset.of([an_appraisal(*FACTS)])
