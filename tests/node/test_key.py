"""After a rotation every data key lies under the new key, and the old one can go."""

from functools import partial

import pytest

from palermo.errors import NotAllowed, Unknown
from palermo.node import keyfile, keyring, maintainer
from palermo.node.actions import key, sealed_part
from palermo.node.models import AuditEvent, SealedPart
from tests.node.cases import CANARY, IDENTITY, NOW, a_case, an_actor, inside

pytestmark = pytest.mark.django_db
AGENCY = "xa-shelter"
TIERS = ["T2", "T3", "T4"]


def rotate(agency: str = AGENCY) -> None:
    step = partial(keyring.rotate, agency=agency, today=NOW.date())
    keyfile.change(keyfile.place(), step, passphrase=keyfile.passphrase())


def retire(number: int) -> None:
    step = partial(keyring.retire, agency=AGENCY, number=number, today=NOW.date())
    keyfile.change(keyfile.place(), step, passphrase=keyfile.passphrase())


def rewrap() -> int:
    return key.rewrap(agency=AGENCY, by=maintainer.actor(), now=NOW)


def versions(agency: str = AGENCY) -> list[int]:
    with inside(agency):
        return sorted(set(SealedPart.objects.filter(agency=agency).values_list("key_version", flat=True)))


def newest() -> int:
    return keyfile.current().keys(AGENCY).current.number


@inside()
def test_every_part_opens_after_the_older_keys_are_gone(monkeypatch):
    monkeypatch.setattr(key, "BATCH", 2)
    kept = [a_case(**IDENTITY) for _number in range(3)]
    before = [sealed_part.read(one, TIERS) for one in kept]
    old = newest()
    rotate()

    assert rewrap() == SealedPart.objects.count() > key.BATCH
    retire(old)

    assert versions() == [newest()]
    assert [sealed_part.read(one, TIERS) for one in kept] == before
    assert CANARY.split()[0] in str(before)


def test_without_wrapping_anew_a_retired_key_takes_its_parts_with_it():
    kept = a_case(**IDENTITY)
    old = newest()
    rotate()
    retire(old)

    with inside(), pytest.raises(Unknown, match=f"version {old}"):
        sealed_part.read(kept, TIERS)


def test_wrapping_anew_twice_does_nothing_more_and_leaves_two_events():
    a_case(**IDENTITY)
    rotate()

    first, second = rewrap(), rewrap()

    assert (first > 0, second) == (True, 0)
    events = AuditEvent.objects.filter(action="key.rewrap").order_by("number")
    assert [event.detail for event in events] == [{"version": newest(), "count": n} for n in (first, 0)]


def test_another_agencys_parts_stay_as_they_are():
    a_case(**IDENTITY)
    a_case(agency="xa-border", **IDENTITY)
    before = versions("xa-border")
    assert before
    rotate()
    rewrap()

    assert versions("xa-border") == before


def test_a_shredded_part_is_left_alone():
    kept = a_case(**IDENTITY)
    with inside():
        kept.sealed_parts.update(wrapped_key=None, ciphertext=None, shredded_at=NOW)
    rotate()

    assert rewrap() == 0


def test_only_the_nodes_administrator_wraps_anew():
    with pytest.raises(NotAllowed):
        key.rewrap(agency=AGENCY, by=an_actor(), now=NOW)
