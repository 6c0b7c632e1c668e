"""The pieces of Markdown that the generated pages are made of."""

from collections.abc import Iterable, Sequence

MADE = "This page is written from the source by the build."


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; a bar in a cell is escaped, a line break is a space."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(each) for each in line) + " |" for line in lines) + "\n"


def _cell(value: object) -> str:
    return str(value).replace("\n", " ").replace("|", "\\|").strip()


def code(value: object) -> str:
    """The value as code; nothing where there is none."""
    return f"`{value}`" if str(value) else ""


def first_line(text: str | None) -> str:
    return (text or "").partition("\n")[0]


def paragraph(*lines: str) -> str:
    """Pieces of one paragraph, with the empty line below it."""
    return " ".join(lines) + "\n"
