"""Logs that hold no one: one JSON object a line, fields from an allow-list, what may be a person blanked.

The safe way to log is a fixed sentence in lower-case English with the facts as fields:
`log.info("case opened", extra={"case": ref})`. What leaks is the rest, so the rest is closed: texts put into
a message are blanked (numbers and codes stay), other people's finished messages are withheld, exceptions
become type and place, addresses become their route, and every text is searched for what looks like a person.
"""

import json
import logging
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import Enum
from http import HTTPMethod, HTTPStatus
from typing import Any, TextIO

BLANK = "[redacted]"
OWN = "palermo"

# Field -> the shape of text it may hold. Numbers pass; anything else is blanked, any other field dropped.
FIELDS: Mapping[str, re.Pattern[str]] = {
    "event": re.compile(r"[a-z][a-z0-9_.-]{0,63}"),
    "case": re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9-]{3,64}"),
    "agency": re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"),
    "request": re.compile(r"[a-f0-9-]{8,64}"),
    "method": re.compile("|".join(HTTPMethod)),
    "job": re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}"),
    "reason": re.compile(r"[a-z][a-z0-9-]{0,63}"),
    "status": re.compile(r"[0-9]{3}|[a-z_-]{1,32}"),
    "duration": re.compile(r"[0-9.]{1,12}"),
    "kind": re.compile(r"[A-Z][A-Za-z]{2,40}"),
    "count": re.compile(r"[0-9]{1,9}"),
}

# What looks like a person or a secret, longer forms first. Messages are English, so other scripts are data.
PATTERNS: tuple[re.Pattern[str], ...] = (
    re.compile(r"[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{4,}"),
    re.compile(r"[^\s@\"'<>,;:=]+@[^\s@\"'<>,;:=]+"),
    re.compile(r"(?i)\b(?:https?|wss?)://\S+"),
    re.compile(r"\?\S*=\S*"),
    re.compile(
        r"(?i)\b(?:bearer|basic|token|password|passphrase|secret|cookie|sessionid|csrftoken|key)"
        r"\s*[:=\s]\s*\S+"
    ),
    re.compile(r"(?<!\w)'[^'\n%]*'(?!\w)|\"[^\"\n%]*\""),
    re.compile(r"(?<!\w)\+?\(?[A-Za-z]{0,3}[-\s]?\d(?:[\s().\-/]{0,2}\d){5,}"),
    re.compile(r"\b(?=\w*\d)(?=\w*[A-Za-z])[A-Za-z0-9+/_-]{20,}={0,2}"),
    re.compile(r"[^\x00-\x7f]+(?:\s+[^\x00-\x7f]+)*"),
)
_NAMES = re.compile(r"\b[A-Z][a-z][A-Za-z'-]*(?:\s+[A-Z][A-Za-z'-]*)*")
_PHRASES = frozenset(status.phrase for status in HTTPStatus) | frozenset(HTTPMethod)
_SMALL = re.compile(r"[0-9]{1,4}")
_FRAMES = 20
_LONGEST = 1_000
_KEPT = "palermo_redacted"


def redacted(text: str) -> str:
    """The text with everything that looks like a person, a number of theirs, or a secret blanked."""
    for pattern in PATTERNS:
        text = pattern.sub(BLANK, text)
    return text


def fields(record: logging.LogRecord) -> dict[str, Any]:
    """What may be written of a record; never raises, whatever was logged."""
    if isinstance(kept := vars(record).get(_KEPT), dict):
        return kept
    found = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": redacted(record.name),
        "message": _message(record),
        **_extras(record),
        **_of_request(record),
    }
    if record.exc_info and record.exc_info[1] is not None:
        found["error"] = list(_errors(record.exc_info[1]))
    return found


class JsonFormatter(logging.Formatter):
    """One line of JSON for a record, from what `fields` lets through."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(fields(record), ensure_ascii=False, separators=(",", ":"))


class Redaction(logging.Filter):
    """For a handler with any formatter: what it can print of a record is redacted first."""

    def filter(self, record: logging.LogRecord) -> bool:
        found = fields(record)
        errors = "; ".join(f"{error['type']} at {error['at']}" for error in found.get("error", ()))
        record.msg, record.args = f"{found['message']} {errors}".strip(), ()
        record.exc_info, record.exc_text, record.stack_info = None, None, None
        for name in set(vars(record)) - _STANDARD:
            setattr(record, name, found.get(name, BLANK))
        setattr(record, _KEPT, found)
        return True


class Handler(logging.StreamHandler[TextIO]):
    """Standard error; when writing fails it says only that, where Python would print the arguments."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is Python's
        sys.stderr.write(f"a log line of level {record.levelno} could not be written\n")


def logging_settings(level: str = "INFO") -> dict[str, Any]:
    """The value of Django's LOGGING: all to standard error as redacted JSON, no mail, no SQL values."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "palermo.node.redaction.JsonFormatter"}},
        "handlers": {"stderr": {"()": "palermo.node.redaction.Handler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            "django.db.backends": {"level": "WARNING"},
        },
    }


_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def _message(record: logging.LogRecord) -> str:
    if not isinstance(record.msg, str):
        return f"[{type(record.msg).__name__}]"
    if record.name == OWN or record.name.startswith(OWN + "."):
        return _filled(redacted(_NAMES.sub(BLANK, record.msg[:_LONGEST])), record.args)
    if record.args:
        return _filled(redacted(record.msg[:_LONGEST]), record.args)
    return f"withheld: {record.module}:{record.lineno}"


def _filled(template: str, args: Any) -> str:
    """The template with its numbers and codes; a text in any other argument is blanked."""
    if not args:
        return template
    safe = (
        {name: _argument(value) for name, value in args.items()}
        if isinstance(args, Mapping)
        else tuple(_argument(value) for value in args)
    )
    try:
        return template % safe
    except (TypeError, ValueError, KeyError):
        return template


def _argument(value: object) -> object:
    if isinstance(value, Enum):
        return str(value.value)
    if value is None or isinstance(value, bool | float) or (isinstance(value, int) and abs(value) < 100_000):
        return value
    text = value if isinstance(value, str) else ""
    return text if text in _PHRASES or _SMALL.fullmatch(text) else BLANK


def _extras(record: logging.LogRecord) -> dict[str, Any]:
    return {
        name: _field(vars(record)[name], shape)
        for name, shape in FIELDS.items()
        if name in vars(record) and not hasattr(vars(record)[name], "META")
    }


def _field(value: object, shape: re.Pattern[str]) -> object:
    if value is None or isinstance(value, bool | float):
        return value
    text = str(value) if isinstance(value, str | int) else ""
    if not shape.fullmatch(text):
        return BLANK
    return value if isinstance(value, int) else text


def _of_request(record: logging.LogRecord) -> dict[str, Any]:
    """Django's own records carry the request: its method, its route (never its path) and the status."""
    found: dict[str, Any] = {}
    request = vars(record).get("request")
    if hasattr(request, "META"):
        match = getattr(request, "resolver_match", None)
        found["method"] = _field(getattr(request, "method", None), FIELDS["method"])
        found["route"] = str(match.route) if match else "unmatched"
        found["request"] = _field(getattr(request, "id", None), FIELDS["request"])
    if isinstance(status := vars(record).get("status_code"), int):
        found["status"] = status
    return found


def _errors(error: BaseException) -> Iterator[dict[str, str]]:
    """Each exception of the chain as its type and the places it went through, without its text."""
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        kind = type(following)
        yield {"type": f"{kind.__module__}.{kind.__qualname__}", "at": " > ".join(_places(following))}
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)


def _places(error: BaseException) -> list[str]:
    places = []
    step = error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        module = step.tb_frame.f_globals.get("__name__", "?")
        places.append(f"{module}:{step.tb_lineno} {code.co_name}")
        step = step.tb_next
    return places[-_FRAMES:]
