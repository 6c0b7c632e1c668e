"""A risk report as a page that works from a file: what a data-protection officer reads, prints and signs."""

from collections.abc import Iterator, Sequence
from html import escape

from palermo.prevention.release import paper, risk_text
from palermo.prevention.release.report import Report
from palermo.prevention.release.risk_text import Section
from palermo.prevention.release.risk_words import told
from palermo.prevention.release.schema import Schema


def page(
    report: Report, schema: Schema, *, language: str, title: str = "", signed: Sequence[str] = ()
) -> str:
    """The whole page; `signed` are sentences on who has read it, told instead of a line to sign on."""
    name = told("title", language)
    head = "".join(f"<p>{escape(line)}</p>" for line in risk_text.head(report, schema, language))
    lead = f"<p class='lead'><bdi>{escape(title)}</bdi></p>" if title else ""
    sections = "".join(_section(one) for one in risk_text.sections(report, schema, language))
    end = "".join(f"<p>{escape(line)}</p>" for line in (signed or tuple(_unsigned(language))))
    body = f"<main><h1>{escape(name)}</h1>{lead}{head}{sections}{end}</main>"
    return paper.page(f"{name}: {title}" if title else name, body, language=language)


def _section(one: Section) -> str:
    found = "".join(f"<li>{escape(line)}</li>" for line in one.found)
    return f"<h2>{escape(one.title)}</h2><p>{escape(one.tried)}</p><ul>{found}</ul><p>{escape(one.open)}</p>"


def _unsigned(language: str) -> Iterator[str]:
    yield told("sign", language)
    yield told("signature", language)
