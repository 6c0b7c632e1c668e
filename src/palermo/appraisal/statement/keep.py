"""Vectors kept on disk: the phrases of the provisions are embedded once on a machine and not at each run.

They stand in the cache folder of whoever runs palermo; a folder that cannot be written is done without.
"""

import contextlib
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from palermo.appraisal.statement.embedding import Embed


def vectors(
    texts: Sequence[str], embed: Embed, *, model: str, folder: Path | None = None
) -> NDArray[np.float32]:
    """A row for each text, from the folder where the same model embedded the same texts before."""
    name = hashlib.sha256("\x1f".join([model, *texts]).encode()).hexdigest()[:24]
    path = (folder or cache_folder()) / f"phrases-{name}.npy"
    if (kept := _read(path, len(texts))) is not None:
        return kept
    made = np.array([embed(text) for text in texts], dtype=np.float32)
    with contextlib.suppress(OSError):
        _write(path, made)
    return made


def cache_folder() -> Path:
    """Where this person's caches stand."""
    given = os.environ.get("XDG_CACHE_HOME")
    return (Path(given) if given else Path.home() / ".cache") / "palermo"


def _read(path: Path, rows: int) -> NDArray[np.float32] | None:
    """What was kept; None where there is nothing, or not what there should be."""
    try:
        kept: NDArray[np.float32] = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return kept if kept.ndim == 2 and len(kept) == rows and kept.dtype == np.float32 else None


def _write(path: Path, made: NDArray[np.float32]) -> None:
    """Whole or not at all: under another name first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.stem}.{os.getpid()}.part.npy")
    np.save(part, made, allow_pickle=False)
    part.replace(path)
