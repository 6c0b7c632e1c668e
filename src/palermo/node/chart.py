"""Charts on a page: a picture drawn from a Vega-Lite specification, what it says, and its table."""

import datetime as dt
import hashlib
import json
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString

from palermo.appraisal import chart as drawing
from palermo.node import picture
from palermo.node.table import Table, sign, text

WIDE, NARROW = 560, 300
"""How wide what is drawn for a page is, and all of a picture for a phone."""

# The kit's look, laid under whatever a specification says for itself.
FONT = "Noto Sans, Noto Sans Arabic, sans-serif"
INK, INK_SOFT, LINE = "#17262d", "#4a5960", "#d3d9db"
THEME = {
    "font": FONT,
    "background": None,
    "padding": 6,
    "view": {"stroke": None},
    "range": {
        "category": ["#0f6073", "#c9822b", "#5c3b78", "#4f8a5b", "#a92c1f", "#6b7a80", "#2f8fa3", "#8a6a2f"],
        "ordinal": ["#d5e6e8", "#9cc5cc", "#5f9fac", "#2f7687", "#123f4d"],
        "ramp": ["#d5e6e8", "#123f4d"],
    },
    "mark": {"color": "#0f6073"},
    "bar": {"cornerRadiusEnd": 2},
    "line": {"strokeWidth": 2.5},
    "axis": {
        "labelColor": INK,
        "labelFontSize": 13,
        "titleColor": INK_SOFT,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "titlePadding": 10,
        "gridColor": "#e6eaea",
        "domainColor": "#8a979c",
        "tickColor": "#8a979c",
        "labelLimit": 260,
    },
    "legend": {
        "labelColor": INK,
        "labelFontSize": 13,
        "titleColor": INK_SOFT,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "symbolSize": 160,
        "labelLimit": 260,
    },
    "title": {"color": INK, "fontSize": 15, "anchor": "start"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A picture with what it says: `spec` is a Vega-Lite dictionary, the table holds every figure of it.

    `narrow` is the same picture for a phone, where one is drawn; without it the wide one scrolls sideways.
    """

    id: str
    title: Any
    summary: Any
    table: Table
    source: Any
    as_of: dt.date | str
    spec: Mapping[str, Any] | None = None
    narrow: Mapping[str, Any] | None = None
    disclaimer: Any = ""

    @property
    def as_of_text(self) -> str:
        return text(self.as_of)

    def picture(self) -> SafeString:
        """The picture as markup for the page, empty where there is no specification."""
        return picture.markup(svg(self.spec), prefix=self.id) if self.spec else SafeString("")

    def small(self) -> SafeString:
        """The picture for a phone, empty where there is none of its own."""
        return picture.markup(svg(self.narrow), prefix=f"{self.id}-s") if self.narrow else SafeString("")


def svg(spec: Mapping[str, Any]) -> str:
    """The picture of a specification; drawn once and kept on disk under the digest of its content."""
    spec = themed(spec)
    kept = _cache() / f"{_digest(spec)}.svg"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(".part")
        part.write_text(drawing.svg(spec), encoding="utf-8")
        part.replace(kept)
    return kept.read_text(encoding="utf-8")


def themed(spec: Mapping[str, Any]) -> dict[str, Any]:
    """The specification over the kit's fonts and colours, its numbers written as the page's language does."""
    number = {
        "decimal": sign("DECIMAL"),
        "thousands": sign("THOUSAND"),
        "grouping": [3],
        "currency": ["", ""],
    }
    return {**spec, "config": _over({**THEME, "locale": {"number": number}}, spec.get("config", {}))}


def _over(under: Mapping[str, Any], top: Mapping[str, Any]) -> dict[str, Any]:
    both = {
        name: _over(under[name], top[name])
        for name in under.keys() & top.keys()
        if _nested(under[name], top[name])
    }
    return {**under, **top, **both}


def _nested(*values: Any) -> bool:
    return all(isinstance(value, Mapping) for value in values)


def _digest(spec: Mapping[str, Any]) -> str:
    content = json.dumps(spec, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(f"{version('vl-convert-python')}\n{content}".encode()).hexdigest()


def _cache() -> Path:
    return Path(settings.NODE.home) / "charts"


def narrowed(spec: Mapping[str, Any]) -> dict[str, Any]:
    """A picture of one view as it fits a phone: names and axis within its width."""
    return {**spec, "width": NARROW, "autosize": {"type": "fit-x", "contains": "padding"}}


def lines(name: str, *, longest: int = 16) -> list[str]:
    """A name in lines of about so many letters, for an axis."""
    return textwrap.wrap(name, longest, break_long_words=False) or [name]


BROKEN = {"labelExpr": "split(datum.label, '\\n')", "labelLimit": 150}
"""An axis whose labels are broken where their text has a line's end."""
