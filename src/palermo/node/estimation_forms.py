"""The forms of estimation: what to ask of the node's own cases, and the range that is signed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from palermo.node import case_words, estimation_words
from palermo.node.estimation_words import RANGE
from palermo.node.forms import Choice, FilterForm
from palermo.node.keepers import Keeper
from palermo.node.question import FEWEST_LISTS, LONGEST_NAME, STRATA, YEARS, Question
from palermo.node.table import text
from palermo.prevention import methods
from palermo.prevention.overlap import MOST_LISTS

ALL_METHODS = (*methods.METHODS, *methods.JOINT)
LEVELS = ("0.8", "0.9", "0.95", "0.99")
DEFAULT_LEVEL = "0.95"
PREFIX = "list-"
FURTHER = ("methods", "replicates", "level", "seed", "trials")
_NARROW = {"class": "govuk-input--width-5", "inputmode": "numeric", "autocomplete": "off"}


def _year(label: Any, hint: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=YEARS.start,
        max_value=YEARS.stop - 1,
        help_text=hint,
        widget=forms.TextInput({"class": "govuk-input--width-4", "inputmode": "numeric"}),
    )


class QuestionForm(forms.Form):
    """What is asked: which agencies form which list, from when, told apart by what, and how."""

    title = forms.CharField(
        label=_("Title"),
        max_length=120,
        help_text=_("How you will find it again, such as the year and the part of the country."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    since = _year(_("First year"), _("Of registration. Empty: from the first case on."))
    until = _year(_("Last year"), _("This year included. Empty: to the last case."))
    strata = forms.MultipleChoiceField(
        label=_("Told apart by"),
        required=False,
        help_text=_(
            "Each group needs lists that overlap of its own. Small groups are refused. Where years are told "
            "apart, cases without a year are left out."
        ),
        choices=[(name, estimation_words.STRATA[name]) for name in STRATA],
        widget=forms.CheckboxSelectMultiple,
    )
    methods = forms.MultipleChoiceField(
        label=_("Methods"),
        help_text=_("Their spread is part of the answer: leave one out only for a reason."),
        choices=[
            (name, Choice(estimation_words.METHODS[name], estimation_words.METHOD_HINTS[name]))
            for name in ALL_METHODS
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    replicates = forms.IntegerField(
        label=_("Replicates"),
        min_value=0,
        max_value=10_000,
        initial=1000,
        help_text=_("Tables drawn again for each interval. 1,000 is usual; more takes longer."),
        widget=forms.TextInput(_NARROW),
    )
    level = forms.ChoiceField(
        label=_("Level of the intervals"),
        choices=[(level, f"{float(level):.0%}") for level in LEVELS],
        initial=DEFAULT_LEVEL,
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        min_value=0,
        max_value=2**31 - 1,
        initial=1,
        help_text=_("The same seed gives the same answer."),
        widget=forms.TextInput(_NARROW),
    )
    trials = forms.BooleanField(
        label=_("Try each method on what is known"),
        required=False,
        help_text=_("Leaves out and hides each list in turn. Takes many times longer."),
    )

    def __init__(self, data: Any, *, keepers: Sequence[Keeper], lists: Mapping[str, str]) -> None:
        super().__init__(data, initial={"methods": list(ALL_METHODS)})
        self.keepers = keepers
        for one in keepers:
            self.fields[_box(one)] = forms.CharField(
                label=one.agency.name,
                required=False,
                max_length=LONGEST_NAME,
                initial=lists.get(one.agency.code, ""),
                help_text=_about(one),
                widget=forms.TextInput({"autocomplete": "off"}),
            )

    @property
    def boxes(self) -> list[forms.BoundField]:
        """One box an agency, for the name of its list."""
        return [self[_box(one)] for one in self.keepers]

    @property
    def main(self) -> Iterable[forms.BoundField]:
        """What every question says."""
        return [self[name] for name in ("title", "since", "until", "strata")]

    @property
    def further(self) -> Iterable[forms.BoundField]:
        """What is the same in most questions."""
        return [self[name] for name in FURTHER]

    @property
    def opened(self) -> bool:
        """Whether what is the same in most questions has a fault, and must be seen."""
        return any(name in self.errors for name in FURTHER)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        names = self.lists()
        first = _box(self.keepers[0])
        if len(names) < FEWEST_LISTS:
            self.add_error(first, forms.ValidationError(_("Make three lists or more."), code="few"))
        if len(names) > MOST_LISTS:
            self.add_error(first, forms.ValidationError(_("Make twenty lists at most."), code="many"))
        if cleaned.get("methods") and not cleaned.get("strata") and not self._alone():
            self.add_error("methods", _("Choose a method that needs no groups, or tell people apart."))
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("Enter a year that is not before the first one."))
        return cleaned

    def _alone(self) -> set[str]:
        """The methods chosen that answer without groups."""
        return {*self.cleaned_data.get("methods", ())} & {*methods.METHODS}

    def lists(self) -> dict[str, tuple[str, ...]]:
        """The codes of the agencies of each list, by its name, in the order of the page."""
        found: dict[str, tuple[str, ...]] = {}
        for one in self.keepers:
            name = " ".join(str(self.cleaned_data.get(_box(one), "")).split())
            if name:
                found[name] = (*found.get(name, ()), one.agency.code)
        return found

    def question(self) -> Question:
        """What a valid form asks."""
        told = self.cleaned_data
        plain = {name: told[name] for name in ("since", "until", "replicates", "seed", "trials")}
        return Question(
            lists=self.lists(),
            strata=tuple(told["strata"]),
            methods=tuple(told["methods"]),
            level=float(told["level"]),
            **plain,
        )


def _about(one: Keeper) -> str:
    kind = case_words.code("organisation_type", one.agency.kind)
    cases = ngettext("about %(count)s case", "about %(count)s cases", one.cases) % {"count": text(one.cases)}
    return f"{kind}; {cases}"


def _box(one: Keeper) -> str:
    return f"{PREFIX}{one.agency.code}"


def by_kind(keepers: Iterable[Keeper]) -> dict[str, str]:
    """One list for each kind of agency, under the kind's name in the page's language."""
    return {
        one.agency.code: case_words.code("organisation_type", one.agency.kind)[:LONGEST_NAME]
        for one in keepers
    }


def by_agency(keepers: Iterable[Keeper]) -> dict[str, str]:
    """One list for each agency, under its own name."""
    return {one.agency.code: one.agency.name[:LONGEST_NAME] for one in keepers}


def query(title: str, asked: Question) -> str:
    """The question as the address of its own form."""
    lists = [(f"{PREFIX}{code}", name) for name, codes in asked.lists.items() for code in codes]
    several = [(name, value) for name in ("strata", "methods") for value in getattr(asked, name)]
    plain = {name: getattr(asked, name) for name in ("since", "until", "replicates", "seed")}
    plain |= {"title": title, "level": f"{asked.level:g}"} | ({"trials": "on"} if asked.trials else {})
    told = [(name, value) for name, value in plain.items() if value is not None]
    return urlencode([*lists, *several, *told])


class StateFilter(FilterForm):
    """Which estimations to show."""

    q = forms.CharField(label=_("Words of the title"), required=False, max_length=60)
    standing = forms.ChoiceField(
        label=_("Signatures"),
        required=False,
        choices=[
            ("", _("Any")),
            ("none", _("Not signed")),
            ("once", _("Waits for a second person")),
            ("twice", _("Signed by two")),
            ("withdrawn", _("Withdrawn")),
        ],
    )


class PopulationForm(forms.Form):
    """The file of the people living in the country."""

    population = forms.FileField(
        label=_("File of the population"),
        help_text=_(
            "CSV with the columns year, sex and age, as far as they are told apart, and population, source "
            "and date."
        ),
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
    )


class SignForm(forms.Form):
    """The range that is reported, by which method, and a judgement of every assumption."""

    low = forms.IntegerField(
        label=_("Lowest number of people in all"), min_value=1, widget=forms.TextInput(_NARROW)
    )
    high = forms.IntegerField(
        label=_("Highest number of people in all"), min_value=1, widget=forms.TextInput(_NARROW)
    )

    def __init__(
        self, *args: Any, answered: Sequence[str], assumptions: Sequence[str], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.assumptions = tuple(assumptions)
        self.fields["method"] = forms.ChoiceField(
            label=_("Whose range it is"),
            choices=[
                (RANGE, Choice(estimation_words.method(RANGE), _("Usual: no method is right alone."))),
                *((name, estimation_words.method(name)) for name in answered),
            ],
            initial=RANGE,
            widget=forms.RadioSelect,
        )
        for place, supposed in enumerate(self.assumptions):
            self.fields[f"judged_{place}"] = forms.BooleanField(label=supposed, required=False)
            self.fields[f"note_{place}"] = forms.CharField(
                label=_("How you judged it"),
                max_length=400,
                required=False,
                widget=forms.Textarea({"rows": 2}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        low, high = cleaned.get("low"), cleaned.get("high")
        if low is not None and high is not None and high < low:
            self.add_error("high", _("Enter a number that is not below the lowest one."))
        for place, supposed in enumerate(self.assumptions):
            self._judged(place, supposed, cleaned)
        return cleaned

    def _judged(self, place: int, supposed: str, cleaned: Mapping[str, Any]) -> None:
        """One fault at most for each assumption, and none that reads like that of another."""
        if not cleaned.get(f"judged_{place}"):
            self.add_error(f"judged_{place}", _("Tick it once you have judged it, and say how."))
        elif f"note_{place}" in cleaned and not cleaned[f"note_{place}"].strip():
            text = gettext("Write how you judged “%(what)s”.") % {"what": supposed.rstrip(".")}
            self.add_error(f"note_{place}", text)

    @property
    def statement(self) -> str:
        """Every assumption with what was written about it, one a line."""
        return "\n".join(
            f"{supposed} {' '.join(self.cleaned_data[f'note_{place}'].split())}"
            for place, supposed in enumerate(self.assumptions)
        )


class WithdrawForm(forms.Form):
    """Why an estimation must no longer be cited."""

    reason = forms.CharField(label=_("Reason"), max_length=400, widget=forms.Textarea({"rows": 3}))
