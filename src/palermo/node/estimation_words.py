"""What methods, states, intervals and strata of estimation are called on pages, in the page's language."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from palermo.node import case_words
from palermo.node.table import Tag, text

METHODS: Mapping[str, Any] = {
    "stepwise": gettext_lazy("Stepwise"),
    "bic": gettext_lazy("Best model by BIC"),
    "bic-average": gettext_lazy("Models averaged by BIC"),
    "bayes-threshold": gettext_lazy("Bayesian threshold"),
    "graphs": gettext_lazy("Averaged graphs"),
    "latent": gettext_lazy("Latent classes"),
    "covariates": gettext_lazy("All strata in one model"),
    "pooled": gettext_lazy("Partly pooled strata"),
}
METHOD_HINTS: Mapping[str, Any] = {
    "stepwise": gettext_lazy("Adds the pairs of lists whose overlap surprises most, one after the other."),
    "bic": gettext_lazy("Takes the one model that fits best for its size."),
    "bic-average": gettext_lazy("Lets every model speak with the weight that the table gives it."),
    "bayes-threshold": gettext_lazy("Keeps the pairs that a cautious prior does not explain away."),
    "graphs": gettext_lazy("Averages over all ways in which lists may depend on each other in groups."),
    "latent": gettext_lazy("Supposes kinds of people whom some lists find more easily than others."),
    "covariates": gettext_lazy("One model of all groups at once, whose totals add up. Needs groups."),
    "pooled": gettext_lazy("Lets small groups borrow from the others. Needs groups."),
}
KINDS: Mapping[str, Any] = {
    "bca": gettext_lazy("bootstrap (BCa)"),
    "percentile": gettext_lazy("bootstrap (percentiles)"),
    "credible": gettext_lazy("credible"),
    "log-normal": gettext_lazy("log-normal"),
}
STATES: Mapping[str, tuple[Any, str]] = {
    "waiting": (gettext_lazy("Waiting"), "quiet"),
    "running": (gettext_lazy("Running"), "warn"),
    "done": (gettext_lazy("Done"), "good"),
    "failed": (gettext_lazy("Stopped"), "bad"),
}
STRATA: Mapping[str, Any] = {
    "sex": gettext_lazy("Sex"),
    "age_band": gettext_lazy("Age"),
    "form": gettext_lazy("Form of exploitation"),
    "year": gettext_lazy("Year"),
}
_LISTS = {"sex": "sex", "age_band": "age_band", "form": "exploitation_form"}
RANGE = "range"


def method(name: str) -> str:
    """A method; the reported range of several has a name of its own."""
    if name == RANGE:
        return _("Range of methods")
    return str(METHODS.get(name, name))


def methods(names: Iterable[str]) -> str:
    """Several methods, one after the other."""
    return _(", ").join(map(method, names))


def kind(name: str) -> str:
    """How an interval was made."""
    return str(KINDS.get(name, name))


def state(name: str) -> Tag:
    """How far an estimation has come."""
    return Tag(*STATES[name])


def signatures(one: Any) -> Tag:
    """How far an estimation is signed."""
    if one.withdrawn_at:
        return Tag(_("Withdrawn"), "bad")
    if one.second_at:
        return Tag(_("Signed by two"), "good")
    return Tag(_("Waits for a second person"), "warn") if one.signed_at else Tag(_("Not signed"), "quiet")


def column(name: str) -> str:
    """What people are told apart by."""
    return str(STRATA.get(name, name))


def value(column_name: str, code: str) -> str:
    """One value of it; what nobody wrote down says so."""
    if not code or code in {"unknown", "not_recorded"}:
        return _("Not recorded")
    return case_words.code(_LISTS[column_name], code) if column_name in _LISTS else code


def span(low: float | None, high: float | None) -> str:
    """From one number to another, three figures of each: more is not known."""
    if low is None or high is None:
        return "–"
    return _("%(low)s to %(high)s") % {"low": about(low), "high": about(high)}


def about(number: float | None) -> str:
    """A number with three figures, as much as any of these methods knows."""
    return text(None if number is None else rounded(number))


def rounded(number: float) -> int:
    """Three figures of a number of people."""
    return round(float(f"{number:.3g}"))


def percent(share: float) -> str:
    """A share of one as a percentage."""
    return _("%(number)s%%") % {"number": text(round(100 * share))}


def period(since: int | None, until: int | None) -> str:
    """The years of registration whose cases are counted."""
    if since and until:
        told = _("%(since)s to %(until)s") if since != until else "%(since)s"
        return told % {"since": since, "until": until}
    if since:
        return _("from %(since)s on") % {"since": since}
    return _("up to %(until)s") % {"until": until} if until else _("All years")


def lists(number: int) -> str:
    """How many lists."""
    return ngettext("%(count)s list", "%(count)s lists", number) % {"count": text(number)}
