"""One's own account: what there is to change, and the way in with a one-time code."""

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from palermo.errors import InvalidRecord, NotAllowed
from palermo.node import role_labels
from palermo.node.account_forms import CodeForm
from palermo.node.actions import member, session


def overview(request: HttpRequest) -> HttpResponse:
    """Who is signed in, in which roles, and what they may change about their account."""
    own = session.member_of(request)
    rows = [
        (_("Name"), own.display_name),
        (_("Sign-in name"), own.name),
        (_("Agency"), own.agency.name),
        (_("Roles"), _(", ").join(sorted(str(role_labels.label(role)) for role in own.roles))),
    ]
    protected = session.has_second_factor(own)
    return render(request, "account/overview.html", {"rows": rows, "protected": protected})


@sensitive_post_parameters("code", "password", "again")
@never_cache
def code(request: HttpRequest) -> HttpResponse:
    """Set a password with the one-time code that an administrator or supervisor handed over."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"].strip().lower()
        if not ratelimit.consume(request, action="login_failed", key=f"code:{name}"):
            session.locked(name, seconds=settings.LOCKED_FOR_SECONDS)
            return too_many(request)
        if _redeemed(form, name):
            messages.success(request, _("Your password is set. Sign in with it now."))
            return redirect("account_login")
    return render(request, "account/code.html", {"form": form})


def _redeemed(form: CodeForm, name: str) -> bool:
    given = form.cleaned_data
    try:
        member.redeem_code(name=name, code=given["code"], password=given["password"], now=timezone.now())
    except NotAllowed:
        session.failed(name, reason="code")
        form.add_error(
            None, _("The sign-in name or the code is not correct, or the code has been used or is too old.")
        )
    except InvalidRecord as weak:
        for problem in weak.problems:
            form.add_error("password", problem.wrong)
    return form.is_valid()


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Too many attempts: says when the next one will count."""
    minutes = settings.LOCKED_FOR_SECONDS // 60
    response = render(request, "account/too_many.html", {"minutes": minutes}, status=429)
    response["Retry-After"] = str(settings.LOCKED_FOR_SECONDS)
    return response
