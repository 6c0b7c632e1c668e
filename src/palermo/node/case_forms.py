"""The forms of the pages about cases, imports and the audit."""

import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from palermo.node import audit_words, case_words
from palermo.node.forms import Choice, FilterForm
from palermo.node.models import Case, EmergencyReason
from palermo.node.sealing import Kind
from palermo.standards.read import FORMATS
from palermo.standards.vocabulary import vocabulary

KINDS = (
    (Kind.NAME.value, _("Name")),
    (Kind.PHONE.value, _("Telephone number")),
    (Kind.DOCUMENT.value, _("Number of a paper")),
    (Kind.EMAIL.value, _("E-mail address")),
)
FORMAT_LABELS = {
    "": _("Find out from the file"),
    "jsonl": _("palermo records (JSON lines)"),
    "csv": _("palermo table (CSV)"),
    "htcds": _("HTCDS 2.0 (workbook or CSV)"),
    "xlsform": _("Form submissions (KoBo, ODK)"),
    "ctdc": _("CTDC table"),
}


def _any(list_name: str) -> list[tuple[str, str]]:
    terms = vocabulary(list_name)
    language = case_words.language()
    return [("", str(_("Any"))), *((code, terms.label(code, language)) for code in terms)]


def _select(label: Any, list_name: str) -> forms.ChoiceField:
    """A choice of one code of a list, its labels in the page's language."""
    return forms.ChoiceField(label=label, required=False, choices=lambda: _any(list_name))


class CaseFilter(FilterForm):
    """What the case list is narrowed down by; codes and a reference, never anything that names a person."""

    reference = forms.CharField(
        label=_("Reference begins with"),
        required=False,
        max_length=60,
        widget=forms.TextInput({"class": "govuk-input--width-10", "autocomplete": "off"}),
    )
    year = forms.RegexField(
        label=_("Year"),
        regex="[0-9]{4}",
        required=False,
        widget=forms.TextInput({"class": "govuk-input--width-4", "inputmode": "numeric"}),
    )
    sex = _select(_("Sex"), "sex")
    age_band = _select(_("Age"), "age_band")
    form = _select(_("Form of exploitation"), "exploitation_form")
    citizenship = _select(_("Citizenship"), "country")
    identification = _select(_("Identification"), "identification_state")
    support = _select(_("Support"), "support_state")
    safety = _select(_("Safety"), "safety_state")

    def codes(self) -> dict[str, str]:
        """What was asked for, by the name of the filter; nothing that makes no sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class LookUpForm(forms.Form):
    """An exact identifying value; sent in the body of the request, so that no address holds it."""

    kind = forms.ChoiceField(label=_("What you know"), choices=KINDS, widget=forms.RadioSelect)
    value = forms.CharField(
        label=_("Exactly as it is written"),
        max_length=200,
        widget=forms.TextInput(
            {"class": "govuk-input--width-20", "autocomplete": "off", "spellcheck": "false"}
        ),
    )


def _parts(tiers: Iterable[str]) -> forms.MultipleChoiceField:
    """Boxes to tick for sealed parts, each with a line on what it holds."""
    choices = [(tier, Choice(case_words.TIERS[tier], case_words.TIER_HINTS[tier])) for tier in tiers]
    return forms.MultipleChoiceField(
        label=_("Parts to open"), choices=choices, widget=forms.CheckboxSelectMultiple
    )


class UnsealForm(forms.Form):
    """Which sealed parts to open, and what for."""

    def __init__(self, *args: Any, tiers: Iterable[str], purposes: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.tiers, self.purposes = tuple(tiers), tuple(purposes)
        self.fields["tiers"] = _parts(self.tiers)
        self.fields["purpose"] = forms.ChoiceField(
            label=_("Why you open them"),
            choices=[(one, case_words.PURPOSES[one]) for one in self.purposes],
            widget=forms.RadioSelect,
        )


class EmergencyForm(forms.Form):
    """Which parts to open without consent, and the reason as a code."""

    def __init__(self, *args: Any, tiers: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["tiers"] = _parts(tiers)
        self.fields["reason"] = forms.ChoiceField(
            label=_("Reason"), choices=EmergencyReason.choices, widget=forms.RadioSelect
        )


class EraseForm(forms.Form):
    """The word of the one who erases that they know it is for good."""

    sure = forms.BooleanField(label=_("I know that nothing of this can ever be brought back"))


class UploadForm(forms.Form):
    """A file of cases to import."""

    file = forms.FileField(
        label=_("File of cases"),
        help_text=_("CSV, JSON lines or an Excel workbook, up to 64 MB; gzip will do. It is sealed at once."),
        error_messages={
            "required": _("Choose a file of at most 64 MB. Larger ones: palermo case import, on the machine.")
        },
    )
    format = forms.ChoiceField(
        label=_("Format"),
        required=False,
        choices=[(name, FORMAT_LABELS[name]) for name in ("", *FORMATS)],
        initial="",
    )


class AuditFilter(FilterForm):
    """What the audit is narrowed down by."""

    actor = forms.CharField(
        label=_("Who"),
        required=False,
        max_length=120,
        widget=forms.TextInput({"class": "govuk-input--width-10"}),
    )
    action = forms.ChoiceField(
        label=_("What"),
        required=False,
        choices=lambda: [
            ("", str(_("Any"))),
            *sorted(audit_words.ACTIONS.items(), key=lambda one: str(one[1])),
        ],
    )
    object = forms.CharField(
        label=_("On which case"),
        required=False,
        max_length=40,
        widget=forms.TextInput({"class": "govuk-input--width-20"}),
    )

    def asked(self) -> dict[str, str]:
        """The filters that say something, as fields of an event."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def listed(case: Case, column: str) -> list[str]:
    """The codes in one of the case's list columns."""
    return [code for code in json.loads(getattr(case, column) or "[]") if code]
