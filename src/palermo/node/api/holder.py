"""Who holds the token, and how often it may ask."""

import time
from collections import Counter
from collections.abc import Callable
from threading import Lock

from django.http import HttpRequest
from ninja.security import HttpBearer
from ninja.throttling import BaseThrottle

from palermo.node.actor import Actor
from palermo.node.models import ApiToken

MINUTE = 60


class Holder(HttpBearer):
    """The token that the request showed; it was looked up before the agency's rows were opened."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        holder: ApiToken | None = request.holder  # type: ignore[attr-defined]  # set by request.TokenHolder
        return holder


class EachToken(BaseThrottle):
    """At most `limit` requests of one token in one minute of the clock, in each process of the server.

    Counted in memory: a request that only reads must not write to the database to be counted.
    """

    def __init__(self, limit: int, *, clock: Callable[[], float] = time.time) -> None:
        self.limit, self.clock = limit, clock
        self._lock, self._minute, self._asked = Lock(), 0, Counter[bytes]()

    def allow_request(self, request: HttpRequest) -> bool:
        holder: ApiToken = request.auth  # type: ignore[attr-defined]  # set by ninja after Holder
        shown, minute = bytes(holder.digest), int(self.clock()) // MINUTE
        with self._lock:
            if minute != self._minute:
                self._minute, self._asked = minute, Counter()
            self._asked[shown] += 1
            return self._asked[shown] <= self.limit

    def wait(self) -> float:
        """Seconds until the next minute begins."""
        return MINUTE - self.clock() % MINUTE


def actor(request: HttpRequest) -> Actor:
    """Who acts, for the action that is called."""
    return request.auth.actor  # type: ignore[attr-defined]  # set by ninja after Holder
