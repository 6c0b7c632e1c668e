"""A table of names and of yes or no: its first column says who, every other is headed by a treaty."""

from collections.abc import Iterator, Mapping, Sequence

from palermo.appraisal.depositary import normlex
from palermo.appraisal.evidence import Found
from palermo.appraisal.provision import instruments
from palermo.appraisal.reader import UnreadableCell
from palermo.appraisal.spelling import folded
from palermo.appraisal.treaty import Act, TreatyAction

NAMES = ("country", "state", "name", "iso3", "code", "pays", "etat", "nom", "participant")
ANSWERS: Mapping[str, Act | None] = {
    "yes": Act.REPORTED_PARTY,
    "oui": Act.REPORTED_PARTY,
    "no": Act.REPORTED_NOT_PARTY,
    "non": Act.REPORTED_NOT_PARTY,
    "n a": None,
    "": None,
}


def treaties(header: Sequence[str], given: str | None) -> dict[str, str]:
    """The treaty of each column that has one; a table of two columns may have it from sources.toml."""
    found = {name: id_ for name in header[1:] if (id_ := _treaty(name))}
    return found or ({header[1]: given} if given and len(header) > 1 else {})


def _treaty(heading: str) -> str | None:
    bare = folded(heading.replace("_", " ").removesuffix("Ratified").removesuffix("ratified"))
    for one in instruments().values():
        if one.kind == "treaty" and bare in {
            folded(name)
            for name in (one.id, one.reference, one.short.en, one.short.fr, one.name.en, one.name.fr)
        }:
            return one.id
    code = normlex.convention(heading.replace("_", ""))
    return code if code in instruments() else None


def actions(
    row: Mapping[str, str], by: Mapping[str, str], *, state: str, found: Found
) -> Iterator[TreatyAction]:
    """What the row says of each treaty; an empty cell and N/A say nothing."""
    for column in by:
        if folded(row[column]) not in ANSWERS:
            raise UnreadableCell(column, "is neither yes, no nor N/A.", "Use one of the three.")
    for column, treaty in by.items():
        if act := ANSWERS[folded(row[column])]:
            yield TreatyAction(state=state, treaty=treaty, act=act, on=None, found=found)
