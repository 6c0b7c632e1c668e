"""Makes an SVG fit for a page under a strict Content-Security-Policy."""

import re
from collections.abc import Iterable
from typing import Any
from xml.etree import ElementTree  # only writes; what is read goes through defusedxml

from defusedxml.ElementTree import fromstring
from django.utils.safestring import SafeString

SVG = "http://www.w3.org/2000/svg"
SHAPES = frozenset(
    [
        "svg",
        "g",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "defs",
        "clipPath",
        "linearGradient",
        "radialGradient",
        "stop",
        "title",
    ]
)
STYLES = frozenset(
    [
        "fill",
        "fill-opacity",
        "fill-rule",
        "stroke",
        "stroke-width",
        "stroke-opacity",
        "stroke-dasharray",
        "stroke-dashoffset",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-miterlimit",
        "opacity",
        "font-family",
        "font-size",
        "font-weight",
        "font-style",
        "text-anchor",
        "dominant-baseline",
        "display",
        "visibility",
        "clip-path",
        "stop-color",
        "stop-opacity",
    ]
)
PLACES = frozenset(
    [
        "id",
        "x",
        "y",
        "x1",
        "y1",
        "x2",
        "y2",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "d",
        "points",
        "width",
        "height",
        "viewBox",
        "transform",
        "dx",
        "dy",
        "rotate",
        "offset",
        "gradientUnits",
        "gradientTransform",
        "clipPathUnits",
        "clip-rule",
        "direction",
    ]
)


NUMBER = re.compile(r"-?\d+\.\d{2,}")


def markup(svg: str, *, prefix: str) -> SafeString:
    """An SVG fit for a page under a strict policy.

    Only shapes, text and clip paths pass. `style` becomes presentation attributes, for the policy blocks
    it; ids get `prefix`, so that two pictures on a page do not share one; roles and labels inside go, for
    the picture is named from outside.
    """
    root = fromstring(svg, forbid_dtd=True)
    _clean(root, prefix)
    root.set("aria-hidden", "true")
    root.set("focusable", "false")
    ElementTree.register_namespace("", SVG)
    # Every element and attribute of this text is on the lists above, so it carries no script and no address.
    return SafeString(ElementTree.tostring(root, encoding="unicode"))


def _clean(element: ElementTree.Element, prefix: str) -> None:
    kept = dict(_attributes(element, prefix))
    element.attrib.clear()
    element.attrib.update(kept)
    for child in list(element):
        if _name(child.tag) in SHAPES and not _is_blank(child):
            _clean(child, prefix)
        else:
            element.remove(child)


def _is_blank(element: ElementTree.Element) -> bool:
    return _name(element.tag) == "path" and not element.get("d")


def _name(tag: Any) -> str:
    return str(tag).removeprefix(f"{{{SVG}}}")


def _attributes(element: ElementTree.Element, prefix: str) -> Iterable[tuple[str, str]]:
    for name, value in element.attrib.items():
        if name == "style":
            yield from _styles(value, prefix)
        elif name == "id":
            yield name, f"{prefix}-{value}"
        elif name in STYLES or name in PLACES:
            yield from _inside(name, value, prefix)


def _styles(style: str, prefix: str) -> Iterable[tuple[str, str]]:
    for declaration in style.split(";"):
        name, _colon, value = declaration.partition(":")
        if name.strip() in STYLES:
            yield from _inside(name.strip(), value.strip(), prefix)


def _inside(name: str, value: str, prefix: str) -> Iterable[tuple[str, str]]:
    """The attribute, unless it names something outside the picture."""
    if name == "d":
        yield name, _coarse(value)
    elif "(" not in value or name in {"transform", "gradientTransform"} or value.startswith(("rgb", "hsl")):
        yield name, value
    elif value.startswith("url(#"):
        yield name, value.replace("url(#", f"url(#{prefix}-")


def _coarse(path: str) -> str:
    """A path to a tenth of a pixel, without the points that this lays on top of the one before."""
    steps = re.findall(r"[A-Za-z][^A-Za-z]*", NUMBER.sub(lambda found: f"{float(found[0]):.1f}", path))
    return "".join(step for step, before in zip(steps, ["", *steps], strict=False) if step != before)
