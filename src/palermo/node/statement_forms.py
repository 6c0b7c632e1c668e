"""The forms of statements: a document to add, who speaks in it, and what a person makes of a passage."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from palermo.appraisal import state as states
from palermo.appraisal.provision import plan
from palermo.appraisal.statement.claim import Actor, Kind, Proposal
from palermo.appraisal.statement.reading import Reading
from palermo.errors import Unknown
from palermo.node import statement_words
from palermo.node.actions.statement import LARGEST, About
from palermo.node.forms import Choice, DayField, FilterForm

NONE = "none"
SHOWN = 3
MEGABYTES = LARGEST // 1024 // 1024


class AboutForm(forms.Form):
    """Who speaks, for which State, and when; what stays empty is guessed from the text."""

    speaker = forms.CharField(
        label=_("Speaker"), required=False, max_length=200, widget=forms.TextInput({"autocomplete": "off"})
    )
    speaks_for = forms.CharField(
        label=_("State that speaks of itself"),
        required=False,
        max_length=60,
        help_text=_("Its name or three-letter code. Empty where nobody speaks for a State."),
        widget=forms.TextInput({"class": "govuk-input--width-20", "autocomplete": "off"}),
    )
    spoken_on = DayField(label=_("Day on which it was said"), required=False)

    def clean_speaks_for(self) -> str:
        """The State's code; an unknown one is answered with the nearest names."""
        given = self.cleaned_data["speaks_for"].strip()
        if not given:
            return ""
        try:
            return states.state(given).code
        except Unknown as error:
            raise forms.ValidationError(str(error), code="state") from error

    @property
    def about(self) -> About:
        """What was said of the document."""
        told = self.cleaned_data
        return About(speaker=told["speaker"], speaks_for=told["speaks_for"], spoken_on=told["spoken_on"])


class StatementForm(AboutForm):
    """A document to keep as evidence."""

    file = forms.FileField(
        label=_("Document"),
        help_text=_(
            "Text, HTML, PDF or Word, up to 25 MB. It must be public: whoever appraises can read it."
        ),
        error_messages={"required": _("Choose a file of at most 25 MB.")},
    )
    field_order = ("file", "speaker", "speaks_for", "spoken_on")


class StatementFilter(FilterForm):
    """Part of a document's name, speaker or State."""

    q = forms.CharField(label=_("Name, speaker or State"), required=False, max_length=60)


class WithdrawForm(forms.Form):
    """Why a statement counts no more."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))


class ReadingForm(forms.Form):
    """What a person makes of a passage: one of the machine's first three, another provision, or none.

    It is made for the keyboard: an arrow chooses, Enter goes on to the next passage.
    """

    mark_optional = False
    provision = forms.ChoiceField(label=_("Which provision does it fit?"), widget=forms.RadioSelect)
    also = forms.MultipleChoiceField(
        label=_("And these as well"), required=False, widget=forms.CheckboxSelectMultiple
    )
    other = forms.ChoiceField(label=_("Another provision"), required=False)
    kind = forms.ChoiceField(label=_("What does it do?"))
    actor = forms.ChoiceField(label=_("Who acts?"))
    because = forms.ChoiceField(label=_("If none fits: why?"), required=False)

    def __init__(self, *args: Any, proposals: Sequence[Proposal], **options: Any) -> None:
        super().__init__(*args, **options)
        first, rest = proposals[:SHOWN], proposals[SHOWN:]
        self._choices("provision", [*map(_proposed, first), (NONE, _("None of these"))])
        self._choices("also", [*map(_proposed, (*first, *rest))])
        others = [(one.id, statement_words.provision_text(one.id)) for one in plan() if one.scored]
        self._choices("other", [("", "–"), *others])
        self._choices("kind", [(one.value, statement_words.KINDS[one]) for one in Kind])
        self._choices("actor", [(one.value, statement_words.ACTORS[one]) for one in Actor])
        self._choices("because", list(statement_words.REASONS.items()))
        self.fields["provision"].widget.attrs["autofocus"] = True

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        field.choices = choices  # type: ignore[attr-defined]  # every field named here is one of choices

    def reading(self, *, by: str) -> Reading:
        """What was said, with each provision once; without any it is a refusal, with its reason."""
        told = self.cleaned_data
        chosen = [told["provision"], *told["also"], told["other"]]
        found = tuple(dict.fromkeys(one for one in chosen if one not in {NONE, ""}))
        return Reading(
            by=by,
            actor=Actor(told["actor"]),
            kind=Kind(told["kind"]),
            provisions=found,
            because="" if found else told["because"],
        )


def _proposed(one: Proposal) -> tuple[str, Choice]:
    """A proposal with what the machine went by, each in its own direction: both may stand among Arabic."""
    label, hint = statement_words.provision_text(one.provision), ", ".join(one.why)
    return one.provision, Choice(_apart(label), _apart(hint) if hint else "")


def _apart(text: str) -> SafeString:
    return format_html("<bdi>{}</bdi>", text)
