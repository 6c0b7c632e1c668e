"""Files that we write: whole under their name or not there at all; a device or a pipe is written as it is."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from palermo.errors import Unreachable

FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Outfile:
    """A file being written; `keep` gives it its name, `drop` leaves what stood there before."""

    def __init__(self, path: Path) -> None:
        """Unreachable where nothing can be written."""
        self.path = path
        self.special = path.exists() and not path.is_file()
        """Whether this is no file that could be put in another's place, such as /dev/stdout."""
        try:
            self.stream, self._draft = (path.open("wb"), path) if self.special else _draft(path)
        except OSError as error:
            raise _unreachable(path, error) from error

    def keep(self) -> None:
        """The whole file, on the disk and under its name."""
        self.stream.flush()
        if not self.special:
            os.fsync(self.stream.fileno())
        self.stream.close()
        if not self.special:
            self._draft.replace(self.path)

    def drop(self) -> None:
        """Nothing of it stays; what a device or a pipe was given cannot be taken back."""
        try:
            self.stream.close()
        finally:
            if not self.special:
                self._draft.unlink()


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """A stream to write to; the file is there when all was written, and else as it was before.

    Unreachable where nothing can be written, or the disk is full.
    """
    out = Outfile(path)
    try:
        yield out.stream
        out.keep()
    except BaseException as error:
        _let_go(out)
        if isinstance(error, OSError) and error.errno in FULL:
            raise _unreachable(path, error) from error
        raise


def _let_go(out: Outfile) -> None:
    try:
        out.drop()
    except OSError as error:
        if error.errno not in FULL:
            raise


def _draft(path: Path) -> tuple[BinaryIO, Path]:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    return os.fdopen(handle, "wb"), Path(name)


def _unreachable(path: Path, error: OSError) -> Unreachable:
    reason = error.strerror or "cannot be written"
    return Unreachable(f"{path}: {reason}. Give a path in a folder that you may write to and that has room.")
