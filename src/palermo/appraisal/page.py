"""A report as HTML: a fragment for the node's layout, or a document that stands alone."""

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from palermo.appraisal.edition import edition, foreign
from palermo.appraisal.report import Report
from palermo.appraisal.words import Language

FONT = "Noto Sans, Segoe UI, Roboto, Helvetica, Arial, sans-serif"


def fragment(report: Report, language: Language) -> str:
    """The body of the page, in GOV.UK Frontend's markup, for a layout that brings its own style."""
    return _render("fragment.html", report, language)


def document(report: Report, language: Language) -> str:
    """A whole page with its style inside: no script, no request, readable on a phone and on paper."""
    return _render("document.html", report, language)


def _render(template: str, report: Report, language: Language) -> str:
    view: dict[str, Any] = edition(report, language, font=FONT)
    for section in view["sections"]:
        for block in section["blocks"]:
            if "svg" in block:
                block["svg"] = Markup(block["svg"])  # noqa: S704  drawn by palermo.appraisal.chart, which escapes
    return _environment().get_template(template).render(view, style=_style())


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("palermo.appraisal"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["foreign"] = foreign
    return made


@cache
def style() -> str:
    """The few rules that a layout needs beside the design system's own, to serve as a style sheet."""
    return files("palermo.appraisal").joinpath("templates/report.css").read_text("utf-8")


@cache
def _style() -> Markup:
    own = files("palermo.appraisal").joinpath("templates/document.css").read_text("utf-8")
    return Markup(own + style())  # noqa: S704  our own files
