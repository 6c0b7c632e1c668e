"""Many rows of one model at once: the same rows as Django's own way, which is slower."""

import pytest

from palermo.node import bulk
from palermo.node.models import Case, Event
from tests.node.cases import NOW, a_case, inside

pytestmark = pytest.mark.django_db


def copies(kept, count):
    """Unsaved cases like one that is stored, and an event of each."""
    stored = {"agency_id": kept.agency_id, "record": kept.record, "created_by": "x"}
    cases = [Case(id=f"{kept.pk}-{n:02}", created_at=NOW, updated_at=NOW, **stored) for n in range(count)]
    shown = {"agency_id": kept.agency_id, "kind": "received", "by": "x", "at": NOW, "number": 1}
    return cases, [Event(case=one, payload={"n": number}, **shown) for number, one in enumerate(cases)]


def rows_of(model, ids, key):
    return list(model.objects.filter(**{f"{key}__in": ids}).order_by(key).values())


def test_rows_stored_at_once_are_those_that_django_stores():
    kept = a_case()
    cases, events = copies(kept, 20)
    ids = [one.pk for one in cases]

    with inside():
        bulk.insert(cases[:10])
        bulk.insert(events[:10])
        Case.objects.bulk_create(cases[10:])
        Event.objects.bulk_create(events[10:])
        stored, shown = rows_of(Case, ids, "id"), rows_of(Event, ids, "case_id")

    like = [row | {"id": ""} for row in stored]
    assert like[:10] == like[10:]
    assert [row["payload"] for row in shown] == [{"n": number} for number in range(20)]
    assert {(row["kind"], row["by"], row["at"], row["number"]) for row in shown} == {
        ("received", "x", NOW, 1)
    }


def test_what_the_database_makes_is_read_when_it_is_asked_for():
    (one,), _ = copies(a_case(), 1)

    with inside():
        bulk.insert([one])

        assert (one.sex, one._state.adding) == (Case.objects.get(pk=one.pk).sex, False)


def test_no_rows_are_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        bulk.insert([])
