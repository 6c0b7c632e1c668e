"""National plans in the node: taken in, reported on, carried over, withdrawn; nothing of before is lost."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from palermo.appraisal.plan import stored
from palermo.appraisal.plan.plan import Progress, Report
from palermo.errors import InvalidRecord, NotAllowed, Unknown, WrongState
from palermo.node.actions import plan
from palermo.node.actions.plan import Attached
from palermo.node.models import AuditEvent, NationalPlan, PlanFile, PlanVersion
from palermo.node.planned import plans_of
from palermo.protection.access import Role
from tests.appraisal.plan.plans import an_action
from tests.node.cases import NOW
from tests.node.plans import a_keeper, a_kept_plan, a_mapping, a_paper, a_sheet

pytestmark = pytest.mark.django_db

KEEPERS = [Role.ANALYST, Role.COMPETENT_AUTHORITY]
TOLD = Report(on=date(2026, 3, 1), progress=Progress.UNDER_WAY, text="A building was found.")


def events():
    return list(AuditEvent.objects.filter(action__startswith="plan.").values_list("action", flat=True))


def test_a_spreadsheet_becomes_a_plan_that_the_appraisal_reads():
    one = a_kept_plan(an_action("1.1"))

    (read,) = plans_of("XA")
    assert (one.state, one.code, one.starts_on, one.ends_on) == ("XA", "P1", "2026-01-01", "2029-12-31")
    assert (read.id, read.actions[0].id, read.found.file) == ("P1", "1.1", "plan.xlsx")
    assert plans_of("XB") == ()
    assert events() == ["plan.add"]


def test_the_same_file_again_is_the_same_plan_and_changes_nothing():
    first, second = a_kept_plan(), a_kept_plan(by="ben")

    assert (second.pk, second.version) == (first.pk, 1)
    assert PlanFile.objects.count() == 1


def test_a_changed_spreadsheet_is_a_new_version_that_keeps_the_reports_made_here():
    first = a_kept_plan(an_action("1"))
    plan.report(first.pk, "1", TOLD, by=a_keeper(), now=NOW)

    second = a_kept_plan(an_action("1", title="Open two shelters", reports=()), an_action("2"))

    assert (second.pk, second.version) == (first.pk, 3)
    changed = stored.plan(second.document).actions
    assert [one.title for one in changed] == ["Open two shelters", "Open a shelter"]
    assert TOLD in changed[0].reports
    before = [stored.plan(one.document) for one in second.versions.all()]
    assert [one.actions[0].title for one in before] == ["Open a shelter", "Open a shelter"]
    assert TOLD not in before[0].actions[0].reports


def test_a_spreadsheet_with_faults_is_refused_whole():
    with pytest.raises(InvalidRecord, match="cannot be opened"):
        plan.add(Attached(name="plan.xlsx", content=b"no workbook"), by=a_keeper(), now=NOW)

    assert not PlanFile.objects.exists()


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(plan, "LARGEST", 10)

    with pytest.raises(InvalidRecord, match="longer than"):
        a_kept_plan()


def test_a_written_plan_waits_for_its_mapping_and_keeps_what_was_not_used():
    held = plan.add(a_paper(), by=a_keeper(), now=NOW)
    assert isinstance(held, PlanFile)
    assert plans_of("XA") == ()

    one = plan.confirm(str(held), a_mapping(held), by=a_keeper(), now=NOW)

    assert [each.id for each in plans_of("XA")[0].actions] == ["1.1", "1.2", "2.1"]
    assert [each["text"] for each in one.left] == [
        "National Action Plan 2026-2029",
        "This plan was made by a committee.",
        "ongoing",
    ]
    assert events() == ["plan.add"]


def test_a_written_plan_that_is_mapped_again_alike_changes_nothing():
    held = plan.add(a_paper(), by=a_keeper(), now=NOW)
    first = plan.confirm(str(held), a_mapping(held), by=a_keeper(), now=NOW)

    again = plan.confirm(str(held), a_mapping(held), by=a_keeper(), now=NOW)
    other = plan.confirm(str(held), a_mapping(held, title="Another"), by=a_keeper(), now=NOW)

    assert (again.pk, again.version) == (first.pk, 1)
    assert (other.pk, other.version) == (first.pk, 2)


def test_a_mapping_with_faults_makes_no_plan():
    held = plan.add(a_paper(), by=a_keeper(), now=NOW)

    with pytest.raises(InvalidRecord, match=r"plan\.state"):
        plan.confirm(str(held), a_mapping(held, state="Atlantis"), by=a_keeper(), now=NOW)

    assert not NationalPlan.objects.exists()


def test_a_report_with_its_document_is_added_and_the_document_kept():
    one = a_kept_plan(an_action("1", reports=()))
    minutes = Attached(name="minutes.pdf", content=b"%PDF minutes")

    told = plan.report(one.pk, "1", TOLD, attached=minutes, by=a_keeper("ben"), now=NOW)

    (kept,) = stored.plan(told.document).actions[0].reports
    assert kept.progress is Progress.UNDER_WAY
    assert kept.document == f"minutes.pdf ({minutes.digest[:10]})"
    assert bytes(plan.file(minutes.digest[:10], by=a_keeper(), now=NOW).content) == b"%PDF minutes"
    event = AuditEvent.objects.get(action="plan.report")
    assert event.detail == {"version": 2, "action": "1"}


def test_a_report_from_the_future_or_on_no_action_is_refused():
    one = a_kept_plan(an_action("1"))
    later = Report(on=NOW.date() + timedelta(days=1), progress=Progress.DONE)

    with pytest.raises(InvalidRecord, match="future"):
        plan.report(one.pk, "1", later, by=a_keeper(), now=NOW)
    with pytest.raises(Unknown, match="No action"):
        plan.report(one.pk, "9", TOLD, by=a_keeper(), now=NOW)
    assert PlanVersion.objects.count() == 0


def test_what_was_left_undone_is_carried_over_once():
    old = a_kept_plan(an_action("1"), id="OLD", starts_on=date(2021, 1, 1), ends_on=date(2025, 12, 31))
    new = a_kept_plan(an_action("1"), id="NEW")

    made, count = plan.carry(old.pk, into=new.pk, by=a_keeper(), now=NOW)
    again, none = plan.carry(old.pk, into=new.pk, by=a_keeper(), now=NOW)

    assert (count, none) == (1, 0)
    assert [one.carried_from for one in stored.plan(made.document).actions] == ["", "1"]
    assert stored.plan(again.document) == stored.plan(made.document)


def test_a_withdrawn_plan_is_not_read_and_not_changed_and_may_come_again():
    one = a_kept_plan(an_action("1"))

    plan.withdraw(one.pk, reason=" Another text. ", by=a_keeper("ben"), now=NOW)

    assert plans_of("XA") == ()
    assert NationalPlan.objects.get(pk=one.pk).withdrawn_reason == "Another text."
    with pytest.raises(WrongState, match="withdrawn"):
        plan.report(one.pk, "1", TOLD, by=a_keeper(), now=NOW)
    assert a_kept_plan(an_action("1")).pk != one.pk


@pytest.mark.parametrize("role", [one for one in Role if one not in KEEPERS], ids=str)
def test_only_who_keeps_plans_may_see_or_change_them(role):
    one, other = a_kept_plan(an_action("1")), a_keeper("cy", role)

    assert not plan.visible(other, now=NOW).exists()
    with pytest.raises(Unknown):
        plan.file(one.file_id, by=other, now=NOW)
    for step in (
        lambda: plan.add(a_sheet(), by=other, now=NOW),
        lambda: plan.report(one.pk, "1", TOLD, by=other, now=NOW),
        lambda: plan.withdraw(one.pk, reason="no", by=other, now=NOW),
        lambda: plan.carry(one.pk, into=one.pk, by=other, now=NOW),
        lambda: plan.confirm("x", {}, by=other, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            step()
    assert AuditEvent.objects.filter(action__endswith=".refused").count() == 5


@pytest.mark.parametrize("role", KEEPERS, ids=str)
def test_analysts_and_competent_authorities_keep_plans(role):
    assert plan.add(a_sheet(), by=a_keeper("cy", role), now=NOW).version == 1


def broken(**fields):
    one = a_kept_plan()
    wanted = dict(one.document) | fields.pop("document", {})
    document = {name: value for name, value in wanted.items() if value is not None}
    return NationalPlan(
        id="other", file=one.file, document=document, changed_by="ada", changed_at=NOW, **fields
    )


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({}, id="the same plan twice"),
        pytest.param({"document": {"id": None}}, id="no id"),
        pytest.param({"document": {"id": "Q", "ends_on": "2020-01-01"}}, id="ends before it begins"),
        pytest.param({"document": {"id": "Q"}, "withdrawn_by": "ben"}, id="withdrawn at no moment"),
    ],
)
def test_the_database_refuses_what_no_plan_can_be(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        broken(**fields).save()


@pytest.mark.parametrize("model, field", [(PlanFile, "name"), (PlanVersion, "by")])
def test_files_and_versions_are_only_ever_added(model, field):
    one = a_kept_plan(an_action("1"))
    plan.report(one.pk, "1", TOLD, by=a_keeper(), now=NOW)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.update(**{field: "another"})


def test_a_plan_without_days_is_kept():
    one = a_kept_plan(starts_on=None, ends_on=None)

    assert (one.starts_on, one.ends_on) == (None, None)
    assert plans_of("XA")[0].ends_on is None
