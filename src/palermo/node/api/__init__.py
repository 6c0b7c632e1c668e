"""The programming interface, one noun a file; bodies go to `standards`, refusals are problem details."""

from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from palermo import __version__
from palermo.errors import PalermoError
from palermo.node import problems
from palermo.node.api import case, figures, import_run, lookup, standard, state
from palermo.node.api.holder import EachToken, Holder

api = NinjaAPI(
    title="palermo",
    version="1",
    description=(
        "A node of the Global Plan of Action to Combat Trafficking in Persons. Every answer is for the "
        "agency of the token shown; every refusal is a problem document (RFC 9457)."
    ),
    auth=Holder(),
    throttle=[EachToken("600/m")],
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
    response = problems.problem(429)
    response["Retry-After"] = str(int(error.wait or 60))
    return response


@api.exception_handler(Http404)
def _nothing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problems.problem(404)


@api.exception_handler(HttpError)
def _not_understood(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problems.problem(error.status_code if error.status_code in problems.TITLES else 400)


@api.exception_handler(SuspiciousOperation)
def _too_large(request: HttpRequest, error: SuspiciousOperation) -> HttpResponse:
    return problems.problem(400)


def document() -> dict[str, Any]:
    """The interface's description (OpenAPI 3.1), the same bytes for the same version."""
    described: dict[str, Any] = dict(api.get_openapi_schema(path_prefix="/api/v1/"))
    described["info"] = dict(described["info"]) | {"version": __version__}
    return described
