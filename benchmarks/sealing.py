"""Sealing and opening a record's part: python benchmarks/sealing.py [--parts 5000] [--rounds 5]

Ours makes a data key for each part, wraps it by the agency's key, pads, binds and seals; then opens it again.
The plain peer calls AES-256-GCM of `cryptography` for the same number of encryptions and decryptions on the
same bytes, with one key and no binding: the floor of what the cipher costs.
"""

import argparse
import json
import os
import sys
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import measure


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--parts", type=int, default=5_000)
    given.add_argument("--rounds", type=int, default=5)
    asked = given.parse_args()
    parts = list(sealed_parts(asked.parts))

    found = measure.paired(
        lambda: through_ours(parts), lambda: through_cryptography(parts), rounds=asked.rounds
    )
    measure.told(
        "sealing",
        {
            "parts": len(parts),
            "median_bytes": sorted(map(len, parts))[len(parts) // 2],
            "seal_and_open_per_cpu_s": len(parts) / found["ours"]["cpu_s"],
            "cryptography_per_cpu_s": len(parts) / found["peer"]["cpu_s"],
        }
        | found,
    )


def sealed_parts(count: int):
    """The identifying part of made-up records, as bytes."""
    from palermo.standards import record, specimen

    for number, one in enumerate(specimen.specimens(count)):
        part = record.Record(document=one.document, problems=()).tier("T3")
        yield json.dumps(part | {"n": number}, ensure_ascii=False, sort_keys=True).encode()


def through_ours(parts: list[bytes]) -> None:
    from palermo.node import keyring as keyrings
    from palermo.node import sealing

    ring = keyrings.make(keyrings.Keyring(), "xa-shelter", today=date(2026, 1, 1))
    for number, part in enumerate(parts):
        place = sealing.Binding(
            model="sealed", field="part", case=f"{number}", tier="T3", agency="xa-shelter", schema="1.0"
        )
        key = sealing.DataKey.new()
        wrapped, sealed = (
            sealing.wrap(key, keyring=ring, binding=place),
            sealing.seal(part, key=key, binding=place),
        )
        opened = sealing.unseal(
            sealed, key=sealing.unwrap(wrapped, keyring=ring, binding=place), binding=place
        )
        assert opened == part


def through_cryptography(parts: list[bytes]) -> None:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    cipher = AESGCM(os.urandom(32))
    for part in parts:
        for text in (os.urandom(32), part):
            nonce = os.urandom(12)
            assert cipher.decrypt(nonce, cipher.encrypt(nonce, text, None), None) == text


if __name__ == "__main__":
    main()
