"""An estimation from question to two signatures: who may, what is kept, what is shown, what never changes."""

import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from palermo.errors import InvalidRecord, NotAllowed, Unknown, WrongState
from palermo.node import jobs, overlap, rounded
from palermo.node.actions import audit, estimation
from palermo.node.models import AuditEvent, Estimation, EstimationState
from palermo.prevention.saying import say
from palermo.protection.access import Role
from tests.node.cases import NOW, an_actor, an_agency
from tests.node.estimations import (
    a_population,
    a_question,
    a_report,
    an_analyst,
    answered,
    asked,
    countersigned,
    signed,
)

pytestmark = pytest.mark.django_db

OTHERS = [role for role in Role if role is not Role.ANALYST]


@pytest.fixture
def population():
    return a_population()


def clock():
    return NOW


def test_what_is_asked_waits_with_its_question(population):
    one = asked(since=2020)

    assert (one.state, one.asked_by, one.agency_id) == ("waiting", "hana", "xa-rapporteur")
    assert one.question["since"] == 2020
    assert AuditEvent.objects.get(action="estimation.ask").object == f"estimation:{one.id}"


def test_an_answer_is_kept_exactly_and_shown_rounded(population):
    one = answered(replicates=20)

    exact, shown = one.answer, one.shown_answer
    assert exact["table"]["observed"] == len(population)
    assert shown["table"]["observed"] % 5 == 0
    for found, told in zip(exact["results"], shown["results"], strict=True):
        assert (found["method"], found["model"]) == (told["method"], told["model"])
        assert told["total"] == rounded.figure(found["total"])
        assert told["interval"]["low"] == rounded.figure(found["interval"]["low"])
        assert told["hidden"] == max(told["total"] - shown["table"]["observed"], 0)
        assert (told["aic"], told["bic"], told["acceleration"], told["details"]) == (None, None, None, {})
    assert one.progress == 1
    assert one.finished_at == NOW
    assert one.cases == sum(map(len, population.values()))


def numbers(value):
    if isinstance(value, dict):
        return [one for held in value.values() for one in numbers(held)]
    if isinstance(value, list):
        return [one for held in value for one in numbers(held)]
    return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []


def test_every_count_that_is_shown_is_rounded_in_strata_margins_checks_and_trials(population):
    one = answered(strata=("year",), methods=("stepwise", "covariates"), replicates=5, trials=True)

    shown = one.shown_answer
    counts = [stratum["table"]["observed"] for stratum in shown["strata"]]
    counts += [row["observed"] for row in shown["margins"]["year"]]
    counts += [*shown["checks"]["sizes"].values(), *one.shown_table["sizes"].values()]
    counts += [
        hidden[name]
        for trial in shown["checks"]["trials"]
        for hidden in trial["hidden"]
        for name in ("truth", "seen")
    ]
    assert len(counts) > 10
    assert all(count % 5 == 0 for count in counts)
    totals = [row["total"] for row in shown["margins"]["year"]]
    assert totals == [rounded.figure(total) for total in totals]
    assert one.table_hash not in (one.answer["table"]["hash"], shown["table"]["hash"], "")
    assert one.answer["table"]["hash"] not in json.dumps([shown, one.shown_table])


def test_warnings_that_are_shown_hold_no_exact_number_of_people():
    said = rounded._said(say("capped", total=1234.5, share=0.25, inside=(say("split", rhat=1.2), 777)))

    assert said.values["total"] == 1230
    assert said.values["share"] == 0.25
    assert said.values["inside"][0].values["rhat"] == 1.2
    assert said.values["inside"][1] == 775


def test_the_same_question_has_the_same_answer(population):
    first, second = answered(replicates=20), answered(replicates=20)

    assert (first.answer, first.shown_table, first.table_hash) == (
        second.answer,
        second.shown_table,
        second.table_hash,
    )


def test_too_few_people_have_no_answer_and_no_number():
    a_population(30)

    one = estimation.carry_out(asked(), clock=clock)

    assert (one.state, one.answer, one.shown_table) == (EstimationState.FAILED, {}, {})
    assert "Fewer than 50 people" in one.fault
    assert estimation.against_signing(one)[0].rule == "estimation-no-answer"


def test_an_agency_that_is_not_here_cannot_be_asked_about():
    an_agency("xa-shelter")

    with pytest.raises(InvalidRecord) as refused:
        asked()

    assert {problem.rule for problem in refused.value.problems} == {"question-agency"}
    assert not Estimation.objects.exists()


@pytest.mark.parametrize("role", OTHERS, ids=str)
def test_no_other_role_asks_looks_signs_or_withdraws(population, role):
    one = signed()
    by = an_actor(role, name="someone")
    steps = {
        "ask": lambda: asked(by=by),
        "preview": lambda: estimation.preview(a_question(), by=by, now=NOW),
    }
    hidden = [
        lambda: estimation.known(one.id, by=by, now=NOW),
        lambda: estimation.sign(one.id, report=a_report(one), statement="s", by=by, now=NOW),
        lambda: estimation.countersign(one.id, by=by, now=NOW),
        lambda: estimation.withdraw(one.id, reason="r", by=by, now=NOW),
    ]

    for name, step in steps.items():
        with pytest.raises(NotAllowed):
            step()
        assert AuditEvent.objects.filter(action=f"estimation.{name}.refused", actor="someone").count() == 1
    for step in hidden:
        with pytest.raises(Unknown):
            step()
    assert not estimation.visible(by, now=NOW).exists()


def test_an_analyst_of_any_agency_sees_every_estimation(population):
    one = answered()
    elsewhere = an_analyst("nadia", agency="xa-ministry")

    assert list(estimation.visible(elsewhere, now=NOW)) == [one]
    assert estimation.known(one.id.lower(), by=elsewhere, now=NOW) == one


def test_an_estimation_that_is_not_here_is_unknown():
    with pytest.raises(Unknown, match="No estimation"):
        estimation.known("A" * 27, by=an_analyst(), now=NOW)


def test_a_preview_leaves_an_event_and_no_estimation(population):
    found = estimation.preview(a_question(), by=an_analyst(), now=NOW)

    assert found.sheet.whole.observed == len(population)
    assert AuditEvent.objects.get(action="estimation.preview").detail == {}
    assert not Estimation.objects.exists()


def test_two_people_sign_and_it_stands(population):
    one = signed()
    assert not one.standing

    one = estimation.countersign(one.id, by=an_analyst("omar"), now=NOW)

    assert one.standing
    assert (one.signed_by, one.second_by) == ("hana", "omar")
    assert list(Estimation.objects.standing()) == [one]


def test_nobody_signs_twice(population):
    one = signed()

    with pytest.raises(NotAllowed, match="second person"):
        estimation.countersign(one.id, by=an_analyst(), now=NOW)

    one.refresh_from_db()
    assert one.second_at is None
    assert AuditEvent.objects.filter(action="estimation.countersign.refused").count() == 1


def test_an_unanswered_estimation_is_not_signed(population):
    one = asked()

    with pytest.raises(WrongState, match="no answer to sign"):
        estimation.sign(
            one.id, report=estimation.Report(low=5, high=10), statement="s", by=an_analyst(), now=NOW
        )


def test_a_signed_estimation_is_not_signed_over(population):
    one = signed()

    with pytest.raises(WrongState, match="signed already"):
        estimation.sign(one.id, report=a_report(one), statement="Other.", by=an_analyst("omar"), now=NOW)


@pytest.mark.parametrize(
    "made, message",
    [(answered, "Nobody has signed"), (countersigned, "Two people have signed")],
    ids=["unsigned", "countersigned"],
)
def test_there_is_nothing_to_countersign(population, made, message):
    with pytest.raises(WrongState, match=message):
        estimation.countersign(made().id, by=an_analyst("zoe"), now=NOW)


def test_a_withdrawn_estimation_is_neither_countersigned_nor_withdrawn_again(population):
    one = estimation.withdraw(signed().id, reason="A list was wrong.", by=an_analyst(), now=NOW)

    with pytest.raises(WrongState, match="was withdrawn"):
        estimation.countersign(one.id, by=an_analyst("omar"), now=NOW)
    with pytest.raises(WrongState, match="was withdrawn"):
        estimation.withdraw(one.id, reason="Again.", by=an_analyst(), now=NOW)


def test_an_unsigned_estimation_has_nothing_to_withdraw(population):
    with pytest.raises(WrongState, match="Nobody has signed"):
        estimation.withdraw(answered().id, reason="Wrong.", by=an_analyst(), now=NOW)


def test_a_withdrawal_says_why(population):
    with pytest.raises(InvalidRecord, match="No reason"):
        estimation.withdraw(signed().id, reason=" ", by=an_analyst(), now=NOW)


def test_a_countersigned_estimation_may_still_be_withdrawn(population):
    one = estimation.withdraw(countersigned().id, reason="A list was wrong.", by=an_analyst("zoe"), now=NOW)

    assert not one.standing
    assert not Estimation.objects.standing().exists()
    assert one.withdrawn_reason == "A list was wrong."


@pytest.mark.parametrize(
    "more, rule",
    [
        ({"low": 500, "high": 200}, "report-order"),
        ({"low": 0, "high": 200}, "report-order"),
        ({"low": 200, "high": 300, "total": 305}, "report-order"),
        ({"low": 201, "high": 300}, "report-exact"),
        ({"low": 200, "high": 1001}, "report-exact"),
        ({"low": 200, "high": 300, "method": "latent"}, "report-method"),
        ({"low": 5, "high": 10}, "report-beside"),
        ({"low": 5}, "report-beside"),
        ({"low": 900, "high": 950}, "report-beside"),
        ({"high": 10**20}, "report-beside"),
        ({"low": 900, "high": 950, "method": "stepwise"}, "report-beside"),
    ],
)
def test_a_report_that_does_not_fit_the_answer_is_refused(population, more, rule):
    one = answered()

    with pytest.raises(InvalidRecord) as refused:
        estimation.sign(one.id, report=a_report(one, **more), statement="s", by=an_analyst(), now=NOW)

    assert [problem.rule for problem in refused.value.problems] == [rule]
    assert all(problem.wrong_fr and problem.remedy_fr for problem in refused.value.problems)


def test_a_report_says_what_it_rests_on(population):
    one = answered()

    with pytest.raises(InvalidRecord, match="Nothing is said"):
        estimation.sign(one.id, report=a_report(one), statement=" ", by=an_analyst(), now=NOW)


def test_a_report_may_name_the_method_it_is_from(population):
    one = answered()
    report = a_report(one, method="stepwise", total=a_report(one).low)

    kept = estimation.sign(one.id, report=report, statement="One model.", by=an_analyst(), now=NOW)

    assert (kept.report_method, kept.report_total) == ("stepwise", report.low)


@pytest.mark.parametrize(
    "change",
    [{"report_high": 10**6}, {"statement": "other"}, {"answer": {}}, {"second_by": "zoe"}, {"title": "t"}],
    ids=lambda change: next(iter(change)),
)
def test_the_database_changes_nothing_that_two_people_signed(population, change):
    one = countersigned()

    with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
        Estimation.objects.filter(pk=one.pk).update(**change)


def test_the_database_deletes_nothing_that_two_people_signed(population):
    one = countersigned()

    with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
        Estimation.objects.filter(pk=one.pk).delete()


def test_a_withdrawal_is_not_taken_back(population):
    one = estimation.withdraw(countersigned().id, reason="Wrong.", by=an_analyst(), now=NOW)

    with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
        Estimation.objects.filter(pk=one.pk).update(withdrawn_by="", withdrawn_at=None)


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "lost"},
        {"signed_by": "hana"},
        {"signed_by": "hana", "signed_at": NOW},
        {"signed_by": "hana", "signed_at": NOW, "report_low": 10, "report_high": 5},
        {"second_by": "omar"},
        {"withdrawn_by": "omar"},
        {
            "signed_by": "hana",
            "signed_at": NOW,
            "report_low": 5,
            "report_high": 10,
            "second_by": "hana",
            "second_at": NOW,
        },
    ],
    ids=str,
)
def test_the_database_refuses_half_a_signature(population, broken):
    one = answered()

    with pytest.raises(DatabaseError), transaction.atomic():
        Estimation.objects.filter(pk=one.pk).update(**broken)


def test_the_audit_and_the_log_hold_no_count_and_no_person(population, caplog):
    with caplog.at_level(logging.DEBUG):
        one = countersigned(replicates=20)
        estimation.withdraw(one.id, reason="P-17 was counted twice", by=an_analyst(), now=NOW)

    events = AuditEvent.objects.filter(action__startswith="estimation.")
    assert [event.action for event in events] == [
        f"estimation.{step}" for step in ("ask", "begin", "done", "sign", "countersign", "withdraw")
    ]
    assert all(event.detail == {} for event in events)
    assert {event.object for event in events} == {f"estimation:{one.id}"}
    assert "P-1" not in caplog.text
    assert str(len(population)) not in "".join(
        record.getMessage() for record in caplog.records if "palermo" in record.name
    )
    assert audit.verify().whole


def test_a_job_answers_what_waits(population):
    one = asked()

    jobs.estimate.call(estimation=one.id)

    one.refresh_from_db()
    assert one.state == EstimationState.DONE


def test_a_job_of_an_estimation_that_is_gone_does_nothing():
    jobs.estimate.call(estimation="nothing")

    assert not AuditEvent.objects.exists()


def test_what_is_done_is_not_answered_again(population):
    one = answered()
    Estimation.objects.filter(pk=one.pk).update(finished_at=NOW - timedelta(days=1))

    again = estimation.carry_out(one, clock=clock)

    assert again.finished_at == NOW - timedelta(days=1)
    assert AuditEvent.objects.filter(action="estimation.done").count() == 1


def test_a_worker_that_comes_second_changes_nothing(population, monkeypatch):
    one = asked()
    found = overlap.found

    def slow(*args, **more):
        monkeypatch.setattr(overlap, "found", found)
        estimation.carry_out(one, clock=lambda: NOW - timedelta(days=1))
        return found(*args, **more)

    monkeypatch.setattr(overlap, "found", slow)

    assert estimation.carry_out(one, clock=clock).finished_at == NOW - timedelta(days=1)
    assert AuditEvent.objects.filter(action="estimation.done").count() == 1


def test_progress_is_kept_while_methods_answer(population, monkeypatch):
    seen, told = [], estimation._Progress.__call__

    def watched(self, name):
        told(self, name)
        seen.append(Estimation.objects.get(pk=self.one.pk).progress)

    monkeypatch.setattr(estimation._Progress, "__call__", watched)

    answered(strata=("sex",), methods=("stepwise", "covariates"))

    assert seen == sorted(seen)
    assert seen[0] < 1
    assert seen[-1] == 1


def test_what_was_cut_off_is_queued_again(population, monkeypatch):
    running, waiting, done = asked(), asked(), answered()
    Estimation.objects.filter(pk=running.pk).update(state=EstimationState.RUNNING)
    queued = []
    monkeypatch.setattr(jobs, "put", lambda one: queued.append(one.pk))

    assert jobs.resume() == 2

    assert set(queued) == {running.pk, waiting.pk}
    assert done.pk not in queued


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_second_signatures_at_once_one_counts():
    if connection.vendor != "postgresql":
        pytest.skip("two connections at once are PostgreSQL's here; tests/journeys does it on SQLite")
    a_population()
    one, start = signed(), threading.Barrier(4)

    def try_to_sign(number):
        start.wait()
        try:
            estimation.countersign(one.id, by=an_analyst(f"second-{number}"), now=NOW)
        except WrongState:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(try_to_sign, range(4)))

    assert sorted(outcomes) == [False, False, False, True]
    assert AuditEvent.objects.filter(action="estimation.countersign").count() == 1
    assert Estimation.objects.get().second_by == f"second-{outcomes.index(True)}"
