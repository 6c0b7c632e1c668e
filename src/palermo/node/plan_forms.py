"""The forms of national plans: a file, what its parts are, a report of progress, where to carry over."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from palermo.appraisal.plan import mapping
from palermo.appraisal.plan.pieces import Outline
from palermo.appraisal.plan.plan import Progress, Report
from palermo.errors import Problem
from palermo.node import plan_words
from palermo.node.actions.plan import Attached
from palermo.node.estimation_preview import told
from palermo.node.forms import DayField, FilterForm
from palermo.node.models import NationalPlan
from palermo.node.table import text

SHORT = {"class": "govuk-input--width-20", "autocomplete": "off"}


class PlanFilter(FilterForm):
    """Part of a plan's State."""

    q = forms.CharField(label=_("State whose plan it is"), required=False, max_length=60)


class PlanFileForm(forms.Form):
    """A plan to take in."""

    file = forms.FileField(
        label=_("Plan"),
        help_text=_("The spreadsheet template, filled in, or the plan as Word, PDF or text, up to 25 MB."),
        error_messages={"required": _("Choose a file of at most 25 MB.")},
    )

    @property
    def attached(self) -> Attached:
        given = self.cleaned_data["file"]
        return Attached(name=given.name, content=given.read())


class MappingForm(forms.Form):
    """The plan's own facts, what each kind of part is used as, and the pillar of each goal."""

    id = forms.CharField(
        label=_("Plan id"),
        max_length=60,
        help_text=_("A short code of your own, such as NAP-2026. It never changes."),
        widget=forms.TextInput(SHORT),
    )
    state = forms.CharField(
        label=_("State whose plan it is"),
        max_length=60,
        help_text=_("Its name or three-letter code."),
        widget=forms.TextInput(SHORT),
    )
    title = forms.CharField(label=_("Title"), max_length=300)
    published_by = forms.CharField(label=_("Published by"), required=False, max_length=200)
    starts_on = DayField(label=_("First day"), required=False)
    ends_on = DayField(label=_("Last day"), required=False)
    adopted_on = DayField(label=_("Adopted on"), required=False, help_text=_("Empty for a draft."))
    currency = forms.CharField(
        label=_("Currency"),
        required=False,
        max_length=3,
        help_text=_("Three letters, such as USD, where the document gives amounts without it."),
        widget=forms.TextInput({"class": "govuk-input--width-5", "autocomplete": "off"}),
    )
    PLAN = ("id", "state", "title", "published_by", "starts_on", "ends_on", "adopted_on", "currency")

    def __init__(self, data: Any, *, outline: Outline) -> None:
        self.proposed = mapping.proposed(outline)
        super().__init__(data, initial={"title": self.proposed["plan"]["title"]})
        self.slots = mapping.slots(outline)
        for number, slot in enumerate(self.slots):
            count = text(slot.count)
            self.fields[f"use-{number}"] = forms.ChoiceField(
                label=plan_words.slot(slot.id),
                help_text=_("%(count)s in the document. The first: %(example)s")
                % {"count": count, "example": slot.example},
                choices=[(use.value, label) for use, label in plan_words.USES.items()],
                initial=self.proposed["uses"][slot.id],
            )
        for number, goal in self.proposed["goals"].items():
            self.fields[f"goal-{number}"] = forms.ChoiceField(
                label=_("Pillar of “%(goal)s”") % {"goal": goal["text"]},
                choices=[(pillar.value, label) for pillar, label in plan_words.PILLARS.items()],
                initial=goal["pillar"],
            )

    @property
    def chosen(self) -> dict[str, Any]:
        """The mapping as the action reads it."""
        given = self.cleaned_data
        uses = {slot.id: given[f"use-{number}"] for number, slot in enumerate(self.slots)}
        goals = {number: {"pillar": given[f"goal-{number}"]} for number in self.proposed["goals"]}
        facts = {name: str(given[name] or "") for name in self.PLAN}
        return {**self.proposed, "plan": facts, "uses": uses, "goals": goals}

    def add_problems(self, problems: Iterable[Problem]) -> None:
        """Each fault beside the field that it is about."""
        for problem in problems:
            part, _dot, name = problem.path.partition(".")
            field = name if part == "plan" and name in self.fields else None
            self.add_error(field, told(problem))


class ReportForm(forms.Form):
    """How far an action has come, on which day, and the document that shows it."""

    on = DayField(label=_("Day of the report"))
    progress = forms.ChoiceField(
        label=_("How far it has come"),
        widget=forms.RadioSelect,
        choices=[(one.value, label) for one, label in plan_words.PROGRESS.items()],
    )
    text = forms.CharField(
        label=_("What was done"),
        required=False,
        max_length=2000,
        help_text=_("In a sentence or two. No names of victims or cases."),
        widget=forms.Textarea({"rows": 4}),
    )
    document = forms.FileField(
        label=_("Document that shows it"),
        required=False,
        help_text=_("A public document, up to 25 MB. Its hash is kept with the report."),
    )

    @property
    def report(self) -> Report:
        given = self.cleaned_data
        return Report(on=given["on"], progress=Progress(given["progress"]), text=given["text"].strip())

    @property
    def attached(self) -> Attached | None:
        given = self.cleaned_data["document"]
        return Attached(name=given.name, content=given.read()) if given else None


class CarryForm(forms.Form):
    """The plan that follows."""

    into = forms.ChoiceField(label=_("Into which plan"), widget=forms.RadioSelect)

    def __init__(self, data: Any, *, plans: Iterable[NationalPlan]) -> None:
        super().__init__(data)
        choices = [(one.pk, f"{one.code}: {one.document['title']}") for one in plans]
        self.fields["into"].choices = choices  # type: ignore[attr-defined]  # it is a choice field


class PlanWithdrawForm(forms.Form):
    """Why a plan counts no more."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))
