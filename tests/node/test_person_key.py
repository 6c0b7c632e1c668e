"""Person keys: equal for one person in whatever agency, useless to a thief, gone with an erasure."""

import contextlib
from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction

from palermo.node import keyring, person_key, tenancy
from palermo.node.actions import approval, case, erasure
from palermo.node.keyfile import current
from palermo.node.models import AuditEvent, PersonKey
from palermo.node.sealing import CannotUnseal
from palermo.protection.access import Role
from tests.node.cases import FIRST, IDENTITY, NOW, PASSPORT, PHONE, WORKER, a_case, a_record, an_actor, inside

pytestmark = pytest.mark.django_db

KNOWN = IDENTITY | {"person.birth": "1999-04-12"}
GIVEN = {"linkage.person_key": "NRM-000123"}
OFFICER = Role.DATA_PROTECTION_OFFICER


def keys(*cases):
    """The opened keys of each case."""
    opened = person_key.Opener(current())
    with inside(tenancy.EVERY_AGENCY):
        return [
            {opened(bytes(row.key), case=row.case_id) for row in PersonKey.objects.filter(case=kept)}
            for kept in cases
        ]


def said(ring, **facts):
    return person_key.digests(a_record(**facts).document, ring=ring)


def test_one_person_has_one_key_in_two_agencies():
    here, there = keys(a_case(**KNOWN), a_case(agency="xa-police", **KNOWN))

    assert here == there
    assert len(here) == 2  # by passport and by telephone


def test_any_one_paper_or_number_in_common_is_enough_beside_name_and_birth():
    both, only_phone = keys(a_case(**KNOWN), a_case(**{**KNOWN, "person.documents[0].number": "Q-1"}))

    assert len(both & only_phone) == 1


@pytest.mark.parametrize(
    "more",
    [
        {"person.birth": "1999-04-13"},
        {"person.names[0].family": "Quillfeathers"},
        {"person.names[0].middle": "Ann"},
    ],
    ids=["another day of birth", "another name", "one name more"],
)
def test_someone_with_another_name_or_birth_is_someone_else(more):
    one, other = keys(a_case(**KNOWN), a_case(**KNOWN | more))

    assert not one & other


@pytest.mark.parametrize(
    "more",
    [
        {"person.names[0].given": "  ZEPHYRINE "},
        {"person.contact[0].value": "00999-555-0147"},
        {"person.documents[0].number": "qx 7714 0093"},
    ],
    ids=["name in capitals", "telephone with zeros", "passport with blanks"],
)
def test_spelling_of_no_weight_changes_no_key(more):
    one, other = keys(a_case(**KNOWN), a_case(**KNOWN | more))

    assert one == other


@pytest.mark.parametrize(
    "facts",
    [
        IDENTITY,
        IDENTITY | {"person.birth": "1999"},
        IDENTITY | {"person.birth": "1999-04"},
        {name: value for name, value in KNOWN.items() if not name.endswith("family")},
        {name: value for name, value in KNOWN.items() if "documents" not in name and "contact" not in name},
        {},
    ],
    ids=["no birth", "year of birth", "month of birth", "given name", "nothing more", "nobody"],
)
def test_a_case_with_too_little_identity_has_no_key(facts):
    assert keys(a_case(**facts)) == [set()]


def test_a_key_that_the_record_gives_counts_alone():
    one, other, third = keys(a_case(**KNOWN | GIVEN), a_case(agency="xa-police", **GIVEN), a_case(**KNOWN))

    assert one == other
    assert len(one) == 1
    assert not one & third


def test_rows_of_one_person_look_alike_in_no_byte_of_the_database():
    a_case(**KNOWN)
    a_case(agency="xa-police", **KNOWN)

    with inside(tenancy.EVERY_AGENCY):
        stored = [bytes(row.key) for row in PersonKey.objects.all()]
    assert len(set(stored)) == 4
    for text in (PHONE, PASSPORT, "1999-04-12", "Quillfeather"):
        assert all(text.encode() not in one for one in stored)


def test_the_keys_of_two_nodes_differ_for_one_person():
    here, there = keyring.Keyring(), keyring.Keyring()

    assert not said(here, **KNOWN) & said(there, **KNOWN)
    assert said(here, **KNOWN) == said(replace(there, linkage=here.linkage), **KNOWN)


def test_a_key_opens_for_its_own_case_and_node_alone():
    ring = keyring.Keyring()
    (digest, *_) = said(ring, **KNOWN)
    stored = person_key.seal(digest, case="A", ring=ring)

    assert person_key.Opener(ring)(stored, case="A") == digest
    for other, case_id in ((ring, "B"), (keyring.Keyring(), "A")):
        with pytest.raises(CannotUnseal, match="person key does not open"):
            person_key.Opener(other)(stored, case=case_id)
    with pytest.raises(CannotUnseal):
        person_key.Opener(ring)(b"", case="A")


def test_an_amendment_rewrites_the_keys_and_says_nothing_of_them():
    kept = a_case(by=an_actor(FIRST, WORKER, name="amal"), **KNOWN)
    (before,) = keys(kept)
    document = a_record(**{**KNOWN, "person.birth": "1999-04-13"}).document

    case.amend(kept.id, document=document, version=1, by=an_actor(WORKER, name="amal"), now=NOW)

    (after,) = keys(kept)
    assert len(after) == 2
    assert not before & after
    told = "".join(str(event.detail) for event in AuditEvent.objects.all())
    assert not any(key.hex() in told for key in before | after)


def test_an_amendment_of_coded_facts_leaves_the_keys_as_they_were():
    kept = a_case(by=an_actor(FIRST, WORKER, name="amal"), **KNOWN)
    with inside():
        before = set(PersonKey.objects.values_list("pk", flat=True))
    document = a_record(**{**KNOWN, "person.sex": "m"}).document

    case.amend(kept.id, document=document, version=1, by=an_actor(WORKER, name="amal"), now=NOW)

    with inside():
        assert set(PersonKey.objects.values_list("pk", flat=True)) == before


def test_an_erasure_takes_the_keys_away():
    kept = a_case(**KNOWN)
    approval.give(kept.id, step="erase", by=an_actor(OFFICER, name="other"), now=NOW)

    erasure.erase(kept.id, by=an_actor(OFFICER, name="one"), now=NOW)

    assert keys(kept) == [set()]


def test_a_key_keeps_its_agency():
    kept = a_case(**KNOWN)
    a_case(agency="xa-police")

    moved = 0
    with contextlib.suppress(IntegrityError), inside(), transaction.atomic():
        moved = PersonKey.objects.filter(case=kept).update(agency="xa-police")

    with inside(tenancy.EVERY_AGENCY):
        assert set(PersonKey.objects.values_list("agency", flat=True)) == {"xa-shelter"}
    assert moved == 0


@pytest.mark.postgres
def test_the_database_shows_an_agency_no_key_of_another():
    if connection.vendor != "postgresql":
        pytest.skip("row-level security is PostgreSQL's: run make test-postgres")
    a_case(**KNOWN)

    with inside("xa-police"):
        assert not PersonKey.objects.exists()
    with inside():
        assert PersonKey.objects.count() == 2
