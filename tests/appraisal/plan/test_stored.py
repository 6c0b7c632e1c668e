"""A plan survives being stored: as JSON, and back, nothing of it is another."""

import json

from hypothesis import given, settings

from palermo.appraisal.plan import stored
from tests.appraisal.plan.plans import a_milestone, a_plan, an_action
from tests.appraisal.plan.test_sheet import plans


@settings(max_examples=50, deadline=None)
@given(plans())
def test_a_plan_reads_back_from_its_document(plan):
    assert stored.plan(json.loads(json.dumps(stored.document(plan)))) == plan


def test_the_line_of_an_action_is_stored_with_it():
    plan = a_plan(an_action(line=7, milestones=(a_milestone(),)))

    assert stored.plan(stored.document(plan)).actions[0].line == 7
