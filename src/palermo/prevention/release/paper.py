"""The frame of every page of a pack: one style, a strict policy of contents, no script and no network."""

import base64
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files

from palermo.prevention.release import wording


def page(title: str, body: str, *, language: str, style: str = "") -> str:
    """A whole page in a language, with the style of all and what it adds."""
    css = sheet() + style
    way = "rtl" if language == "ar" else "ltr"
    return (
        f'<!doctype html>\n<html lang="{language}" dir="{way}">\n<head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy(css)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="referrer" content="no-referrer"><title>{escape(title)}</title>'
        f"<style>{css}</style></head>\n<body>{body}</body></html>\n"
    )


def policy(css: str) -> str:
    """Nothing may be loaded or run; this very style may apply."""
    digest = base64.b64encode(sha256(css.encode()).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def table(caption: str, heads: list[str], rows: list[str], *, language: str) -> str:
    """A table that scrolls by itself where it is wider than the screen; texts are HTML already."""
    head = "".join(f'<th scope="col">{one}</th>' for one in heads)
    label = wording.told("scroll", language, caption=caption)
    return (
        f'<div class="scroll" role="region" aria-label="{label}" tabindex="0"><table>'
        f"<caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


@cache
def sheet() -> str:
    """The style, in one line."""
    text = files(__package__).joinpath("pack.css").read_text("utf-8")
    return "".join(line.strip() for line in text.splitlines())
