"""The headers that keep a page to itself: no outside code, no inline code, no framing, no referrer."""

from collections.abc import Callable, Iterable, Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse

NONE, SELF = "'none'", "'self'"

# The shape of Django 6's SECURE_CSP, so that its own middleware can take over.
SECURE_CSP: Mapping[str, Iterable[str]] = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "manifest-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
}
# A page about a person is never kept by the browser or by anything between it and the node.
UNKEPT = "no-store, private"


def policy(directives: Mapping[str, Iterable[str]]) -> str:
    """The header's text: `name source source; name source`."""
    return "; ".join(" ".join((name, *sources)) for name, sources in directives.items())


class SecurityHeaders:
    """Sets the headers on every answer; a view may set one of its own before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.headers = {
            "Content-Security-Policy": policy(getattr(settings, "SECURE_CSP", SECURE_CSP)),
            **HEADERS,
        }

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", UNKEPT)
        return response
