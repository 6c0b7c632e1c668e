"""Adding members, their roles, passwords and leaving."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession

from palermo.errors import InvalidRecord, NotAllowed, Unknown, WrongState
from palermo.node import password_code
from palermo.node.actions import agency, audit, member, token
from palermo.node.models import AuditEvent, Member
from palermo.protection.access import Role
from tests.node.people import BY, NOW, PASSWORD, a_member, an_administrator, an_agency, sign_in

pytestmark = pytest.mark.django_db


def paths(error):
    return [problem.path for problem in error.value.problems]


def last_event():
    return AuditEvent.objects.order_by("-number").first()


def adding(**changes):
    given = {"name": "b-keita", "display_name": "B. Keita", "roles": ["analyst"], "by": BY, "now": NOW}
    return member.add(**given | {"agency": an_agency()} | changes)


def test_a_new_member_has_roles_and_no_way_in_yet():
    new = adding(roles=["case_worker", "first_responder"])

    assert new.roles == {Role.CASE_WORKER, Role.FIRST_RESPONDER}
    assert not new.has_usable_password()
    event = last_event()
    assert (event.action, event.actor, event.object) == ("member.add", "operator", "member:b-keita")
    assert event.detail == {"roles": ["case_worker", "first_responder"]}


def test_every_fault_of_a_new_member_is_reported_at_once():
    with pytest.raises(InvalidRecord) as error:
        adding(name="B Keita", display_name=" ", roles=[])

    assert paths(error) == ["name", "display_name", "roles"]
    assert not Member.objects.exists()


def test_a_sign_in_name_is_used_once():
    adding()

    with pytest.raises(InvalidRecord) as error:
        adding()

    assert paths(error) == ["name"]


@pytest.mark.parametrize("name", ["operator", "nobody"])
def test_no_member_goes_by_the_name_of_one_who_has_no_account(name):
    with pytest.raises(InvalidRecord) as error:
        adding(name=name)

    assert paths(error) == ["name"]


def test_nobody_is_added_to_a_closed_agency():
    closed = agency.close(an_agency(), by=BY, now=NOW)

    with pytest.raises(InvalidRecord) as error:
        adding(agency=closed)

    assert paths(error) == ["agency"]


@pytest.mark.parametrize(
    "roles, faults",
    [
        ({"case_worker"}, 0),
        ({"case_worker", "supervisor"}, 0),
        ({"administrator"}, 0),
        (set(), 1),
        ({"king"}, 1),
        ({"administrator", "case_worker"}, 1),
        ({"peer_node"}, 1),
        ({"peer_node", "administrator"}, 2),
    ],
    ids=["one", "two", "administrator", "none", "unknown", "administrator-and-cases", "machine", "both"],
)
def test_which_roles_go_together(roles, faults):
    assert len(member.against(frozenset(roles))) == faults


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_add_members(role):
    someone = a_member("c-other", "case_worker").actor

    with pytest.raises(NotAllowed):
        adding(by=type(someone)(name="x", agency="shelter", roles=frozenset({role})))


def test_roles_are_granted_and_revoked_with_one_event_each():
    one = a_member()

    member.grant(one, "supervisor", by=BY, now=NOW)
    assert last_event().detail == {"granted": ["supervisor"], "revoked": []}
    one = member.revoke(member.find("a-diallo"), "case_worker", by=BY, now=NOW)

    assert one.roles == {Role.SUPERVISOR}
    assert last_event().detail == {"granted": [], "revoked": ["case_worker"]}


def test_a_role_that_is_not_held_is_not_revoked():
    with pytest.raises(WrongState):
        member.revoke(a_member(), "supervisor", by=BY, now=NOW)


def test_the_last_role_is_not_taken_away():
    with pytest.raises(InvalidRecord):
        member.revoke(a_member(), "case_worker", by=BY, now=NOW)


def test_nobody_changes_their_own_roles():
    root = an_administrator()

    with pytest.raises(NotAllowed, match="own account"):
        member.grant(root, "case_worker", by=root.actor, now=NOW)


def test_a_changed_role_counts_on_the_next_page(client):
    root, other = an_administrator(), an_administrator("second-admin")
    client.force_login(root)
    assert client.get("/administration/").status_code == 200

    member.change_roles(root, to={"analyst"}, by=other.actor, now=NOW)

    assert client.get("/administration/").status_code == 403


def test_a_member_who_leaves_is_signed_out_at_once_and_their_tokens_stop(client):
    root = an_administrator()
    one = a_member()
    issued = token.issue(
        agency=an_agency(),
        name="intake",
        roles=["case_worker"],
        expires_at=NOW + timedelta(days=9),
        by=root.actor,
        now=NOW,
    )
    issued.token.created_by = one.name
    issued.token.save()
    sign_in(client)

    member.deactivate(one, by=root.actor, now=NOW)

    assert client.get("/account/").status_code == 302
    assert sign_in(client).status_code == 200
    assert not UserSession.objects.filter(user=one).exists()
    with pytest.raises(NotAllowed):
        token.authenticate(issued.secret, now=NOW)
    assert AuditEvent.objects.get(action="member.deactivate").detail == {"sessions": 1, "tokens": 1}


def test_a_member_leaves_once():
    one = member.deactivate(a_member(), by=BY, now=NOW)

    with pytest.raises(WrongState):
        member.deactivate(one, by=BY, now=NOW)


def test_nobody_deactivates_themselves():
    root = an_administrator()

    with pytest.raises(NotAllowed):
        member.deactivate(root, by=root.actor, now=NOW)


def test_a_member_who_comes_back_needs_a_new_code(client):
    one = member.deactivate(a_member(), by=BY, now=NOW)

    member.reactivate(one, by=BY, now=NOW)

    assert sign_in(client).status_code == 200
    assert member.issue_code(one, by=BY, now=NOW)


@pytest.mark.parametrize("closed", [True, False], ids=["closed-agency", "active"])
def test_only_a_deactivated_member_of_an_open_agency_is_let_in_again(closed):
    one = a_member()
    if closed:
        agency.close(one.agency, by=BY, now=NOW)

    with pytest.raises(WrongState):
        member.reactivate(one, by=BY, now=NOW)


def test_a_code_ends_the_old_password_and_the_sessions(client):
    one = a_member()
    sign_in(client)

    member.issue_code(one, by=BY, now=NOW)

    assert client.get("/account/").status_code == 302
    assert sign_in(client).status_code == 200


def test_a_supervisor_issues_codes_in_their_own_agency_only():
    boss = a_member("boss", "supervisor").actor
    own, other = a_member(), a_member("e-far", at="elsewhere")

    assert member.issue_code(own, by=boss, now=NOW)
    with pytest.raises(NotAllowed):
        member.issue_code(other, by=boss, now=NOW)


def test_a_supervisor_issues_no_code_to_an_administrator_of_the_agency():
    boss = a_member("boss", "supervisor").actor
    root = a_member("root", "administrator")

    with pytest.raises(NotAllowed):
        member.issue_code(root, by=boss, now=NOW)


def test_a_case_worker_issues_no_codes():
    worker = a_member("worker").actor

    with pytest.raises(NotAllowed):
        member.issue_code(a_member(), by=worker, now=NOW)


def test_no_code_is_issued_to_someone_deactivated():
    one = member.deactivate(a_member(), by=BY, now=NOW)

    with pytest.raises(WrongState):
        member.issue_code(one, by=BY, now=NOW)


def test_a_code_is_not_kept_in_clear():
    one = a_member()

    code = member.issue_code(one, by=BY, now=NOW)

    kept = member.find("a-diallo").password
    assert password_code.is_kept(kept)
    assert code not in kept
    assert code.replace("-", "") not in kept


@pytest.mark.parametrize(
    "hours, opens",
    [(0, True), (47, True), (48, False), (100, False)],
    ids=["new", "late", "over", "long-over"],
)
def test_a_code_lasts_forty_eight_hours(hours, opens):
    code, kept = password_code.make(now=NOW)

    assert password_code.fits(code, kept, now=NOW + timedelta(hours=hours)) is opens


@pytest.mark.parametrize("kept", ["", "!abc", "argon2$argon2id$v=19$x"])
def test_what_is_no_kept_code_fits_nothing(kept):
    assert not password_code.fits("", kept, now=NOW)
    assert not password_code.fits("2222-2222-2222-2222", kept, now=NOW)


def test_a_password_that_is_too_weak_is_refused_without_repeating_it():
    one = a_member()

    with pytest.raises(InvalidRecord) as error:
        member.set_password(one, "a-diallo-1", by=BY, now=NOW)

    assert "a-diallo-1" not in str(error.value)
    assert set(paths(error)) == {"password"}


def test_an_unknown_member_is_said_to_be_unknown():
    with pytest.raises(Unknown, match="palermo member list"):
        member.find("nobody")


def test_what_was_done_about_members_is_a_whole_chain():
    one = a_member()
    member.grant(one, "supervisor", by=BY, now=NOW)
    member.issue_code(one, by=BY, now=NOW)

    assert [event.action for event in AuditEvent.objects.all()] == [
        "agency.open",
        "member.add",
        "member.set_password",
        "member.change_roles",
        "member.issue_code",
    ]
    assert PASSWORD not in str(list(AuditEvent.objects.values()))
    assert audit.verify()
