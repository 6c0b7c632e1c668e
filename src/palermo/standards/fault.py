"""What can be wrong with a file, as data: each fault has an id, a text and a remedy in two languages."""

import tomllib
from functools import cache
from importlib import resources

from palermo.errors import InvalidRecord, Problem, Severity


@cache
def faults() -> dict[str, dict[str, str]]:
    """Every fault of a file that a reader may report, by id; the texts are templates."""
    text = resources.files("palermo.standards").joinpath("faults.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def fault(rule: str, *, path: str, severity: Severity = Severity.ERROR, **given: object) -> Problem:
    """The fault `rule` at `path`, its texts filled with `given`: never with a person's data."""
    texts = faults()[rule]
    return Problem(
        rule=rule,
        path=path,
        wrong=texts["wrong"].format(**given),
        remedy=texts["remedy"].format(**given),
        wrong_fr=texts["wrong_fr"].format(**given),
        remedy_fr=texts["remedy_fr"].format(**given),
        severity=severity,
    )


def refusal(where: str, rule: str, *, path: str = "file", **given: object) -> InvalidRecord:
    """The error that refuses a whole file for one fault."""
    return InvalidRecord(where, (fault(rule, path=path, severity=Severity.ERROR, **given),))
