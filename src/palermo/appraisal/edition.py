"""One report in one language: the same values, worded, as the templates of the page and the PDF read them.

A worded value is a list of lines; a line is a list of runs; a run is a text that may open to an anchor. A run
that is given in another language than the edition's, for want of a translation, names its own as `lang`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from string import Formatter
from typing import Any

from palermo.appraisal import chart, picture, words
from palermo.appraisal.evidence import Figure
from palermo.appraisal.report import (
    Block,
    Chart,
    Facts,
    Lines,
    Paragraph,
    Quote,
    Refs,
    Report,
    Section,
    Table,
    Tag,
    Value,
)
from palermo.appraisal.words import Language, Phrase, Text, phrase_text, say

Run = dict[str, Any]
UNDETERMINED = "und"


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """How values are worded: the language, the number of each evidence, the font of the charts."""

    language: Language
    numbers: Mapping[str, int]
    font: str
    within: Language | None = None

    def text(self, key: str, **values: Any) -> str:
        return "".join(run["text"] for run in self.runs(say(key, **values)))

    def runs(self, value: Any) -> list[Run]:
        """The runs of a value that fits on one line."""
        match value:
            case Phrase():
                return list(self._phrase(value))
            case Text():
                spoken = value.spoken(self.language)
                return [self._marked(spoken, {"text": value.in_language(spoken)})]
            case Figure():
                return [self._marked(self.language, self._figure(value))]
            case Tag():
                spoken = phrase_text(value.label.key).spoken(self.language)
                return [self._marked(spoken, {"text": self.plain(value.label), "tone": value.tone})]
            case Refs():
                return self._refs(value)
            case Quote():
                return self._quote(value)
            case date():
                return [self._marked(self.language, {"text": words.day(value, self.language)})]
            case tuple():
                return self._listed(value)
        return [self._code(str(value))]

    def lines(self, value: Value) -> list[list[Run]]:
        """The lines of a cell."""
        if isinstance(value, Lines):
            return [line for item in value.items for line in self.lines(item)]
        return [self.runs(value)]

    def plain(self, value: Any) -> str:
        """A value as text alone."""
        return "".join(run["text"] for run in self.runs(value))

    def _code(self, text: str) -> Run:
        """A code, a file or a year: in no language, and left to right among Arabic."""
        run = self._marked(self.language, {"text": text})
        return run | {"lang": UNDETERMINED} if self.language.right_to_left else run

    def _marked(self, spoken: Language, run: Run) -> Run:
        """The run, with its language where that is not the one around it."""
        return run if spoken is (self.within or self.language) else {**run, "lang": str(spoken)}

    def _listed(self, values: tuple[Any, ...]) -> list[Run]:
        """Items with commas and a last "and"; in English as a whole where one of them is."""
        worded = [self.runs(one) for one in values]
        if self.language is Language.ARABIC and any(
            run.get("lang") == Language.ENGLISH for runs in worded for run in runs
        ):
            return self._in(Language.ENGLISH)._listed(values)
        items = tuple("".join(run["text"] for run in runs) for runs in worded)
        return [self._marked(self.language, {"text": words.listed(items, self.language)})]

    def _phrase(self, phrase: Phrase) -> Iterator[Run]:
        """The wording with its values; where it has no translation, its values are in its language too."""
        text = phrase_text(phrase.key)
        speech = self._in(text.spoken(self.language))
        values = dict(phrase.values)
        for literal, name, _, _ in Formatter().parse(text.in_language(speech.language)):
            if literal:
                yield speech._marked(speech.language, {"text": literal})
            if name:
                yield from speech.runs(values[name])

    def _in(self, spoken: Language) -> "Speech":
        """This speech in another language, within the edition's own."""
        if spoken is self.language:
            return self
        return replace(self, language=spoken, within=self.within or self.language)

    def _figure(self, figure: Figure) -> Run:
        text = picture.interval(figure.low, figure.high, self.language)
        value = f"{figure.low}" if figure.low == figure.high else f"{figure.low}..{figure.high}"
        return {"text": text, "to": figure.opens[0], "value": value}

    def _quote(self, quote: Quote) -> list[Run]:
        """Somebody's words between the marks of this language, in their own language."""
        text = phrase_text("quote").in_language(self.language).format(text=quote.text)
        own = quote.language not in ("", str(self.within or self.language))
        return [{"text": text, "lang": quote.language} if own else {"text": text}]

    def _refs(self, refs: Refs) -> list[Run]:
        runs: list[Run] = []
        for id_ in refs.ids:
            runs += [{"text": " "}] if runs else []
            runs.append({"text": f"[{self.numbers[id_]}]", "to": id_, "ref": True})
        return runs


def edition(report: Report, language: Language, *, font: str) -> dict[str, Any]:
    """Everything a template needs, in one language, as plain lists and dictionaries."""
    numbers = {one.id: index for index, one in enumerate(report.evidence, start=1)}
    speech = Speech(language=language, numbers=numbers, font=font)
    return {
        "lang": str(language),
        "dir": "rtl" if language.right_to_left else "ltr",
        "title": speech.text("report.title"),
        "heading": speech.plain(report.heading),
        "state": report.subject.in_language(language),
        "code": report.code,
        "plan": speech.text("report.plan"),
        "cycle": speech.text("report.cycle", cycle=report.cycle.replace("-", "–"), today=report.today),
        "contents": speech.text("report.contents"),
        "skip": speech.text("report.skip"),
        "page": speech.text("report.page"),
        "of": speech.text("report.of"),
        "footer": speech.text("report.footer"),
        "hash_label": speech.text("report.hash"),
        "hash": report.content_hash,
        "sections": [_section(section, speech) for section in report.sections],
    }


def foreign(runs: list[Run]) -> str:
    """The language of a line that is wholly given in another than its edition's; else the empty string."""
    spoken = {one.get("lang", "") for one in runs}
    return str(spoken.pop()) if len(spoken) == 1 else ""


def _section(section: Section, speech: Speech) -> dict[str, Any]:
    blocks = [_block(block, speech) for block in section.blocks]
    return {"id": section.id, "title": speech.plain(section.title), "blocks": blocks}


def _block(block: Block, speech: Speech) -> dict[str, Any]:
    match block:
        case Paragraph():
            return {"kind": "inset" if block.inset else "paragraph", "runs": speech.runs(block.text)}
        case Facts():
            return {"kind": "facts", "items": [_fact(one, speech) for one in block.items]}
        case Table():
            return _table(block, speech)
    return _chart(block, speech)


def _fact(fact: Any, speech: Speech) -> dict[str, Any]:
    lines = [line for value in fact.values for line in speech.lines(value)]
    return {"label": speech.runs(fact.label)[0]["text"], "lines": lines}


def _table(table: Table, speech: Speech) -> dict[str, Any]:
    columns = [
        {"head": speech.runs(one.head)[0]["text"], "numeric": one.numeric, "width": one.width}
        for one in table.columns
    ]
    rows = [{"id": row.id, "cells": [speech.lines(cell) for cell in row.cells]} for row in table.rows]
    return {
        "kind": "table",
        "caption": "".join(run["text"] for run in speech.runs(table.caption)),
        "columns": columns,
        "rows": rows,
    }


def _chart(block: Chart, speech: Speech) -> dict[str, Any]:
    names = ["".join(run["text"] for run in speech.runs(point.name)) for point in block.points]
    spec = picture.PICTURES[block.picture](block.points, names, language=speech.language, font=speech.font)
    alt = "".join(run["text"] for run in speech.runs(block.alt))
    caption = "".join(run["text"] for run in speech.runs(block.caption))
    return {"kind": "chart", "svg": chart.svg({**spec, "description": alt}), "alt": alt, "caption": caption}
