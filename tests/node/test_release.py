"""A release from draft to withdrawal: who may, what is spent and never given back, what never changes."""

import json
import logging
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction

from palermo.errors import Disclosive, InvalidRecord, NotAllowed, Unknown, Unreachable, WrongState
from palermo.node import jobs, release_cases, release_pack, release_question, tenancy
from palermo.node.actions import audit, ledger, release
from palermo.node.models import AuditEvent, Release, ReleaseEntry
from palermo.node.release_words import PROBLEMS
from palermo.prevention.release import budget, verify
from palermo.protection.access import Role
from tests.node.cases import NOW, an_actor
from tests.node.estimations import a_person, a_population, an_analyst, store
from tests.node.releases import TEXTS, a_file, a_pack, an_asked, approved, drafted, made, published, started

pytestmark = pytest.mark.django_db

OTHERS = [role for role in Role if role is not Role.ANALYST]


def clock():
    return NOW


@pytest.fixture(autouse=True)
def _no_pack_left():
    yield
    shutil.rmtree(settings.NODE.home / "packs", ignore_errors=True)


@pytest.fixture
def population():
    return a_population(30)


def states(one):
    return [entry.state.value for entry in ledger.kept().entries if entry.release == one.id]


def test_a_draft_says_what_it_would_cost_and_how_wrong_it_would_be():
    one, asked = drafted(), an_asked()

    assert (one.state, one.drafted_by, one.epsilon) == ("draft", "hana", 1.0)
    assert one.rho_micro == budget.rho(1.0, budget.delta(100_000))
    assert [found["ways"] for found in one.predicted] == [1, 2]
    assert release_question.read(one.question) == asked
    assert AuditEvent.objects.get(action="release.draft").object == f"release:{one.id}"
    assert not ReleaseEntry.objects.exists()


def test_a_draft_says_whom_it_is_about_in_two_languages():
    one = drafted(since=2024, until=2024, columns=("sex",))

    assert "in 2024," in one.text("population", "en")
    assert "en 2024," in one.text("population", "fr")
    assert one.text("title", "ar") == "Persons met in XA"


def test_a_prediction_touches_no_case_and_spends_nothing(django_assert_num_queries):
    by = an_analyst()

    with django_assert_num_queries(1):
        found = release.predict(an_asked(epsilon=3.0), by=by, now=NOW)

    assert [one.ways for one in found.predicted] == [1, 2]
    assert (found.spent, found.problems, found.warnings, found.lifetime) == (0.0, (), (), 4.0)
    assert found.after <= 3.0


def test_a_prediction_says_that_the_budget_will_not_do(population):
    made(epsilon=3.0)

    found = release.predict(an_asked(epsilon=3.5), by=an_analyst(), now=NOW)

    assert [problem.rule for problem in found.problems] == ["budget-spent"]
    assert [problem.rule for problem in found.warnings] == ["budget-twice"]
    assert 2.99 < found.spent <= 3.0 < 4.0 < found.after


def test_a_year_buys_releases_of_what_is_left():
    offers = release.offers(an_asked(), by=an_analyst(), now=NOW, years=4)

    assert [offer.releases for offer in offers] == [1, 2, 4, 12]
    assert 4 * offers[0].rho_micro <= budget.rho(4.0, budget.delta(100_000))


@pytest.mark.parametrize("role", OTHERS, ids=str)
def test_no_other_role_drafts_looks_approves_starts_or_withdraws(role):
    one, by = approved(), an_actor(role, name="other", agency="xa-shelter")
    tries = [
        lambda: release.predict(an_asked(), by=by, now=NOW),
        lambda: release.offers(an_asked(), by=by, now=NOW),
        lambda: release.account(by=by, now=NOW),
        lambda: release.draft(an_asked(), texts=TEXTS, by=by, now=NOW),
    ]
    steps = [release.known, release.approve, release.countersign, release.start, release.publish]

    for attempt in tries:
        with pytest.raises(NotAllowed):
            attempt()
    for step in steps:
        with pytest.raises(Unknown):
            step(one.id, by=by, now=NOW)
    with pytest.raises(Unknown):
        release.withdraw(one.id, reason="No.", by=by, now=NOW)
    assert AuditEvent.objects.filter(action="release.draft.refused", actor="other").exists()


def test_two_people_approve_and_the_budget_is_reserved_at_the_start():
    one = approved()
    assert (one.state, one.approvers) == ("approved", ("hana", "omar"))
    assert ledger.kept().spent == 0

    one = release.start(one.id, by=an_analyst("third"), now=NOW)

    (entry,) = release.account(by=an_analyst(), now=NOW).entries
    assert (one.state, one.started_by) == ("running", "third")
    assert (entry.rho_micro, entry.cohort, entry.approvers) == (one.rho_micro, "2022-2026", ("hana", "omar"))
    assert (entry.purpose, entry.lifetime, entry.schema_hash) == ("Yearly figures", 4.0, one.schema_hash)


def test_nobody_approves_twice():
    one = release.approve(drafted().id, by=an_analyst(), now=NOW)

    with pytest.raises(NotAllowed):
        release.countersign(one.id, by=an_analyst(), now=NOW)
    with pytest.raises(WrongState, match="One person has approved it already"):
        release.approve(one.id, by=an_analyst("omar"), now=NOW)
    assert AuditEvent.objects.filter(action="release.countersign.refused").count() == 1


@pytest.mark.parametrize(
    ("given", "step", "message"),
    [
        (drafted, release.countersign, "Nobody has approved it"),
        (approved, release.approve, "no draft any more"),
        (approved, release.countersign, "no draft any more"),
        (approved, release.publish, "no pack"),
        (started, release.start, "does not wait to be started"),
        (started, release.publish, "no pack"),
    ],
)
def test_no_step_is_taken_out_of_its_turn(given, step, message):
    with pytest.raises(WrongState, match=message):
        step(given().id, by=an_analyst("omar"), now=NOW)


def test_a_draft_that_one_person_alone_has_approved_is_not_started():
    one = release.approve(drafted().id, by=an_analyst(), now=NOW)

    with pytest.raises(NotAllowed):
        release.start(one.id, by=an_analyst(), now=NOW)
    with pytest.raises(WrongState, match="does not wait"):
        release.start(one.id, by=an_analyst("omar"), now=NOW)


def test_a_release_over_the_lifetime_is_refused_before_anything_is_read():
    started(epsilon=3.5)
    one = approved(epsilon=3.0)

    with pytest.raises(Disclosive, match=r"Of epsilon 4 for a lifetime 3.5 is spent"):
        release.start(one.id, by=an_analyst(), now=NOW)
    assert [problem.rule for problem in release.against_starting(one, now=NOW)] == ["budget-spent"]
    one.refresh_from_db()
    assert (one.state, states(one)) == ("approved", [])


def test_a_release_without_both_languages_is_not_drafted():
    with pytest.raises(InvalidRecord, match="missing in English or French"):
        release.draft(an_asked(), texts=TEXTS | {"title": {"en": "Only"}}, by=an_analyst(), now=NOW)


def test_what_is_said_in_arabic_is_kept_and_told_in_arabic():
    texts = TEXTS | {
        "title": TEXTS["title"] | {"ar": " أشخاص في XA "},
        "purpose": TEXTS["purpose"] | {"ar": " "},
    }

    one = release.draft(an_asked(), texts=texts, by=an_analyst(), now=NOW)

    assert one.text("title", "ar") == "أشخاص في XA"
    assert one.text("purpose", "ar") == "Yearly figures"
    assert one.texts["population"]["ar"].startswith("الأشخاص")


def test_every_problem_of_a_release_is_told_in_three_languages():
    problems = list(PROBLEMS.values())
    for more in ({"since": 1, "until": 0}, {"columns": ()}, {"epsilon": 0.0}, {"ways": 4}, {"seed": -1}):
        with pytest.raises(InvalidRecord) as refused:
            an_asked(**more)
        problems += refused.value.problems

    assert all(
        text
        for one in problems
        for text in (one.wrong, one.remedy, one.wrong_fr, one.remedy_fr, one.wrong_ar, one.remedy_ar)
    )


def test_a_release_is_made_once_and_its_pack_is_signed(population):
    one = made()

    assert (one.state, one.cap, one.progress) == ("done", 2, 1.0)
    assert states(one) == ["reserved", "finished"]
    assert json.loads(a_file(one, "manifest.json"))["signature"]
    assert ledger.kept().entries[-1].table
    assert release.against_publishing(one) == ()
    again = release.carry_out(one, clock=clock, build=never)
    assert (again.digest, states(one)) == (one.digest, ["reserved", "finished"])


def never(one, asked, persons):
    raise AssertionError("The data may not be asked again.")


def test_a_release_that_another_worker_took_is_left_alone(population):
    one = started()

    def second_worker(held, asked, persons):
        assert release.carry_out(one, clock=clock, build=never).state == "running"
        return a_pack(held, asked, persons)

    assert release.carry_out(one, clock=clock, build=second_worker).state == "done"


def refuse(one, asked, persons):
    raise Unreachable("The engine is not here. Install it.")


def test_a_release_that_fails_gives_nothing_back(population):
    one = release.carry_out(started(), clock=clock, build=refuse)

    assert (one.state, one.fault) == ("failed", "The engine is not here. Install it.")
    assert states(one) == ["reserved", "failed"]
    assert ledger.kept().spent == one.rho_micro
    assert not release_pack.place(one).exists()


def test_a_release_of_nobody_fails_and_does_not_say_how_many():
    one = release.carry_out(started(), clock=clock, build=never)

    assert one.state == "failed"
    assert one.fault == "rows: file (no-rows)"


def test_a_release_that_was_cut_off_has_failed_and_its_late_pack_goes(population):
    one = started()

    def slow(held, asked, persons):
        assert jobs.resume() == 1
        return a_pack(held, asked, persons)

    after = release.carry_out(one, clock=clock, build=slow)

    assert (after.state, states(one)) == ("failed", ["reserved", "failed"])
    assert "cut off" in after.fault
    assert not release_pack.place(one).exists()


def test_what_was_reserved_and_not_begun_is_queued_again(monkeypatch):
    one, queued = started(), []
    monkeypatch.setattr(jobs, "put_release", lambda found: queued.append(found.pk))

    assert jobs.resume() == 1
    assert (queued, states(one)) == ([one.pk], ["reserved"])


def test_the_job_makes_a_pack_that_verifies():
    store(*(a_person(number, **{"person.sex": "fm"[number % 2]}) for number in range(200)))
    one = started(rows=False)

    jobs.release.func(release=one.pk)
    jobs.release.func(release="gone")

    one.refresh_from_db()
    assert (one.state, one.fault) == ("done", "")
    assert verify.verify(release_pack.place(one)).sound
    card = json.loads(a_file(one, "card.json"))
    assert (card["rho_micro"], card["epsilon"], card["cap"]) == (one.rho_micro, one.epsilon, one.cap)
    assert card["publisher"] == one.agency.name
    assert not {"hana", "omar"} & set(card["approvers"])


def test_a_person_of_two_agencies_is_one_row_and_who_cannot_be_told_apart_is_none():
    store(a_person(1), a_person(2), {"case.ref": "K-1"}, agency="xa-shelter")
    store(a_person(2), a_person(3, **{"case.year_registered": 2019}), agency="xa-police")

    with tenancy.scope(tenancy.EVERY_AGENCY):
        found = list(release_cases.rows(an_asked(), now=NOW))

    assert len(found) == 3
    assert len({person for person, _record in found}) == 2


def test_the_same_table_has_the_same_mark_and_another_has_another(population):
    first, again = (release_cases.taken(an_asked(), now=NOW).mark for _ in range(2))
    store(a_person(999), agency="xa-shelter")

    assert first == again != release_cases.taken(an_asked(), now=NOW).mark


def test_only_what_is_published_is_seen_by_everybody(population):
    one = made()
    with pytest.raises(Unknown):
        release.published(one.id)

    one = release.publish(one.id, by=an_analyst("omar"), now=NOW)

    assert release.published(one.id) == one
    assert list(Release.objects.standing()) == [one]


def test_a_withdrawn_release_stands_with_its_notice_and_stays_spent(population):
    one = published()
    gone = release.withdraw(one.id, reason=" A code was wrong. ", by=an_analyst("omar"), now=NOW)

    assert (gone.state, gone.withdrawn_reason) == ("withdrawn", "A code was wrong.")
    assert release.published(one.id) == gone
    assert states(one) == ["reserved", "finished", "withdrawn"]
    assert ledger.kept().spent == one.rho_micro
    assert not Release.objects.standing().exists()
    with pytest.raises(WrongState, match="it has ended"):
        release.withdraw(one.id, reason="Again.", by=an_analyst(), now=NOW)


def test_a_draft_is_withdrawn_without_a_line_in_the_ledger():
    one = release.withdraw(drafted().id, reason="Not needed.", by=an_analyst(), now=NOW)

    assert (one.state, states(one)) == ("withdrawn", [])
    assert not Release.objects.public().exists()


def test_a_withdrawal_says_why():
    with pytest.raises(InvalidRecord, match="No reason is given"):
        release.withdraw(drafted().id, reason="  ", by=an_analyst(), now=NOW)


def test_a_draft_waits_for_whoever_has_not_approved_it():
    one = release.approve(drafted().id, by=an_analyst(), now=NOW)

    assert list(Release.objects.waiting_for("omar")) == [one]
    assert not Release.objects.waiting_for("hana").exists()


@pytest.mark.parametrize("change", [{"epsilon": 0.1}, {"digest": "0"}, {"texts": {}}, {"published_at": None}])
def test_the_database_changes_nothing_that_was_published(population, change):
    one = published()

    with pytest.raises(DatabaseError, match=r"stays as it is|publication"), transaction.atomic():
        Release.objects.filter(pk=one.pk).update(**change)


def test_the_database_keeps_what_was_published_and_its_notice(population):
    one = published()
    with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
        Release.objects.filter(pk=one.pk).delete()
    release.withdraw(one.id, reason="Wrong.", by=an_analyst(), now=NOW)

    with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
        Release.objects.filter(pk=one.pk).update(withdrawn_reason="Fine after all.")


def test_the_database_only_adds_to_the_ledger():
    started()
    entries = ReleaseEntry.objects.all()

    for change in (lambda: entries.update(rho_micro=1), lambda: entries.delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "elsewhere"},
        {"approved_by": "hana"},
        {"approved_by": "hana", "approved_at": NOW, "second_by": "hana", "second_at": NOW},
        {"state": "approved"},
        {"state": "running", "started_by": "hana", "started_at": NOW},
        {"published_by": "hana", "published_at": NOW},
        {"withdrawn_by": "hana", "withdrawn_at": NOW},
        {"state": "withdrawn"},
    ],
    ids=lambda broken: " ".join(broken),
)
def test_the_database_refuses_a_release_that_was_not_approved_or_half_a_step(broken):
    one = drafted()

    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.filter(pk=one.pk).update(**broken)


@pytest.mark.parametrize(
    "broken", [{"state": "running"}, {"state": "done", "started_by": "a", "started_at": NOW}]
)
def test_the_database_refuses_what_reserved_nothing_or_has_no_pack(broken):
    one = approved()

    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.filter(pk=one.pk).update(**broken)


@pytest.mark.parametrize(
    "broken", [{"rho_micro": 0}, {"state": "finished"}, {"state": "torn"}, {"number": 1}, {"release": "same"}]
)
def test_the_database_refuses_a_line_that_is_no_reservation_and_no_outcome(broken):
    started()
    row = ReleaseEntry.objects.get()
    told = {field.name: getattr(row, field.name) for field in ReleaseEntry._meta.fields}
    told |= {"number": 2, "release": "other"} | broken
    told["release"] = row.release if told["release"] == "same" else told["release"]

    with pytest.raises(IntegrityError), transaction.atomic():
        ReleaseEntry.objects.create(**told)


def test_the_audit_and_the_log_hold_no_count_and_no_person(population, caplog):
    with caplog.at_level(logging.DEBUG):
        one = published()
        release.withdraw(one.id, reason="Wrong.", by=an_analyst(), now=NOW)

    events = AuditEvent.objects.filter(action__startswith="release.").order_by("number")
    steps = ["draft", "approve", "countersign", "start", "begin", "done", "publish", "withdraw"]
    assert [event.action for event in events] == [f"release.{step}" for step in steps]
    assert all(event.detail == {} for event in events)
    assert "30" not in "".join(record.getMessage() for record in caplog.records if "release" in record.name)
    assert audit.verify().whole


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"since": 2026, "until": 2025}, "release-years"),
        ({"since": 1950, "until": 2026}, "release-years"),
        ({"columns": ()}, "release-columns"),
        ({"columns": ("sex", "sex")}, "release-columns"),
        ({"columns": ("name",)}, "release-columns"),
        ({"epsilon": 0.0}, "release-epsilon"),
        ({"epsilon": float("nan")}, "release-epsilon"),
        ({"epsilon": 0.011}, "release-epsilon"),
        ({"ways": 4}, "release-ways"),
        ({"persons": 0}, "release-options"),
        ({"seed": -1}, "release-options"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(more, rule):
    with pytest.raises(InvalidRecord) as refused:
        an_asked(**more)

    assert [problem.rule for problem in refused.value.problems] == [rule]


def test_the_years_of_a_release_are_those_asked():
    asked = an_asked(since=2024, until=2025, columns=("year",))

    assert asked.schema.columns[0].codes == ("2024", "2025")
    assert an_asked(columns=("year",)).schema_hash != asked.schema_hash


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_starts_at_once_no_two_spend_the_same_budget():
    if connection.vendor != "postgresql":
        pytest.skip("threads of one test share SQLite's memory; test_release_crash does it with processes")
    ready, gate = [approved(epsilon=2.0) for _ in range(4)], threading.Barrier(4)

    def begin(one):
        gate.wait()
        try:
            return release.start(one.id, by=an_analyst(), now=NOW).state
        except Disclosive:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(begin, ready))

    kept = ledger.kept()
    fit = outcomes.count("running")
    assert outcomes == ["refused"] * (4 - fit) + ["running"] * fit
    assert kept.spent == fit * ready[0].rho_micro
    assert kept.epsilon() <= 4.0 < kept.epsilon(more=ready[0].rho_micro)
