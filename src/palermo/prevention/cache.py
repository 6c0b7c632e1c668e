"""Answers kept on disk, so that a stratum whose table did not change is not estimated again.

A file is an answer's parcel under the job's key (`Job.key`): digests and results, no counts and no person. It
is written apart and then renamed, so a reader finds a whole file or none, whatever other process writes or is
killed; and it carries its own digest, so that one that was damaged is said and computed anew, never served.
"""

import logging
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile

from palermo.errors import InvalidRecord, Problem
from palermo.prevention import job as jobs
from palermo.prevention import parcel
from palermo.prevention.estimate import Estimate
from palermo.prevention.overlap import Overlap

SUFFIX = ".estimate"
UNFINISHED = ".unfinished"
MOST_BYTES = 1 << 30  # about 180,000 answers with 1,000 replicates each
KEPT = 0.9  # of the most, once there was more
LOOK = 16  # the folder is measured after this part of the most was written
LEFT = 3600.0  # seconds after which an unfinished file is one that its writer left behind

_log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Cache:
    """Answers in a folder, at most about `most` bytes of them: the longest unused go first.

    Several processes may use one folder at once. `spoiled` counts the files that were damaged, `unwritten`
    the answers that the disk did not take.
    """

    folder: Path
    most: int = MOST_BYTES
    spoiled: int = 0
    unwritten: int = 0
    _written: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        if self.most < 1:
            raise InvalidRecord("cache", [_MOST])
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as fault:
            raise InvalidRecord("cache", [_no_folder(self.folder, fault)]) from fault

    def known(self, table: Overlap, *, method: str, **options: object) -> Estimate | None:
        """The answer that is already there for this table, method and options; None where there is none."""
        found = self.find(jobs.job(method, options).key(table))
        return None if found is None else parcel.unpack(found)

    def find(self, key: str) -> bytes | None:
        """The whole parcel kept under a key, or None; a damaged one is taken away and counted."""
        path = self._path(key)
        try:
            found = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        if not parcel.whole(found):
            self.spoiled += 1
            _log.warning("Result %s on disk is damaged: it is computed anew", key)
            path.unlink(missing_ok=True)
            return None
        self._used(path)
        return found

    def keep(self, key: str, found: bytes) -> None:
        """Keep a parcel; where the disk does not take it, count that and go on."""
        try:
            self._write(self._path(key), found)
        except OSError as fault:
            self.unwritten += 1
            _log.warning("Result %s could not be kept: %s", key, fault.strerror)
            return
        self._written += len(found)
        if self._written > self.most // LOOK:
            self._written = 0
            self.shrink()

    def size(self) -> int:
        """How many bytes the answers take."""
        return sum(size for _, size, _ in self._files())

    def shrink(self) -> None:
        """Take away the longest unused until there is some room, if there is more than the most."""
        files = sorted(self._files())
        excess = sum(size for _, size, _ in files) - self.most
        excess += int(self.most * (1 - KEPT)) if excess > 0 else 0
        for _, size, path in files:
            if excess <= 0:
                break
            path.unlink(missing_ok=True)
            excess -= size
        self._sweep(older=LEFT)

    def clear(self) -> int:
        """Take every answer away; how many there were."""
        files = list(self._files())
        for _, _, path in files:
            path.unlink(missing_ok=True)
        self._sweep(older=0.0)
        return len(files)

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}{SUFFIX}"

    def _write(self, path: Path, found: bytes) -> None:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, suffix=UNFINISHED, delete=False) as file:
            unfinished = Path(file.name)
            try:
                file.write(found)
                file.flush()
                unfinished.replace(path)
            except OSError:
                unfinished.unlink(missing_ok=True)
                raise

    def _used(self, path: Path) -> None:
        """Note the use; another process may have taken the file away, or the folder be read-only."""
        try:
            os.utime(path)
        except OSError:
            _log.debug("The use of %s was not noted", path.name)

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        """When each answer was last used, its size and its path; one that goes meanwhile is left out."""
        for path in self.folder.glob(f"??/*{SUFFIX}"):
            try:
                found = path.stat()
            except FileNotFoundError:
                continue
            yield found.st_mtime, found.st_size, path

    def _sweep(self, *, older: float) -> None:
        """Take away what a writer that was killed left unfinished."""
        before = time.time() - older
        for path in self.folder.glob(f"??/*{UNFINISHED}"):
            try:
                if path.stat().st_mtime <= before:
                    path.unlink()
            except FileNotFoundError:
                continue


_MOST = Problem(rule="cache-size", path="most", wrong="It holds nothing.", remedy="Give 1 byte or more.")


def _no_folder(folder: Path, fault: OSError) -> Problem:
    wrong = f"{folder.name} cannot be made: {fault.strerror}."
    return Problem(rule="cache-folder", path="folder", wrong=wrong, remedy="Name a folder you may write in.")
