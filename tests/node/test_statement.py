"""Statements from the file to two people's word: kept once, read, confirmed by two, withdrawn."""

import hashlib
from itertools import pairwise

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from palermo.appraisal.statement.claim import Kind, Standing
from palermo.errors import InvalidRecord, NotAllowed, Unknown, WrongState
from palermo.node import jobs, stated
from palermo.node.actions import statement
from palermo.node.actions.statement import About
from palermo.node.models import AuditEvent, PassageReading, Statement, StatementPassage
from palermo.protection.access import Role
from tests.node.cases import NOW, an_actor
from tests.node.statements import ADA, BEN, CY, SPEECH, a_statement, an_appraiser, read, the_passage

pytestmark = pytest.mark.django_db

OTHERS = [role for role in Role if role is not Role.ANALYST]


def test_a_statement_is_known_by_its_bytes_and_kept_once():
    first = a_statement(proposed=False)
    again, new = statement.add(SPEECH.encode(), name="other.txt", by=an_appraiser(BEN), now=NOW)

    assert (again.pk, new) == (first.pk, False)
    assert first.pk == hashlib.sha256(SPEECH.encode()).hexdigest()
    assert (again.name, again.added_by) == ("speech.txt", ADA)
    assert AuditEvent.objects.filter(action="statement.add").count() == 1


def test_what_is_read_covers_the_document_by_its_offsets():
    one = a_statement()

    rows = list(one.passages.order_by("number"))
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    for before, after in pairwise(rows):
        assert before.end <= after.start
    assert (one.state, one.progress) == ("done", 1.0)
    event = AuditEvent.objects.get(action="statement.done")
    assert event.detail["passages"] == len(rows)
    assert event.object == f"statement:{one.pk[:10]}"


def test_a_statement_is_read_once_and_the_job_does_it():
    one = a_statement(proposed=False)

    jobs.read_statement.call(statement=one.pk)
    first = list(StatementPassage.objects.values_list("pk", flat=True))
    jobs.read_statement.call(statement=one.pk)

    assert first
    assert list(StatementPassage.objects.values_list("pk", flat=True)) == first


def test_a_file_that_holds_no_text_fails_and_says_why():
    one, _ = statement.add(b"%PDF-1.4\nnothing", name="empty.pdf", by=an_appraiser(), now=NOW)

    ended = statement.propose(one, clock=lambda: NOW)

    assert ended.state == "failed"
    assert ended.fault
    assert AuditEvent.objects.filter(action="statement.failed").exists()


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(statement, "LARGEST", 10)

    with pytest.raises(InvalidRecord, match="larger than"):
        a_statement(proposed=False)


def test_an_unknown_state_is_answered_with_the_nearest():
    with pytest.raises(Unknown, match="PAK"):
        a_statement(state="Pakistn", proposed=False)


@pytest.mark.parametrize("role", OTHERS, ids=str)
def test_only_who_appraises_may_add(role):
    by = an_actor(role, name="eve")

    with pytest.raises(NotAllowed):
        statement.add(SPEECH.encode(), name="speech.txt", by=by, now=NOW)

    assert AuditEvent.objects.filter(action="statement.add.refused", actor="eve").exists()
    assert not statement.visible(by, now=NOW).exists()


def test_two_people_who_agree_confirm_a_claim_of_the_state():
    a_statement()
    row = the_passage("National Action Plan")

    read(row, "GPA-P04", by=ADA)
    settled = read(row, "GPA-P04", by=BEN)

    claim = next(one for one in stated.claims_of("XA") if one.passage.number == row.number)
    assert settled.settled
    assert (claim.standing, claim.provisions, claim.confirmed_by) == (
        Standing.CONFIRMED,
        ("GPA-P04",),
        (ADA, BEN),
    )
    assert claim.counts


def test_nobody_confirms_their_own_reading():
    a_statement()
    row = the_passage("National Action Plan")
    read(row, "GPA-P04", by=ADA)

    with pytest.raises(InvalidRecord, match="nobody confirms their own"):
        read(row, "GPA-P04", by=ADA)

    assert PassageReading.objects.count() == 1


def test_readers_who_differ_leave_a_conflict_that_a_third_ends():
    a_statement()
    row = the_passage("National Action Plan")
    read(row, "GPA-P04", by=ADA)
    read(row, "GPA-P04", by=BEN, kind=Kind.PROMISED)

    row.refresh_from_db()
    assert not row.settled
    assert stated.claim(stated.document(row.statement), row, row.statement).standing is Standing.CONFLICT

    read(row, "GPA-P04", by=CY, kind=Kind.PROMISED)
    claim = next(one for one in stated.claims_of("XA") if one.passage.number == row.number)
    assert (claim.standing, claim.kind, claim.confirmed_by) == (Standing.CONFIRMED, Kind.PROMISED, (BEN, CY))
    assert not claim.counts


def test_a_refusal_settles_and_keeps_its_reason():
    a_statement()
    row = the_passage("wheat")

    read(row, by=ADA, because="off topic")

    claim = next(one for one in stated.claims_of("XA") if one.passage.number == row.number)
    assert (claim.standing, claim.refused_because) == (Standing.REFUSED, "off topic")
    with pytest.raises(InvalidRecord, match="is settled"):
        read(row, "GPA-P04", by=BEN)


def test_the_queue_holds_what_the_member_has_not_read_and_nothing_settled():
    a_statement()
    plan, wheat = the_passage("National Action Plan"), the_passage("wheat")
    every = StatementPassage.objects.queue(by=ADA).count()

    read(plan, "GPA-P04", by=ADA)
    read(wheat, by=ADA)

    assert StatementPassage.objects.queue(by=ADA).count() == every - 2
    assert StatementPassage.objects.queue(by=BEN).count() == every - 1
    assert StatementPassage.objects.queue(by=BEN).first() == plan


def test_a_third_language_is_kept_and_never_queued():
    a_statement(
        "El Gobierno de nuestro país ha adoptado un plan nacional contra la trata de personas en el año. "
        "Los jueces y los fiscales reciben formación sobre la protección de las víctimas.",
        name="discurso.txt",
    )

    assert StatementPassage.objects.exists()
    assert not StatementPassage.objects.queue(by=ADA).exists()
    assert all(claim.match == 0 for claim in stated.claims_of("XA"))


def test_a_withdrawn_statement_counts_no_more_and_stays():
    one = a_statement()
    read(the_passage("National Action Plan"), "GPA-P04", by=ADA)

    statement.withdraw(str(one), reason="The mission corrected it.", by=an_appraiser(), now=NOW)

    assert stated.claims_of("XA") == ()
    assert not StatementPassage.objects.queue(by=BEN).exists()
    assert Statement.objects.get().withdrawn_reason == "The mission corrected it."
    with pytest.raises(WrongState, match="withdrawn already"):
        statement.withdraw(str(one), reason="Again.", by=an_appraiser(), now=NOW)


def test_a_withdrawal_needs_its_reason():
    one = a_statement(proposed=False)

    with pytest.raises(InvalidRecord, match="reason"):
        statement.withdraw(str(one), reason=" ", by=an_appraiser(), now=NOW)


def test_what_a_person_says_of_a_document_is_no_longer_a_guess():
    one = a_statement(state="")
    assert one.guessed

    told = statement.describe(
        str(one), About(speaker="The ambassador", speaks_for="XB"), by=an_appraiser(), now=NOW
    )

    assert (told.speaker, told.speaks_for, told.guessed) == ("The ambassador", "XB", [])
    assert stated.claims_of("XB")


def test_an_unknown_reference_and_passage_are_named():
    with pytest.raises(Unknown, match="No statement"):
        statement.known("0" * 10, by=an_appraiser(), now=NOW)
    with pytest.raises(Unknown, match="No statement"):
        statement.known("", by=an_appraiser(), now=NOW)
    a_statement()
    missing = StatementPassage(pk=10**9)
    with pytest.raises(Unknown, match="No passage"):
        read(missing, "GPA-P04")


def test_a_reading_stays_as_it_was_given():
    a_statement()
    read(the_passage("National Action Plan"), "GPA-P04")

    with pytest.raises(DatabaseError), transaction.atomic():
        PassageReading.objects.update(provisions=["GPA-R04"])
    with pytest.raises(DatabaseError), transaction.atomic():
        PassageReading.objects.all().delete()


def test_a_statement_keeps_its_file():
    a_statement()

    with pytest.raises(DatabaseError), transaction.atomic():
        Statement.objects.update(content=b"other")


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"state": "odd"}, id="unknown state"),
        pytest.param({"state": "done", "read_at": None}, id="done, but never read"),
        pytest.param({"withdrawn_at": NOW}, id="withdrawn by nobody"),
    ],
)
def test_the_database_refuses_what_cannot_be(fields):
    one = a_statement()

    with pytest.raises(IntegrityError), transaction.atomic():
        Statement.objects.filter(pk=one.pk).update(**fields)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"actor": "nobody"}, id="unknown actor"),
        pytest.param({"kind": "dreamt"}, id="unknown kind"),
        pytest.param({"start": 5, "end": 5}, id="empty passage"),
    ],
)
def test_the_database_refuses_a_passage_that_cannot_be(fields):
    a_statement()

    with pytest.raises(IntegrityError), transaction.atomic():
        StatementPassage.objects.filter(number=1).update(**fields)
