"""What catalogues read of a pack: DCAT 3 for the whole, CSV on the Web for each table."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from palermo.prevention.release import codebook, dashboard
from palermo.prevention.release.card import Card, Column
from palermo.prevention.release.figure import HEADER, SEPARATOR
from palermo.prevention.release.wording import LANGUAGES, told

_TYPES = {
    "count": "nonNegativeInteger",
    "sd": "double",
    "low": "nonNegativeInteger",
    "high": "nonNegativeInteger",
}
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "prov": "http://www.w3.org/ns/prov#",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_MEDIA = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "html": "text/html",
    "json": "application/json",
}


def catalogue(card: Card, tables: Mapping[str, str]) -> str:
    """The data set and its files as DCAT in JSON-LD; `tables` are SHA-256 by file."""
    others = ["card.json", *(dashboard.name(one) for one in LANGUAGES)]
    others += [codebook.name(one) for one in codebook.LANGUAGES]
    document = {
        "@context": _CONTEXT,
        "@type": "dcat:Dataset",
        "dct:title": _texts(card["title"]) or _all("dashboard"),
        "dct:description": _texts(card["population"]) + _texts(card["purpose"]),
        "dct:issued": {"@type": "xsd:date", "@value": card["released_on"]},
        "dcat:version": card["code_version"],
        "dct:language": list(codebook.LANGUAGES),
        **_given("dct:publisher", card["publisher"]),
        **({"dct:license": card["licence"]} if card["licence"] else {}),
        "dcat:distribution": [_distribution(name, tables.get(name)) for name in [*tables, *others]],
    }
    return _json(document)


def _given(key: str, name: str) -> dict[str, Any]:
    return {key: {"@type": "foaf:Agent", "foaf:name": name}} if name else {}


def _distribution(name: str, digest: str | None) -> dict[str, Any]:
    check = {"@type": "spdx:Checksum", "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"}}
    found = {
        "@type": "dcat:Distribution",
        "dct:title": name,
        "dcat:downloadURL": {"@id": name},
        "dcat:mediaType": _MEDIA[name.rpartition(".")[2]],
    }
    return found | ({"spdx:checksum": check | {"spdx:checksumValue": digest}} if digest else {})


def counts(card: Card) -> str:
    """counts.csv as CSV on the Web describes it."""
    return _table("counts.csv", list(_count_columns()), card, key=["columns", "values"])


def _count_columns() -> Iterator[dict[str, Any]]:
    for name in HEADER:
        about = {"name": name, "titles": name, "dc:description": _all(f"is-{name}"), "required": True}
        yield about | ({"datatype": _TYPES[name]} if name in _TYPES else {"separator": SEPARATOR})


def rows(card: Card) -> str:
    """rows.csv as CSV on the Web describes it."""
    return _table(
        "rows.csv", [_column(place, one) for place, one in enumerate(card.columns.values(), 1)], card
    )


def _column(place: int, one: Column) -> dict[str, Any]:
    titles = {language: one.label(language) for language in codebook.LANGUAGES}
    about = {"name": f"c{place}", "titles": one.name, "dc:title": _texts(titles), "null": list(one.blank)}
    return about | ({"separator": one.split} if one.split else {})


def _table(url: str, columns: list[dict[str, Any]], card: Card, *, key: list[str] | None = None) -> str:
    schema: dict[str, Any] = {"columns": columns} | ({"primaryKey": key} if key else {})
    document = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": url,
        "dc:title": _texts(card["title"]) or _all("dashboard"),
        "dc:date": card["released_on"],
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\n"]},
        "tableSchema": schema,
    }
    return _json(document)


def _texts(texts: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"@value": text, "@language": language} for language, text in texts.items() if text]


def _all(name: str) -> list[dict[str, str]]:
    return _texts({language: told(name, language) for language in codebook.LANGUAGES})


def _json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
