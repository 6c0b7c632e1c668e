"""What surrounds every request: its log line, the sign-in rule, and the agency whose rows may be seen."""

import logging
import secrets
import time
from collections.abc import Callable
from contextlib import nullcontext

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import urlencode

from palermo.errors import NotAllowed
from palermo.node import lifetime, problems, published, tenancy
from palermo.node.actions import session, token
from palermo.node.models import ApiToken

log = logging.getLogger("palermo.request")

Next = Callable[[HttpRequest], HttpResponse]

OPEN_PREFIXES = ("/static/", "/api/", published.PREFIX)
OPEN_VIEWS = frozenset(
    {
        "favicon",
        "healthz",
        "readyz",
        "set_language",
        "account_login",
        "account_logout",
        "account_inactive",
        "account_code",
        "mfa_authenticate",
        "mfa_login_webauthn",
    }
)
WHILE_ENROLLING = frozenset(
    {
        "account_reauthenticate",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
    }
)
"""What a member who must have a second factor and has none yet may open: the way to one, and out."""

FILES_OF_CASES = frozenset({"/imports/", "/api/v1/imports"})
"""Where a file of cases is taken; each asks who sends it before it reads a byte."""


class RequestLog:
    """One JSON line a request: method, route (never the address itself), status and milliseconds."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = secrets.token_hex(8)  # type: ignore[attr-defined]  # Django's request takes attributes
        began = time.monotonic()
        response = self.get_response(request)
        response["X-Request-Id"] = request.id  # type: ignore[attr-defined]
        duration = round((time.monotonic() - began) * 1000)
        log.info("request", extra={"request": request, "status": response.status_code, "duration": duration})
        return response


class SessionLimits:
    """Ends a session that was idle too long or is too old, before anything is done in it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(OPEN_PREFIXES) and request.user.is_authenticated:
            now = time.time()
            if lifetime.is_over(request.session, now=now):
                session.expire(request)
            elif lifetime.note(request.session, now=now):
                session.note(request)
        return self.get_response(request)


class SignedIn:
    """Every page asks for a sign-in, and for a second factor where the node requires one; few are open."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _is_open(request):
            return self.get_response(request)
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        if settings.NODE.second_factor_required and not _may_go_on(request):
            return _elsewhere(request, reverse("mfa_index"))
        return self.get_response(request)


def _is_open(request: HttpRequest) -> bool:
    return request.path.startswith(OPEN_PREFIXES) or _page(request) in OPEN_VIEWS


def _page(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).url_name or ""
    except Resolver404:
        return ""


def _may_go_on(request: HttpRequest) -> bool:
    """The member has a second factor, or is on a page where one is set up."""
    return _page(request) in WHILE_ENROLLING or session.has_second_factor(request.user)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    come_back = request.get_full_path() if request.method == "GET" else "/"
    return _elsewhere(request, f"{reverse('account_login')}?{urlencode({'next': come_back})}")


def _elsewhere(request: HttpRequest, url: str) -> HttpResponse:
    """A part of a page that htmx asked for cannot hold another page: then the whole page goes there."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


class TokenHolder:
    """Knows the token that a system shows to the interface, which says itself whether one is needed."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.holder = _shown_token(request)  # type: ignore[attr-defined]  # Django's request takes attributes
        return self.get_response(request)


def _shown_token(request: HttpRequest) -> ApiToken | None:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if not request.path.startswith("/api/") or scheme.lower() != "bearer":
        return None
    try:
        return token.authenticate(secret.strip(), now=timezone.now())
    except NotAllowed:
        return None


class BodyLimit:
    """A large body is read only from someone who is known and brings in a file of cases."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        large = _body_size(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if large and not _brings_in_file(request):
            return problems.too_large(request)
        return self.get_response(request)


def _body_size(request: HttpRequest) -> int:
    """What the sender says; Django reads no further than this."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _brings_in_file(request: HttpRequest) -> bool:
    known = request.holder or request.user.is_authenticated  # type: ignore[attr-defined]  # set by TokenHolder
    return request.path in FILES_OF_CASES and bool(known)


class AgencyScope:
    """On PostgreSQL a request is one transaction in the scope of whoever is signed in: the second lock."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        holder = request.holder or request.user  # type: ignore[attr-defined]  # set by TokenHolder
        by = getattr(holder, "actor", None)
        with tenancy.scope(by.agency, by.name) if by else nullcontext():
            return self.get_response(request)
