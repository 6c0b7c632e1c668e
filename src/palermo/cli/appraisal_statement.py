"""`palermo appraisal match`: which provisions each passage of a JSON Lines file may speak of."""

import json as jsonlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from palermo.errors import InvalidRecord, Problem, Unreachable

if TYPE_CHECKING:
    from palermo.appraisal.statement.match import Matcher

SOME_UNREADABLE = 1
STANDARD = "-"
EPILOG = (
    "Example: palermo appraisal match passages.jsonl --json proposals.jsonl   "
    'A line in: {"id": "a1", "text": "We opened two shelters.", "lang": "en"}.   '
    "Exit code: 0 all matched, 1 some lines unreadable (named on standard error, the others kept), "
    "2 no line readable, 7 a file that cannot be read or written."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One line: a passage to match. `language` is guessed from the text where none is given."""

    id: str | int
    text: str
    language: str


def match(
    passages: Annotated[
        str, typer.Argument(help="JSON Lines of passages, each with id, text and lang; - for standard input.")
    ],
    json: Annotated[str, typer.Option(help="Where the proposals go; - for standard output.")] = STANDARD,
    words_only: Annotated[
        bool, typer.Option("--words-only", help="Match by BM25 alone, even where the model is installed.")
    ] = False,
) -> None:
    """Propose provisions of the Plan for each passage, best first, with reasons, for a person to confirm.

    `match` is the probability that any provision fits. A passage in a third language is kept, marked, and
    given no proposal. Without the extra `text`, BM25 works alone and says so.
    """
    lines = _lines(passages)
    from palermo.appraisal.statement.match import matcher

    chosen = matcher(embed=False if words_only else None)
    if chosen.why_alone:
        typer.echo(chosen.why_alone, err=True)
    with _written(json) as out:
        matched, unreadable = _matched(lines, out, chosen)
        if unreadable and not matched:
            raise InvalidRecord(passages, unreadable)
    for one in unreadable:
        typer.echo(f"{one}", err=True)
    if unreadable:
        typer.echo(f"{matched:,} passages matched, {len(unreadable):,} lines not readable", err=True)
        raise typer.Exit(SOME_UNREADABLE)


def _matched(lines: list[bytes], out: TextIO, chosen: "Matcher") -> tuple[int, list[Problem]]:
    """Writes a line for each passage that can be read; how many, and what was wrong with the others."""
    unreadable: list[Problem] = []
    matched = 0
    with typer.progressbar(lines, label="Matching", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        for number, line in enumerate(bar, 1):
            if not line.strip():
                continue
            asked = _asked(line, number)
            if isinstance(asked, Problem):
                unreadable.append(asked)
                continue
            out.write(jsonlib.dumps(_answer(asked, chosen), ensure_ascii=False) + "\n")
            matched += 1
    return matched, unreadable


def _answer(asked: Asked, chosen: "Matcher") -> dict[str, Any]:
    from palermo.appraisal.statement.document import MATCHED

    proposals, match_ = chosen.proposals(asked.text, asked.language)
    found = [{"provision": one.provision, "score": one.score, "why": list(one.why)} for one in proposals]
    answer: dict[str, Any] = {"id": asked.id, "proposals": found, "match": match_}
    if asked.language not in MATCHED:
        answer["not_matched"] = f"language {asked.language}: provisions stand in en and fr"
    return answer


def _asked(line: bytes, number: int) -> "Asked | Problem":
    """The passage of a line, or what is wrong with it; never its text."""
    try:
        given = jsonlib.loads(line.decode("utf-8-sig"))
    except (UnicodeDecodeError, jsonlib.JSONDecodeError, RecursionError):
        return _wrong(number, "is not JSON.", 'Write {"id": "a1", "text": "...", "lang": "en"}.')
    if not isinstance(given, dict):
        return _wrong(number, "is not an object.", 'Write {"id": "a1", "text": "...", "lang": "en"}.')
    id_, text, lang = given.get("id"), given.get("text"), given.get("lang")
    if isinstance(id_, bool) or not isinstance(id_, str | int) or id_ == "":
        return _wrong(number, "has no id.", "Give each passage an id, a text or a whole number.")
    if not isinstance(text, str) or not text.strip():
        return _wrong(number, "has no text.", "Give the words of the passage.")
    if lang is not None and not isinstance(lang, str):
        return _wrong(number, "has a lang that is no text.", "Give en, fr, another code, or leave it out.")
    return Asked(id=id_, text=text, language=_language(lang, text))


def _language(given: str | None, text: str) -> str:
    """The code given, without its region; else the language that the text shows."""
    from palermo.appraisal.statement.language import language

    return (
        given.strip().replace("_", "-").split("-")[0].lower() if given and given.strip() else language(text)
    )


def _wrong(number: int, wrong: str, remedy: str) -> Problem:
    return Problem(rule="passage", path=f"line {number}", wrong=wrong, remedy=remedy)


def _lines(source: str) -> list[bytes]:
    try:
        data = sys.stdin.buffer.read() if source == STANDARD else Path(source).read_bytes()
    except OSError as error:
        raise Unreachable(f"{source}: cannot be read ({error.strerror}). Give a file, or - .") from error
    return data.splitlines()


@contextmanager
def _written(target: str) -> Iterator[TextIO]:
    """Standard output, or a file that appears whole when all is written."""
    if target == STANDARD:
        yield sys.stdout
        return
    path = Path(target)
    part = path.with_name(f".{path.name}.part")
    try:
        file = part.open("w", encoding="utf-8")
    except OSError as error:
        wrong = f"{target}: cannot be written ({error.strerror})."
        raise Unreachable(f"{wrong} Give another place, or - .") from error
    try:
        with file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
