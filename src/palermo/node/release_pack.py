"""The pack of a release: made of persons by the engine, kept whole in the node's home or not at all."""

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from django.conf import settings

from palermo.node import progress
from palermo.node.keyfile import current
from palermo.node.models import Agency, Release, ReleaseState
from palermo.node.release_question import ReleaseQuestion
from palermo.prevention.release import signature
from palermo.prevention.release.guarded import Secret
from palermo.prevention.release.persons import Persons
from palermo.standards import identifier
from palermo.standards.field import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """The files of a pack without its manifest, and the most fields of a person that were counted."""

    files: Mapping[str, bytes]
    cap: int


def built(one: Release, asked: ReleaseQuestion, persons: Secret[Persons]) -> Built:
    """Ask of persons what was paid for, and make all files of the pack of the answer."""
    # The engine is loaded by the worker that makes a release, not by every process that answers pages.
    from palermo.prevention.release import described, made

    moved = progress.telling(Release.objects.filter(pk=one.pk, state=ReleaseState.RUNNING))
    found = made.make(
        persons, asked.plan, seed=asked.seed, rows=asked.rows, told=lambda part, stage: moved(part)
    )
    telling = described.Telling(
        on=(one.begun_at or one.drafted_at).astimezone(UTC).date(),
        **{name: Text(**one.texts[name]) for name in ("title", "population", "purpose")},
        publisher=one.agency.name,
        approvers=tuple(map(_office, one.approvers)),
        licence=one.licence,
    )
    return Built(files=described.files(found, asked.schema, telling, signed=True), cap=found.cap)


def _office(name: str) -> str:
    """Who approved, as the public may know: an agency and never a name."""
    agency = Agency.objects.filter(members__name=name).first()
    return f"Analyst, {agency.name}" if agency else "Analyst"


def place(one: Release) -> Path:
    """The folder of its pack."""
    return packs() / one.id


def packs() -> Path:
    """The folder of all packs."""
    return Path(settings.NODE.home) / "packs"


def file(one: Release, name: str) -> Path | None:
    """A file of its pack by name; None where the pack has none of that name."""
    found = place(one) / name
    return found if found.parent == place(one) and found.is_file() else None


def keep(one: Release, made: Built) -> str:
    """Sign the pack with the node's key and put it on the disk; the SHA-256 of its manifest."""
    from palermo.prevention.release import pack

    drop(one)
    pack.write(made.files, place(one), key=signature.from_bytes(current().signing))
    return hashlib.sha256((place(one) / signature.NAME).read_bytes()).hexdigest()


def drop(one: Release) -> None:
    """Delete what a release that was not done left behind."""
    if identifier.verify(one.id):
        for left in [place(one), *packs().glob(f".{one.id}.*")]:
            shutil.rmtree(left, ignore_errors=True)
