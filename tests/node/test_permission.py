"""The list of cases one may see is what `decide` says of each of them, for every role and standing."""

from datetime import timedelta
from itertools import combinations

import pytest
from django.db import IntegrityError

from palermo.node import permission, tenancy
from palermo.node.models import Case, Consent, EmergencyOpening
from palermo.protection import access
from palermo.protection.access import Role
from palermo.protection.access_matrix import matrix
from tests.node.cases import NOW, a_case, an_actor, an_agency, inside, stand

pytestmark = pytest.mark.django_db

ME = "me"
HERE, THERE = "xa-shelter", "xa-police"


def a_consent(kept: Case, *, recipient: str, purpose: str, tiers=("T1",), **more) -> None:
    values = {"given_at": NOW - timedelta(days=1)} | more
    Consent.objects.create(
        case=kept, recipient=recipient, purpose=purpose, tiers=list(tiers), recorded_by="test", **values
    )


def an_opening(kept: Case, *, member: str = ME, tiers=("T1",), hours: float = 1, **more) -> None:
    EmergencyOpening.objects.create(
        case=kept,
        member=member,
        tiers=list(tiers),
        reason="missing",
        opened_at=NOW - timedelta(hours=hours),
        **more,
    )


def a_world() -> None:
    """Cases in every relation that the matrix knows, each alone and with what may close it again."""
    for agency in (HERE, THERE):
        author = an_actor(Role.FIRST_RESPONDER, name="somebody", agency=agency)
        a_case(by=author, agency=agency)
        a_case(by=an_actor(Role.FIRST_RESPONDER, name=ME, agency=agency), agency=agency)
        for kind, holder in (
            ("team", ME),
            ("team", "another"),
            ("guardian", ME),
            ("guardian", "another"),
            ("person", ME),
            ("decision_body", HERE),
            ("conflict", ME),
            ("conflict", HERE),
            ("mandate", ME),
        ):
            stand(a_case(by=author, agency=agency), kind, holder)
    mandated = [a_case(agency=THERE) for _ in range(12)]
    for kept in mandated:
        stand(kept, "mandate", ME)
    day = timedelta(days=1)
    a_consent(mandated[0], recipient=HERE, purpose="prosecution")
    a_consent(mandated[1], recipient=ME, purpose="prosecution")
    a_consent(mandated[2], recipient=HERE, purpose="support")
    a_consent(mandated[3], recipient=HERE, purpose="prosecution", tiers=("T2", "T3"))
    a_consent(mandated[4], recipient=HERE, purpose="prosecution", expires_at=NOW)
    a_consent(mandated[5], recipient=HERE, purpose="prosecution", withdrawn_at=NOW - day)
    a_consent(mandated[6], recipient=HERE, purpose="prosecution", given_at=NOW + day)
    an_opening(mandated[7])
    an_opening(mandated[8], hours=30)
    an_opening(mandated[9], hours=30, second="other", second_at=NOW - timedelta(hours=29))
    an_opening(mandated[10], refused=True, second="other", second_at=NOW)
    an_opening(mandated[11], hours=72, second="other", second_at=NOW - timedelta(hours=71))


def allowed(about: access.Object, by) -> bool:
    who = permission.subject(by, now=NOW)
    return any(
        access.decide(who, "read", about, tier="T1", purpose=purpose, now=NOW)
        for purpose in matrix().purposes
    )


def test_what_a_list_shows_is_what_the_decision_allows_for_every_role_and_pair_of_roles():
    a_world()
    with inside(tenancy.EVERY_AGENCY):
        cases = {kept: permission.about(kept, step="read") for kept in Case.objects.all()}
    shown_somewhere = set()

    for roles in [(role,) for role in Role] + list(combinations(Role, 2)):
        by = an_actor(*roles, name=ME, agency=HERE)
        with tenancy.acting_as(by):
            shown = set(permission.visible(Case.objects.all(), to=by, now=NOW))
        assert shown == {kept for kept, about in cases.items() if allowed(about, by)}, roles
        shown_somewhere |= shown

    assert 0 < len(shown_somewhere) < len(cases)


def test_near_and_far_are_two_halves_of_what_is_visible():
    a_world()
    by = an_actor(Role.CASE_WORKER, Role.GUARDIAN, Role.FIRST_RESPONDER, name=ME, agency=HERE)
    with tenancy.acting_as(by):
        near = set(permission.near(Case.objects.all(), to=by, now=NOW))
        far = set(permission.far(Case.objects.all(), to=by, now=NOW))
        visible = set(permission.visible(Case.objects.all(), to=by, now=NOW))

    assert not near & far
    assert near | far == visible
    assert {kept.agency_id for kept in near} == {HERE}


def test_someone_without_a_role_sees_nothing():
    a_world()

    with inside(HERE):
        assert not permission.visible(Case.objects.all(), to=an_actor(name=ME, agency=HERE), now=NOW)


def test_a_case_is_about_one_person():
    kept = a_case()
    stand(kept, "person", "one")

    with pytest.raises(IntegrityError):
        stand(kept, "person", "two")


def test_opened_identities_of_the_last_hour_are_counted():
    an_agency()

    assert permission.identities_read("nobody", now=NOW) == 0
