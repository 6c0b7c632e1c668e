"""A rule of the record: what it is called, how much it weighs, and what it says in English and French."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from palermo.errors import Problem, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule; its texts are templates that may name codes and fields, never what a person wrote."""

    id: str
    wrong: str
    remedy: str
    wrong_fr: str
    remedy_fr: str
    severity: Severity = Severity.ERROR

    def at(self, path: str, **given: object) -> Problem:
        """The problem of breaking this rule at a place of the document."""
        return Problem(
            rule=self.id,
            path=path,
            wrong=self.wrong.format(**given),
            remedy=self.remedy.format(**given),
            wrong_fr=self.wrong_fr.format(**given),
            remedy_fr=self.remedy_fr.format(**given),
            severity=self.severity,
        )


def rule(name: str) -> Rule:
    """The rule R01 to R16 called `name`, with its texts from rules.toml."""
    return _book()[name]


@cache
def _book() -> dict[str, Rule]:
    declared = tomllib.loads(files(__package__).joinpath("rules.toml").read_text("utf-8"))
    return {
        name: Rule(id=name, **{**texts, "severity": Severity(texts["severity"])})
        for name, texts in declared.items()
    }
