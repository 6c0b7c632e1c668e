"""The identifying values of a record that an agency looks people up by, exactly and inside itself only."""

from collections.abc import Iterator, Mapping
from typing import Any

from palermo.node.sealing import Kind
from palermo.standards.answer import code, plain

_CHANNELS: Mapping[str, Kind] = {
    "mobile_phone": Kind.PHONE,
    "home_phone": Kind.PHONE,
    "messaging": Kind.PHONE,
    "email": Kind.EMAIL,
}


def identifiers(document: Mapping[str, Any]) -> Iterator[tuple[Kind, str]]:
    """Every (kind, value) of the document; a name once as given and family, and each alias alone."""
    person = document.get("person", {})
    for name in person.get("names", ()):
        yield from _names(name)
    for paper in person.get("documents", ()):
        if _said(paper.get("number")):
            yield Kind.DOCUMENT, str(paper["number"])
    for contact in person.get("contact", ()):
        kind = _CHANNELS.get(code(contact.get("channel")))
        if kind and _said(contact.get("value")):
            yield kind, str(contact["value"])


def whole_name(name: Mapping[str, Any]) -> str:
    """All parts of a name in their order; empty where none is said."""
    return " ".join(_parts(name))


def _parts(name: Mapping[str, Any]) -> list[str]:
    return [str(name[part]) for part in ("given", "middle", "family") if _said(name.get(part))]


def _names(name: Mapping[str, Any]) -> Iterator[tuple[Kind, str]]:
    parts = _parts(name)
    if parts:
        yield Kind.NAME, " ".join(parts)
    if len(parts) > 2:
        yield Kind.NAME, f"{parts[0]} {parts[-1]}"
    if _said(name.get("alias")):
        yield Kind.NAME, str(name["alias"])


def _said(value: Any) -> bool:
    """Whether anything that can be looked up is there: a letter or a figure."""
    return any(sign.isalnum() for sign in str(plain(value) or ""))
