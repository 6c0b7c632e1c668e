"""One-time codes to set a password with: eighty random bits in sixteen letters, kept only as a digest.

The digest takes the place of the password itself, in a form that Django counts as unusable: issuing a code
ends the old password, using it ends the code.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none of 0 1 I O, which are misread
LENGTH, GROUP = 16, 4
VALID_FOR = timedelta(hours=48)
_PREFIX = f"{UNUSABLE_PASSWORD_PREFIX}code"


def make(*, now: datetime) -> tuple[str, str]:
    """A new code as it is handed over (`K7QF-2M9X-...`), and what is kept of it."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    groups = (letters[start : start + GROUP] for start in range(0, LENGTH, GROUP))
    ends = int((now + VALID_FOR).timestamp())
    return "-".join(groups), f"{_PREFIX}${ends}${_digest(letters)}"


def is_kept(kept: str) -> bool:
    """Whether a code, used up or not, stands where the password would."""
    return kept.startswith(f"{_PREFIX}$")


def fits(typed: str, kept: str, *, now: datetime) -> bool:
    """Whether `typed` is the code that `kept` was made of, still valid; case and dashes do not count."""
    _prefix, ends, digest = kept.split("$") if is_kept(kept) else ("", "0", "")
    letters = "".join(letter for letter in typed.upper() if letter in ALPHABET)
    same = hmac.compare_digest(_digest(letters), digest)
    return same and now.timestamp() < int(ends)


def _digest(letters: str) -> str:
    return hashlib.sha256(f"palermo password code {letters}".encode()).hexdigest()
