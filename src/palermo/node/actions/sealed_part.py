"""The sealed parts of a case: made when it is stored, opened one tier at a time, each opening recorded."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from palermo.node import keyring as keyrings
from palermo.node import permission, person_key, sealing
from palermo.node.actions import audit, refusal
from palermo.node.actor import Actor
from palermo.node.keyfile import current
from palermo.node.models import BlindToken, Case, PersonKey, SealedPart
from palermo.standards import tree


def place(case: Case, tier: str) -> sealing.Binding:
    """Where a sealed part belongs, which its seal is bound to."""
    return sealing.Binding(
        model="case", field="part", case=case.id, tier=tier, agency=case.agency_id, schema="1.0"
    )


def make(case: Case, tier: str, part: dict[str, Any], *, ring: keyrings.Keyring) -> SealedPart:
    """The part under a new data key, not saved yet."""
    binding = place(case, tier)
    key = sealing.DataKey.new()
    return SealedPart(
        case=case,
        agency_id=case.agency_id,
        tier=tier,
        wrapped_key=sealing.wrap(key, keyring=ring, binding=binding),
        ciphertext=sealing.seal(_bytes(part), key=key, binding=binding),
        key_version=ring.keys(case.agency_id).current.number,
    )


def replace(case: Case, tier: str, part: dict[str, Any], *, ring: keyrings.Keyring) -> None:
    """The part instead of the one that was there, under a new key; an empty part leaves nothing."""
    case.sealed_parts.filter(tier=tier).delete()
    if part:
        make(case, tier, part, ring=ring).save(force_insert=True)


def tokens(
    case: Case, values: Iterable[tuple[sealing.Kind, str]], *, ring: keyrings.Keyring
) -> list[BlindToken]:
    """The blind tokens of identifying values, each once, not saved yet."""
    found = {
        (kind, sealing.blind(value, keyring=ring, agency=case.agency_id, kind=kind)): None
        for kind, value in values
    }
    return [
        BlindToken(case=case, agency_id=case.agency_id, kind=kind.value, token=token) for kind, token in found
    ]


def keys(case: Case, document: Mapping[str, Any], *, ring: keyrings.Keyring) -> list[PersonKey]:
    """The person keys of what the document says of whom it is about, not saved yet."""
    return [
        PersonKey(case=case, agency_id=case.agency_id, key=person_key.seal(digest, case=case.id, ring=ring))
        for digest in sorted(person_key.digests(document, ring=ring))
    ]


def read(case: Case, tiers: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What those tiers hold, by tier; for actions that have asked permission and record the opening."""
    kept = case.sealed_parts.filter(tier__in=tiers, shredded_at__isnull=True).order_by("tier")
    return {part.tier: _opened(case, part) for part in kept}


def unseal(case: Case, *, tiers: Sequence[str], by: Actor, purpose: str, now: datetime) -> dict[str, Any]:
    """The sealed parts of those tiers, merged; every opening is one audit event, allowed or refused.

    NotAllowed with every reason when one tier may not be read, and then nothing is opened.
    """
    with refusal.recorded("case.unseal", by=by, object=f"case:{case.id}", purpose=purpose, now=now):
        audit.wait_turn()
        permission.require_all(by, "read", case=case, tiers=tiers, purpose=purpose, now=now)
        audit.record(
            action="case.unseal",
            actor=by.name,
            agency=by.agency,
            object=f"case:{case.id}",
            purpose=purpose,
            detail={"tiers": sorted(tiers)},
            at=now,
        )
        parts = read(case, tiers)
    return tree.merge(parts.values())


def _opened(case: Case, part: SealedPart) -> dict[str, Any]:
    binding = place(case, part.tier)
    key = sealing.unwrap(bytes(part.wrapped_key or b""), keyring=current(), binding=binding)
    opened: dict[str, Any] = json.loads(
        sealing.unseal(bytes(part.ciphertext or b""), key=key, binding=binding)
    )
    return opened


def _bytes(part: dict[str, Any]) -> bytes:
    return json.dumps(part, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
