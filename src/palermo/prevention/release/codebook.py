"""What the columns and codes of a release mean, as a page in English or French, made of the card alone."""

from collections.abc import Iterator
from html import escape

from palermo.prevention.release import paper
from palermo.prevention.release.card import Card, Column
from palermo.prevention.release.figure import HEADER
from palermo.prevention.release.wording import html, told

LANGUAGES = ("en", "fr")


def name(language: str) -> str:
    """The codebook's file in a language."""
    return f"codebook.{language}.html"


def page(card: Card, *, language: str) -> str:
    """The whole page."""
    title = told("codebook", language)
    of = card.text("title", language)
    columns = "".join(_column(one, language) for one in card.columns.values())
    body = (
        f"<main><h1>{escape(title)}</h1><p class='lead'>{escape(of)}</p>"
        f"<p>{escape(card.text('population', language))}</p><p>{html('closed', language)}</p>"
        f"{columns}{_counts(language)}</main>"
    )
    return paper.page(f"{title}: {of}" if of else title, body, language=language)


def _column(column: Column, language: str) -> str:
    texts = "".join(f", “{text}”" for text in column.blank if text)
    told = [html("blanks", language, texts=texts)]
    if column.split:
        told.append(html("several", language, mark=f"“{column.split}”"))
    codes = _table(column.name, "code", "meaning", _codes(column, language), language)
    spellings = [_row(text, code) for text, code in column.spellings.items()]
    others = _table(f"{column.name}: ", "text", "code", spellings, language) if spellings else ""
    label = "" if column.label(language) == column.name else f"{escape(column.label(language))} "
    return f"<h2>{label}<code>{escape(column.name)}</code></h2><p>{' '.join(told)}</p>{codes}{others}"


def _codes(column: Column, language: str) -> list[str]:
    return [_row(code, column.said(code, language)) for code in column.codes]


def _counts(language: str) -> str:
    rows = [_row(name, told(f"is-{name}", language)) for name in HEADER]
    table = _table("counts.csv", "code", "meaning", rows, language)
    return f"<h2>{html('counts-columns', language)}</h2>{table}"


def _table(caption: str, first: str, second: str, rows: list[str], language: str) -> str:
    caption = caption if not caption.endswith(": ") else caption + told("spellings", language)
    heads = [html(first, language), html(second, language)]
    return paper.table(escape(caption), heads, rows, language=language)


def _row(code: str, text: str) -> str:
    return f'<tr><th scope="row"><code>{escape(code)}</code></th><td>{escape(text)}</td></tr>'


def pages(card: Card) -> Iterator[tuple[str, str]]:
    """Each codebook by the name of its file."""
    for language in LANGUAGES:
        yield name(language), page(card, language=language)
