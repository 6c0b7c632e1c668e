"""Forms with the design system's markup, and the fields a case needs that Django does not have."""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

CLASSES = {
    **dict.fromkeys(
        ("text", "email", "number", "password", "search", "tel", "url", "date", "datetime", "time"),
        "govuk-input",
    ),
    "textarea": "govuk-textarea",
    "select": "govuk-select",
    "file": "govuk-file-upload",
    "clearable_file_input": "govuk-file-upload",
    "checkbox": "govuk-checkboxes__input",
}
CHOICES = {"radio": "radio", "checkbox_select": "checkboxe"}
NARROW = {"number": "govuk-input--width-10", "date": "govuk-input--width-10", "time": "govuk-input--width-5"}


class KitRenderer(TemplatesSetting):
    """Writes every form of the node, and those of the packages it uses, in the design system's markup."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        kind = template_name.removeprefix("django/forms/widgets/").removesuffix(".html")
        if kind in CHOICES:
            return super().render("forms/widgets/choices.html", context | {"kind": CHOICES[kind]}, request)
        if kind in CLASSES:
            _dress(context["widget"]["attrs"], kind)
        return super().render(template_name, context, request)


def _dress(attrs: dict[str, Any], kind: str) -> None:
    name = CLASSES[kind]
    wanted = [name, attrs.get("class") or NARROW.get(kind, "")]
    if attrs.get("aria-invalid"):
        wanted.append(f"{name}--error")
    attrs["class"] = " ".join(part for part in wanted if part)


@dataclass(frozen=True, slots=True)
class Choice:
    """The label of a radio button or checkbox with a line of help under it."""

    label: Any
    hint: Any = ""

    def __str__(self) -> str:
        return str(self.label)


class DateParts(forms.MultiWidget):
    """A date asked as day, month and year, the way people know it; the value is year-month-day as typed."""

    template_name = "forms/widgets/date_parts.html"
    asks_parts = True
    use_fieldset = True
    PARTS = ((_("Day"), 2), (_("Month"), 2), (_("Year"), 4))

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__([_part(width) for _label, width in self.PARTS], attrs)

    def decompress(self, value: Any) -> list[str]:
        year, month, day = _parts(str(value or ""))
        return [day, month, year]

    # One date out of three boxes, as Django's own SelectDateWidget does; the stubs know only lists.
    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:  # type: ignore[override]
        typed = super().value_from_datadict(data, files, name)
        day, month, year = (_figures(part or "") for part in typed)
        return f"{year}-{month}-{day}".rstrip("-") if (day or month or year) else ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for part, (label, _width) in zip(context["widget"]["subwidgets"], self.PARTS, strict=True):
            _dress(part["attrs"], "text")
            part["label"] = label
        return context


def _part(width: int) -> forms.TextInput:
    size = f"govuk-input--width-{width}"
    return forms.TextInput({"inputmode": "numeric", "class": size, "autocomplete": "off"})


def _figures(typed: str) -> str:
    """What was typed with the figures of any script as 0 to 9; a hyphen, which would shift parts, as `?`."""
    known = (str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in typed.strip())
    return "".join(known).replace("-", "?")


def _parts(value: str) -> list[str]:
    return [*value.split("-"), "", ""][:3]


class DayField(forms.DateField):
    """A whole date, asked in three parts."""

    widget = DateParts
    default_error_messages = {"invalid": _("Enter a real date, such as 27 3 2021.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **options)


class PartialDateField(forms.CharField):
    """A date of which perhaps only the year, or year and month, is known; the value is EDTF (2021-03)."""

    widget = DateParts
    default_error_messages = {
        "year": _("Enter a year of four figures. Day and month may stay empty when they are not known."),
        "month": _("Enter the month too, or leave the day empty."),
        "invalid": _("Enter a real date, such as 27 3 2021."),
    }

    def clean(self, value: Any) -> str:
        year, month, day = _parts(super().clean(value))
        if not (year or month or day):
            return ""
        if not re.fullmatch("[0-9]{4}", year):
            raise forms.ValidationError(self.error_messages["year"], code="year")
        if day and not month:
            raise forms.ValidationError(self.error_messages["month"], code="month")
        return "-".join((year, *self._month_and_day(year, month, day)))

    def _month_and_day(self, year: str, month: str, day: str) -> list[str]:
        try:
            dt.date(int(year), int(month or 1), int(day or 1))
        except ValueError as fault:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from fault
        return [f"{int(part):02}" for part in (month, day) if part]


class FilterForm(forms.Form):
    """The form above a table: everything in it is optional, and it does not say so at each field."""

    mark_optional = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One line of the error summary: what is wrong, and the id of the input to go to."""

    text: str
    target: str


def faults(form: forms.BaseForm | None) -> tuple[Fault, ...]:
    """Every error of a form, in the order of its fields; those of the whole form first."""
    if form is None or not form.is_bound:
        return ()
    whole = [Fault(text=str(text), target="") for text in form.non_field_errors()]
    return (
        *whole,
        *(fault for name in form.errors if name in form.fields for fault in _field_faults(form[name])),
    )


def _field_faults(field: forms.BoundField) -> list[Fault]:
    target = f"{field.auto_id}_0" if field.use_fieldset else field.id_for_label
    label = str(field.label).rstrip(".")
    return [Fault(text=f"{label}: {text}", target=target) for text in field.errors]
