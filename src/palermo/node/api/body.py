"""The JSON of a request's body, read strictly: what a database or a log could choke on is refused here."""

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser

DEEPEST = 32


class StrictParser(Parser):
    """JSON in UTF-8 without NaN, NUL, half characters or more than DEEPEST levels; ValueError otherwise."""

    def parse_body(self, request: HttpRequest) -> Any:
        body = json.loads(request.body.decode("utf-8"), parse_constant=_no_number)
        _check(body, depth=0)
        return body


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _check(value: Any, *, depth: int) -> None:
    if depth > DEEPEST:
        raise ValueError("the body is nested too deeply")
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, dict):
        for name, held in value.items():
            _check_text(name)
            _check(held, depth=depth + 1)
    elif isinstance(value, list):
        for held in value:
            _check(held, depth=depth + 1)


def _check_text(text: str) -> None:
    """Half of a surrogate pair has no bytes, and PostgreSQL keeps no NUL."""
    if "\0" in text:
        raise ValueError("a text holds NUL")
    text.encode("utf-8")
