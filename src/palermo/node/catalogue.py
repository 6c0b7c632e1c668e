"""Gathers the texts of pages and code into the French and Arabic catalogues, with no gettext programs.

    python -m palermo.node.catalogue
    python -m palermo.node.catalogue --fill fr mine.fr.json --fill ar mine.ar.json

A JSON file maps each English text to its translation, or to the list of its plural forms.
"""

import argparse
import datetime as dt
import io
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

HERE = Path(__file__).parent
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
# Babel wants dates in the header; a fixed one keeps a rebuilt catalogue the same.
HEADER_DATE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
# The usual order of forms; Arabic has them for none, one, two, 3 to 10, 11 to 99, hundreds.
PLURALS = {
    "fr": "nplurals=2; plural=(n > 1);",
    "ar": "nplurals=6; plural="
    "(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")

Text = str | tuple[str, ...]
Key = tuple[str | None, Text]


def texts(root: Path = HERE) -> dict[Key, list[str]]:
    """Every text to translate under `root`, by context and English, with the files that use it."""
    found: dict[Key, list[str]] = {}
    for file in sorted((*root.rglob("*.py"), *root.glob("templates/**/*.html"))):
        for key in keys(file.read_text(encoding="utf-8"), template=file.suffix != ".py"):
            places = found.setdefault(key, [])
            name = file.relative_to(root).as_posix()
            if name not in places:
                places.append(name)
    return found


def keys(source: str, *, template: bool) -> Iterator[Key]:
    """The texts in one file of Python, or in one template."""
    code = _flush_left(templatize(source)) if template else source
    for _line, function, said, _comments in extract_python(io.BytesIO(code.encode()), KEYWORDS, [], {}):
        yield from _key(str(function), said)


def _flush_left(code: str) -> str:
    """The code without its indents, which in a template follow no rule of Python."""
    return "\n".join(line.lstrip() for line in code.splitlines())


def _key(function: str, said: Any) -> Iterator[Key]:
    parts = (said,) if isinstance(said, str) else tuple(said or ())
    spoken = KEYWORDS[function]
    context = parts[0] if spoken and isinstance(spoken[0], tuple) else None
    words = parts[1:] if context else parts
    if words and all(isinstance(word, str) and word for word in words[: 2 if "n" in function[:2] else 1]):
        yield context, (words[0], words[1]) if function.lstrip("p").startswith("n") else words[0]


def catalogue(language: str, root: Path = HERE) -> Catalog:
    """What is translated into `language` so far; an empty one where there is no file."""
    file = path(language, root)
    if not file.is_file():
        return Catalog(locale=language, domain="django", charset="utf-8")
    with file.open("rb") as stream:
        return read_po(stream, locale=language, domain="django")


def path(language: str, root: Path = HERE) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def gathered(language: str, found: Mapping[Key, Sequence[str]], old: Catalog) -> Catalog:
    """The catalogue of the texts found: what was translated stays, what is gone goes, the rest is empty."""
    new = Catalog(
        locale=language,
        domain="django",
        project="palermo",
        charset="utf-8",
        creation_date=HEADER_DATE,
        revision_date=HEADER_DATE,
        last_translator="palermo",
        language_team=language,
        fuzzy=False,
    )
    new.mime_headers = [("Plural-Forms", PLURALS[language])]
    new.header_comment = (
        f"# The {language} texts of palermo's pages. Gathered by python -m palermo.node.catalogue."
    )
    for (context, text), places in sorted(found.items(), key=_order):
        before = old.get(text if isinstance(text, str) else text[0], context)
        kept = (
            before.string
            if before is not None and isinstance(before.id, str) == isinstance(text, str)
            else ""
        )
        new.add(text, kept or "", locations=[(place, 1) for place in places], context=context)
    return new


def _order(item: tuple[Key, Any]) -> tuple[str, str]:
    (context, text), _places = item
    return (text if isinstance(text, str) else text[0], context or "")


def fill(book: Catalog, translations: Mapping[str, str | list[str]]) -> list[str]:
    """Puts translations in; returns the texts that no page and no code uses."""
    unused = []
    by_text = {
        message.id if isinstance(message.id, str) else message.id[0]: message
        for message in book
        if message.id
    }
    for text, said in translations.items():
        if text in by_text:
            by_text[text].string = said if isinstance(said, str) else tuple(said)
        else:
            unused.append(text)
    return unused


def faults(book: Catalog) -> Iterator[str]:
    """What is missing or wrong in a catalogue: no translation, too few forms, other placeholders."""
    for message in (message for message in book if message.id):
        said = message.string if isinstance(message.string, str) else tuple(message.string or ())
        forms = (said,) if isinstance(said, str) else said
        name = message.id if isinstance(message.id, str) else message.id[0]
        if not all(forms) or (message.pluralizable and len(forms) != book.num_plurals):
            yield f"{book.locale}: not translated: {name!r}"
        elif any(_strange(form, message) for form in forms):
            yield f"{book.locale}: other placeholders than the English: {name!r}"


def _strange(form: str, message: Message) -> set[str]:
    """Placeholders of a form that no English form has, or that a single form lost."""
    english = (message.id,) if isinstance(message.id, str) else message.id
    known = {mark for text in english for mark in PLACEHOLDER.findall(text)}
    here = set(PLACEHOLDER.findall(form))
    return here ^ known if isinstance(message.id, str) else here - known


def write(book: Catalog, root: Path = HERE) -> None:
    file = path(str(book.locale), root)
    file.parent.mkdir(parents=True, exist_ok=True)
    text = io.BytesIO()
    write_po(text, book, width=0, include_lineno=False)
    part = file.with_suffix(".part")
    part.write_bytes(text.getvalue())
    part.replace(file)


def main(arguments: Iterable[str]) -> int:
    """Gathers, fills and writes every catalogue; the answer is 1 while something is missing."""
    parser = argparse.ArgumentParser(prog="python -m palermo.node.catalogue", description=__doc__)
    parser.add_argument("--fill", nargs=2, action="append", default=[], metavar=("LANGUAGE", "FILE"))
    fills = parser.parse_args(list(arguments)).fill
    found = texts()
    missing = [line for language in PLURALS for line in _renew(language, found, fills)]
    sys.stdout.writelines(f"{line}\n" for line in missing)
    return 1 if missing else 0


def _renew(language: str, found: Mapping[Key, Sequence[str]], fills: Iterable[Sequence[str]]) -> list[str]:
    book = gathered(language, found, catalogue(language))
    unused: list[str] = []
    for _language, file in (pair for pair in fills if pair[0] == language):
        unused += fill(book, json.loads(Path(file).read_text(encoding="utf-8")))
    write(book)
    return [*(f"{language}: used nowhere: {text!r}" for text in unused), *faults(book)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
