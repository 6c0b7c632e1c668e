"""The forms of the appraisal: a judgement of a provision, the State's reply, a check of a reference."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from palermo.appraisal.assessment import Status
from palermo.appraisal.condition import chosen_by_people
from palermo.appraisal.evidence import Evidence, Grade
from palermo.node import judgement_words as words
from palermo.node.actions.judgement import GRADES, STATUSES, Brought, Given
from palermo.node.actions.reference_check import LONGEST
from palermo.node.forms import Choice, DayField, FilterForm
from palermo.node.judgement_words import PILLARS, SETS

ALL = ("", _("All"))
DOCUMENT = ("title", "place", "as_of", "grade")


class FrameworkFilter(FilterForm):
    """Which provisions of the framework to show."""

    set = forms.ChoiceField(
        label=_("Part"), required=False, choices=[ALL, *((one.value, name) for one, name in SETS.items())]
    )
    pillar = forms.ChoiceField(
        label=_("Pillar"),
        required=False,
        choices=[ALL, *((one.value, name) for one, name in PILLARS.items())],
    )
    reference = forms.ChoiceField(
        label=_("Reference"),
        required=False,
        choices=[ALL, ("unchecked", _("Not checked")), ("checked", _("Checked"))],
    )


class AssessFilter(FilterForm):
    """Which provisions of a State to show."""

    pillar = FrameworkFilter.base_fields["pillar"]
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[ALL, *((one.value, name) for one, (name, _tone) in words.STATUSES.items())],
    )


class CheckForm(forms.Form):
    """The paragraph as the official text has it; who checked and when is known."""

    paragraph = forms.CharField(
        label=_("Paragraph in the official text"),
        required=False,
        max_length=LONGEST,
        help_text=_("Correct it where the number is wrong, such as 14 or 26(a). Empty where there is none."),
        widget=forms.TextInput({"class": "govuk-input--width-10", "autocomplete": "off"}),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=400,
        help_text=_("Which text you opened, and what you found there."),
        widget=forms.Textarea({"rows": 3}),
    )


class JudgementForm(forms.Form):
    """The status, the evidence that carries it, what stands in the way, and why."""

    status = forms.ChoiceField(label=_("Status"), widget=forms.RadioSelect)
    evidence = forms.MultipleChoiceField(
        label=_("Evidence that carries it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick what you read and rely on."),
    )
    codes = forms.MultipleChoiceField(
        label=_("What stands in the way"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=2000,
        help_text=_("In a few sentences, as it will be printed in the report. Name no person."),
        widget=forms.Textarea({"rows": 5}),
    )
    title = forms.CharField(
        label=_("Document that is not in the list: its title"),
        required=False,
        max_length=200,
        help_text=_(
            "A law, a procedure or a report that you read. Leave all four empty where there is none."
        ),
    )
    place = forms.CharField(
        label=_("Where it stands"),
        required=False,
        max_length=300,
        help_text=_("Gazette, file or address, with the article or page."),
    )
    as_of = DayField(label=_("Day up to which it speaks"), required=False)
    grade = forms.ChoiceField(label=_("Grade of the document"), required=False, choices=[("", _("None"))])

    def __init__(self, *given: Any, evidence: Sequence[Evidence], **more: Any) -> None:
        super().__init__(*given, **more)
        self._choose("status", [(one.value, _status(one)) for one in STATUSES])
        self._choose("evidence", [(one.id, _evidence(one)) for one in evidence])
        self._choose("codes", [(one.value, words.reason_name(one)) for one in chosen_by_people()])
        self._choose("grade", [("", _("None")), *((one.value, words.GRADES[one]) for one in GRADES)])

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # all four are choice fields

    def clean(self) -> dict[str, Any]:
        """A document has all four facts or none."""
        told = super().clean() or {}
        known = [name for name in DOCUMENT if told.get(name)]
        for name in DOCUMENT:
            if known and name not in known and name not in self.errors:
                self.add_error(
                    name, forms.ValidationError(_("Say this too, or leave all four empty."), code="document")
                )
        return told

    @property
    def given(self) -> Given:
        """What the form says, once it is valid."""
        told = self.cleaned_data
        document = (
            Brought(title=told["title"], place=told["place"], as_of=told["as_of"], grade=Grade(told["grade"]))
            if told["title"]
            else None
        )
        return Given(
            status=Status(told["status"]),
            reason=told["reason"],
            evidence_ids=tuple(told["evidence"]),
            codes=tuple(told["codes"]),
            brought=(document,) if document else (),
        )


def _status(one: Status) -> Choice:
    return Choice(words.STATUSES[one][0], words.STATUS_HINTS[one])


def _evidence(one: Evidence) -> Choice:
    return Choice(words.said(one.says), words.evidence_note(one))


class ReplyForm(forms.Form):
    """What the State answers, in its own words, and who said it."""

    text = forms.CharField(
        label=_("What the State answers"),
        max_length=4000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("In its own words. It is printed beside the judgement."),
    )
    speaker = forms.CharField(
        label=_("Who answers for the State"), max_length=120, help_text=_("The office, not the person.")
    )


class SendBackForm(forms.Form):
    """Why the judgement is not agreed to."""

    reason = forms.CharField(
        label=_("Why you do not agree"), max_length=2000, widget=forms.Textarea({"rows": 3})
    )
