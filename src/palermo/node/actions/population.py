"""The people living in the country, by group: the denominators of indicator 16.2.2, one file for the node."""

from datetime import datetime
from pathlib import Path

from django.conf import settings

from palermo.errors import InvalidRecord, Problem
from palermo.node import permission
from palermo.node.actions import audit, refusal
from palermo.node.actions.estimation import ASK, STATISTICS
from palermo.node.actor import Actor
from palermo.prevention import population
from palermo.prevention.population import Population
from palermo.standards.outfile import whole

LARGEST = 1_000_000
FILE = "population.csv"


def keep(content: bytes, *, by: Actor, now: datetime) -> Population:
    """Keep a file in place of the last one; InvalidRecord with every fault, and then nothing is changed."""
    with refusal.recorded("population.keep", by=by, object="population", purpose=STATISTICS, now=now):
        permission.require(by, ASK, purpose=STATISTICS, now=now)
        found = _parsed(content)
        with whole(_place()) as file:
            file.write(content)
        audit.record(
            action="population.keep",
            actor=by.name,
            agency=by.agency,
            object="population",
            purpose=STATISTICS,
            at=now,
        )
    return found


def kept() -> Population | None:
    """The file that was kept last; None before the first."""
    return _parsed(_place().read_bytes()) if _place().is_file() else None


def _place() -> Path:
    return Path(settings.NODE.home) / FILE


def _parsed(content: bytes) -> Population:
    if len(content) > LARGEST:
        raise InvalidRecord("population", [_TOO_LARGE])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise InvalidRecord("population", [_NO_TEXT]) from fault
    return population.parse(text.splitlines())


_TOO_LARGE = Problem(
    rule="large-file",
    path="file",
    wrong="It is larger than a megabyte.",
    remedy="Give one line a group of people, not one a person.",
    wrong_fr="Il dépasse un mégaoctet.",
    remedy_fr="Donnez une ligne par groupe de personnes, non par personne.",
)
_NO_TEXT = Problem(
    rule="encoding",
    path="file",
    wrong="It is not UTF-8 text.",
    remedy="Save it as CSV in UTF-8.",
    wrong_fr="Ce n'est pas un texte UTF-8.",
    remedy_fr="Enregistrez-le en CSV, en UTF-8.",
)
