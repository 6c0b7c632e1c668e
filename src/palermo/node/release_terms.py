"""What releases, their states, their privacy and their noise are called on pages, in the page's language."""

from collections.abc import Mapping
from datetime import datetime
from math import ceil, floor, log10
from typing import Any

from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _

from palermo.node import case_words
from palermo.node.models import Release, ReleaseState
from palermo.node.table import Code, Tag, text
from palermo.prevention.release.plan import Prediction

SURE = 1.96
"""Standard deviations to each side of a count that hold 19 of 20 noises."""

STATES: Mapping[str, tuple[Any, str]] = {
    "draft": (gettext_lazy("Draft"), "quiet"),
    "approved": (gettext_lazy("Approved by two"), "good"),
    "running": (gettext_lazy("Running"), "warn"),
    "done": (gettext_lazy("Made, not published"), "good"),
    "failed": (gettext_lazy("Stopped"), "bad"),
    "published": (gettext_lazy("Published"), "good"),
    "withdrawn": (gettext_lazy("Withdrawn"), "bad"),
}
WAYS: Mapping[int, Any] = {
    1: gettext_lazy("One column"),
    2: gettext_lazy("Two columns together"),
    3: gettext_lazy("Three columns together"),
}
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def state(one: Release) -> Tag:
    """How far a release has come."""
    if one.state == ReleaseState.DRAFT and one.approved_at:
        return Tag(_("Waits for a second person"), "warn")
    return Tag(*STATES[one.state])


def ways(number: int) -> str:
    """How many columns a count combines."""
    return str(WAYS[number])


def epsilon(value: float) -> str:
    """An epsilon for people: two places, rounded up."""
    return _two_places(ceil(round(value * 100, 6)))


def epsilon_within(value: float) -> str:
    """An epsilon that may still be asked for: two places, rounded down."""
    return _two_places(floor(round(value * 100, 6)))


def _two_places(hundredths: int) -> str:
    return text(hundredths // 100 if hundredths % 100 == 0 else hundredths / 100)


def delta(value: float) -> Code:
    """A delta as a power of ten, such as 1.2 × 10⁻⁶."""
    power = floor(log10(value))
    return Code(_left_to_right(f"{value / 10**power:.2g} × 10{str(power).translate(_RAISED)}"))


def rho(micro: int) -> str:
    """Micro-rho, exactly."""
    return _("%(number)s micro-rho") % {"number": text(micro)}


def noise(one: Prediction) -> float:
    """How far a count may stand from the truth for noise, 19 times of 20, before anything smooths it."""
    return SURE * one.sigma


def margin(one: Prediction) -> str:
    """The same as people, in two figures."""
    return more_or_less(_two_figures(noise(one)))


def more_or_less(people: float) -> str:
    """So many people more or fewer; the sign stays before its number."""
    return _left_to_right(f"±\u202f{text(people)}")


def named(label: str) -> str:
    """A label whose words keep their own order on a page that runs from right to left."""
    return f"\u2068{label}\u2069" if get_language_bidi() else label


def _left_to_right(said: str) -> str:
    return f"\u2066{said}\u2069" if get_language_bidi() else said


def example(one: Prediction) -> str:
    """What noise does to a count large enough to bear it."""
    about = _two_figures(noise(one))
    count = next((size for size in (100, 1_000, 10_000, 100_000) if about < size / 2), 1_000_000)
    return _("A count of %(count)s will be between about %(low)s and %(high)s.") % {
        "count": text(count),
        "low": text(max(0, count - about)),
        "high": text(count + about),
    }


def _two_figures(people: float) -> int:
    return max(1, round(float(f"{people:.2g}")))


def span(low: int, high: int) -> str:
    """From one number of people to another."""
    return _("%(low)s to %(high)s") % {"low": text(low), "high": text(high)}


def size(low: int, high: int | None) -> str:
    """Counts from one number of people to another, or from one number on."""
    return span(low, high) if high is not None else _("%(low)s or more") % {"low": text(low)}


def by(who: str, at: datetime | None) -> str:
    """Who did a step, and on which day."""
    return _("%(who)s, %(day)s") % {"who": who, "day": text(at and at.date())}


def text_of(one: Release, name: str) -> str:
    """The title, population or purpose of a release in the page's language, else in English."""
    return named(one.text(name, case_words.language()))
