"""How the node bends django-allauth to its rules: no sign-up, no e-mail, everything recorded."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context, ratelimit
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from palermo.errors import WrongState
from palermo.node import factor, keyfile, lifetime
from palermo.node.actions import session
from palermo.node.models import Member

# What allauth would send an e-mail about, and the audit event that is written instead.
RECORDED: dict[str, tuple[str, dict[str, Any]]] = {
    "account/email/password_changed": ("member.change_password", {}),
    "mfa/email/totp_activated": ("factor.add", {"kind": "totp"}),
    "mfa/email/totp_deactivated": ("factor.remove", {"kind": "totp"}),
    "mfa/email/webauthn_added": ("factor.add", {"kind": "passkey"}),
    "mfa/email/webauthn_removed": ("factor.remove", {"kind": "passkey"}),
    "mfa/email/recovery_codes_generated": ("factor.renew", {"kind": "recovery-codes"}),
}
SAID = {
    "account/messages/password_changed.txt": _("Your password is changed. Your other sessions have ended."),
    "mfa/messages/totp_activated.txt": _("The app is set up. Your other sessions have ended."),
    "mfa/messages/totp_deactivated.txt": _("The app is no longer asked for."),
    "mfa/messages/webauthn_added.txt": _("The passkey is set up. Your other sessions have ended."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is removed."),
    "mfa/messages/recovery_codes_generated.txt": _(
        "New recovery codes are made. Write them down now: they are shown this once."
    ),
    "usersessions/messages/sessions_logged_out.txt": _("Your other sessions have ended."),
}
SIGN_IN_COUNTS_FOR_SECONDS = 5 * 60


class AccountAdapter(DefaultAccountAdapter):
    """Members are added by an administrator; each sign-in, failure and sign-out is recorded."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("The sign-in name or the password is not correct."),
        "incorrect_password": _("The password is not correct."),
        "enter_current_password": _("The present password is not correct."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        raise WrongState("This node sends no e-mail. An administrator hands out one-time codes instead.")

    def send_notification_mail(
        self, template_prefix: str, user: Member, context: Any = None, email: str | None = None
    ) -> None:
        """Nothing is sent: the change is recorded, and a new factor ends sessions that never showed it."""
        action, detail = RECORDED[template_prefix]
        session.record(action, user, **detail)
        if action == "factor.add":
            session.kill_all(
                user, by=user.actor, now=timezone.now(), but=self.request.session.session_key or ""
            )

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            session.locked(credentials.get("username", ""), seconds=settings.LOCKED_FOR_SECONDS)
            raise ImmediateHttpResponse(ratelimit.respond_429(request)) from None

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        session.failed(credentials.get("username", ""), reason="password")

    def respond_user_inactive(self, request: HttpRequest, user: Member) -> HttpResponse:
        session.failed(user.name, reason="deactivated")
        return super().respond_user_inactive(request, user)

    def post_login(self, request: HttpRequest, user: Member, **options: Any) -> HttpResponse:
        lifetime.begin(request.session, now=time.time())
        session.record("session.begin", user, methods=_methods(request, user))
        return super().post_login(request, user, **options)

    def logout(self, request: HttpRequest) -> None:
        session.record("session.end", session.member_of(request))
        super().logout(request)

    def is_reauthentication_required(self, *, app: str, **options: Any) -> bool:
        """A sign-in of the last minutes is proof enough; after that the password or factor is asked again."""
        request = context.request
        return time.time() - request.session.get(lifetime.BEGAN, 0) >= SIGN_IN_COUNTS_FOR_SECONDS

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        **options: Any,
    ) -> None:
        """Our words for what allauth says; signing in and out need none, the page itself shows it."""
        if message_template is None:
            super().add_message(request, level, *args, **options)
        elif message_template in SAID:
            super().add_message(request, level, message=str(SAID[message_template]))


def _methods(request: HttpRequest, member: Member) -> list[str]:
    steps = get_authentication_records(request, member)
    return [step.get("type") or step["method"] for step in steps]


class FactorAdapter(DefaultMFAAdapter):
    """Second factors carry the node's name, and their secrets are sealed at rest."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _(
            "The code is not correct. Codes of the app last half a minute: use the one it shows now."
        ),
    }

    def encrypt(self, text: str) -> str:
        return factor.seal(text, keyring=keyfile.current())

    def decrypt(self, encrypted_text: str) -> str:
        return factor.unseal(encrypted_text, keyring=keyfile.current())

    def generate_authenticator_name(self, user: Member, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": "palermo"}


class SessionsAdapter(DefaultUserSessionsAdapter):
    """Ending one's own other sessions is recorded too."""

    def end_sessions(self, sessions: Any) -> None:
        ending = list(sessions)
        super().end_sessions(ending)
        for member in {one.user for one in ending}:
            count = sum(one.user == member for one in ending)
            session.record("session.kill", member, count=count)
