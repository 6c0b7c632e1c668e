"""The one place where a Vega-Lite specification becomes a picture."""

import hashlib
import json
import re
from functools import lru_cache
from html import escape
from typing import Any

import vl_convert

VERSION = "6.4"
CLIP = re.compile(r"\bclip\d+\b")
SPOKEN = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
SIZE = re.compile(r' width="(\d+)" height="(\d+)"')


def svg(spec: dict[str, Any]) -> str:
    """The picture of a Vega-Lite specification as SVG; the same specification gives the same bytes.

    Its `description` becomes the text alternative. No script, no style attribute, no outside address.
    """
    return _svg(json.dumps(spec, ensure_ascii=False, sort_keys=True))


@lru_cache(maxsize=256)
def _svg(text: str) -> str:
    drawn: str = vl_convert.vegalite_to_svg(text, vl_version=VERSION)
    description = json.loads(text).get("description", "")
    named = _own_names(SPOKEN.sub("", drawn), hashlib.sha256(text.encode()).hexdigest()[:8])
    sized = SIZE.sub(r' width="\1" height="\2" preserveAspectRatio="xMinYMin meet"', named, count=1)
    return sized.replace("<svg ", f'<svg role="img" aria-label="{escape(description)}" ', 1)


def _own_names(drawn: str, prefix: str) -> str:
    """Clip paths are numbered by the library's own running count; number them by this picture instead."""
    order = {name: f"{prefix}-{index}" for index, name in enumerate(dict.fromkeys(CLIP.findall(drawn)))}
    return CLIP.sub(lambda match: order[match[0]], drawn)
