"""The files of a pack as answers: each by its name, or all of them as one archive."""

import re
import zipfile
from io import BytesIO
from pathlib import Path

from django.http import FileResponse
from django.utils.translation import gettext as _

from palermo.errors import Unknown
from palermo.node import release_pack
from palermo.node.models import Release
from palermo.node.table import Link
from palermo.prevention.release import card as cards
from palermo.prevention.release import codebook, dashboard, figure, pack
from palermo.prevention.release.card import Card
from palermo.prevention.release.figure import Figure

ARCHIVE = "pack.zip"
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The day of every file of an archive, so that the same pack gives the same bytes."""

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".txt": "text/plain; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
}
SEEN = {".html", ".txt"}
"""What a browser shows; everything else it keeps as a file."""

_POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]+)"')


def answer(one: Release, name: str) -> FileResponse:
    """The file of this name, or the archive; Unknown where the pack has none."""
    if name == ARCHIVE:
        return FileResponse(archive(one), as_attachment=True, filename=f"release-{one.pk}.zip")
    found = release_pack.file(one, name)
    if found is None:
        raise Unknown("No file by that name in this release. Choose one from its page.")
    kind = TYPES.get(found.suffix, "application/octet-stream")
    shown = found.suffix in SEEN
    response = FileResponse(found.open("rb"), as_attachment=not shown, filename=found.name, content_type=kind)
    if found.suffix == ".html":
        response.headers["Content-Security-Policy"] = policy(found.read_text("utf-8"))
    return response


def policy(page: str) -> str:
    """The policy that a page names for itself, nothing wider: its own style and no script."""
    named = _POLICY.search(page)
    return f"{named[1]}; frame-ancestors 'none'" if named else "default-src 'none'"


def archive(one: Release) -> BytesIO:
    """Every file of the pack, the same bytes each time."""
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as out:
        for path in sorted(place(one).iterdir()):
            out.writestr(zipfile.ZipInfo(f"release-{one.pk}/{path.name}", LONG_AGO), path.read_bytes())
    whole.seek(0)
    return whole


def place(one: Release) -> Path:
    """The folder of the pack; Unknown where there is none."""
    found = release_pack.place(one)
    if not found.is_dir():
        raise Unknown(f"release {one.pk}: it has no pack here. Restore the node's folder of packs.")
    return found


def card(one: Release) -> Card:
    """The privacy card of the pack."""
    return cards.read((place(one) / cards.NAME).read_text("utf-8"))


def counts(one: Release) -> tuple[Figure, ...]:
    """The published counts of the pack."""
    return figure.read((place(one) / pack.COUNTS).read_text("utf-8"))


def links(one: Release, *, language: str, address: str) -> list[Link]:
    """What a reader can open of the pack; `address` has `{name}` where the file's name goes."""
    book = codebook.name(language if language in codebook.LANGUAGES else "en")
    named = (
        (ARCHIVE, _("Everything as one file (zip)")),
        (dashboard.name(language), _("Dashboard: figures with intervals, to filter")),
        (book, _("Codebook: what columns and codes mean")),
        (pack.COUNTS, _("Counts with their intervals (CSV)")),
        (pack.ROWS, _("Rows of nobody (CSV)")),
        (cards.NAME, _("Privacy card (JSON)")),
    )
    return [
        Link(text, address.format(name=name))
        for name, text in named
        if name == ARCHIVE or release_pack.file(one, name)
    ]
