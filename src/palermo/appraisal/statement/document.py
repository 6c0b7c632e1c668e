"""A document as it was said: its text, its language, who spoke and when, and the passages it is cut into."""

from dataclasses import dataclass, field
from datetime import date

from palermo.appraisal.evidence import Found, Grade, Source
from palermo.appraisal.words import Text

MATCHED = frozenset({"en", "fr"})
"""The languages in which provisions stand, and in which passages are matched."""
UNKNOWN = "und"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """What a document's own words suggest of it, for a person to check.

    `about` names the field of the document (language, speaker, state or spoken_on), `value` what was taken
    for it, `words` the words that suggest it.
    """

    about: str
    value: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document. `id` is the SHA-256 of its bytes: the same file is the same document.

    `state` is the code of the State that speaks for itself in it, None for anybody else; `language` is that
    of most of its passages. `text` is what passages are cut from: their offsets count its characters.
    `guesses` are the fields that nobody gave and the text suggested; `notes` say what could not be read.
    """

    id: str
    name: str
    text: str = field(repr=False)
    language: str
    speaker: str = ""
    state: str | None = None
    spoken_on: date | None = None
    guesses: tuple[Guess, ...] = ()
    notes: tuple[str, ...] = ()

    def guessed(self, about: str) -> Guess | None:
        """The guess that stands in this field; None where a person gave it or nothing is known."""
        return next((one for one in self.guesses if one.about == about), None)

    def source(self, grade: Grade) -> Source:
        """The document as a source of that grade: E once two people confirmed a claim, F before."""
        name = Text(en=self.name, fr=self.name)
        speaker = self.speaker or self.name
        return Source(
            id=f"document-{self.id[:10]}", name=name, publisher=Text(en=speaker, fr=speaker), grade=grade
        )

    def found(self, grade: Grade, *, number: int, added_on: date) -> Found:
        """Where passage `number` stands; an undated document speaks up to the day on which it was added."""
        return Found(source=self.source(grade), as_of=self.spoken_on or added_on, file=self.name, line=number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A sentence or clause of a document, by offsets; `text` is the document's text between them.

    `number` counts from 1 within the document. `language` is its own: a document may change its language.
    """

    document: str
    number: int
    start: int
    end: int
    text: str
    language: str

    @property
    def id(self) -> str:
        return f"{self.document[:10]}-{self.number}"
