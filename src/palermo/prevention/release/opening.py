"""How a secret is opened: by `counts`, which keeps what it finds secret, and by `noise`, which covers it."""

from typing import TypeVar

from palermo.prevention.release.guarded import Secret

T = TypeVar("T")


def opened(secret: Secret[T]) -> T:
    """What the secret holds. An import contract says who may ask."""
    return secret._kept
