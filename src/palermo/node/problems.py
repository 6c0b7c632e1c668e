"""Errors of palermo to HTTP answers: the one place where they are translated."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from palermo import errors

log = logging.getLogger("palermo.problems")

STATUS: dict[type[errors.PalermoError], int] = {
    errors.InvalidRecord: 422,
    errors.NotAllowed: 403,
    errors.WrongState: 409,
    errors.Unknown: 404,
    errors.Disclosive: 403,
    errors.Unreachable: 502,
    errors.PalermoError: 400,
}
TITLES = {
    400: _("The request could not be understood"),
    401: _("Sign in first"),
    403: _("You may not do this"),
    404: _("Nothing by that name here"),
    405: _("This address does not take that method"),
    409: _("The present state does not permit this step"),
    413: _("The request is too large"),
    415: _("The request is of another type than is taken here"),
    422: _("The data does not fit the standard"),
    429: _("Too many attempts"),
    500: _("A fault of the node, and not of the request"),
    502: _("Something outside the node did not answer"),
}


API = "/api/"
MEDIA_TYPE = "application/problem+json"


def status(error: errors.PalermoError) -> int:
    """The HTTP status of this kind of error."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def as_json(error: errors.PalermoError) -> JsonResponse:
    """RFC 9457 problem details; an invalid record lists every problem by field path."""
    extra: dict[str, object] = {"detail": str(error)}
    if isinstance(error, errors.InvalidRecord):
        extra["problems"] = [
            {"rule": p.rule, "path": p.path, "severity": p.severity, "wrong": p.wrong, "remedy": p.remedy}
            for p in error.problems
        ]
    if isinstance(error, errors.NotAllowed):
        extra["reasons"] = [str(reason) for reason in error.reasons]
    return problem(status(error), kind=type(error).__name__, **extra)


def problem(code: int, *, kind: str = "", **extra: object) -> JsonResponse:
    """The problem document of a status; `extra` members are added to it."""
    body = {
        "type": f"urn:palermo:problem:{kind}" if kind else "about:blank",
        "title": str(TITLES[code]),
        "status": code,
    }
    return JsonResponse(body | extra, status=code, content_type=MEDIA_TYPE)


class Problems:
    """Turns an error raised on purpose into its page; anything else is a fault of ours and stays a 500."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        refused = response.status_code in TITLES and response.get("Content-Type") != MEDIA_TYPE
        return _of_the_interface(response) if refused and request.path.startswith(API) else response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, errors.PalermoError) or request.path.startswith(API):
            return None
        code = status(error)
        log.info("refused", extra={"request": request, "status": code, "kind": type(error).__name__})
        from palermo.node import case_words  # it reads the models, which wait for the apps

        reasons = case_words.reasons(getattr(error, "reasons", ()))
        problems = getattr(error, "problems", ())
        context = {"title": TITLES[code], "error": error, "problems": problems, "reasons": reasons}
        return render(request, "problem.html", context, status=code)


def too_large(request: HttpRequest) -> HttpResponse:
    """What says that a body is larger than is taken there, before any of it is read."""
    if request.path.startswith(API):
        return problem(413)
    text = _("Send less at a time. A file of cases is brought in on the page Import.")
    return render(request, "problem.html", {"title": TITLES[413], "error": text}, status=413)


def _of_the_interface(response: HttpResponse) -> HttpResponse:
    """What Django refused before the interface was asked, as the problem document of its status."""
    answer = problem(response.status_code)
    if "Allow" in response:
        answer["Allow"] = response["Allow"]
    return answer
