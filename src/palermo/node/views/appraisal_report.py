"""Reports on the node: of a pillar and of all States as pages, and every report in every format."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from palermo.appraisal import output, page
from palermo.appraisal.output import Format, Package
from palermo.appraisal.provision import Pillar
from palermo.appraisal.report import Report
from palermo.appraisal.words import Language, phrase_text
from palermo.node import appraised_report

LANGUAGES = {
    Language.ENGLISH: gettext_lazy("in English"),
    Language.FRENCH: gettext_lazy("in French"),
    Language.ARABIC: gettext_lazy("in Arabic (headings and labels)"),
}
NAMES = {
    Format.PDF: gettext_lazy("PDF, tagged for screen readers"),
    Format.HTML: gettext_lazy("Web page to keep"),
    Format.XLSX: gettext_lazy("Workbook of all figures"),
    Format.CSV: gettext_lazy("CSV tables of all figures"),
    Format.SDMX: gettext_lazy("SDMX: structure, data and metadata"),
    Format.JSON: gettext_lazy("JSON: the report as data"),
}
SHOWN_IN_PLACE = frozenset({Format.PDF})


def pillar_page(request: HttpRequest, pillar: str) -> HttpResponse:
    """One pillar over the States of this node, in the order of their codes."""
    report = appraised_report.pillar_report(_pillar(pillar), today=timezone.localdate())
    named = phrase_text(f"pillar.{pillar}").in_language(spoken())
    pillars = [
        {
            "name": phrase_text(f"pillar.{one}").in_language(spoken()),
            "url": reverse("appraisal_pillar", args=[one]),
        }
        for one in Pillar
        if one != pillar
    ]
    more = {"title": named, "others": pillars}
    return render(
        request, "appraisal/report_page.html", shown(report, "appraisal_pillar_file", pillar) | more
    )


def global_page(request: HttpRequest) -> HttpResponse:
    """The Plan over the States of this node: treaties, obstacles, gaps in the data, support asked for."""
    report = appraised_report.global_report(today=timezone.localdate())
    pillars = [
        {
            "name": phrase_text(f"pillar.{one}").in_language(spoken()),
            "url": reverse("appraisal_pillar", args=[one]),
        }
        for one in Pillar
    ]
    more = {"title": _("All States"), "others": pillars}
    return render(request, "appraisal/report_page.html", shown(report, "appraisal_global_file") | more)


def state_file(request: HttpRequest, code: str, language: str, ending: str) -> HttpResponse:
    """The report of a State in one format."""
    return _file(lambda: appraised_report.of_state(code, today=timezone.localdate()), language, ending)


def pillar_file(request: HttpRequest, pillar: str, language: str, ending: str) -> HttpResponse:
    """The report of a pillar in one format."""
    asked = _pillar(pillar)
    return _file(lambda: appraised_report.of_pillar(asked, today=timezone.localdate()), language, ending)


def global_file(request: HttpRequest, language: str, ending: str) -> HttpResponse:
    """The report of all States in one format."""
    return _file(lambda: appraised_report.of_all(today=timezone.localdate()), language, ending)


def shown(report: Report, file_page: str, *args: str) -> dict[str, Any]:
    """What the template of a report needs: the report as a fragment, and where its files are."""
    return {
        "fragment": mark_safe(page.fragment(report, spoken())),  # noqa: S308  # escaped by its templates
        "digest": report.content_hash,
        "downloads": downloads(file_page, *args),
    }


def downloads(file_page: str, *args: str) -> list[dict[str, Any]]:
    """Every format with its links, one for each language where it has one."""
    return [
        {
            "name": name,
            "links": [
                {
                    "label": "" if one in output.IN_NO_LANGUAGE else said,
                    "lang": language.value,
                    "url": reverse(file_page, args=[*args, language.value, one.value]),
                }
                for language, said in LANGUAGES.items()
                if one not in output.IN_NO_LANGUAGE or language is Language.ENGLISH
            ],
        }
        for one, name in NAMES.items()
    ]


def spoken() -> Language:
    """The language of the page, as reports have it."""
    chosen = get_language() or "en"
    return Language(chosen) if chosen in {one.value for one in Language} else Language.ENGLISH


def _pillar(name: str) -> Pillar:
    if name not in {one.value for one in Pillar}:
        raise Http404
    return Pillar(name)


def _file(made: Callable[[], Package], language: str, ending: str) -> HttpResponse:
    if language not in {one.value for one in Language} or ending not in {one.value for one in Format}:
        raise Http404
    asked = Format(ending)
    file = output.one(made(), asked, Language(language))
    response = HttpResponse(file.content, content_type=output.TYPES[asked])
    place = "inline" if asked in SHOWN_IN_PLACE else "attachment"
    response["Content-Disposition"] = f'{place}; filename="appraisal-{file.name}"'
    return response
