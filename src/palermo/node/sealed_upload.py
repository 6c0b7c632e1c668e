"""An uploaded file waiting to be imported: sealed in pieces on disk, never in clear, deleted when it is read.

A file is a wrapped data key and then pieces of PIECE bytes, each sealed and bound to its number, to whether
it is the last, to the upload and to the agency: pieces cannot be swapped, cut off or moved to another file.
"""

import io
import os
import secrets
import struct
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from palermo.errors import Unknown
from palermo.node import sealing
from palermo.node.keyfile import current
from palermo.standards.source import Limits

PIECE = 1 << 20
LIMITS = Limits(expanded=1 << 30)
"""What an uploaded file may ask: one that grows further on expanding would hold up everyone's pages."""
_LENGTH = struct.Struct(">I")


def keep(chunks: Iterable[bytes], *, agency: str) -> str:
    """Seal the bytes of a file with a key of `agency`; its name on disk is random and says nothing."""
    upload = secrets.token_hex(16)
    key = sealing.DataKey.new()
    wrapped = sealing.wrap(key, keyring=current(), binding=_binding(upload, agency, "key"))
    path = _path(upload)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(".part")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(_LENGTH.pack(len(wrapped)) + wrapped)
        for number, piece, last in _pieces(chunks):
            sealed = sealing.seal(piece, key=key, binding=_binding(upload, agency, _piece(number, last)))
            file.write(_LENGTH.pack(len(sealed)) + sealed)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return upload


def opened(upload: str, *, agency: str, name: str = "upload") -> io.BufferedReader:
    """The file as a stream that can be searched; Unknown when it is not here any more."""
    path = _path(upload)
    try:
        return io.BufferedReader(SealedFile(path, upload=upload, agency=agency, name=name), PIECE)
    except FileNotFoundError:
        raise Unknown("The uploaded file is not here any more. Upload it again.") from None


def delete(upload: str) -> None:
    """Remove the file; without its wrapped key, which stood in it, nothing of it can be read again."""
    if upload:
        _path(upload).unlink(missing_ok=True)


def forgotten(*, known: Iterable[str], before: datetime) -> tuple[str, ...]:
    """The uploads on disk that no run knows of and that are older than `before`, a part-written one too."""
    kept = set(known)
    folder = _folder()
    found = folder.iterdir() if folder.is_dir() else ()
    return tuple(
        path.stem
        for path in sorted(found)
        if path.stem not in kept and path.stat().st_mtime < before.timestamp()
    )


class SealedFile(io.RawIOBase):
    """Reads a sealed upload from any place of it, one piece in memory at a time."""

    def __init__(self, path: Path, *, upload: str, agency: str, name: str) -> None:
        super().__init__()
        self.name = name
        self._upload, self._agency = upload, agency
        self._file = path.open("rb")
        wrapped = self._file.read(_LENGTH.unpack(self._file.read(_LENGTH.size))[0])
        self._key = sealing.unwrap(wrapped, keyring=current(), binding=_binding(upload, agency, "key"))
        self._places = tuple(_places(self._file))
        self._at, self._held, self._piece = 0, -1, b""
        self.size = (len(self._places) - 1) * PIECE + len(self._opened(len(self._places) - 1))

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        if self._at >= self.size:
            return 0
        number, within = divmod(self._at, PIECE)
        found = self._opened(number)[within : within + len(buffer)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)

    def close(self) -> None:
        """Closes the file on disk too; one that could not be opened has none."""
        if "_file" in vars(self):
            self._file.close()
        super().close()

    def _opened(self, number: int) -> bytes:
        if number != self._held:
            start, length = self._places[number]
            self._file.seek(start)
            binding = _binding(self._upload, self._agency, _piece(number, number == len(self._places) - 1))
            self._piece = sealing.unseal(self._file.read(length), key=self._key, binding=binding)
            self._held = number
        return self._piece


def _pieces(chunks: Iterable[bytes]) -> Iterator[tuple[int, bytes, bool]]:
    """Pieces of PIECE bytes with their number, and whether each is the last; an empty file has one."""
    held, number = bytearray(), 0
    for chunk in chunks:
        held += chunk
        while len(held) > PIECE:
            yield number, bytes(held[:PIECE]), False
            del held[:PIECE]
            number += 1
    yield number, bytes(held), True


def _places(file: io.BufferedReader) -> Iterator[tuple[int, int]]:
    """Where each sealed piece starts and how long it is."""
    while head := file.read(_LENGTH.size):
        (length,) = _LENGTH.unpack(head)
        yield file.tell(), length
        file.seek(length, io.SEEK_CUR)


def _piece(number: int, last: bool) -> str:
    return f"{number}{'.' if last else '+'}"


def _binding(upload: str, agency: str, part: str) -> sealing.Binding:
    return sealing.Binding(model="upload", field=part, case=upload, tier="T4", agency=agency, schema="1.0")


def _path(upload: str) -> Path:
    return _folder() / f"{upload}.sealed"


def _folder() -> Path:
    return Path(settings.NODE.home) / "uploads"
