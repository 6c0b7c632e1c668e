"""A page of a release in one language: charts, figures and intervals, filtered without any script.

Each filter is a link to a part of the page that is hidden until it is the target, so the page works from a
file, keeps its place in the history and can be walked with a keyboard. It is made of card and counts alone.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from importlib.resources import files

from palermo.prevention.release import paper, wording
from palermo.prevention.release.block import Block, blocks
from palermo.prevention.release.card import Card
from palermo.prevention.release.figure import Figure
from palermo.prevention.release.view import Views
from palermo.prevention.release.wording import LANGUAGES, NAMES, html, number, small, told


def name(language: str) -> str:
    """The page's file in a language."""
    return "dashboard.html" if language == "en" else f"dashboard.{language}.html"


def page(card: Card, figures: Sequence[Figure], *, language: str) -> str:
    """The whole page."""
    found = blocks(card, language)
    views = Views(found, figures, language=language)
    shown = views.html()
    cut = html("cut", language, shown=len(views.shown), all=len(figures))
    body = (
        f'<a class="skip" href="#all">{html("skip", language)}</a>{_head(card, language)}'
        f"<main>{_filters(found, views, language)}{shown}</main>"
        f'<footer><p class="soft">{cut}</p>{_wrong(card, language)}{_files(card, language)}</footer>'
    )
    return paper.page(_title(card, language), body, language=language, style=_style())


def _title(card: Card, language: str) -> str:
    return card.text("title", language) or told("dashboard", language)


def _head(card: Card, language: str) -> str:
    persons = {part: card["persons"][part] for part in ("about", "low", "high")}
    tongues = "".join(
        f'<li><a href="{name(one)}" lang="{one}" hreflang="{one}">{NAMES[one]}</a></li>'
        for one in LANGUAGES
        if one != language
    )
    return (
        f'<header><nav aria-label="{html("languages", language)}"><ul class="tongues">{tongues}</ul></nav>'
        f"<h1>{wording.name(_title(card, language))}</h1>"
        f"<p>{wording.name(card.text('population', language))}</p>"
        f'<p class="lead"><strong>{html("about", language, **persons)}</strong></p>'
        f"<p>{html('noised', language)} {html('absent', language)}</p>"
        f'<p class="soft">{_privacy(card, language)}</p></header>'
    )


def _privacy(card: Card, language: str) -> str:
    by = told("by", language, name=card["publisher"]) if card["publisher"] else ""
    spent = {"epsilon": number(card["epsilon"], language, ".4g"), "delta": small(card["delta"], language)}
    return html("privacy", language, **spent, on=card["released_on"], publisher=by)


def _filters(found: Sequence[Block], views: Views, language: str) -> str:
    lists = "".join(
        f'<details name="f"><summary>{wording.name(block.title)}</summary><ul>{links}</ul></details>'
        for block in found
        if (links := views.links(block))
    )
    head = f'<h2 id="filter">{html("filter", language)}</h2>'
    return f'<nav class="filters" aria-labelledby="filter">{head}{lists}</nav>'


def _wrong(card: Card, language: str) -> str:
    heads = [html(head, language) for head in ("columns", "size", "figures", "error")]
    rows = [_error(one, language) for one in card["errors"]]
    table = paper.table(html("wrong", language), heads, rows, language=language) if rows else ""
    return f"<h2>{html('wrong', language)}</h2><p>{html('wrong-text', language)}</p>{table}"


def _error(one: Mapping[str, float], language: str) -> str:
    low, high = one["from"], one["to"]
    size = html("and-more", language, low=low) if high is None else html("span", language, low=low, high=high)
    numbers = (number(one["cells"], language), number(one["error"], language, ",.1f"))
    cells = "".join(f'<td class="n">{escape(text)}</td>' for text in numbers)
    return f'<tr><th scope="row">{number(one["ways"], language)}</th><td>{size}</td>{cells}</tr>'


def _files(card: Card, language: str) -> str:
    rows = [("rows.csv", "rows-file")] if card["rows"] is not None else []
    book = "codebook.fr.html" if language == "fr" else "codebook.en.html"
    found = [("counts.csv", "counts-file"), *rows, (book, "codebook-file"), ("card.json", "card-file")]
    items = "".join(f'<li><a href="{file}">{file}</a>: {html(text, language)}</li>' for file, text in found)
    return f"<h2>{html('files', language)}</h2><ul>{items}</ul>"


@cache
def _style() -> str:
    text = files(__package__).joinpath("dashboard.css").read_text("utf-8")
    return "".join(line.strip() for line in text.splitlines())
