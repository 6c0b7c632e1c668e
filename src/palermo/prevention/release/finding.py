"""What can be wrong with a pack, as data: each finding in English and French."""

import tomllib
from functools import cache
from importlib.resources import files

from palermo.errors import InvalidRecord, Problem


@cache
def findings() -> dict[str, dict[str, str]]:
    """Every finding by id; the texts are templates."""
    return tomllib.loads(files(__package__).joinpath("findings.toml").read_text("utf-8"))


def finding(rule: str, *, path: str = "pack", **given: object) -> Problem:
    """The finding `rule` at `path`, its texts filled with `given`."""
    texts = {name: text.format(**given) for name, text in findings()[rule].items()}
    return Problem(
        rule=rule,
        path=path,
        wrong=texts["wrong"],
        remedy=texts["remedy"],
        wrong_fr=texts["wrong_fr"],
        remedy_fr=texts["remedy_fr"],
    )


def refusal(where: str, rule: str, *, path: str = "file", **given: object) -> InvalidRecord:
    """The error that refuses a whole file for one finding."""
    return InvalidRecord(where, (finding(rule, path=path, **given),))
