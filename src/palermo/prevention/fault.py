"""What can be wrong with an overlap table: a problem whose texts are sayings, so that it has Arabic too."""

from dataclasses import dataclass

from palermo.errors import Problem
from palermo.prevention.saying import Saying, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault(Problem):
    """A problem of a table; `said` is the whole of it: place, what is wrong, and the remedy."""

    said: Saying


def fault(rule: str, path: Saying, **values: object) -> Fault:
    """The fault of breaking a rule at a place; the rule and its remedy share their values."""
    wrong, remedy = say(rule, **values), say(f"{rule}-remedy", **values)
    return Fault(
        rule=rule,
        path=str(path),
        wrong=str(wrong),
        remedy=str(remedy),
        wrong_fr=wrong.text("fr"),
        remedy_fr=remedy.text("fr"),
        said=say("fault", path=path, wrong=wrong, remedy=remedy),
    )
