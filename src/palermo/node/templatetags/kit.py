"""The tags that pages are put together from; a builtin, so templates need not load it."""

from typing import Any

from django import template
from django.conf import settings
from django.forms import BaseForm
from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, get_language_info

from palermo.node import forms, navigation, table

register = template.Library()


@register.inclusion_tag("kit/error_summary.html")
def error_summary(*shown: BaseForm | None) -> dict[str, Any]:
    """Every fault of these forms, each a link to its input. The layout draws the one named `form`."""
    return {"faults": [fault for form in shown if form for fault in forms.faults(form)]}


@register.inclusion_tag("kit/language_switch.html", takes_context=True)
def language_switch(context: template.Context) -> dict[str, Any]:
    """Buttons for the languages of the node; the page stays the same."""
    request = context.get("request")
    return {
        "action": _address("set_language") if request else "",
        "next": request.get_full_path() if request else "/",
        "languages": [get_language_info(code) for code, _name in settings.LANGUAGES],
        "current": get_language(),
        "csrf_token": context.get("csrf_token"),
    }


def _address(page: str) -> str:
    try:
        return reverse(page)
    except NoReverseMatch:
        return ""


@register.inclusion_tag("kit/navigation.html", takes_context=True, name="navigation")
def menu(context: template.Context) -> dict[str, Any]:
    """The menu of the member who is signed in; nothing for anyone else."""
    request = context.get("request")
    member = getattr(request, "user", None)
    if request is None or member is None or not member.is_authenticated:
        return {"entries": ()}
    return {"entries": navigation.steps(member.roles, path=request.path)}


@register.inclusion_tag("kit/trail.html")
def trail(*parts: Any) -> dict[str, Any]:
    """Where the page stands: label, address, label, address, and last the page's own label."""
    labels, urls = parts[::2], [*parts[1::2], ""]
    return {"steps": list(zip(labels, urls, strict=False))}


@register.inclusion_tag("kit/table.html", takes_context=True, name="table")
def draw_table(context: template.Context, shown: table.Table, *, quiet: bool = False) -> dict[str, Any]:
    """A table with its filter, order, pages and CSV link; `quiet=True` where a heading says its caption."""
    request = context.get("request")
    return shown.context(request.GET if request else QueryDict(), quiet=quiet)


@register.inclusion_tag("kit/empty.html")
def empty(shown: table.Empty) -> dict[str, Any]:
    """What stands where nothing is."""
    return {"empty": shown}


@register.inclusion_tag("kit/summary_list.html")
def summary_list(rows: Any) -> dict[str, Any]:
    """Label and value pairs; a row is (label, value) or (label, value, link)."""
    return {"rows": [_summary_row(*row) for row in rows]}


def _summary_row(label: Any, value: Any, link: table.Link | None = None, note: Any = "") -> dict[str, Any]:
    row = {"label": label, "cell": table.cell(value), "note": note}
    return row | {"url": link.url, "action": link.text} if link else row


@register.inclusion_tag("kit/cell.html")
def tag(text: Any, tone: str = "plain") -> dict[str, Any]:
    """A state in a coloured box; the words carry the meaning."""
    return {"cell": {"text": text, "tag": tone}}


@register.filter
def words(value: Any) -> str:
    """A date, number or nothing in the words of the page's language."""
    return table.text(value)


@register.inclusion_tag("kit/figure.html", takes_context=True)
def figure(context: template.Context, shown: Any) -> dict[str, Any]:
    """A chart: title, what it says, picture, table, source."""
    pictures = {"picture": shown.picture(), "small": shown.small()}
    return {"figure": shown, **pictures, "request": context.get("request")}
