"""A paragraph number that a named person compared with the official text, and what it is there."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from palermo.appraisal.provision import Provision


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceCheck:
    """Who opened the official text, when, and where the provision stands in it.

    `paragraph` is the number as the text has it, which may correct the framework's; `note` is free.
    """

    provision: str
    by: str
    on: date
    paragraph: str
    note: str = ""


Checks = Mapping[str, ReferenceCheck]
NONE: Checks = MappingProxyType({})


def checked(one: Provision, checks: Checks) -> Provision:
    """The provision with the newest check over the shipped reference; unchanged where nobody checked it.

    Only where it stands may change: its text, pillar and addressee are what its id means.
    """
    found = checks.get(one.id)
    if found is None:
        return one
    return replace(one, paragraph=found.paragraph, checked_by=found.by, checked_on=found.on)
