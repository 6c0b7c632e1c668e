"""A small site on loopback that answers as depositaries do on their good and bad days."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Site:
    """`pages` maps paths to a list of answers, given one after the other, the last one again and again."""

    def __init__(self, pages):
        self.pages = {path: list(answers) for path, answers in pages.items()}
        self.asked = []
        self.url = ""

    def answer(self, path):
        answers = self.pages.get(path, [page(status=404)])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def paths(self):
        return [path for path, _ in self.asked]

    def headers(self, path):
        return [headers for asked, headers in self.asked if asked == path]


def page(body=b"", *, status=200, media="text/xml; charset=utf-8", cut=0, wait=0.0, **headers):
    """One answer: `cut` bytes are missing at its end, `wait` seconds pass before its second half."""
    return {"body": body, "status": status, "media": media, "cut": cut, "wait": wait, "headers": headers}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.site.asked.append((self.path, dict(self.headers)))
        given = self.server.site.answer(self.path)
        body = given["body"]
        self.send_response(given["status"])
        if given["status"] != 304:
            self.send_header("Content-Type", given["media"])
            self.send_header("Content-Length", str(len(body)))
        for name, value in given["headers"].items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        half = len(body) // 2
        self._send(body[:half])
        time.sleep(given["wait"])
        self._send(body[half : len(body) - given["cut"]])

    def _send(self, part):
        try:
            self.wfile.write(part)
            self.wfile.flush()
        except OSError:
            self.close_connection = True  # the client gave up, as it should

    def log_message(self, *_):
        """Nothing is written: the tests ask the site what it was asked."""


@contextmanager
def served(pages) -> Iterator[Site]:
    site = Site(pages)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.site = site
    server.daemon_threads = True
    site.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
