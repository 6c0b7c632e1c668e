"""The interface's description (OpenAPI 3.1): the same for the same version, whatever runs it."""

from typing import Any

from django.utils import translation
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from palermo.node import problems

EXAMPLE = {
    "schema_version": "1.0",
    "case": {"ref": "XA-2026-000001", "year_registered": 2026},
    "person": {
        "sex": {"value": "f", "state": "answered"},
        "age_band": {"value": "18-20", "state": "answered"},
        "citizenships": [{"value": None, "state": "declined"}],
    },
    "exploitation": [{"form": {"value": "ForcedLabour", "state": "answered"}}],
    "provenance": {"source": "self_report"},
}
HEADERS: dict[str, dict[str, Any]] = {
    "401": {"WWW-Authenticate": {"schema": {"type": "string", "const": "Bearer"}, "required": True}},
    "429": {
        "Retry-After": {
            "description": "Seconds until the next request is answered.",
            "schema": {"type": "integer", "minimum": 1, "maximum": 60},
            "required": True,
        }
    },
}


class Described(NinjaAPI):
    """An interface whose refusals are described once, as the problem documents that they are."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        function = operation.view_func
        return f"{function.__module__.rpartition('.')[2]}_{function.__name__}"

    def get_openapi_schema(self, **where: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**where)
        refused = _name_refusals(schema["paths"])
        schema["components"]["responses"] = {f"Refused{status}": _refusal(status) for status in refused}
        return schema


def _name_refusals(paths: dict[str, Any]) -> list[str]:
    """Each refusal of each operation becomes a reference; the statuses met, in order."""
    met = set()
    for operation in (operation for path in paths.values() for operation in path.values()):
        answers = {str(status): answer for status, answer in operation["responses"].items()}
        refused = {status for status in answers if status >= "400"}
        refusals = {status: {"$ref": f"#/components/responses/Refused{status}"} for status in sorted(refused)}
        operation["responses"] = answers | refusals
        met |= refused
    return sorted(met)


def _refusal(status: str) -> dict[str, Any]:
    with translation.override("en"):
        title = str(problems.TITLES[int(status)])
    content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    described = {"description": f"{title}.", "content": content}
    return described | ({"headers": HEADERS[status]} if status in HEADERS else {})
