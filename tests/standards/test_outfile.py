"""What we write is whole or not there, and a device is never put aside for a file."""

import os
from pathlib import Path

import pytest

from palermo.errors import Unreachable
from palermo.standards.outfile import Outfile, whole
from palermo.standards.quarantine import Quarantine


def test_a_file_appears_only_when_it_is_whole(tmp_path):
    path = tmp_path / "out"
    path.write_text("before")

    with pytest.raises(TypeError), whole(path) as file:
        file.writelines([b"half", "and then no bytes"])

    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    with whole(path) as file:
        file.write(b"all")

    assert os.read(reader, 10) == b"all"
    assert path.is_fifo()
    os.close(reader)


def test_a_quarantine_that_held_nothing_takes_no_pipe_away(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    with Quarantine(path):
        pass

    assert path.is_fifo()
    os.close(reader)


@pytest.mark.parametrize("place", ["nowhere/out", "."], ids=["no folder", "a folder"])
def test_where_nothing_can_be_written_is_said(tmp_path, place):
    with pytest.raises(Unreachable, match="Give a path"):
        Outfile(tmp_path / place)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_full_disk_is_said(tmp_path):
    link = tmp_path / "full"
    link.symlink_to("/dev/full")

    with pytest.raises(Unreachable, match="room"), whole(link) as file:
        file.write(b"x" * 100_000)

    assert link.is_symlink()
