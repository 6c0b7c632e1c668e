"""What the pages of administration share: who may open them, a list, a form.

Every step asks for the password or second factor again when the sign-in is older than five minutes.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from palermo.node import permission
from palermo.node.actions import session
from palermo.node.table import Table
from palermo.protection.access import Role

View = Callable[..., HttpResponse]


def administrators_only(view: View) -> View:
    """The page of someone who runs the node, asked for again before anything is changed."""

    @wraps(view)
    def asked(request: HttpRequest, **parts: Any) -> HttpResponse:
        permission.require(
            session.member_of(request).actor, "administer", purpose="administration", now=timezone.now()
        )
        return view(request, **parts)

    return reauthentication_required(allow_get=True, app="palermo.node")(asked)


def list_page(
    request: HttpRequest, table: Table, *, title: str, add: tuple[str, str] | None = None
) -> HttpResponse:
    """A table under its title; `add` is the label and address of the step that makes another row."""
    administers = Role.ADMINISTRATOR in session.member_of(request).roles
    context = {"table": table, "title": title, "add": add, "administers": administers}
    return render(request, "administration/list.html", context)


def form_page(
    request: HttpRequest, form: Any, *, title: str, button: str, parent: tuple[str, str]
) -> HttpResponse:
    """A form under its title; `parent` is the label and address of the page above it."""
    context = {"form": form, "title": title, "button": button, "parent": parent[0], "parent_url": parent[1]}
    return render(request, "administration/form.html", context)
