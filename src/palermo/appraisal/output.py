"""A report in every format, as named files: one table says what each format makes, and in which language."""

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from palermo.appraisal.dataset import Dataset
from palermo.appraisal.report import Report
from palermo.appraisal.words import Language

if TYPE_CHECKING:
    from palermo.appraisal.export import Sheet


class Format(StrEnum):
    """What a report can be written as."""

    HTML = "html"
    PDF = "pdf"
    SDMX = "sdmx"
    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


EARLIEST = (1980, 1, 1, 0, 0, 0)
PACKED = frozenset({Format.CSV, Format.SDMX})
TYPES: Mapping[Format, str] = {
    Format.HTML: "text/html; charset=utf-8",
    Format.PDF: "application/pdf",
    Format.SDMX: "application/zip",
    Format.CSV: "application/zip",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.JSON: "application/json",
}
PAGE_AND_PDF = (Format.HTML, Format.PDF)
IN_NO_LANGUAGE = frozenset({Format.SDMX, Format.JSON})
"""The formats that hold every language, or none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A report and the rows behind it; `fonts` is the folder of the letters that the PDF may need."""

    report: Report
    data: Dataset
    fonts: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file of a report."""

    name: str
    content: bytes


def files(package: Package, formats: Iterable[Format], languages: Iterable[Language]) -> Iterator[File]:
    """Every file asked for, each made when it is reached."""
    spoken = tuple(dict.fromkeys(languages))
    for format_ in dict.fromkeys(formats):
        for language in spoken[:1] if format_ in IN_NO_LANGUAGE else spoken:
            yield from MAKERS[format_](package, language)


def one(package: Package, format_: Format, language: Language) -> File:
    """The one file of that format; several, as of CSV and SDMX, as an archive that carries no clock."""
    made = tuple(files(package, [format_], [language]))
    if format_ not in PACKED:
        return made[0]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for each in made:
            entry = zipfile.ZipInfo(each.name, date_time=EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, each.content)
    spoken = "" if format_ in IN_NO_LANGUAGE else f".{language}"
    return File(name=f"{package.report.code}{spoken}.{format_}.zip", content=out.getvalue())


def _html(package: Package, language: Language) -> Iterator[File]:
    from palermo.appraisal import page

    yield _named(package, language, "html", page.document(package.report, language).encode())


def _pdf(package: Package, language: Language) -> Iterator[File]:
    from palermo.appraisal import paper

    yield _named(package, language, "pdf", paper.pdf(package.report, language, fonts=package.fonts))


def _sdmx(package: Package, language: Language) -> Iterator[File]:
    from palermo.appraisal.sdmx import message

    for name, content in message.messages(package.data).items():
        yield File(name=f"{package.report.code}.sdmx.{name}", content=content)


def _csv(package: Package, language: Language) -> Iterator[File]:
    from palermo.appraisal import export

    tables: tuple[Sheet, ...] = export.sheets(package.data, language)
    for table in tables:
        yield _named(package, language, f"{table.name}.csv", export.csv_bytes(table, language))


def _xlsx(package: Package, language: Language) -> Iterator[File]:
    from palermo.appraisal import export

    yield _named(package, language, "xlsx", export.workbook(package.data, language))


def _json(package: Package, language: Language) -> Iterator[File]:
    text = json.dumps(package.report.document(), ensure_ascii=False, indent=1, sort_keys=True)
    yield File(name=f"{package.report.code}.json", content=f"{text}\n".encode())


def _named(package: Package, language: Language, ending: str, content: bytes) -> File:
    return File(name=f"{package.report.code}.{language}.{ending}", content=content)


MAKERS: Mapping[Format, Callable[[Package, Language], Iterator[File]]] = {
    Format.HTML: _html,
    Format.PDF: _pdf,
    Format.SDMX: _sdmx,
    Format.CSV: _csv,
    Format.XLSX: _xlsx,
    Format.JSON: _json,
}
