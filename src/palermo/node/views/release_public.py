"""What anybody may read without signing in: the published packs, and the notices of those withdrawn."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from palermo.errors import Unknown
from palermo.node import case_words, release_files, release_shown, release_terms
from palermo.node.actions import release
from palermo.node.models import Release, ReleaseState
from palermo.node.table import Code, Column, Empty, Link, Table

COLUMNS = (
    Column(name="title", label=gettext_lazy("Release"), heads_row=True),
    Column(name="published", label=gettext_lazy("Published")),
    Column(name="epsilon", label=gettext_lazy("Epsilon"), numeric=True),
    Column(name="purpose", label=gettext_lazy("What it is for")),
    Column(name="download", label=gettext_lazy("Download")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """A language of the page and where it is."""

    code: str
    name: str
    url: str
    here: bool


def release_public(request: HttpRequest, language: str = "") -> HttpResponse:
    """Every published pack; without a language in the address, on to the reader's."""
    if not language:
        return redirect("release_public", language=case_words.language())
    with translation.override(_known(language)):
        found = list(Release.objects.public())
        context = {
            **_frame("release_public", language),
            "here": _("Published data"),
            "packs": _table([one for one in found if one.state == ReleaseState.PUBLISHED]),
            "notices": [*_notices([one for one in found if one.state == ReleaseState.WITHDRAWN])],
        }
        return _said(request, "prevention/release_public.html", context, language)


def _table(found: list[Release]) -> Table:
    return Table(
        id="packs",
        caption=_("Published data"),
        columns=COLUMNS,
        rows=[_row(one) for one in found],
        empty=Empty(
            title=_("Nothing is published yet."),
            hint=_("What this State releases will stand here, for anyone to read and use."),
        ),
    )


def _row(one: Release) -> dict[str, Any]:
    return {
        "title": Link(release_terms.text_of(one, "title"), _page(one)),
        "published": one.published_at and one.published_at.date(),
        "epsilon": release_terms.epsilon(one.epsilon),
        "purpose": release_terms.text_of(one, "purpose"),
        "download": Link(_("All files (zip)"), _file(one, release_files.ARCHIVE)),
    }


def _notices(found: list[Release]) -> Iterator[dict[str, str]]:
    for one in found:
        told = release_shown.notice(one) or {}
        yield {**told, "title": release_terms.text_of(one, "title"), "url": _page(one)}


def release_public_pack(request: HttpRequest, language: str, reference: str) -> HttpResponse:
    """One published pack: what it is, its first figures and its files; its notice where it was withdrawn."""
    with translation.override(_known(language)):
        one = release.published(reference)
        gone = release_shown.notice(one)
        context = {
            **_frame("release_public_pack", language, one.pk),
            "here": release_terms.text_of(one, "title"),
            "population": release_terms.text_of(one, "population"),
            "withdrawn": gone,
            "facts": [*_facts(one)],
        }
        if not gone:
            address = _file(one, "NAME").replace("NAME", "{name}")
            context |= release_shown.answered(one)
            context["links"] = release_files.links(one, language=language, address=address)
        return _said(request, "prevention/release_public_pack.html", context, language)


def release_public_file(request: HttpRequest, reference: str, name: str) -> FileResponse:
    """A file of a published pack; those of a withdrawn one are no longer handed out."""
    one = release.published(reference)
    if one.state != ReleaseState.PUBLISHED:
        raise Unknown("This release was withdrawn. Its page says why.")
    return release_files.answer(one, name)


def _facts(one: Release) -> Iterator[tuple[Any, Any]]:
    yield _("What it is for"), release_terms.text_of(one, "purpose")
    yield _("Published"), one.published_at and one.published_at.date()
    yield _("Epsilon"), release_terms.epsilon(one.epsilon)
    yield _("Delta"), release_terms.delta(one.delta)
    yield _("What they protect"), _("Everything about one person, whether they are in the data or not.")
    yield _("Licence"), one.licence
    yield _("Reference"), Code(one.pk)


def _frame(page: str, language: str, *parts: str) -> dict[str, Any]:
    """The list's address, and this page in each language."""
    return {
        "list_url": reverse("release_public", args=[language]),
        "languages": [
            Tongue(
                code=code,
                name=get_language_info(code)["name_local"],
                url=reverse(page, args=[code, *parts]),
                here=code == language,
            )
            for code, _name in settings.LANGUAGES
        ],
    }


def _said(request: HttpRequest, template: str, context: dict[str, Any], language: str) -> HttpResponse:
    response = render(request, template, context)
    response.headers["Content-Language"] = language
    return response


def _known(language: str) -> str:
    if language not in dict(settings.LANGUAGES):
        raise Unknown("There is no page in that language. Use en, fr or ar.")
    return language


def _page(one: Release) -> str:
    return reverse("release_public_pack", args=[case_words.language(), one.pk])


def _file(one: Release, name: str) -> str:
    return reverse("release_public_file", args=[one.pk, name])
