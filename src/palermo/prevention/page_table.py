"""The tables of a page of estimates, each with a caption, headed columns and headed rows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

import numpy as np

from palermo.prevention import words
from palermo.prevention.checks import Checks
from palermo.prevention.estimate import Estimate, Interval
from palermo.prevention.overlap import Overlap
from palermo.prevention.published import Published
from palermo.prevention.saying import Saying, number, say
from palermo.prevention.trial import Trial

NOTHING = "–"
span = words.span


def answers(results: Sequence[Estimate], language: str) -> str:
    """Every method with its total, interval and model."""
    heads = ("page-method", "page-total", "page-interval", "page-model")
    rows = (
        [
            words.title(one.method, language),
            _total(one.total, language),
            _interval(one.interval, language, kind=True),
            _model(one, language),
        ]
        for one in results
    )
    return _table(say("page-answers"), heads, rows, language, numeric=(1,))


def figures(others: Sequence[Published], language: str) -> str:
    """What others have published, and under it the sources in full."""
    heads = ("page-method", "page-on", "page-total", "page-interval", "page-source")
    rows = (
        [
            words.title(one.method, language),
            say("page-lists", number=one.lists).text(language),
            _people(one.total, language),
            _between(one.low, one.high, language),
            f"{one.source.short} {one.source.year}",
        ]
        for one in others
    )
    sources = "".join(
        f"<li><bdi>{escape(text)}</bdi></li>" for text in sorted({str(one.source) for one in others})
    )
    return _table(say("page-published"), heads, rows, language, numeric=(2,)) + f"<ul>{sources}</ul>"


def sizes(checked: Checks, language: str) -> str:
    """How many people each list holds."""
    rows = ([name, number(people, language)] for name, people in checked.sizes.items())
    return _table(say("page-sizes"), ("page-list", "page-people"), rows, language, numeric=(1,))


def pairs(table: Overlap, checked: Checks, language: str) -> str:
    """Chapman's estimate of each two lists."""
    both = table.pairs
    rows = (
        [
            " + ".join(pair),
            number(both[pair], language),
            _people(one.total, language),
            _interval(one.interval, language),
        ]
        for pair, one in checked.chapman.items()
    )
    heads = ("page-two", "page-both", "page-total", "page-interval")
    return _table(say("page-pairs"), heads, rows, language, numeric=(1, 2))


def without(trial: Trial, language: str) -> str:
    """A method's answer with each list left out."""
    rows = (
        [name, _total(one.total, language), _interval(one.interval, language)]
        for name, one in trial.without.items()
    )
    heads = ("page-without-list", "page-total", "page-interval")
    return _table(say("page-without"), heads, rows, language, numeric=(1,))


def found_again(trial: Trial, language: str) -> str:
    """What a method says of the people of each list, whose number is known."""
    rows = (
        [
            one.name,
            number(one.truth, language),
            _total(one.answer.total if one.answer else None, language),
            _interval(one.answer.interval if one.answer else None, language),
        ]
        for one in trial.hidden
    )
    heads = ("page-list", "page-truth", "page-total", "page-interval")
    return _table(say("page-found-again"), heads, rows, language, numeric=(1, 2))


def cells(table: Overlap, language: str) -> str:
    """How many people each combination of lists holds."""
    occupied = sorted(np.flatnonzero(table.counts).tolist(), key=lambda cell: -table.counts[cell])
    rows = (
        [" + ".join(table.model([cell])[0]), number(int(table.counts[cell]), language)] for cell in occupied
    )
    return _table(say("picture-overlaps"), ("page-two", "page-people"), rows, language, numeric=(1,))


def curve(caption: Saying, points: Sequence[Mapping[str, Any]], language: str) -> str:
    """The interval when only the best models compete, and how many replicates one of them wins."""
    rows = (
        [
            number(point["top"], language),
            _between(point.get("low"), point.get("high"), language),
            number(point["winners_within"], language, ".0%"),
        ]
        for point in points
    )
    heads = ("page-models", "page-interval", "page-winners")
    return _table(caption, heads, rows, language, numeric=(2,))


def provenance(table: Overlap, results: Sequence[Estimate], on: date | None, language: str) -> str:
    """What is needed to come to the same answer."""
    seeds = {one.seed for one in results if one.seed is not None}
    replicates = {one.replicates for one in results if one.replicates}
    versions = {name: version for one in results for name, version in one.versions.items()}
    told = [
        ("page-hash", table.hash),
        ("page-seed", ", ".join(map(str, sorted(seeds))) or NOTHING),
        ("page-replicates", ", ".join(number(one, language) for one in sorted(replicates)) or NOTHING),
        ("page-version", ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))),
        *([("page-date", on.isoformat())] if on else []),
    ]
    lines = (
        f'<dt>{escaped(say(name), language)}</dt><dd><code dir="ltr">{escape(text)}</code></dd>'
        for name, text in told
    )
    return f"<dl>{''.join(lines)}</dl>"


def _table(
    caption: Saying,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    language: str,
    *,
    numeric: Sequence[int] = (),
) -> str:
    """A table that scrolls by itself where it is wider than the screen."""
    marks = [' class="n"' if place in numeric else "" for place in range(len(heads))]
    head = "".join(
        f'<th scope="col"{mark}>{escaped(say(name), language)}</th>'
        for name, mark in zip(heads, marks, strict=True)
    )
    body = "".join(_row(row, marks) for row in rows)
    told = escaped(caption, language)
    return (
        f'<div class="scroll" role="region" aria-label="{told}" tabindex="0"><table><caption>{told}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _row(row: Sequence[str], marks: Sequence[str]) -> str:
    first, *others = row
    figures = "".join(f"<td{mark}>{_bidi(text)}</td>" for text, mark in zip(others, marks[1:], strict=True))
    return f'<tr><th scope="row">{_bidi(first)}</th>{figures}</tr>'


def _bidi(text: str) -> str:
    return f"<bdi>{escape(text)}</bdi>"


def escaped(one: Saying, language: str) -> str:
    """What a saying says, as HTML."""
    return escape(one.text(language))


def _people(value: float | None, language: str) -> str:
    return NOTHING if value is None else number(value, language)


def _total(value: float | None, language: str) -> str:
    return say("refused").text(language) if value is None else number(value, language)


def _between(low: float | None, high: float | None, language: str) -> str:
    return NOTHING if low is None or high is None else span(low, high).text(language)


def _interval(interval: Interval | None, language: str, *, kind: bool = False) -> str:
    if interval is None:
        return NOTHING
    told = span(interval.low, interval.high)
    if not kind:
        return told.text(language)
    made = words.kind(interval.kind)
    return say("page-interval-of", span=told, level=words.level(interval.level), kind=made).text(language)


def _model(one: Estimate, language: str) -> str:
    """The interactions by their lists; a method that averages has no single model."""
    if not one.estimable:
        return NOTHING
    if one.model:
        return ", ".join("\u00a0×\u00a0".join(term) for term in one.model)
    averaging = {"bic-average", "graphs", "latent", "pooled"}
    return say("page-averaged" if one.method in averaging else "page-none").text(language)
