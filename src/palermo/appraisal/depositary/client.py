"""A polite client: it says who it is, obeys robots.txt, waits between requests, and gives up in time.

Only the standard library; HTTP 1.1 semantics of RFC 9110 (conditional requests, Retry-After), RFC 9309 for
robots.txt.
"""

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from palermo import __version__
from palermo.errors import Unreachable

AGENT = f"palermo/{__version__} (treaty register; one request at a time)"
LARGEST = 50 * 1024 * 1024
CHUNK = 64 * 1024
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
UNCHANGED = 304
REFUSED = range(400, 500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back; `content` is None where nothing has changed since the last time."""

    content: bytes | None
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait, in seconds: between requests, for an answer to go on, for all of it; how often."""

    pause: float = 5.0
    silence: float = 30.0
    whole: float = 180.0
    attempts: int = 4
    longest_pause: float = 120.0


class Passing(Exception):
    """A fault that may pass, and how long the server asks to be left alone."""

    def __init__(self, what: str, after: float | None = None) -> None:
        self.what, self.after = what, after
        super().__init__(what)


@dataclass(slots=True, kw_only=True)
class Client:
    """Fetches one page after the other from depositaries, each only when it has changed."""

    patience: Patience = field(default_factory=Patience)
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _last: dict[str, float] = field(default_factory=dict)
    _robots: dict[str, RobotFileParser] = field(default_factory=dict)
    _silent: dict[str, str] = field(default_factory=dict)

    def fetch(self, url: str, *, media: Sequence[str], etag: str = "", modified: str = "") -> Answer:
        """The page, or nothing where it is unchanged; `Unreachable` says why it could not be had."""
        if not self._may(url):
            raise Unreachable(f"{url}: the site asks programs not to fetch this page (robots.txt).")
        given = {"If-None-Match": etag, "If-Modified-Since": modified}
        headers = {"Accept": ", ".join(media)} | {name: value for name, value in given.items() if value}
        answer = self._patiently(url, headers)
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if answer.content is not None and kind not in media:
            raise Unreachable(f"{url}: answered with {kind or 'no type'} and not with {' or '.join(media)}.")
        return answer

    def _patiently(self, url: str, headers: Mapping[str, str]) -> Answer:
        """The answer of the first attempt that gets one; attempts stand ever further apart."""
        told = ""
        for attempt in range(self.patience.attempts):
            try:
                return self._once(url, headers)
            except Passing as fault:
                told = fault.what
                if attempt + 1 < self.patience.attempts:
                    wait = fault.after if fault.after is not None else self.patience.pause * 2**attempt
                    self.sleep(min(wait, self.patience.longest_pause))
        raise Unreachable(f"{url}: {told}, {self.patience.attempts} times.")

    def _once(self, url: str, headers: Mapping[str, str]) -> Answer:
        self._wait(url)
        request = urllib.request.Request(url, headers={"User-Agent": AGENT, **headers})  # noqa: S310
        try:
            with _opener().open(request, timeout=self.patience.silence) as response:
                return Answer(content=self._body(response), headers=_lower(response.headers))
        except urllib.error.HTTPError as error:
            with error:
                return _refusal(url, error)
        except (TimeoutError, ConnectionError, http.client.HTTPException, urllib.error.URLError) as error:
            reason = getattr(error, "reason", error)
            raise Passing(f"no answer ({type(reason).__name__})") from error

    def _body(self, response: Any) -> bytes:
        """All of the body, within the time and size allowed; a body shorter than announced is no answer."""
        until = self.clock() + self.patience.whole
        parts: list[bytes] = []
        held = 0
        while part := response.read1(CHUNK):
            parts.append(part)
            held += len(part)
            if held > LARGEST:
                raise Unreachable(f"{response.url}: is larger than {LARGEST:,} bytes.")
            if self.clock() > until:
                raise Passing("the answer was too slow")
        announced = response.headers.get("Content-Length", "")
        if announced.isdecimal() and held != int(announced):
            raise Passing("the answer was cut off")
        return b"".join(parts)

    def _wait(self, url: str) -> None:
        """Leave the site alone for a while after the last request to it."""
        site = urlsplit(url).netloc
        asked = self._robots[site].crawl_delay(AGENT) if site in self._robots else None
        pause = min(max(self.patience.pause, float(asked or 0)), self.patience.longest_pause)
        since = self.clock() - self._last.get(site, float("-inf"))
        if since < pause:
            self.sleep(pause - since)
        self._last[site] = self.clock()

    def _may(self, url: str) -> bool:
        """Whether robots.txt lets us; a site without one lets everybody, one that is silent is asked once."""
        parts = urlsplit(url)
        if told := self._silent.get(parts.netloc):
            raise Unreachable(told)
        if parts.netloc not in self._robots:
            rules = RobotFileParser()
            try:
                rules.parse(self._rules(f"{parts.scheme}://{parts.netloc}/robots.txt"))
            except Unreachable as error:
                self._silent[parts.netloc] = str(error)
                raise
            self._robots[parts.netloc] = rules
        return self._robots[parts.netloc].can_fetch(AGENT, url)

    def _rules(self, url: str) -> list[str]:
        try:
            content = self._patiently(url, {"Accept": "text/plain"}).content or b""
        except Absent:
            return []
        return content.decode("utf-8", "replace").splitlines()


class Absent(Unreachable):
    """The site answers, and has no such page."""


class SameSite(urllib.request.HTTPRedirectHandler):
    """Follows a redirection only within the site."""

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Message, newurl: str
    ) -> urllib.request.Request | None:
        """The request to make in its place; another site or a step down from TLS is refused."""
        before, after = urlsplit(req.full_url), urlsplit(newurl)
        if (before.scheme, before.netloc) != (after.scheme, after.netloc):
            raise Unreachable(f"{req.full_url}: leads to another site, {after.netloc}.")
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]  # typeshed names a narrower stream


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(SameSite)


def _refusal(url: str, error: urllib.error.HTTPError) -> Answer:
    """An unchanged page is an answer; what may pass is asked again; the rest is told."""
    if error.code == UNCHANGED:
        return Answer(content=None, headers=_lower(error.headers))
    if error.code in PASSING:
        raise Passing(f"answered {error.code}", _after(error.headers)) from error
    kind = Absent if error.code in REFUSED else Unreachable
    raise kind(f"{url}: answered {error.code}.") from error


def _after(headers: Message) -> float | None:
    """The seconds that Retry-After asks for."""
    given = (headers.get("Retry-After") or "").strip()
    if given.isdecimal():
        return float(given)
    try:
        return max(0.0, parsedate_to_datetime(given).timestamp() - time.time())
    except (TypeError, ValueError):
        return None


def _lower(headers: Message) -> Mapping[str, str]:
    return {name.lower(): value for name, value in headers.items()}
