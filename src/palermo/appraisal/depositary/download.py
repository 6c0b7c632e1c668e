"""Fetch the status of treaties from their depositaries into a folder that the register then reads.

`downloads.toml` in the folder says where each file came from and when; the next time only what has changed
is fetched. A file is put in place only when it could be read.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from palermo.appraisal import words
from palermo.appraisal.depositary import form, index
from palermo.appraisal.depositary.client import Client
from palermo.appraisal.evidence import Grade, Source
from palermo.appraisal.provision import instruments
from palermo.appraisal.words import Text
from palermo.errors import InvalidRecord, Unreachable


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a treaty's status is published: the address for a program, the one for a person."""

    treaty: str
    depositary: str
    path: str
    by_hand: str
    base_url: str
    media: tuple[str, ...]
    ending: str
    reader: str

    @property
    def file(self) -> str:
        """The name that the file gets in the folder."""
        return f"{self.treaty}.{self.ending}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What became of one treaty: new, unchanged, or not had, with the reason and what to fetch by hand."""

    treaty: str
    file: str
    outcome: str
    told: str = ""


def places() -> Mapping[str, Place]:
    """Every treaty whose depositary has a known address, by id."""
    found = (_place(one) for one in instruments())
    return {one.treaty: one for one in found if one}


def _place(treaty: str) -> Place | None:
    reference = instruments()[treaty].reference
    known = words.table("depositaries.toml")
    if reference.startswith("UNTC "):
        return _at(treaty, "untc", known["untc"], _numbers(reference.removeprefix("UNTC ")))
    number = known["normlex"]["instruments"].get(treaty)
    return _at(treaty, "normlex", known["normlex"], {"instrument": number}) if number else None


def _numbers(reference: str) -> dict[str, Any]:
    """What the path of a treaty's file is made of; a test finds the chapter of every treaty in the table."""
    chapter = reference.partition("-")[0]
    known = words.table("depositaries.toml")["untc"]["chapters"][chapter]
    return {"reference": reference, "chapter": chapter, **known}


def _at(treaty: str, depositary: str, known: Mapping[str, Any], numbers: Mapping[str, Any]) -> Place:
    return Place(
        treaty=treaty,
        depositary=depositary,
        path=known["path"].format(**numbers),
        by_hand=known["by_hand"].format(**numbers),
        base_url=known["base_url"],
        media=tuple(known["media"]),
        ending=known["ending"],
        reader=known["reader"],
    )


def download(
    treaties: Iterable[str], out: Path, *, client: Client, today: date, base_url: str | None = None
) -> Iterator[Fetched]:
    """Fetch each treaty in turn, and tell at once what became of it."""
    known = index.read(out)
    for treaty in treaties:
        place = places().get(treaty)
        if place is None:
            yield Fetched(treaty=treaty, file="", outcome="not had", told=_no_address(treaty))
            continue
        try:
            yield _fetch(place, out, known, client=client, today=today, base_url=base_url or place.base_url)
        except (Unreachable, InvalidRecord) as error:
            yield Fetched(treaty=treaty, file=place.file, outcome="not had", told=_by_hand(place, error))


def _fetch(
    place: Place, out: Path, files: dict[str, Any], *, client: Client, today: date, base_url: str
) -> Fetched:
    """Ask for one treaty's page, by what is known of the copy that is here."""
    before = files.get(place.file, {})
    known = before if _kept(out / place.file, before) else {}
    url = base_url.rstrip("/") + place.path
    answer = client.fetch(
        url, media=place.media, etag=known.get("etag", ""), modified=known.get("last_modified", "")
    )
    entry = {"reader": place.reader, "treaty": place.treaty, "as_of": today, "url": url}
    if answer.content is None:
        files[place.file] = known | entry
    else:
        _put(out / place.file, answer.content, place=place, today=today)
        files[place.file] = entry | {
            "etag": answer.headers.get("etag", ""),
            "last_modified": answer.headers.get("last-modified", ""),
            "sha256": hashlib.sha256(answer.content).hexdigest(),
        }
    index.write(out, files)
    outcome = "unchanged" if answer.content is None else "new"
    return Fetched(treaty=place.treaty, file=place.file, outcome=outcome)


def _kept(path: Path, entry: Mapping[str, Any]) -> bool:
    """Whether the file of the last time is still there, byte for byte."""
    if not path.is_file():
        return False
    return hashlib.sha256(path.read_bytes()).hexdigest() == entry.get("sha256")


def _put(path: Path, content: bytes, *, place: Place, today: date) -> None:
    """Put the file in place once it could be read as what it should be."""
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
    except OSError as error:
        wrong = f"{path.parent}: cannot hold the downloads ({error.strerror})."
        raise Unreachable(f"{wrong} Name another folder with --out.") from error
    try:
        source = Source(id="", name=Text(en="", fr=""), publisher=Text(en="", fr=""), grade=Grade.REGISTER)
        form.FORMS[place.reader].read(part, form.Said(source=source, as_of=today, treaty=place.treaty))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _no_address(treaty: str) -> str:
    return (
        f"{treaty}: no address of its depositary is known. Save its page by hand and name it in sources.toml."
    )


def _by_hand(place: Place, error: Exception) -> str:
    return (
        f"{error} Open {place.by_hand} in a browser, save the page into the folder, and name it in "
        "sources.toml if it is not recognised."
    )
