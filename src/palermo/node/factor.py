"""Second-factor secrets at rest: sealed under a key that the keyring holds, so never beside the database.

The key is derived (HKDF, SHA-256) from the keyring's own seed and not from Django's SECRET_KEY: changing
that secret ends every session, which is wanted after an incident, and must not lock every member out of
their second factor.
"""

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from palermo.errors import WrongState
from palermo.node.keyring import Keyring

VERSION = "f1."
INFO = b"palermo second factor 1"


def seal(text: str, *, keyring: Keyring) -> str:
    """The text sealed, as letters that a JSON column holds."""
    nonce = secrets.token_bytes(12)
    sealed = AESGCM(_key(keyring)).encrypt(nonce, text.encode(), INFO)
    return VERSION + base64.b64encode(nonce + sealed).decode()


def unseal(sealed: str, *, keyring: Keyring) -> str:
    """What was sealed; WrongState when it was altered or another keyring is in place."""
    try:
        whole = base64.b64decode(sealed.removeprefix(VERSION), validate=True)
        return AESGCM(_key(keyring)).decrypt(whole[:12], whole[12:], INFO).decode()
    except (InvalidTag, ValueError):
        raise WrongState(
            "A second factor does not open with this keyring. Restore the keyring's backup, or let an "
            "administrator take the member's second factors away."
        ) from None


def _key(keyring: Keyring) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=INFO).derive(keyring.signing)
