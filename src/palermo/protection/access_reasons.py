"""Why access is refused, as codes; their texts in English, French and Arabic lie in access_reasons.toml."""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Reason(StrEnum):
    """A reason against; the code is stable, the texts may be improved."""

    UNKNOWN_ROLE = "unknown-role"
    UNKNOWN_ACTION = "unknown-action"
    UNKNOWN_TIER = "unknown-tier"
    UNKNOWN_PURPOSE = "unknown-purpose"
    NEVER = "purpose-never-served"
    NO_KEYS = "administrator-opens-no-record"
    CONFLICT = "conflict-of-interest"
    HARVEST = "too-many-identities"
    ROLE = "not-for-this-role"
    RELATION = "no-part-in-this-case"
    PURPOSE = "not-for-this-purpose"
    CONSENT = "no-live-consent"
    SECOND_PERSON = "second-person-needed"

    def text(self, language: str) -> str:
        """The reason in `en`, `fr` or `ar`; any other language gets English."""
        texts = _texts()[self]
        return texts.get(language, texts["en"])


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files("palermo.protection").joinpath("access_reasons.toml").read_text("utf-8"))
