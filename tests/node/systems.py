"""Other systems that speak to the interface by token, as tests make them."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from palermo.node import maintainer
from palermo.node.actions import token
from palermo.protection.access import Role
from palermo.standards import record as records
from tests.node import cases

ROOT = "/api/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A token's secret, and the client that shows it."""

    token: Any
    secret: str
    client: Client

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.client.get(ROOT + path, query, headers=self._headers())

    def post(self, path: str, body: Any, **headers: str) -> HttpResponse:
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.post(ROOT + path, text, "application/json", headers=self._headers(**headers))

    def send(self, path: str, **form: Any) -> HttpResponse:
        return self.client.post(ROOT + path, form, headers=self._headers())

    def _headers(self, **more: str) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {"Authorization": f"Bearer {self.secret}"} | named


def a_system(*roles: Role, agency: str = "xa-shelter", name: str = "intake") -> System:
    """A system of `agency`; a case worker's and a first responder's unless told otherwise."""
    now = timezone.now()
    issued = token.issue(
        agency=cases.an_agency(agency),
        name=name,
        roles=roles or (Role.CASE_WORKER, Role.FIRST_RESPONDER),
        expires_at=now + timedelta(days=30),
        by=maintainer.actor(),
        now=now,
    )
    return System(token=issued.token, secret=issued.secret, client=Client(raise_request_exception=False))


def a_document(**more: Any) -> dict[str, Any]:
    """A record as a system sends it."""
    return records.document(cases.facts(**more))


def problem(response: HttpResponse, status: int) -> dict[str, Any]:
    """The problem document, after a look at its status and its type."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = json.loads(response.content)
    assert body["status"] == status
    assert body["title"]
    return body
