"""A release as a pack tells it: its card, its figures by name, its rows as cells of the input's columns.

Only what the release lets out goes in, and what people say of it: never a table of persons or a hash of one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from math import ceil, floor
from typing import Any

import numpy as np

from palermo.prevention.release import budget, pack
from palermo.prevention.release import card as cards
from palermo.prevention.release.card import Card
from palermo.prevention.release.figure import Figure
from palermo.prevention.release.made import Release
from palermo.prevention.release.pack import Cells
from palermo.prevention.release.schema import Column, Schema
from palermo.prevention.release.spread import Bucket
from palermo.standards.field import Text

Texts = Mapping[str, str]

_WIDE = 1.96
_ASKED = 0.001
"""How much less than the epsilon asked may have been charged to tell the one asked: it is round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What people say of a release: texts by language, offices and not names, the day of the release."""

    title: Texts
    population: Texts
    purpose: Texts
    publisher: str
    approvers: tuple[str, ...]
    licence: str
    released_on: date


def files(release: Release, schema: Schema, words: Words, *, signed: bool) -> dict[str, bytes]:
    """Every file of the pack of a release but its manifest."""
    told = card(release, schema, words)
    return pack.files(told, figures(release, schema), cells(release, schema), signed=signed)


def card(release: Release, schema: Schema, words: Words) -> Card:
    """The card of a release; the hashes of its tables are added where they are written."""
    columns = [_column(one) for one in schema.columns]
    return Card(_said(words) | _given(release) | _made(release) | {"columns": columns, "tables": {}})


def _said(words: Words) -> dict[str, Any]:
    texts = {name: dict(getattr(words, name)) for name in ("title", "population", "purpose")}
    return texts | {
        "format": cards.FORMAT,
        "released_on": words.released_on.isoformat(),
        "publisher": words.publisher,
        "approvers": list(words.approvers),
        "licence": words.licence,
    }


def _given(release: Release) -> dict[str, Any]:
    """What it gave away."""
    return {
        "unit": release.unit,
        "neighbours": "one person added or removed",
        "epsilon": _epsilon(release),
        "delta": release.delta,
        "rho": release.rho_micro / budget.MICRO,
        "rho_micro": release.rho_micro,
        "queries": list(_queries(release)),
    }


def _made(release: Release) -> dict[str, Any]:
    """How it was made, and how wrong it is."""
    return {
        "code_version": release.version,
        "cap": release.cap,
        "caps": list(release.caps),
        "ways": len(release.caps),
        "seed_public": release.seed_public,
        "mechanism": _mechanism(release),
        "persons": _persons(release),
        "rows": None if release.rows is None else len(release.rows),
        "counts": list(_counts(release)),
        "errors": [_error(one) for one in release.errors],
    }


def _mechanism(release: Release) -> dict[str, Any]:
    return {
        "noise": "discrete Gaussian over integers",
        "library": f"opendp {version('opendp')}",
        "accounting": "zero-concentrated differential privacy, added exactly in micro-rho",
        "conversion": "Canonne, Kamath and Steinke 2022, rounded up",
        "fit": "annealed search of rows nearest to the noisy counts",
        "fits": release.effort.fits,
        "moves": release.effort.moves,
        "errors": "parametric bootstrap of the noise",
    }


def figures(release: Release, schema: Schema) -> tuple[Figure, ...]:
    """The published counts by the names of columns and codes."""
    return tuple(
        Figure(
            columns=tuple(schema.fields[field].column for field in one.columns),
            values=tuple(
                schema.fields[field].codes[value - 1]
                for field, value in zip(one.columns, one.values, strict=True)
            ),
            count=one.count,
            sd=one.sd,
            low=one.low,
            high=one.high,
        )
        for one in release.counts
    )


def cells(release: Release, schema: Schema) -> Cells | None:
    """The rows as cells, a list for each column of the input; None where no rows are released."""
    if release.rows is None:
        return None
    ends = np.cumsum([len(column.fields) for column in schema.columns]).tolist()
    parts = np.split(release.rows, ends[:-1], axis=1)
    return [_cells(column, part) for column, part in zip(schema.columns, parts, strict=True)]


def _cells(column: Column, part: np.ndarray[Any, np.dtype[np.int16]]) -> list[str]:
    """The texts of one column, each different one made once."""
    known, which = np.unique(part, axis=0, return_inverse=True)
    texts = np.array([column.cell(values) for values in known.tolist()], dtype=object)
    return list(texts[which.reshape(-1)])


def _epsilon(release: Release) -> float:
    """The epsilon asked, where all of it was charged."""
    charged, asked = release.epsilon, release.plan.epsilon
    return asked if charged <= asked <= charged + _ASKED else charged


def _queries(release: Release) -> Iterator[dict[str, Any]]:
    for one in release.queries:
        yield {
            "query": one.name,
            "squared_sensitivity": one.squared,
            "sigma": one.sigma,
            "rho_micro": one.rho,
        }


def _persons(release: Release) -> dict[str, Any]:
    reach = _WIDE * release.deviation
    return {
        "about": release.people,
        "sd": round(release.deviation, 2),
        "low": max(0, floor(release.people - reach)),
        "high": ceil(release.people + reach),
        "exact": False,
    }


def _counts(release: Release) -> Iterator[dict[str, int]]:
    ways = [len(one.columns) for one in release.counts]
    for way, (limit, beyond) in enumerate(zip(release.limits, release.left_out, strict=True), start=1):
        yield {"ways": way, "published": ways.count(way), "limit": limit, "not_asked": beyond}


def _error(one: Bucket) -> dict[str, Any]:
    return {
        "ways": one.ways,
        "from": one.start,
        "to": None if one.end is None else one.end - 1,
        "cells": one.cells,
        "error": round(one.error, 2),
        "sd": round(one.sd, 2),
    }


def _column(one: Column) -> dict[str, Any]:
    return {
        "name": one.name,
        "label": _texts(one.label),
        "codes": [{"code": code, "label": _meaning(one, code)} for code in one.codes],
        "blank": list(one.blank),
        "split": one.split,
        "spellings": dict(one.listed.spellings),
    }


def _meaning(one: Column, code: str) -> Mapping[str, str]:
    return _texts(one.listed.labels.get(code, Text(en=code, fr=code)))


def _texts(text: Text) -> dict[str, str]:
    return {"en": text.en, "fr": text.fr} | ({"ar": text.ar} if text.ar else {})
