"""Made-up releases: a card, counts and rows that fit together, as a real one would have them."""

from collections import Counter
from itertools import combinations
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from palermo.prevention.release import card as cards
from palermo.prevention.release.budget import epsilon
from palermo.prevention.release.figure import Figure

COLUMNS = {
    "country": {f"X{letter}": f"Country X{letter}" for letter in "ABCDEFGHIJKLMNO"},
    "form": {"sexual": "Sexual exploitation", "labour": "Forced labour", "begging": "Forced begging"},
    "sex": {"F": "Female", "M": "Male"},
    "age": {"0-17": "0 to 17", "18-29": "18 to 29", "30+": "30 and over"},
    "means": {"debt": "Debt bondage", "threats": "Threats", "papers": "Papers withheld"},
    "shelter": {"yes": "Yes"},
}
SPLIT = {"means": ";"}
FRENCH = {
    "country": "pays",
    "form": "forme",
    "sex": "sexe",
    "age": "âge",
    "means": "moyens",
    "shelter": "refuge",
}


def a_key():
    """A fresh Ed25519 key as PEM."""
    fresh = Ed25519PrivateKey.generate()
    return fresh.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def rows(people=1500, *, seed=1):
    """Made-up persons, each a cell for every column; some cells are empty."""
    random = Random(seed)
    return [tuple(_cell(name, list(codes), random) for name, codes in COLUMNS.items()) for _ in range(people)]


def _cell(name, codes, random):
    if random.random() < 0.2:
        return ""
    if name in SPLIT:
        return SPLIT[name].join(code for code in codes if random.random() < 0.5)
    return codes[min(int(random.expovariate(3 / len(codes))), len(codes) - 1)]


def facts(row):
    """The facts that a row records."""
    for name, cell in zip(COLUMNS, row, strict=True):
        parts = cell.split(SPLIT[name]) if name in SPLIT else [cell]
        yield from ((name, part) for part in parts if part)


def figures(persons, *, least=5, ways=3, sd=4.0):
    """The counts of rows, with an interval of two sd around each."""
    found = Counter(
        cell for row in persons for way in range(1, ways + 1) for cell in combinations(tuple(facts(row)), way)
    )
    return tuple(_figure(cell, count, sd) for cell, count in sorted(found.items()) if count >= least)


def _figure(cell, count, sd):
    columns, values = zip(*cell, strict=True)
    low, high = max(0, round(count - 2 * sd)), round(count + 2 * sd)
    return Figure(columns=columns, values=values, count=count, sd=sd, low=low, high=high)


def _published(ways, counts):
    return {"ways": ways, "published": sum(one.ways == ways for one in counts), "limit": 5, "not_asked": 0}


def card(persons=None, counts=(), **changed):
    """A card that fits its schema, of these rows and counts; name what differs."""
    return cards.Card(document(persons, counts) | changed)


def document(persons=None, counts=()):
    costs = {"persons": 3_000, "recorded": 1_500, "ones": 90_000, "pairs": 90_000, "triples": 115_500}
    squared = {"persons": 1, "recorded": 1, "ones": 8, "pairs": 15, "triples": 20}
    rho = sum(costs.values())
    return {
        "format": cards.FORMAT,
        "code_version": "0.1.0",
        "released_on": "2026-11-21",
        "title": {"en": "Persons met in XA", "fr": "Personnes rencontrées en XA"},
        "population": {
            "en": "Made-up persons met by the agencies of XA, 2020 to 2026.",
            "fr": "Personnes fictives rencontrées par les services de XA, 2020 à 2026.",
        },
        "purpose": {"en": "An example.", "fr": "Un exemple."},
        "publisher": "National rapporteur of XA",
        "approvers": ["Data protection officer of XA", "National rapporteur of XA"],
        "licence": "CC-BY-4.0",
        "unit": "person",
        "neighbours": "one person added or removed",
        "epsilon": epsilon(rho, 1e-5),
        "delta": 1e-5,
        "rho": rho / 1e6,
        "rho_micro": rho,
        "cap": 6,
        "caps": [8, 6, 6],
        "ways": 3,
        "seed_public": 1,
        "mechanism": {
            "noise": "discrete Gaussian over integers",
            "library": "opendp 0.16.0",
            "accounting": "zero-concentrated differential privacy, added exactly in micro-rho",
            "conversion": "Canonne, Kamath and Steinke 2022, rounded up",
            "fit": "annealed search of rows nearest to the noisy counts",
            "fits": 4,
            "moves": 300,
            "errors": "parametric bootstrap of the noise",
        },
        "queries": [
            {
                "query": name,
                "squared_sensitivity": squared[name],
                "sigma": (squared[name] * 1e6 / (2 * cost)) ** 0.5 * 1.000001,
                "rho_micro": cost,
            }
            for name, cost in costs.items()
        ],
        "persons": {"about": len(persons or ()), "sd": 13.0, "low": 0, "high": 2000, "exact": False},
        "rows": None if persons is None else len(persons),
        "counts": [_published(ways, counts) for ways in (1, 2, 3)],
        "errors": [
            {"ways": 1, "from": 0, "to": 99, "cells": 4, "error": 5.1, "sd": 6.4},
            {"ways": 1, "from": 100, "to": None, "cells": 20, "error": 5.2, "sd": 6.5},
        ],
        "columns": [
            {
                "name": name,
                "label": {"en": name.capitalize(), "fr": FRENCH[name].capitalize()},
                "codes": [{"code": code, "label": {"en": text, "fr": text}} for code, text in codes.items()],
                "blank": ["", "NULL"],
                "split": SPLIT.get(name, ""),
                "spellings": {},
            }
            for name, codes in COLUMNS.items()
        ],
        "tables": {},
    }
