"""The audit: every tampering with the stored rows is found, and honest rows never are."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from palermo.errors import WrongState
from palermo.node.actions import audit
from palermo.node.chain import Fault
from palermo.node.models import AuditEvent, AuditHead
from tests import locks
from tests.node.cases import an_agency

NOW = datetime(2026, 5, 1, 12, 30, tzinfo=UTC)

COPIED_LINK = """
UPDATE node_auditevent SET digest = (SELECT digest FROM node_auditevent WHERE number = 2) WHERE number = 3
"""


def a_chain(length: int) -> None:
    with transaction.atomic():
        for step in range(1, length + 1):
            audit.record(
                action="case.store",
                actor=f"member-{step % 3}",
                agency="shelter",
                object=f"case:{step}",
                detail={"row": step, "mot": "été"},
                at=NOW + timedelta(seconds=step),
            )


def tamper(sql: str) -> None:
    """Change the table as someone would who holds the database file."""
    with locks.opened(), connection.cursor() as cursor:
        cursor.execute(sql)


def faults() -> set[Fault]:
    return {finding.fault for finding in audit.verify().findings}


@pytest.mark.django_db
def test_an_honest_chain_is_whole():
    a_chain(7)

    verdict = audit.verify()

    assert verdict.whole
    assert (verdict.count, verdict.head.number) == (7, 7)


@pytest.mark.django_db
def test_an_empty_chain_is_whole():
    assert audit.verify().whole


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql, found",
    [
        ("UPDATE node_auditevent SET actor = 'another' WHERE number = 3", Fault.EDITED),
        ("UPDATE node_auditevent SET detail = '{}' WHERE number = 7", Fault.EDITED),
        ("UPDATE node_auditevent SET purpose = 'support' WHERE number = 1", Fault.EDITED),
        ("DELETE FROM node_auditevent WHERE number = 4", Fault.MISSING),
        ("DELETE FROM node_auditevent WHERE number = 1", Fault.MISSING),
        ("DELETE FROM node_auditevent WHERE number > 5", Fault.TRUNCATED),
        ("DELETE FROM node_auditevent", Fault.TRUNCATED),
        (
            COPIED_LINK,
            Fault.EDITED,
        ),
    ],
)
def test_a_change_in_the_table_is_found(sql, found):
    a_chain(7)

    tamper(sql)

    assert found in faults()


@pytest.mark.django_db
def test_two_rows_that_changed_places_are_found():
    a_chain(4)

    tamper("UPDATE node_auditevent SET number = 99 WHERE number = 2")
    tamper("UPDATE node_auditevent SET number = 2 WHERE number = 3")
    tamper("UPDATE node_auditevent SET number = 3 WHERE number = 99")

    assert Fault.EDITED in faults()


@pytest.mark.django_db
def test_a_cut_tail_with_a_forged_head_is_found_by_a_head_kept_elsewhere():
    a_chain(6)
    kept = audit.head()

    tamper("DELETE FROM node_auditevent WHERE number = 6")
    last = AuditEvent.objects.get(number=5)
    AuditHead.objects.update(number=5, digest=last.digest)

    assert audit.verify().whole
    assert {f.fault for f in audit.verify(heads=[kept]).findings} == {Fault.TRUNCATED}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql", ["UPDATE node_auditevent SET actor = 'x'", "DELETE FROM node_auditevent WHERE number = 2"]
)
def test_the_database_refuses_to_change_or_delete_an_event(sql):
    a_chain(3)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(sql)

    assert audit.verify().whole


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused():
    with pytest.raises(WrongState, match="outside a transaction"):
        audit.record(action="case.store", actor="someone")


@pytest.mark.django_db(transaction=True)
def test_an_event_goes_with_the_transaction_that_failed():
    a_chain(2)

    with pytest.raises(ZeroDivisionError):
        _record_and_fail()

    assert audit.verify().count == 2
    assert audit.verify().whole


@pytest.mark.django_db
def test_a_signed_head_kept_elsewhere_shows_a_chain_made_anew():
    an_agency()
    a_chain(5)
    kept = audit.kept_head(audit.signed_head(at=NOW))

    tamper("DELETE FROM node_auditevent")
    AuditHead.objects.all().delete()
    a_chain(3)

    assert audit.verify().whole
    assert {f.fault for f in audit.verify(heads=[kept]).findings} == {Fault.TRUNCATED}


@pytest.mark.django_db
def test_an_altered_signed_head_is_refused():
    an_agency()
    a_chain(2)
    line = audit.signed_head(at=NOW)

    with pytest.raises(WrongState, match="not signed by this node's key"):
        audit.kept_head(line.replace('"number":2', '"number":1'))


def _record_and_fail() -> None:
    with transaction.atomic():
        audit.record(action="case.store", actor="someone", at=NOW)
        raise ZeroDivisionError


@pytest.mark.django_db
@pytest.mark.parametrize("microsecond", [0, 1, 120_000, 999_999])
def test_a_moment_is_verified_however_the_database_writes_it(microsecond):
    with transaction.atomic():
        audit.record(action="case.read", actor="reader", at=NOW.replace(microsecond=microsecond))

    assert audit.verify().whole


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite keeps a moment as text")
@pytest.mark.parametrize(
    "text",
    [
        "2026-05-01 12:30:00.120001",
        "2026-05-01 13:30:00.120000",
        "2025-05-01 12:30:00.120000",
        "2026-05-01 12:30:00",
    ],
)
def test_a_moment_changed_in_the_table_is_found(text):
    with transaction.atomic():
        audit.record(action="case.read", actor="reader", at=NOW.replace(microsecond=120_000))

    tamper(f"UPDATE node_auditevent SET at = '{text}'")

    assert faults() == {Fault.EDITED}
