"""Whether the methods are compiled: asked of folders made up here, and of the methods there are."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from palermo.prevention import compiled, methods

VERSION = f"{sys.version_info.major}{sys.version_info.minor}"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A package of two modules, and no cache of the user's."""
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "none"))
    package = tmp_path / "prevention"
    package.mkdir()
    for name in compiled.MODULES["stepwise"]:
        (package / f"{name}.py").write_text("")
        os.utime(package / f"{name}.py", (1000, 1000))
    return package


def keep(folder, *, at=2000, version=VERSION, modules=("stepwise", "draw")):
    folder.mkdir(parents=True)
    for name in modules:
        (folder / f"{name}.some-1.py{version}.nbi").write_text("")
        os.utime(folder / f"{name}.some-1.py{version}.nbi", (at, at))


def test_nothing_is_prepared_after_an_installation(home):
    assert not compiled.prepared(["stepwise"], home=home)


@pytest.mark.parametrize(
    "kept, expected",
    [
        ({}, True),
        ({"at": 900}, False),
        ({"version": "27"}, False),
        ({"modules": ("draw",)}, False),
    ],
    ids=["kept", "older than its source", "of another Python", "in part"],
)
def test_what_is_kept_beside_the_modules_counts_if_it_is_whole_and_new(home, kept, expected):
    keep(home / "__pycache__", **kept)

    assert compiled.prepared(["stepwise"], home=home) is expected


def test_what_is_kept_in_the_users_folder_counts(home, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "mine"))
    keep(tmp_path / "mine" / "numba" / "prevention_abc")

    assert compiled.prepared(["stepwise"], home=home)


def test_a_folder_that_the_compiler_was_told_is_the_only_one(home, tmp_path, monkeypatch):
    keep(home / "__pycache__")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "told"))
    before = compiled.prepared(["stepwise"], home=home)
    keep(tmp_path / "told" / "prevention_abc")

    assert (before, compiled.prepared(["stepwise"], home=home)) == (False, True)


def test_every_method_says_what_it_compiles():
    assert compiled.MODULES.keys() == {*methods.METHODS, *methods.JOINT, "release"}


def test_a_release_says_all_that_it_compiles():
    folder = Path(compiled.__file__).with_name("release")

    found = {f"release/{one.stem}" for one in folder.glob("*.py") if "@njit(" in one.read_text("utf-8")}

    assert set(compiled.MODULES["release"]) == found


@pytest.mark.parametrize("module", sorted({name for names in compiled.MODULES.values() for name in names}))
def test_what_a_method_compiles_is_compiled_and_kept(module):
    source = (Path(compiled.__file__).parent / f"{module}.py").read_text(encoding="utf-8")

    assert "@njit(cache=True" in source


def test_what_a_method_has_just_compiled_is_found(tmp_path):
    """Asked of a fresh process with an empty cache: the compiler's own names are those we look for."""
    program = (
        "import numpy as np\n"
        "from palermo.prevention import compiled, joint\n"
        "before = compiled._kept(compiled.Path(joint.__file__))\n"
        "joint.forward(np.eye(2), 2, np.ones(2))\n"
        "print(before, compiled._kept(compiled.Path(joint.__file__)))\n"
    )
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}

    said = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)

    assert said.stdout.split() == ["False", "True"], said.stderr
