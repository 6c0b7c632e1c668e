"""Tokens of agencies' own systems."""

import hashlib
from datetime import timedelta

import pytest

from palermo.errors import InvalidRecord, NotAllowed, Unknown, WrongState
from palermo.node.actions import agency, token
from palermo.node.models import ApiToken, AuditEvent
from palermo.protection.access import Role
from tests.node.people import BY, NOW, a_member, an_agency

pytestmark = pytest.mark.django_db


def issuing(**changes):
    given = {
        "agency": an_agency(),
        "name": "intake",
        "roles": ["case_worker"],
        "expires_at": NOW + timedelta(days=30),
        "by": BY,
        "now": NOW,
    }
    return token.issue(**given | changes)


def test_a_token_is_known_by_its_secret_of_which_only_a_digest_is_kept():
    issued = issuing()

    assert token.authenticate(issued.secret, now=NOW) == issued.token
    assert bytes(ApiToken.objects.get().digest) == hashlib.sha256(issued.secret.encode()).digest()
    assert issued.secret not in repr(issued)
    assert issued.secret not in str(list(AuditEvent.objects.values()))


def test_a_token_acts_for_its_agency_in_its_roles():
    actor = issuing(roles=["analyst"]).token.actor

    assert (actor.agency, actor.roles) == ("shelter", {Role.ANALYST})


def test_secrets_have_more_than_a_hundred_and_twenty_eight_bits():
    assert len(issuing().secret.removeprefix(token.PREFIX)) * 6 >= 128


@pytest.mark.parametrize("end", ["expired", "revoked", "closed", "wrong", "empty"])
def test_a_token_that_opens_nothing_is_refused_in_the_same_words(end):
    issued = issuing()
    secret, now = issued.secret, NOW
    if end == "expired":
        now = NOW + timedelta(days=30)
    elif end == "revoked":
        token.revoke(issued.token, by=BY, now=NOW)
    elif end == "closed":
        agency.close(an_agency(), by=BY, now=NOW)
    else:
        secret = {"wrong": secret + "x", "empty": ""}[end]

    with pytest.raises(NotAllowed, match="opens nothing"):
        token.authenticate(secret, now=now)
    assert not token.living(now=now).exists() or end in {"wrong", "empty"}


@pytest.mark.parametrize(
    "changes, path",
    [
        ({"name": " "}, "name"),
        ({"roles": []}, "roles"),
        ({"roles": ["administrator"]}, "roles"),
        ({"roles": ["survivor"]}, "roles"),
        ({"roles": ["king"]}, "roles"),
        ({"expires_at": NOW}, "expires_at"),
        ({"expires_at": NOW + timedelta(days=367)}, "expires_at"),
    ],
    ids=["no-name", "no-role", "administrator", "survivor", "unknown-role", "past", "too-far"],
)
def test_a_token_that_does_not_fit_is_not_issued(changes, path):
    with pytest.raises(InvalidRecord) as error:
        issuing(**changes)

    assert [problem.path for problem in error.value.problems] == [path]


def test_a_name_is_used_once_in_an_agency():
    issuing()

    with pytest.raises(InvalidRecord):
        issuing()
    assert issuing(agency=an_agency("other")).token.pk


def test_a_closed_agency_gets_no_token():
    with pytest.raises(InvalidRecord):
        issuing(agency=agency.close(an_agency(), by=BY, now=NOW))


def test_only_administrators_issue_and_revoke_tokens():
    worker, issued = a_member().actor, issuing()

    with pytest.raises(NotAllowed):
        issuing(by=worker, name="other")
    with pytest.raises(NotAllowed):
        token.revoke(issued.token, by=worker, now=NOW)


def test_a_token_is_revoked_once():
    revoked = token.revoke(issuing().token, by=BY, now=NOW)

    with pytest.raises(WrongState):
        token.revoke(revoked, by=BY, now=NOW)
    assert [event.action for event in AuditEvent.objects.filter(object=f"token:{revoked.pk}")] == [
        "token.issue",
        "token.revoke",
    ]


def test_an_unknown_token_is_said_to_be_unknown():
    with pytest.raises(Unknown):
        token.find(4711)
