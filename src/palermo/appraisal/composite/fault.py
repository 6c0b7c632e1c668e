"""A fault of an index: what was given, where it stood and what would work."""

from palermo.errors import InvalidRecord, Problem


def fault(where: str, wrong: str, remedy: str) -> InvalidRecord:
    """The error to raise about one place of an index."""
    return InvalidRecord("index", [problem(where, wrong, remedy)])


def problem(where: str, wrong: str, remedy: str) -> Problem:
    """One of several faults."""
    return Problem(rule="composite-index", path=where, wrong=wrong, remedy=remedy)
