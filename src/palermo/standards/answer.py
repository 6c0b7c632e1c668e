"""A coded answer: a code, or the reason why there is none."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """What is known about the answer to a question."""

    ANSWERED = "answered"
    UNKNOWN = "unknown"
    DECLINED = "declined"
    NOT_ASKED = "not_asked"
    NOT_APPLICABLE = "not_applicable"
    REDACTED = "redacted"


def answered(code: str) -> dict[str, Any]:
    """The answer `code`."""
    return {"value": code, "state": "answered"}


def unanswered(state: State) -> dict[str, Any]:
    """An answer without a value, and why."""
    return {"value": None, "state": state.value}


def code(given: Any) -> str:
    """The code of a coded answer; empty where the answer is missing."""
    if isinstance(given, dict) and given.get("state") == "answered":
        return str(given["value"])
    return ""


def codes(given: Any) -> tuple[str, ...]:
    """The codes of a list of answers."""
    return tuple(found for each in (given or ()) if (found := code(each)))


def plain(given: Any) -> Any:
    """A plain value; None where a missing answer stands in its place."""
    return None if isinstance(given, dict) else given


def any_said(given: Any) -> bool:
    """Whether anything is stated at any depth; a missing answer states nothing."""
    if isinstance(given, dict):
        if given.keys() >= {"value", "state"}:
            return bool(given["state"] == "answered")
        return any(any_said(each) for each in given.values())
    if isinstance(given, list):
        return any(any_said(each) for each in given)
    return given is not None and given != ""


def any_code(given: Iterable[Any], key: str) -> Iterator[str]:
    """The codes under `key` of a list of objects."""
    return (found for each in given if (found := code(each.get(key))))
