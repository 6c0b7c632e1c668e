"""Reference metadata of an appraisal in the fields of the United Nations' template for goal indicators."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from palermo.appraisal import words
from palermo.appraisal.dataset import Dataset
from palermo.appraisal.sdmx.structure import AGENCY, ID, VERSION, urn

if TYPE_CHECKING:
    from pysdmx.model.metadata import MetadataAttribute, MetadataReport

LANGUAGES = ("en", "fr")


def fields() -> tuple[Mapping[str, Any], ...]:
    """The fields of the template that the appraisal fills, in its order."""
    return tuple(words.table("sdmx.toml")["field"])


def report(data: Dataset) -> "MetadataReport":
    """The metadata report: each field with what it says in English and in French."""
    from pysdmx.model.metadata import MetadataReport

    return MetadataReport(
        id=f"{ID}_META",
        name=words.table("sdmx.toml")["metadata"]["en"],
        agency=AGENCY,
        version=VERSION,
        metadataflow=urn("Metadataflow", f"{ID}_META"),
        targets=(urn("Dataflow", ID),),
        attributes=tuple(_attribute(one, data) for one in fields()),
    )


def _attribute(field: Mapping[str, Any], data: Dataset) -> "MetadataAttribute":
    from pysdmx.model.metadata import MetadataAttribute

    said = _said(field, data)
    parts = tuple(MetadataAttribute(id=f"{field['id']}_{one.upper()}", value=said[one]) for one in LANGUAGES)
    return MetadataAttribute(id=field["id"], attributes=parts)


def _said(field: Mapping[str, Any], data: Dataset) -> Mapping[str, str]:
    if field.get("today"):
        return dict.fromkeys(LANGUAGES, data.today.isoformat())
    if field.get("sources"):
        named = {one.found.source.id: one.found.source.publisher for one in data.evidence}
        return {one: "; ".join(sorted({getattr(name, one) for name in named.values()})) for one in LANGUAGES}
    return {one: field[one] for one in LANGUAGES}
