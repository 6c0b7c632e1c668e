"""One holds the lock, the others wait, and nobody waits for a process that died."""

import threading

import pytest

from palermo.errors import Unreachable
from palermo.standards import lockfile


def test_the_second_waits_until_the_first_lets_go(tmp_path):
    told = []

    def second():
        with lockfile.held(tmp_path / "folder" / "a.lock"):
            told.append("second")

    with lockfile.held(tmp_path / "folder" / "a.lock"):
        waiting = threading.Thread(target=second)
        waiting.start()
        waiting.join(timeout=0.3)
        told.append("first")
    waiting.join()

    assert told == ["first", "second"]


def test_an_error_inside_lets_go_too(tmp_path):
    with pytest.raises(ZeroDivisionError), lockfile.held(tmp_path / "a.lock"):
        raise ZeroDivisionError

    with lockfile.held(tmp_path / "a.lock"):
        assert (tmp_path / "a.lock").exists()


def test_a_place_where_no_file_can_be_is_unreachable(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(Unreachable, match="PALERMO_HOME"), lockfile.held(tmp_path / "file" / "a.lock"):
        pass
