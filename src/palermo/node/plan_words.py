"""The words of national plans on the node's pages."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.appraisal.observation import Bounds
from palermo.appraisal.plan.mapping import Use
from palermo.appraisal.plan.plan import Progress
from palermo.appraisal.plan.review import Finding, Kind
from palermo.appraisal.plan.timeline import Standing
from palermo.appraisal.provision import Pillar
from palermo.node.table import Tag, text

PILLARS: Mapping[Pillar, Any] = {
    Pillar.PREVENTION: gettext_lazy("Prevention"),
    Pillar.PROTECTION: gettext_lazy("Protection"),
    Pillar.PROSECUTION: gettext_lazy("Prosecution"),
    Pillar.PARTNERSHIP: gettext_lazy("Partnership"),
    Pillar.TREATIES: gettext_lazy("Treaties and linked goals"),
}
PROGRESS: Mapping[Progress, Any] = {
    Progress.NOT_BEGUN: gettext_lazy("Not begun"),
    Progress.UNDER_WAY: gettext_lazy("Under way"),
    Progress.DONE: gettext_lazy("Done"),
    Progress.DROPPED: gettext_lazy("Dropped"),
}
STANDINGS: Mapping[Standing, tuple[Any, str]] = {
    Standing.DONE: (PROGRESS[Progress.DONE], "good"),
    Standing.UNDER_WAY: (PROGRESS[Progress.UNDER_WAY], "warn"),
    Standing.NOT_BEGUN: (PROGRESS[Progress.NOT_BEGUN], "quiet"),
    Standing.OVERDUE: (gettext_lazy("Overdue"), "bad"),
    Standing.DROPPED: (PROGRESS[Progress.DROPPED], "quiet"),
}
USES: Mapping[Use, Any] = {
    Use.GOAL: gettext_lazy("A goal, with the actions below it"),
    Use.ACTION: gettext_lazy("An action"),
    Use.NUMBER: gettext_lazy("The action's number"),
    Use.OWNER: gettext_lazy("Who is responsible"),
    Use.BUDGET: gettext_lazy("Its budget"),
    Use.TIME: gettext_lazy("Its time frame"),
    Use.INDICATOR: gettext_lazy("Its indicators"),
    Use.NOTHING: gettext_lazy("Nothing: list it as not used"),
}
FINDINGS: Mapping[Kind, Any] = {
    Kind.EXPIRED: gettext_lazy("Plan expired"),
    Kind.OVERDUE: gettext_lazy("Overdue"),
    Kind.MISSED: gettext_lazy("Milestone missed"),
    Kind.UNFUNDED: gettext_lazy("No budget"),
    Kind.OWNERLESS: gettext_lazy("Nobody responsible"),
    Kind.UNMEASURED: gettext_lazy("No indicator"),
    Kind.SILENT: gettext_lazy("No report for a year"),
}


def said(finding: Finding) -> str:
    """What was found, in a sentence of the page's language."""
    values = {name: _value(value) for name, value in finding.text.values}
    told: dict[str, str] = {
        "finding.expired": _(
            "The plan expired on %(on)s. Adopt the next one, and carry over what is not done."
        ),
        "finding.overdue": _("It was due on %(on)s and is not reported as done."),
        "finding.missed": _("The milestone “%(milestone)s” was due on %(on)s and is not reached."),
        "finding.unfunded": _("No money is set aside for it."),
        "finding.ownerless": _("No body is named that answers for it."),
        "finding.unmeasured": _("Nothing is named that would show whether it works."),
        "finding.silent": _("Nothing was reported since %(on)s."),
        "finding.never": _("Nothing was ever reported; it was to begin on %(on)s."),
    }
    return told[finding.text.key] % values


def _value(value: Any) -> str:
    return date_format(value, "j F Y") if isinstance(value, date) else str(getattr(value, "en", value))


def standing(one: Standing) -> Tag:
    return Tag(*STANDINGS[one])


def slot(id: str) -> str:
    """What the pieces of a slot are, for the person who says what they are used as."""
    kind, _sign, words = id.replace("-", ":", 1).partition(":")
    told = {
        "heading": _("Headings of level %(words)s"),
        "item": _("Items, numbered in %(words)s parts") if words != "0" else _("Items without a number"),
        "label": _("Lines that begin with “%(words)s”"),
        "column": _("Column “%(words)s”"),
        "text": _("Other text"),
    }
    return told[kind] % {"words": words}


def amount(bounds: Bounds | None) -> str:
    """A number, an interval, or that it is not known."""
    if bounds is None:
        return _("not known")
    low, high = text(bounds.low), text(bounds.high)
    return low if bounds.exact else _("%(low)s to %(high)s") % {"low": low, "high": high}
