"""Sealing: what is confidential is stored as AES-256-GCM, one random data key for each case and tier.

The data key is wrapped by the agency's key (see `keyring`), and both are bound to the row they belong to:
moved to another case, tier, field or agency they do not open. Dropping the wrapped key makes the part
unreadable for ever, which is how one person is erased. Look-up goes through `blind`, a keyed hash within one
agency.
"""

import hashlib
import hmac
import secrets
import struct
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from palermo.errors import InvalidRecord, Problem, WrongState
from palermo.node.keyring import Keyring

SEALED, WRAPPED = b"pS\x01", b"pW\x01"
_ID, _NONCE, _KEY, _NUMBER, _BLOCK = 8, 12, 32, 4, 256


class Kind(StrEnum):
    """What sort of value a blind index is made of; the same text of two kinds gives two indexes."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    DOCUMENT = "document"


class CannotUnseal(WrongState):
    """A sealed part or a wrapped key was altered, or belongs to another row, tier or agency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """The place a sealed part belongs to; it is authenticated, never stored, and holds no person's data."""

    model: str
    field: str
    case: str
    tier: str
    agency: str
    schema: str

    def __bytes__(self) -> bytes:
        return framed(self.model, self.field, self.case, self.tier, self.agency, self.schema)

    def __str__(self) -> str:
        return f"case {self.case}, {self.model}.{self.field}, tier {self.tier}, agency {self.agency}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataKey:
    """The key of one tier of one case; in memory only, and never shown."""

    id: bytes
    secret: bytes = field(repr=False)

    @classmethod
    def new(cls) -> "DataKey":
        return cls(id=secrets.token_bytes(_ID), secret=secrets.token_bytes(_KEY))


def seal(plaintext: bytes, *, key: DataKey, binding: Binding) -> bytes:
    """Header (version, key id), nonce and ciphertext. Padded to 256 bytes, so a length tells little."""
    header, nonce = SEALED + key.id, secrets.token_bytes(_NONCE)
    return header + nonce + AESGCM(key.secret).encrypt(nonce, _padded(plaintext), header + bytes(binding))


def unseal(sealed: bytes, *, key: DataKey, binding: Binding) -> bytes:
    """What was sealed at exactly this place with exactly this key; CannotUnseal otherwise."""
    header = SEALED + key.id
    if not sealed.startswith(header):
        raise _refusal(binding)
    return _unpadded(_opened(sealed, header=header, secret=key.secret, binding=binding))


def wrap(key: DataKey, *, keyring: Keyring, binding: Binding) -> bytes:
    """The data key under the newest key of the binding's agency, whose version stands in the header."""
    version = keyring.keys(binding.agency).current
    header, nonce = WRAPPED + struct.pack(">I", version.number), secrets.token_bytes(_NONCE)
    cipher = AESGCM(keyring.secret(binding.agency, version.number))
    return header + nonce + cipher.encrypt(nonce, key.id + key.secret, header + bytes(binding))


def unwrap(wrapped: bytes, *, keyring: Keyring, binding: Binding) -> DataKey:
    """The data key, with whichever key version wrapped it; Unknown once that version is retired."""
    secret = keyring.secret(binding.agency, version_of(wrapped))
    header = wrapped[: len(WRAPPED) + _NUMBER]
    opened = _opened(wrapped, header=header, secret=secret, binding=binding)
    return DataKey(id=opened[:_ID], secret=opened[_ID:])


def rewrap(wrapped: bytes, *, keyring: Keyring, binding: Binding) -> bytes:
    """The same data key under the agency's newest key; what the data key sealed stays as it is."""
    return wrap(unwrap(wrapped, keyring=keyring, binding=binding), keyring=keyring, binding=binding)


def version_of(wrapped: bytes) -> int:
    """The number of the agency's key that wrapped this data key."""
    if not wrapped.startswith(WRAPPED) or len(wrapped) < len(WRAPPED) + _NUMBER:
        raise CannotUnseal("not a wrapped key that this version of palermo reads. Restore a backup.")
    number: int = struct.unpack_from(">I", wrapped, len(WRAPPED))[0]
    return number


def blind(value: str, *, keyring: Keyring, agency: str, kind: Kind) -> bytes:
    """16 bytes equal for equal values of one kind in one agency, and useless to whoever lacks its index key.

    Values are compared after NFKC, case folding and white space; telephone numbers by their digits (a leading
    + or 00 is the same), document numbers by letters and digits. A value with nothing left is refused: all
    blanks would look like one person.
    """
    plain = normal(kind, value)
    if not plain:
        raise InvalidRecord(kind, [_BLANK])
    content = framed("blind", kind, agency, plain)
    return hmac.digest(keyring.keys(agency).index, content, hashlib.sha256)[:16]


def normal(kind: Kind, value: str) -> str:
    """The value in the one spelling in which values of its kind are compared; empty where nothing is left."""
    return _NORMAL[kind](_folded(value))


def framed(*parts: str) -> bytes:
    """Texts joined so that no two different lists of texts give the same bytes."""
    encoded = [part.encode() for part in parts]
    return b"".join(struct.pack(">I", len(part)) + part for part in encoded)


_BLANK = Problem(
    rule="blind-blank",
    path="value",
    wrong="nothing is left of the value to look up by.",
    remedy="Give at least one letter or digit.",
    wrong_fr="il ne reste rien de la valeur recherchée.",
    remedy_fr="Donnez au moins une lettre ou un chiffre.",
)


def _opened(whole: bytes, *, header: bytes, secret: bytes, binding: Binding) -> bytes:
    nonce, body = whole[len(header) : len(header) + _NONCE], whole[len(header) + _NONCE :]
    try:
        return AESGCM(secret).decrypt(nonce, body, header + bytes(binding))
    except (InvalidTag, ValueError):
        raise _refusal(binding) from None


def _refusal(binding: Binding) -> CannotUnseal:
    return CannotUnseal(
        f"{binding}: the sealed part does not open here. It was altered, or belongs to another row or "
        "agency. Run palermo audit verify, then restore the row from a backup."
    )


def _padded(plaintext: bytes) -> bytes:
    return plaintext + b"\x80" + bytes(-(len(plaintext) + 1) % _BLOCK)


def _unpadded(padded: bytes) -> bytes:
    return padded.rstrip(b"\x00")[:-1]


def _folded(value: str) -> str:
    folded = unicodedata.normalize("NFKC", value).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def _digits(value: str) -> str:
    digits = "".join(
        str(unicodedata.digit(sign)) for sign in value if unicodedata.digit(sign, None) is not None
    )
    return digits.removeprefix("00") or digits


def _alphanumerics(value: str) -> str:
    return "".join(sign for sign in value if sign.isalnum())


_NORMAL: Mapping[Kind, Callable[[str], str]] = {
    Kind.NAME: str,
    Kind.EMAIL: lambda value: value.replace(" ", ""),
    Kind.PHONE: _digits,
    Kind.DOCUMENT: _alphanumerics,
}
