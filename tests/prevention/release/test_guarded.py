"""A secret shows nothing, and only counting and noise may open it."""

import ast
import copy
import os
import pickle
import subprocess
import sys
from importlib.resources import files

import numpy as np
import pytest

from palermo.prevention.release.guarded import Secret

HOME = files("palermo.prevention.release")
OPENERS = {"anonymous.py", "compare.py", "counts.py", "noise.py", "risk.py"}
WAYS_IN = {
    "length": len,
    "iteration": list,
    "truth": bool,
    "item": lambda secret: secret[0],
    "containment": lambda secret: 7 in secret,
    "equality": lambda secret: secret == Secret(7),
    "order": lambda secret: secret < Secret(8),
    "integer": int,
    "float": float,
    "array": np.asarray,
    "sum": lambda secret: secret + 1,
    "hash": hash,
    "copy": copy.copy,
    "deep copy": copy.deepcopy,
    "pickle": pickle.dumps,
}


@pytest.mark.parametrize("way", WAYS_IN.values(), ids=WAYS_IN)
def test_a_secret_gives_nothing_away(way):
    with pytest.raises(TypeError):
        way(Secret(7))


@pytest.mark.parametrize("text", [str, repr, "{}".format, "{:>9}".format])
def test_a_secret_has_the_same_text_whatever_it_holds(text):
    assert text(Secret(7)) == text(Secret([1, 2])) == "Secret()"


def test_only_counting_and_noise_open_secrets():
    openers = {
        file.name
        for file in HOME.iterdir()
        if file.name.endswith(".py") and "opening" in _imported(file.read_text(encoding="utf-8"))
    }

    assert openers == OPENERS


def test_nobody_reaches_into_a_secret():
    reaching = {
        file.name
        for file in HOME.iterdir()
        if file.name.endswith(".py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "_kept"
    }

    assert reaching == {"guarded.py", "opening.py"}


def test_a_fit_given_a_secret_is_an_error_of_types(tmp_path):
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        "from palermo.prevention.release import fit\n"
        "from palermo.prevention.release.guarded import Secret\n"
        "from palermo.prevention.release.persons import Persons\n"
        "def leak(persons: Secret[Persons]) -> None:\n"
        "    fit.fitted(persons, seed=1)\n",
        encoding="utf-8",
    )

    found = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--follow-imports=silent", str(wrong)],
        capture_output=True,
        text=True,
        env=_environment(tmp_path),
        check=False,
    )

    assert 'incompatible type "Secret[Persons]"; expected "Measured"' in found.stdout


def _environment(folder):
    return {**os.environ, "MYPYPATH": str(HOME.parent.parent.parent), "MYPY_CACHE_DIR": str(folder)}


@pytest.mark.parametrize("name", ["noise", "plan", "counts", "measure", "candidates", "budget"])
def test_no_chance_of_numpy_or_python_comes_near_a_secret(name):
    tree = ast.parse((HOME / f"{name}.py").read_text(encoding="utf-8"))

    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}

    assert not {"random", "default_rng", "RandomState", "seed"} & attributes
    assert not {"random", "secrets", "numpy.random"} & _imported((HOME / f"{name}.py").read_text())


def _imported(source):
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        if isinstance(node, ast.ImportFrom):
            found |= {
                str(node.module),
                str(node.module).rsplit(".", 1)[-1],
                *(one.name for one in node.names),
            }
    return found
