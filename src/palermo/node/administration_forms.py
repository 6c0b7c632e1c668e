"""The forms with which an administrator opens agencies, adds members and issues tokens."""

import datetime as dt

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from palermo.errors import InvalidRecord
from palermo.node import role_labels
from palermo.node.actions.token import MACHINE_ROLES
from palermo.node.forms import DayField
from palermo.node.models import Agency
from palermo.protection.access import Role
from palermo.standards.vocabulary import vocabulary

HUMAN_ROLES = frozenset(Role) - {Role.PEER_NODE}


def refuse(form: forms.Form, error: InvalidRecord) -> None:
    """Put every problem that an action found beside the field it is about."""
    for problem in error.problems:
        text = f"{_now(problem.wrong)} {_now(problem.remedy)}"
        form.add_error(problem.path if problem.path in form.fields else None, text)


def _kinds() -> list[tuple[str, str]]:
    known = vocabulary("organisation_type")
    return [(code, known.label(code, get_language() or "en")) for code in known.codes]


class AgencyForm(forms.Form):
    """A new agency."""

    name = forms.CharField(label=_("Name"), max_length=200)
    code = forms.CharField(
        label=_("Code"),
        help_text=_(
            "Letters, figures and dashes, such as shelter-north. It stands in keys and cannot change."
        ),
        max_length=40,
        widget=forms.TextInput(
            {"class": "govuk-input--width-20", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=_kinds)
    country = forms.CharField(
        label=_("Country"),
        help_text=_("Two letters, such as KZ."),
        max_length=2,
        widget=forms.TextInput({"class": "govuk-input--width-3", "autocomplete": "off"}),
    )


class MemberForm(forms.Form):
    """A new member."""

    display_name = forms.CharField(label=_("Name"), max_length=120)
    name = forms.CharField(
        label=_("Sign-in name"),
        help_text=_("Small letters, figures and dashes, such as a-diallo."),
        max_length=60,
        widget=forms.TextInput(
            {"class": "govuk-input--width-20", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    agency = forms.ModelChoiceField(label=_("Agency"), queryset=Agency.objects.filter(closed_on=None))
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=lambda: role_labels.choices(*HUMAN_ROLES),
        widget=forms.CheckboxSelectMultiple,
    )


class RolesForm(forms.Form):
    """The roles that a member holds."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=lambda: role_labels.choices(*HUMAN_ROLES),
        widget=forms.CheckboxSelectMultiple,
    )


class TokenForm(forms.Form):
    """A new token."""

    agency = forms.ModelChoiceField(label=_("Agency"), queryset=Agency.objects.filter(closed_on=None))
    name = forms.CharField(
        label=_("System"), help_text=_("The name of the system that will use the token."), max_length=80
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=lambda: role_labels.choices(*MACHINE_ROLES),
        widget=forms.CheckboxSelectMultiple,
    )
    expires_at = DayField(label=_("Last day"), help_text=_("Within a year."))

    def clean_expires_at(self) -> dt.datetime:
        """The end of that day."""
        day: dt.date = self.cleaned_data["expires_at"]
        return timezone.make_aware(dt.datetime.combine(day, dt.time.max))
