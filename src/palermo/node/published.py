"""Pages that anybody may read: no cookie comes in or goes out, so that they are the same for everyone."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

PREFIX = "/published/"
KEPT = "public, max-age=300"
"""For five minutes a cache may answer: a withdrawal is seen by everyone soon after."""


class Published:
    """Takes the cookies off what asks for a published page, and off the answer; stands before the session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        response = self.get_response(request)
        response.cookies.clear()
        response.headers["Vary"] = "Accept-Language"
        if response.status_code == 200:
            del response.headers["Vary"]
            response.headers["Cache-Control"] = KEPT
        return response
