"""The forms of releases: what to publish of the node's own cases, a plan of a year, the withdrawal."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from palermo.errors import InvalidRecord
from palermo.node import case_words
from palermo.node.estimation_preview import told
from palermo.node.forms import Choice, FilterForm
from palermo.node.models import Release
from palermo.node.release_question import YEAR, YEARS, ReleaseQuestion, columns
from palermo.prevention.release.schema import Column

WAYS = (
    (1, Choice(_("One column"), _("Such as women and men."))),
    (2, Choice(_("Up to two columns together"), _("Such as women and men by form of exploitation."))),
    (3, Choice(_("Up to three columns together"), _("What most questions need. More noise than two."))),
)
FIRST = 5
"""Values of a column that its choice names."""

_SHORT = {"class": "govuk-input--width-5", "inputmode": "decimal", "autocomplete": "off"}
_LONG = {"autocomplete": "off"}
ARABIC = MappingProxyType({"dir": "rtl", "lang": "ar"})


def _year(label: Any, hint: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=YEARS.start,
        max_value=YEARS.stop - 1,
        help_text=hint,
        widget=forms.TextInput({"class": "govuk-input--width-4", "inputmode": "numeric"}),
    )


def _text(
    label: Any, hint: Any = "", *, required: bool = True, attrs: Mapping[str, str] = MappingProxyType({})
) -> forms.CharField:
    box = forms.TextInput(_LONG | dict(attrs))
    return forms.CharField(label=label, required=required, max_length=200, help_text=hint, widget=box)


def _long(
    label: Any, hint: Any = "", *, required: bool = True, attrs: Mapping[str, str] = MappingProxyType({})
) -> forms.CharField:
    box = forms.Textarea({"rows": 3} | dict(attrs))
    return forms.CharField(label=label, required=required, max_length=400, help_text=hint, widget=box)


def _columns() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Columns"),
        help_text=_(
            "Each column more makes every count of several columns noisier. Take what your readers ask for."
        ),
        widget=forms.CheckboxSelectMultiple,
    )


def _ways() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=_("A count may combine"), choices=WAYS, coerce=int, initial=3, widget=forms.RadioSelect
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some fields of a form under a heading."""

    title: Any
    fields: tuple[forms.BoundField, ...]


class ReleaseForm(forms.Form):
    """What is asked: of which years, which columns, how exactly, for what."""

    since = _year(_("First year"), _("Of registration, such as 2020."))
    until = _year(_("Last year"), _("This year included."))
    columns = _columns()
    ways = _ways()
    rows = forms.BooleanField(
        label=_("Publish rows as well"),
        required=False,
        initial=True,
        help_text=_("Made-up rows that count nearly alike; no row is a person. They cost nothing more."),
    )
    epsilon = forms.FloatField(
        label=_("Epsilon"),
        initial=1,
        help_text=_(
            "How much of the budget it spends. 1 protects well, 4 is usual for a whole lifetime, over 8 "
            "protects little."
        ),
        widget=forms.TextInput(_SHORT),
    )
    persons = forms.IntegerField(
        label=_("How many people it could be about at most"),
        initial=1_000_000,
        help_text=_(
            "A number that everyone may know, such as the people who live in the country. Delta is made of "
            "it, so that no case has to be counted."
        ),
        widget=forms.TextInput(_SHORT | {"class": "govuk-input--width-10"}),
    )
    title = _text(_("Title"), _("In English, as it will stand on the public page."))
    title_fr = _text(_("Title in French"), required=False)
    title_ar = _text(_("Title in Arabic"), required=False, attrs=ARABIC)
    purpose = _long(
        _("What it is for"), _("In English, for the public: why this may be spent of everyone's privacy.")
    )
    purpose_fr = _long(_("What it is for, in French"), required=False)
    purpose_ar = _long(_("What it is for, in Arabic"), required=False, attrs=ARABIC)
    licence = _text(_("Licence"), _("Such as CC-BY-4.0."), required=False)
    seed = forms.IntegerField(
        label=_("Public seed of the rows"),
        initial=1,
        help_text=_("It is published. Chance that protects people has no seed."),
        widget=forms.TextInput(_SHORT),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self)

    @property
    def parts(self) -> Iterator[Part]:
        """The fields in the order in which one thinks of them."""
        for title, names in PARTS:
            yield Part(title=title, fields=tuple(self[name] for name in names))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            asked(self, cleaned)
        return cleaned

    def question(self) -> ReleaseQuestion:
        """What a valid form asks."""
        return ReleaseQuestion(**_plain(self.cleaned_data))

    @property
    def texts(self) -> dict[str, dict[str, str]]:
        """What a valid form says to readers, in each language; English where no French is given."""
        return {name: dict(self._said(name)) for name in ("title", "purpose")}

    def _said(self, name: str) -> Iterator[tuple[str, str]]:
        english, french, arabic = (
            " ".join(self.cleaned_data[one].split()) for one in (name, f"{name}_fr", f"{name}_ar")
        )
        yield from (("en", english), ("fr", french or english))
        if arabic:
            yield "ar", arabic


ASKED = ("since", "until", "columns", "epsilon", "ways", "persons", "rows", "seed")
AT = {"years": "until"}
PARTS = (
    (_("Who is in it"), ("since", "until", "persons")),
    (_("What is told of them"), ("columns", "ways", "rows")),
    (_("How much it may spend"), ("epsilon",)),
    (
        _("What people will read"),
        ("title", "title_fr", "title_ar", "purpose", "purpose_fr", "purpose_ar", "licence", "seed"),
    ),
)


def query(one: Release) -> str:
    """A release as the address of the form that asked for it."""
    held = dict(one.question) | {"licence": one.licence}
    said = [
        (name if language == "en" else f"{name}_{language}", text)
        for name in ("title", "purpose")
        for language, text in one.texts[name].items()
    ]
    plain = [(name, held[name]) for name in (*ASKED, "licence") if name not in ("columns", "rows")]
    rows = [("rows", "on")] if held["rows"] else []
    return urlencode([*said, *plain, *rows, *(("columns", column) for column in held["columns"])])


class PlanForm(forms.Form):
    """What to plan with: columns, how they are combined, and how long the budget must last."""

    since = _year(_("First year"), _("Of registration, such as 2020."))
    until = _year(_("Last year"), _("This year included."))
    columns = _columns()
    ways = _ways()
    years = forms.IntegerField(
        label=_("Years that the rest of the budget must last"),
        min_value=1,
        max_value=50,
        initial=1,
        help_text=_("This year included. A person's budget is for a lifetime."),
        widget=forms.TextInput(_SHORT),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            asked(self, cleaned)
        return cleaned

    def question(self, first: Mapping[str, Any]) -> ReleaseQuestion:
        """What a valid form asks; all columns of the first years where nothing was asked yet."""
        if not self.is_bound:
            return ReleaseQuestion(**first, columns=tuple(one.name for one in columns()))
        return ReleaseQuestion(**_plain(self.cleaned_data))


def asked(form: forms.Form, cleaned: Mapping[str, Any]) -> None:
    """Tell a form what is against its question."""
    try:
        ReleaseQuestion(**_plain(cleaned))
    except InvalidRecord as refused:
        for problem in refused.problems:
            form.add_error(AT.get(problem.path, problem.path), told(problem))


def _plain(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    return {name: cleaned[name] for name in ASKED if name in cleaned} | {"columns": tuple(cleaned["columns"])}


def offer(form: forms.Form) -> None:
    """Let the form choose among the columns that may be released, all of them ticked at first."""
    field = form.fields["columns"]
    field.choices = [(one.name, Choice(*named(one))) for one in columns()]  # type: ignore[attr-defined]  # a choice field
    field.initial = [one.name for one in columns()]


def named(column: Column) -> tuple[str, str]:
    """A column in the page's language, with its first values; the years are those that are asked."""
    language = case_words.language()
    if column.name == YEAR:
        return column.label.in_language(language), str(_("Each year that you ask for"))
    values = [column.said(code, language) for code in column.codes[:FIRST]]
    more = ", …" if len(column.codes) > FIRST else ""
    return column.label.in_language(language), ", ".join(values) + more


class StateFilter(FilterForm):
    """Which releases to show."""

    standing = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("Any")),
            ("draft", _("Draft")),
            ("once", _("Waits for a second person")),
            ("done", _("Made, not published")),
            ("published", _("Published")),
            ("withdrawn", _("Withdrawn")),
        ],
    )


class RiskFilter(FilterForm):
    """Which risk reports to show."""

    standing = forms.ChoiceField(
        label=_("Risk report"),
        required=False,
        choices=[
            ("", _("Any")),
            ("unread", _("Waits for a signature")),
            ("signed", _("Signed")),
            ("none", _("No report")),
        ],
    )


class WithdrawForm(forms.Form):
    """The notice that stands in the place of a withdrawn release."""

    reason = forms.CharField(
        label=_("Notice for the public"),
        max_length=400,
        help_text=_("Why it should no longer be used, such as an error in a column. Name no person."),
        widget=forms.Textarea({"rows": 3}),
    )
