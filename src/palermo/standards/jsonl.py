"""JSON read without trust: one object a line, or the objects of one array, one at a time."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from palermo.errors import Problem
from palermo.standards.fault import fault, refusal
from palermo.standards.row import Draft, digest
from palermo.standards.source import Source, lines, pieces

SPACE: Final = " \t\r\n,"
NEXT: Final = re.compile(r'"next"\s*:\s*(?!null|"")\S')


class _RepeatedKey(ValueError):
    """An object names a key twice."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _RepeatedKey
    return found


def _constant(name: str) -> None:
    raise ValueError(name)


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)


def drafts(source: Source, *, codec: str) -> Iterator[Draft]:
    """The objects of a file of JSON lines, each with its line number; a blank line is passed over."""
    wrong: dict[int, Problem] = {}
    for number, line in enumerate(lines(source, codec=codec, wrong=wrong), start=1):
        if number in wrong:
            yield Draft(number=number, problems=(wrong.pop(number),), digest=digest((line,)))
        elif text := line.strip():
            yield _draft(number, text)


def _draft(number: int, text: str) -> Draft:
    document, problem = _parsed(text, path=f"line {number}")
    problems = (problem,) if problem else ()
    return Draft(number=number, document=document, problems=problems, digest=digest((text,)))


def _parsed(text: str, *, path: str) -> tuple[dict[str, Any] | None, Problem | None]:
    """The object that a text is, or what is wrong with it; the decoder's own words would quote the text."""
    try:
        found = _DECODER.decode(text)
    except _RepeatedKey:
        return None, fault("repeated-key", path=path)
    except json.JSONDecodeError as error:
        return None, fault("not-json", path=path, column=error.pos + 1)
    except (ValueError, RecursionError):
        return None, fault("not-json", path=path, column=1)
    if not isinstance(found, dict):
        return None, fault("not-json", path=path, column=1)
    return found, None


def objects(source: Source, *, codec: str) -> Iterator[Draft]:
    """The objects of one JSON array, alone or under the key `results`, numbered from 1.

    One object is held at a time; a fault of the array itself ends the reading with an error, as what follows
    cannot be trusted. So does a form server's word, before or after it, that this is one page of several.
    """
    found = pieces(source, codec=codec)
    buffer, alone = _array(found, source)
    number = 1
    while buffer := _filled(buffer.lstrip(SPACE), found):
        if buffer[0] == "]":
            rest = _filled(buffer[1:].lstrip(), found)
            if alone and rest:
                raise refusal(source.name, "after-array")
            _insist_last_page(rest + next(found, ""), source)
            return
        text, buffer = _next(buffer, found, source=source, number=number)
        yield _draft(number, text)
        number += 1
    raise refusal(source.name, "cut-array", path=f"item {number}")


def _array(found: Iterator[str], source: Source) -> tuple[str, bool]:
    """What follows the opening bracket, and whether the array stands alone, in no object."""
    buffer = ""
    for piece in found:
        buffer += piece
        alone = buffer.lstrip().startswith("[")
        start = 0 if alone else buffer.find('"results"')
        bracket = buffer.find("[", start) if start >= 0 else -1
        if bracket >= 0:
            _insist_last_page(buffer[: max(start, 0)], source)
            return buffer[bracket + 1 :], alone
        if len(buffer) > source.limits.line:
            break
    raise refusal(source.name, "no-array")


def _insist_last_page(around: str, source: Source) -> None:
    """The address of the next page is not repeated: it may hold a key."""
    if NEXT.search(around):
        raise refusal(source.name, "one-page")


def _filled(buffer: str, found: Iterator[str]) -> str:
    while not buffer:
        piece = next(found, None)
        if piece is None:
            return ""
        buffer = piece.lstrip(SPACE)
    return buffer


def _next(buffer: str, found: Iterator[str], *, source: Source, number: int) -> tuple[str, str]:
    """The text of the next object and what follows it; asks for more text while a bracket is open."""
    scan = _Scan()
    while True:
        end = scan.end(buffer)
        if end:
            return buffer[:end], buffer[end:]
        piece = next(found, None)
        if piece is None:
            raise refusal(source.name, "cut-array", path=f"item {number}")
        buffer += piece
        if len(buffer) > source.limits.line:
            raise refusal(source.name, "line-too-long", path=f"item {number}", limit=source.limits.line)


class _Scan:
    """Finds where a JSON value ends by its brackets, going over each character once."""

    def __init__(self) -> None:
        self._at = self._depth = 0
        self._quoted = False

    def end(self, buffer: str) -> int:
        """The position after the value, or 0 while it is still open."""
        while self._at < len(buffer):
            mark = buffer[self._at]
            self._at += 2 if self._quoted and mark == "\\" else 1
            if mark == '"':
                self._quoted = not self._quoted
            elif not self._quoted:
                self._depth += (mark in "{[") - (mark in "}]")
                if self._depth <= 0:
                    return self._at
        return 0
