"""Whether the methods are compiled already: an installation does so once, at their first use, and keeps it.

The compiler itself takes half a second to be read, so it is not asked: its files are looked for where it puts
them, beside the modules or, where that folder cannot be written, in a folder of the user's.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

MODULES = {
    "stepwise": ("stepwise", "draw"),
    "bic": ("sweep", "contest"),
    "bic-average": ("sweep", "contest"),
    "bayes-threshold": ("posterior",),
    "graphs": ("averaging",),
    "latent": ("gibbs",),
    "covariates": ("joint", "draw"),
    "pooled": ("cells", "draw"),
    "release": tuple(f"release/{name}" for name in ("anneal", "candidates", "counts", "fit", "places")),
}
"""What each method compiles, and a release."""

FIRST = "The first run after an installation prepares the methods: once, for about half a minute."


def prepared(methods: Iterable[str], *, home: Path = Path(__file__).parent) -> bool:
    """Is everything that the methods compile there, and no older than its source?"""
    return all(_kept(home / f"{module}.py") for name in methods for module in MODULES[name])


def _kept(source: Path) -> bool:
    files = f"{source.stem}.*.py{sys.version_info.major}{sys.version_info.minor}*.nbi"
    made = [index.stat().st_mtime for folder in _folders(source.parent) for index in folder.glob(files)]
    return max(made, default=0.0) >= source.stat().st_mtime


def _folders(home: Path) -> Iterator[Path]:
    """Where the compiler keeps its files, in the order it tries them."""
    if told := os.environ.get("NUMBA_CACHE_DIR"):
        yield from Path(told).glob(f"{home.name}_*")
        return
    yield home / "__pycache__"
    caches = os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"), Path.home() / "Library" / "Caches"
    for cache in caches:
        yield from (Path(cache) / "numba").glob(f"{home.name}_*")
