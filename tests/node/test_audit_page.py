"""The audit page: each role sees as far as the matrix says, and no further."""

import pytest
from django.db import connection, transaction
from django.urls import reverse

from palermo.node.actions import audit
from palermo.node.models import AuditEvent
from palermo.node.views.audit import scope
from palermo.protection.access import Role, reach
from tests import locks
from tests.node.cases import FIRST, IDENTITY, WORKER, a_case, a_member, an_actor

pytestmark = pytest.mark.django_db

PAGE = "/audit/"
REACH = {
    Role.DATA_PROTECTION_OFFICER: "audit_all",
    Role.SUPERVISOR: "audit_team",
    Role.ADMINISTRATOR: "audit_system",
    Role.CASE_WORKER: "audit_case",
    Role.GUARDIAN: "audit_case",
    Role.FIRST_RESPONDER: "audit_own",
    Role.COMPETENT_AUTHORITY: "audit_own",
    Role.SERVICE_PROVIDER: "audit_own",
    Role.PROSECUTOR: "audit_own",
    Role.BORDER_OFFICER: "audit_own",
}


def some_events() -> None:
    """One event by each of two agencies, and one of the node itself."""
    a_case(by=an_actor(FIRST, name="ours"))
    a_case(by=an_actor(FIRST, name="theirs", agency="xa-police"), agency="xa-police")
    with transaction.atomic():
        audit.record(action="member.add", actor="root", object="member:x")


def shown(client, role: Role, query: str = "") -> set[str]:
    client.force_login(a_member(role))
    rows = client.get(PAGE + query).context["events"].rows
    return {row["actor"].text for row in rows}


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_how_far_each_role_reaches(role):
    assert (role in REACH) == any(action.startswith("audit_") for action in reach([role]) - {"audit_mutual"})
    if role in REACH:
        assert scope(an_actor(role)) == REACH[role]


@pytest.mark.parametrize(
    "role, actors",
    [
        (Role.DATA_PROTECTION_OFFICER, {"ours", "theirs", "root"}),
        (Role.SUPERVISOR, {"ours"}),
        (Role.ADMINISTRATOR, {"root"}),
        (Role.CASE_WORKER, set()),
    ],
    ids=["all", "the agency's", "the node's own, never a case", "one's own"],
)
def test_what_each_scope_shows(client, role, actors):
    some_events()

    assert shown(client, role) == actors


@pytest.mark.parametrize("role", [Role.ANALYST, Role.SURVIVOR], ids=str)
def test_who_has_no_part_in_the_audit_is_refused(client, role):
    client.force_login(a_member(role))

    assert client.get(PAGE).status_code == 403


def test_the_audit_is_narrowed_down(client):
    some_events()

    assert shown(client, Role.DATA_PROTECTION_OFFICER, "?action=case.store&actor=theirs") == {"theirs"}


def test_the_events_of_one_case_are_found_by_its_identifier(client):
    kept = a_case(by=an_actor(FIRST, name="ours"))
    a_case(by=an_actor(FIRST, name="another"))

    assert shown(client, Role.DATA_PROTECTION_OFFICER, f"?object={kept.pk.lower()}") == {"ours"}


def test_pages_of_the_audit_hold_every_event_once(client):
    for _ in range(120):
        a_case()
    client.force_login(a_member(Role.DATA_PROTECTION_OFFICER))
    numbers, after, before = [], "", ""

    while True:
        table = client.get(f"{PAGE}?after={after}").context["events"]
        numbers += [row["number"] for row in table.rows]
        if not table.pages.next:
            break
        after = table.pages.next["after"]
        before = table.pages.previous["before"] if table.pages.previous else before
    back = client.get(f"{PAGE}?before={numbers[100]}").context["events"].rows

    assert numbers == list(range(120, 0, -1))
    assert [row["number"] for row in back] == numbers[50:100]


def test_taking_the_audit_out_is_an_event_itself(client):
    a_case()
    client.force_login(a_member(Role.SUPERVISOR))

    csv = b"".join(client.get(f"{PAGE}?format=csv").streaming_content).decode()

    assert "case.store" in csv
    assert AuditEvent.objects.last().action == "audit.export"


def verified(client) -> str:
    client.force_login(a_member(Role.DATA_PROTECTION_OFFICER))
    return client.post(reverse("audit_verify"), follow=True).content.decode()


def test_a_whole_chain_verifies_on_the_page(client):
    a_case(**IDENTITY)

    assert "The chain is whole: 1 events" in verified(client)
    assert AuditEvent.objects.last().action == "audit.verify"


def test_a_tampered_chain_says_where(client):
    a_case()
    with locks.opened(), connection.cursor() as cursor:
        cursor.execute("UPDATE node_auditevent SET actor = 'nobody' WHERE number = 1")

    assert "the first at event 1" in verified(client)


def test_who_sees_a_part_of_the_chain_does_not_verify_it(client):
    client.force_login(a_member(WORKER))

    assert client.post(reverse("audit_verify")).status_code == 403


@pytest.mark.parametrize("key", ["after", "before"])
def test_a_number_that_no_event_can_have_gives_the_first_page(client, key):
    some_events()

    assert "ours" in shown(client, Role.SUPERVISOR, f"?{key}={'9' * 5000}")
