"""The reference pages, written from the source so that they cannot fall behind it."""

from collections.abc import Callable
from pathlib import Path

from docs.generator import access, commands, errors, record, statements

PAGES: dict[str, Callable[[], str]] = {
    "commands": commands.page,
    "errors": errors.page,
    "fields": record.fields,
    "rules": record.rules,
    "vocabularies": record.vocabularies,
    "access": access.page,
    "statement-rules": statements.page,
}


def write(folder: Path) -> None:
    """Every page as `{name}.md` in `folder`; one that did not change is left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        path, text = folder / f"{name}.md", page()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
