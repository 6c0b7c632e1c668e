"""The forms of sign-in and second factor: our labels, no placeholders, and a code that counts once."""

import hashlib
from typing import Any

from allauth.account import forms as account
from allauth.core import context, ratelimit
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from palermo.node.actions import session


class _Plain:
    """A label stands above its input, so that it does not vanish on the first letter; hints are ours."""

    labels: dict[str, Any] = {}
    hints: dict[str, Any] = {}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]  # each class below is a form
        for name, field in fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, field.help_text)


class SignInForm(_Plain, account.LoginForm):
    """Sign-in name and password."""

    labels = {"login": _("Sign-in name"), "password": _("Password")}
    hints = {"password": ""}


class ConfirmForm(_Plain, account.ReauthenticateForm):
    """The password once more, before a sensitive step."""

    labels = {"password": _("Password")}
    hints = {"password": ""}


class ChangePasswordForm(_Plain, account.ChangePasswordForm):
    """A new password, for someone who knows the present one."""

    labels = {
        "oldpassword": _("Present password"),
        "password1": _("New password"),
        "password2": _("New password again"),
    }
    hints = {"oldpassword": ""}


class _CountsOnce:
    """A code of the app is refused the second time, a wrong one is recorded, too many shut the account."""

    user: Any
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        try:
            code: str = super().clean_code()  # type: ignore[misc]  # mixed into allauth's forms of a code
        except ValidationError as refusal:
            if refusal.code == "too_many_login_attempts":
                session.locked(self.user.name, seconds=settings.LOCKED_FOR_SECONDS)
                raise ImmediateHttpResponse(ratelimit.respond_429(context.request)) from None
            session.failed(self.user.name, reason="second-factor")
            raise
        if not cache.add(_used(self.user.pk, code), True, timeout=_lasts()):
            session.failed(self.user.name, reason="second-factor")
            raise get_adapter().validation_error("incorrect_code")
        return code


def _used(member: int, code: str) -> str:
    digest = hashlib.sha256(code.replace(" ", "").encode()).hexdigest()
    return f"factor-used:{member}:{digest}"


def _lasts() -> int:
    """How long a code of the app may be accepted, in seconds."""
    return int(app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1))


CODE = {"code": _("Code")}
CODE_HINT = {"code": _("The six figures that your app shows now, or one of your recovery codes.")}


class SecondFactorForm(_CountsOnce, _Plain, mfa.AuthenticateForm):
    """The code asked for at sign-in."""

    labels, hints = CODE, CODE_HINT


class ConfirmBySecondFactorForm(_CountsOnce, _Plain, mfa.ReauthenticateForm):
    """The code asked for before a sensitive step."""

    labels, hints = CODE, CODE_HINT


class ActivateTotpForm(_Plain, totp.ActivateTOTPForm):
    """The first code of an app that was just set up."""

    labels = CODE
    hints = {"code": _("The six figures that the app shows now.")}


class AddPasskeyForm(_Plain, webauthn.AddWebAuthnForm):
    """A name for a new passkey, and whether it alone is enough to sign in."""

    labels = {"name": _("Name of this passkey"), "passwordless": _("Sign in with this passkey alone")}
    hints = {
        "name": _("So that you can tell it from others later, such as: my phone."),
        "passwordless": _("It then asks for your fingerprint, face or PIN, and no password is needed."),
    }
    mark_optional = False


class RenamePasskeyForm(_Plain, webauthn.EditWebAuthnForm):
    """Another name for a passkey."""

    labels = {"name": _("Name of this passkey")}


class CodeForm(forms.Form):
    """A one-time code that an administrator handed over, and the password chosen with it."""

    name = forms.CharField(
        label=_("Sign-in name"), max_length=60, widget=forms.TextInput({"autocomplete": "username"})
    )
    code = forms.CharField(
        label=_("One-time code"),
        help_text=_("The code that your administrator or supervisor gave you."),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("New password"),
        help_text=password_validation.password_validators_help_text_html(),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password again"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("password", again):
            raise ValidationError(_("The two passwords differ. Type the same one twice."))
        return again
