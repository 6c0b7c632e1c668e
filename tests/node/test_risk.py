"""The risk report on a release: worked out by the worker, read by two roles, signed by one."""

import shutil

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction

from palermo.errors import NotAllowed, Unknown, Unreachable, WrongState
from palermo.node import jobs, progress, release_pack
from palermo.node.actions import audit, ledger, release, risk
from palermo.node.models import AuditEvent, Release, RiskReport
from palermo.prevention.release import risk_document
from palermo.protection.access import Role
from tests.node import risks
from tests.node.cases import NOW, an_actor
from tests.node.estimations import a_person, an_analyst, store
from tests.node.releases import approved, made
from tests.node.risks import quick, reported, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _somebody():
    store(*(a_person(number, **{"person.sex": "fm"[number % 2]}) for number in range(30)))


@pytest.fixture(autouse=True)
def _no_pack_left():
    yield
    shutil.rmtree(settings.NODE.home / "packs", ignore_errors=True)


def clock():
    return NOW


def an_officer(name="d-haile"):
    return an_actor(Role.DATA_PROTECTION_OFFICER, name=name, agency="xa-rapporteur")


def events():
    return list(
        AuditEvent.objects.filter(action__startswith="risk.").values_list("action", "actor", "purpose")
    )


def test_a_report_on_a_release_is_worked_out_from_its_pack_and_the_cases():
    kept = reported()

    found = risk_document.read(kept.found)
    assert found.real.persons == 30
    assert found.released.persons == pytest.approx(risks.PEOPLE, abs=700)
    assert (kept.same_table, kept.progress, kept.read_at) == (True, 1.0, None)
    assert events() == [("risk.done", "hana", "statistics")]


def test_the_usual_report_is_made_with_every_trial_it_names():
    kept = risk.carry_out(waiting(), clock=clock)

    assert kept.fault == ""
    assert risk_document.read(kept.found).asked.runs == 100


def test_the_job_asks_for_the_report_and_works_it_out(monkeypatch):
    monkeypatch.setattr(release_pack, "built", risks.with_rows)
    monkeypatch.setattr(risk.release_risk, "built", quick)
    monkeypatch.setattr(release.carry_out, "__kwdefaults__", {"build": risks.with_rows})
    monkeypatch.setattr(risk.carry_out, "__kwdefaults__", {"build": quick})
    queued = []
    monkeypatch.setattr(jobs, "put_risk", lambda kept: queued.append(kept.pk))
    one = release.start(approved().id, by=an_analyst(), now=NOW)

    jobs.release.func(release=one.pk)
    assert queued == [one.pk]
    jobs.report_risk.func(release=one.pk)
    jobs.report_risk.func(release="gone")

    assert RiskReport.objects.get().state == "done"


def test_nothing_of_a_report_is_in_the_pack():
    kept = reported()

    text = b"".join(path.read_bytes() for path in release_pack.place(kept.release).iterdir()).decode(
        "utf-8", "replace"
    )
    for name in ("membership", "inferences", "risk"):
        assert name not in text


def test_a_release_of_counts_alone_or_of_one_column_has_no_report():
    alone = made()
    one_column = risks.made_with_rows(columns=("sex",), ways=1)

    assert risk.put(alone, now=NOW) is None
    assert risk.put(one_column, now=NOW) is None
    with pytest.raises(WrongState, match="nothing to report on"):
        risk.ask(alone.pk, by=an_analyst(), now=NOW)


def test_cases_that_changed_since_the_release_are_told():
    one = waiting()
    store(a_person(999), agency="xa-police")

    assert risk.carry_out(one, clock=clock, build=quick).same_table is False


def refuse(one, asked, persons, moved):
    raise Unreachable("The engine is not here. Install it.")


def test_a_report_that_fails_says_why_and_can_be_asked_for_again():
    kept = risk.carry_out(waiting(), clock=clock, build=refuse)
    assert (kept.state, kept.fault) == ("failed", "The engine is not here. Install it.")

    again = risk.ask(kept.pk, by=an_officer(), now=NOW)

    assert (again.state, again.fault) == ("waiting", "")
    assert risk.carry_out(again, clock=clock, build=quick).state == "done"
    assert [action for action, *_ in events()] == ["risk.failed", "risk.ask", "risk.done"]


def test_a_report_that_is_there_is_not_worked_out_again():
    kept = reported()

    assert risk.carry_out(kept, clock=clock, build=refuse).state == "done"
    with pytest.raises(WrongState, match="The report is there"):
        risk.ask(kept.pk, by=an_officer(), now=NOW)


def test_a_report_that_was_cut_off_is_queued_again(monkeypatch):
    one, queued = waiting(), []
    RiskReport.objects.update(state="running")
    monkeypatch.setattr(jobs, "put_risk", lambda kept: queued.append(kept.pk))

    assert jobs.resume() == 1
    assert queued == [one.pk]
    assert risk.carry_out(one, clock=clock, build=quick).state == "done"


def test_a_release_whose_worker_ended_before_the_report_gets_one(monkeypatch):
    one, queued = risks.made_with_rows(), []
    monkeypatch.setattr(jobs, "put_risk", lambda kept: queued.append(kept.pk))

    assert jobs.resume() == 1
    assert queued == [one.pk]


def test_the_page_can_see_how_far_a_report_is():
    seen = []

    def watched(one, asked, persons, moved):
        moved(0.5)
        seen.append(RiskReport.objects.get().progress)
        return quick(one, asked, persons, lambda part: None)

    risk.carry_out(waiting(), clock=clock, build=watched)

    assert seen == [0.5]


def test_making_a_release_tells_how_far_it_is(monkeypatch):
    monkeypatch.setattr(progress, "OFTEN", 0.0)
    seen = []

    def watched(one, asked, persons):
        built = release_pack.built(one, asked, persons)
        seen.append(Release.objects.get().progress)
        return built

    made(build=watched)

    assert seen == [1.0]


def test_an_officer_signs_that_they_have_read_it_once():
    kept = reported()

    signed = risk.sign(kept.pk, by=an_officer(), now=NOW)

    assert (signed.read_by, signed.read_at) == ("d-haile", NOW)
    assert events()[-1] == ("risk.sign", "d-haile", "oversight")
    with pytest.raises(WrongState, match="An officer has signed"):
        risk.sign(kept.pk, by=an_officer("other"), now=NOW)
    assert audit.verify().whole


def test_only_an_officer_signs_and_only_what_is_done():
    kept = reported()

    with pytest.raises(NotAllowed):
        risk.sign(kept.pk, by=an_analyst(), now=NOW)
    assert events()[-1][0] == "risk.sign.refused"
    RiskReport.objects.update(state="failed")
    with pytest.raises(WrongState, match="no report to sign yet"):
        risk.sign(kept.pk, by=an_officer(), now=NOW)


@pytest.mark.parametrize(
    "role, sees",
    [
        (Role.ANALYST, True),
        (Role.DATA_PROTECTION_OFFICER, True),
        (Role.ADMINISTRATOR, False),
        (Role.CASE_WORKER, False),
        (Role.PROSECUTOR, False),
    ],
)
def test_reports_are_read_by_analysts_and_officers(role, sees):
    kept = reported()
    by = an_actor(role, name="who", agency="xa-rapporteur")

    if sees:
        assert risk.known(kept.pk, by=by, now=NOW) == kept.release
    else:
        with pytest.raises(Unknown):
            risk.known(kept.pk, by=by, now=NOW)


def test_what_was_never_made_has_no_report_to_read():
    with pytest.raises(Unknown):
        risk.known(approved().pk, by=an_officer(), now=NOW)


def test_unread_reports_wait_for_officers_alone():
    kept = reported()

    assert (risk.unread(an_officer(), now=NOW), risk.unread(an_analyst(), now=NOW)) == (1, 0)
    risk.sign(kept.pk, by=an_officer(), now=NOW)
    assert risk.unread(an_officer(), now=NOW) == 0


def test_a_comparison_asks_the_real_table_and_the_audit_keeps_who_asked():
    one = risks.made_with_rows()

    found = risk.compare(one.pk, by=an_analyst(), now=NOW)

    assert found.persons == 30
    assert {one.real for one in found.ones if one.figure.facts in ((("sex", "f"),), (("sex", "m"),))} == {15}
    assert events() == [("risk.compare", "hana", "statistics")]
    assert ledger.kept().spent == one.rho_micro


def test_the_database_changes_nothing_that_was_signed():
    kept = reported()
    risk.sign(kept.pk, by=an_officer(), now=NOW)

    for change in (
        lambda: RiskReport.objects.update(read_by="other"),
        lambda: RiskReport.objects.update(found={}),
        lambda: RiskReport.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
            change()


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "elsewhere"},
        {"state": "done", "finished_at": NOW, "found": None},
        {"state": "done", "found": {}, "finished_at": None},
        {"read_by": "d-haile"},
        {"read_at": NOW},
        {"state": "waiting", "read_by": "d-haile", "read_at": NOW},
    ],
)
def test_the_database_refuses_half_a_report_and_half_a_signature(broken):
    kept = waiting() if "found" in broken else reported()

    with pytest.raises(IntegrityError), transaction.atomic():
        RiskReport.objects.filter(pk=kept.pk).update(**broken)


def test_a_report_is_kept_and_read_back_as_it_was():
    kept = reported()
    found = risk_document.read(kept.found)

    kept.refresh_from_db()

    assert risk_document.read(kept.found) == found
