"""The programming interface, one noun a file; bodies go to `standards`, refusals are problem details."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from palermo import __version__
from palermo.errors import PalermoError
from palermo.node import problems
from palermo.node.api import case, figures, import_run, lookup, standard, state
from palermo.node.api.body import StrictParser
from palermo.node.api.description import Described
from palermo.node.api.holder import EachToken, Holder

A_MINUTE = 600

api = Described(
    title="palermo",
    version=__version__,
    description=(
        "A node of the Global Plan of Action to Combat Trafficking in Persons. Every answer is for the "
        "agency of the token shown; every refusal is a problem document (RFC 9457)."
    ),
    auth=Holder(),
    throttle=[EachToken(A_MINUTE)],
    parser=StrictParser(),
    docs_url=None,
    urls_namespace="api",
)
api.add_router("/cases", case.router, tags=["cases"])
api.add_router("/look-ups", lookup.router, tags=["cases"])
api.add_router("/imports", import_run.router, tags=["imports"])
api.add_router("/figures", figures.router, tags=["figures"])
api.add_router("/states", state.router, tags=["appraisal"])
api.add_router("/standard", standard.router, tags=["standard"])


@api.exception_handler(PalermoError)
def _refused(request: HttpRequest, error: PalermoError) -> HttpResponse:
    return problems.as_json(error)


@api.exception_handler(ValidationError)
def _unfit(request: HttpRequest, error: ValidationError) -> HttpResponse:
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
        return problems.problem(413)
    faults = [
        {"path": ".".join(str(part) for part in fault["loc"]), "wrong": str(fault["msg"])}
        for fault in error.errors
    ]
    return problems.problem(422, problems=faults)


@api.exception_handler(AuthenticationError)
def _unknown_holder(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    response = problems.problem(401)
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(Throttled)
def _too_many(request: HttpRequest, error: Throttled) -> HttpResponse:
    return problems.problem(429)


@api.exception_handler(HttpError)
def _not_understood(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problems.problem(error.status_code)


@api.exception_handler(RequestDataTooBig)
def _too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return problems.problem(413)


def document() -> dict[str, Any]:
    """The interface's description, as `/api/v1/openapi.json` gives it."""
    return dict(api.get_openapi_schema(path_prefix="/api/v1/"))
