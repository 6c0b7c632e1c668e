"""Opening a document: its bytes become text, and its words tell, as a guess, of speaker, State and day."""

import hashlib
from collections import Counter
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from palermo.appraisal import state as states
from palermo.appraisal.statement import file, origin
from palermo.appraisal.statement.document import UNKNOWN, Document, Guess
from palermo.appraisal.statement.file import Progress
from palermo.appraisal.statement.language import language
from palermo.errors import Unreachable

CHUNK = 2**20


def opened(
    path_or_bytes: Path | str | bytes,
    *,
    name: str = "",
    speaker: str = "",
    state: str | None = None,
    spoken_on: date | None = None,
    progress: Progress | None = None,
) -> Document:
    """A txt, HTML, PDF or DOCX file as a document; what is given is kept, the rest is guessed and marked so.

    A file is read page by page; `progress` is told of pages done and pages there are. `state` is a code or a
    name. Bytes need a `name`, by which messages call them.
    """
    if isinstance(path_or_bytes, bytes):
        return _document(BytesIO(path_or_bytes), name, speaker, state, spoken_on, progress)
    path = Path(path_or_bytes)
    try:
        with path.open("rb") as source:
            return _document(source, name or path.name, speaker, state, spoken_on, progress)
    except OSError as error:
        raise Unreachable(
            f"{path}: cannot be read ({error.strerror}). Give the path of a document."
        ) from error


def _document(
    source: BinaryIO,
    name: str,
    speaker: str,
    state: str | None,
    spoken_on: date | None,
    progress: Progress | None,
) -> Document:
    identity = _hash(source)
    read = file.read(source, name=name, progress=progress)
    spoken = _most(read.text)
    guessed = {one.about: one for one in origin.guesses(read.text)}
    given = {"speaker": bool(speaker), "state": state is not None, "spoken_on": spoken_on is not None}
    kept = {about: one for about, one in guessed.items() if not given[about]}
    return Document(
        id=identity,
        name=name,
        text=read.text,
        language=spoken,
        speaker=speaker or _value(kept, "speaker"),
        state=states.state(state).code if state else _value(kept, "state") or None,
        spoken_on=spoken_on or (date.fromisoformat(kept["spoken_on"].value) if "spoken_on" in kept else None),
        guesses=(Guess(about="language", value=spoken, words=""), *kept.values()),
        notes=read.notes,
    )


def _most(text: str) -> str:
    """The language of most lines that show one."""
    told = Counter(language(line) for line in text.split("\n"))
    del told[UNKNOWN]
    return told.most_common(1)[0][0] if told else UNKNOWN


def _value(guessed: dict[str, Guess], about: str) -> str:
    return guessed[about].value if about in guessed else ""


def _hash(source: BinaryIO) -> str:
    """The SHA-256 of all bytes; the stream stands at its beginning again."""
    found = hashlib.sha256()
    while part := source.read(CHUNK):
        found.update(part)
    source.seek(0)
    return found.hexdigest()
