"""What surrounds every request: its log line, the sign-in rule, and the agency whose rows may be seen."""

import logging
import secrets
import time
from collections.abc import Callable
from contextlib import nullcontext

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import resolve

from palermo.node import tenancy

log = logging.getLogger("palermo.request")

Next = Callable[[HttpRequest], HttpResponse]

OPEN_VIEWS = frozenset({"healthz", "readyz", "set_language"})
OPEN_PREFIXES = ("/static/", "/account/", "/api/")


class RequestLog:
    """One JSON line a request: method, route (never the address itself), status and time."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = secrets.token_hex(8)  # type: ignore[attr-defined]  # Django's request takes attributes
        began = time.monotonic()
        response = self.get_response(request)
        response["X-Request-Id"] = request.id  # type: ignore[attr-defined]
        log.info("request", extra=_facts(request, response, time.monotonic() - began))
        return response


def _facts(request: HttpRequest, response: HttpResponse, seconds: float) -> dict[str, object]:
    match = request.resolver_match
    return {
        "request_id": request.id,  # type: ignore[attr-defined]
        "method": request.method,
        "route": match.route if match else "",
        "status": response.status_code,
        "duration_ms": round(seconds * 1000),
    }


class SignedIn:
    """Every page asks for a sign-in, and for a second factor where the node requires one; few are open."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _is_open(request):
            return self.get_response(request)
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if settings.NODE.second_factor_required and not _has_second_factor(request):
            return redirect("mfa_index")
        return self.get_response(request)


def _is_open(request: HttpRequest) -> bool:
    if request.path.startswith(OPEN_PREFIXES):
        return True
    return resolve(request.path_info).url_name in OPEN_VIEWS


def _has_second_factor(request: HttpRequest) -> bool:
    from allauth.mfa.utils import is_mfa_enabled  # allauth reads its models, so it waits for the apps

    return is_mfa_enabled(request.user)


class AgencyScope:
    """On PostgreSQL a request is one transaction in which only its agency's rows exist: the second lock."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if connection.vendor != "postgresql":
            return self.get_response(request)
        with transaction.atomic() if not _is_open(request) else nullcontext():
            agency = getattr(request.user, "agency_id", None)
            if agency:
                tenancy.enter(agency)
            return self.get_response(request)
