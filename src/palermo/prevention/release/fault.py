"""What can be wrong with a table to release or with its schema, as data: each fault in English and French."""

import tomllib
from functools import cache
from importlib.resources import files

from palermo.errors import InvalidRecord, Problem


@cache
def faults() -> dict[str, dict[str, str]]:
    """Every fault by id; the texts are templates."""
    return tomllib.loads(files(__package__).joinpath("faults.toml").read_text("utf-8"))


def fault(rule: str, *, path: str, **given: object) -> Problem:
    """The fault `rule` at `path`, its texts filled with `given`: never with what may be a person's."""
    texts = {name: text.format(**given) for name, text in faults()[rule].items()}
    wrong, remedy = texts["wrong"], texts["remedy"]
    french, remedy_fr = texts["wrong_fr"], texts["remedy_fr"]
    return Problem(rule=rule, path=path, wrong=wrong, remedy=remedy, wrong_fr=french, remedy_fr=remedy_fr)


def refusal(where: str, rule: str, *, path: str, **given: object) -> InvalidRecord:
    """The error that refuses a whole schema or table for one fault."""
    return InvalidRecord(where, (fault(rule, path=path, **given),))
