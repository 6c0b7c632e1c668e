"""One method with its options, to be run on many tables in whatever process: a value that is sent there."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import import_module
from importlib.metadata import version
from importlib.resources import files
from inspect import signature

from palermo import __version__
from palermo.errors import InvalidRecord, Problem, Unknown
from palermo.prevention import methods, parcel
from palermo.prevention.estimate import Estimate, refused
from palermo.prevention.fault import Fault
from palermo.prevention.overlap import Overlap
from palermo.prevention.saying import Saying, say

Numbered = tuple[int, Overlap]
Parcels = list[tuple[int, bytes]]

REPLICATES = 1024  # in one compiled call: that of each call is what a small table costs
SILENT = {"threads": 1, "batch": REPLICATES}
"""Options that change no answer; one thread a process, as there are as many processes as wanted."""

LIBRARIES = ("numpy", "numba", "scipy")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A method and those of the options given that it knows, by name."""

    method: str
    options: tuple[tuple[str, object], ...] = ()

    def key(self, table: Overlap) -> str:
        """The name of the result: the table, its lists in their order, the method, the options and `kernel`.

        It is a digest: neither the counts nor the names of lists can be read from it.
        """
        named = (table.hash, table.lists, self.method, self.options, kernel())
        return sha256(repr(named).encode()).hexdigest()

    def run(self, table: Overlap) -> bytes:
        """The answer as a parcel; an error in one table is that table's refusal."""
        return parcel.pack(self._answer(table))

    def run_each(self, tables: Iterable[Numbered]) -> Parcels:
        """The parcels of numbered tables."""
        return [(number, self.run(table)) for number, table in tables]

    def _answer(self, table: Overlap) -> Estimate:
        try:
            return methods.estimate(table, self.method, **{**dict(self.options), **SILENT})
        except InvalidRecord as fault:
            return refused(self.method, table, *(_said(problem) for problem in fault.problems))
        except Exception as fault:  # noqa: BLE001 - the edge: one table may not lose the others their answers
            _log.exception("Estimating table %s failed", table.hash)
            name = type(fault).__name__
            return refused(self.method, table, say("unforeseen", error=name), details={parcel.FAULT: name})


def job(method: str, options: Mapping[str, object]) -> Job:
    """The job of a method of this name, or the names there are; options it does not know are left out."""
    if method not in methods.available():
        known = ", ".join(methods.available())
        raise Unknown(f"method {method}: there is none of that name for a table alone. Use {known}.")
    problems = [_OPTION[name] for name, fits in _FITS.items() if name in options and not fits(options[name])]
    if problems:
        raise InvalidRecord("options", problems)
    known_options = {*signature(_function(method)).parameters, *methods.OWN}
    used = {name: value for name, value in options.items() if name in known_options and name not in SILENT}
    return Job(method=method, options=tuple(sorted(used.items())))


@cache
def kernel() -> str:
    """The name of what computes: palermo's version, its code of this pillar, and the libraries' versions."""
    code = sorted(one.name for one in files(__package__).iterdir() if one.name.endswith((".py", ".toml")))
    digest = sha256(repr([__version__, *((name, version(name)) for name in LIBRARIES)]).encode())
    for name in code:
        digest.update(files(__package__).joinpath(name).read_bytes())
    return digest.hexdigest()[:16]


def warm(method: str) -> None:
    """Load what the method needs before the first table comes."""
    _function(method)


def _function(method: str) -> Callable[..., Estimate]:
    function: Callable[..., Estimate] = import_module(
        f"{__package__}.{methods.METHODS[method].module}"
    ).estimate
    return function


def _said(problem: Problem) -> Saying:
    if isinstance(problem, Fault):
        return problem.said
    return say("fault", path=problem.path, wrong=problem.wrong, remedy=problem.remedy)


def _counts(given: object) -> bool:
    return isinstance(given, int) and given >= 0


def _is_share(given: object) -> bool:
    return isinstance(given, float) and 0 < given < 1


def _fault(name: str, remedy: str) -> Problem:
    return Problem(rule="option", path=name, wrong="The value does not fit.", remedy=remedy)


_FITS: dict[str, Callable[[object], bool]] = {"replicates": _counts, "seed": _counts, "level": _is_share}
_OPTION = {
    "replicates": _fault("replicates", "Give a whole number, 0 for no interval."),
    "seed": _fault("seed", "Give a whole number, 0 or more."),
    "level": _fault("level", "Give a share between 0 and 1, such as 0.95."),
}
