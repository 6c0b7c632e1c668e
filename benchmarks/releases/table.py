"""Tables as whole numbers, 0 where nothing is recorded, and as the CSV files that every tool is given."""

import csv
import gzip
from pathlib import Path

import numpy as np

SHARED = {
    "kanon": ("ctdc_kanon_2020_recoded10.csv.gz", {""}),
    "na": ("ctdc_synthetic_2025_north_america19.csv.gz", {"", "0"}),
}
"""The shared tables: the file, and the texts that mean not recorded."""


def shared(name, folder):
    """A shared table: its codes, and how many codes each column has."""
    file, blank = SHARED[name]
    return coded(folder / file, blank)


def coded(path, blank):
    """The codes of a CSV file, whose lists are the values found there, sorted."""
    opened = gzip.open if path.suffix == ".gz" else Path.open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    columns = [_numbers(cells, blank) for cells in zip(*rows, strict=True)]
    codes = np.array([one for one, _ in columns], dtype=np.int16).T.copy()
    return codes, tuple(size for _, size in columns)


def _numbers(cells, blank):
    number = {text: place for place, text in enumerate(sorted(set(cells) - blank), start=1)}
    return [number.get(cell, 0) for cell in cells], len(number)


def write(path, codes):
    """The table as every tool reads it: columns c0, c1 and so on, whole numbers from 1, or nothing."""
    text = [",".join(f"c{place}" for place in range(codes.shape[1]))]
    text += [",".join(str(code) if code else "" for code in row) for row in codes.tolist()]
    path.write_text("\n".join(text) + "\n", encoding="utf-8")


def read(path):
    """A table as `write` wrote it."""
    with path.open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    return np.array([[int(cell or 0) for cell in row] for row in rows], dtype=np.int16)
