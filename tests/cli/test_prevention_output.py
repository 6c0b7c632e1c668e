"""What the commands of estimation write, and the places where they cannot."""

from pathlib import Path

import pytest
import typer

from palermo.cli import prevention_output as output


def test_a_file_is_written_whole_and_keeps_its_mode(tmp_path):
    place = tmp_path / "out.json"
    place.write_text("old", encoding="utf-8")
    place.chmod(0o600)

    output.put("new", place)

    assert place.read_text(encoding="utf-8") == "new"
    assert place.stat().st_mode & 0o777 == 0o600
    assert [*tmp_path.iterdir()] == [place]


def test_a_link_stays_a_link(tmp_path):
    place, link = tmp_path / "out.json", tmp_path / "link"
    link.symlink_to(place)

    output.put("new", link)

    assert link.is_symlink()
    assert place.read_text(encoding="utf-8") == "new"


def test_what_the_disk_does_not_take_leaves_the_old_file_whole(tmp_path, monkeypatch):
    place = tmp_path / "out.json"
    place.write_text("old", encoding="utf-8")

    def full(path, text, **_):
        path.write_bytes(text.encode()[:3])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)

    with pytest.raises(typer.BadParameter, match=r"No space left on device\. Make room"):
        output.put("something new", place)
    assert place.read_bytes() == b"old"
    assert [*tmp_path.iterdir()] == [place]


def test_a_full_device_is_said():
    with pytest.raises(typer.BadParameter, match="No space left on device"):
        output.put("text", Path("/dev/full"))


@pytest.mark.parametrize("name, said", [("", "It is a folder."), ("absent/out.json", "There is no folder")])
def test_a_place_that_cannot_be_written_is_refused_before_anything_is_computed(tmp_path, name, said):
    with pytest.raises(typer.BadParameter, match=said):
        output.insist(json=tmp_path / name, html=None)


def test_a_folder_that_may_not_be_written_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(output.os, "access", lambda *_: False)

    with pytest.raises(typer.BadParameter, match=r"You may not write there\."):
        output.insist(json=tmp_path / "out.json")


def test_standard_output_takes_one_thing():
    with pytest.raises(typer.BadParameter, match=r"--json and --csv: standard output takes one\."):
        output.insist(json=Path("-"), csv=Path("-"), svg=Path("drawn.svg"))


def test_a_device_may_be_written_where_its_folder_may_not(monkeypatch):
    monkeypatch.setattr(output.os, "access", lambda *_: False)

    output.insist(json=Path("/dev/null"))
