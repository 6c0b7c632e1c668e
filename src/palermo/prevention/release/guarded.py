"""What may not leave and what may: `Secret` holds persons or their exact counts, `Public` what noise let out.

A secret shows nothing of what it holds: it has no text, length, order, iteration, copy or pickle. Only the
modules that import contracts name may use `opening`, and of these only `noise` makes something public.
"""

from dataclasses import dataclass
from typing import Generic, NoReturn, TypeVar

T = TypeVar("T")


class Secret(Generic[T]):
    """Something computed from persons that no noise has covered yet."""

    __slots__ = ("_kept",)
    __hash__ = None  # type: ignore[assignment]  # a hash would tell two secrets apart

    def __init__(self, kept: T) -> None:
        self._kept = kept

    def __repr__(self) -> str:
        return "Secret()"

    __str__ = __repr__

    def __format__(self, wanted: str) -> str:
        return "Secret()"

    def _refuse(self, *asked: object) -> NoReturn:
        raise TypeError("A secret shows nothing of what it holds. Measure it with noise first.")

    __len__ = __iter__ = __bool__ = __getitem__ = __contains__ = _refuse
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __int__ = __float__ = __index__ = __array__ = __add__ = __sub__ = _refuse
    __copy__ = __deepcopy__ = __reduce__ = __reduce_ex__ = __getstate__ = _refuse


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Public(Generic[T]):
    """Something that noise covered, and the micro-rho that it cost."""

    value: T
    rho: int
