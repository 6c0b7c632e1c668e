"""The standard itself: the record's schema and its lists of codes, for systems that send records."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from palermo.node.api.answer import REFUSALS
from palermo.standards import schema, vocabulary

router = Router()


class CodeShown(Schema):
    """One code of a list."""

    code: str
    label: dict[str, str]
    broader: str | None


@router.get("/schema", response={200: dict[str, Any], **REFUSALS}, summary="The record's JSON Schema")
def record_schema(request: HttpRequest) -> dict[str, Any]:
    """JSON Schema 2020-12 of a case record."""
    return schema.json_schema()


@router.get("/vocabularies/{name}", response={200: list[CodeShown], **REFUSALS}, summary="A list of codes")
def codes(
    request: HttpRequest, name: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
) -> list[dict[str, Any]]:
    """Every code of the list, with its labels in English, French and Arabic."""
    listed = vocabulary.vocabulary(name)
    return [
        {
            "code": str(code),
            "label": {language: listed.label(code, language) for language in ("en", "fr", "ar")},
            "broader": str(listed.broader(code)) if listed.broader(code) else None,
        }
        for code in listed.codes
    ]
