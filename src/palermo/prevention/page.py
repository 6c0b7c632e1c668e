"""One HTML page of estimates in one language: what can be said, the methods on one axis, and what to doubt.

The page holds its pictures as SVG, each wide and narrow, has no script and asks nothing of any network. Every
picture has its table beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

from palermo.prevention import checks, page_table, picture, published
from palermo.prevention.checks import Checks
from palermo.prevention.estimate import Estimate
from palermo.prevention.overlap import Overlap
from palermo.prevention.saying import Saying, say
from palermo.prevention.sheet import Stratum
from palermo.prevention.trial import Trial
from palermo.prevention.words import method, title

WIDE, NARROW = 680, 320


def page(
    table: Overlap,
    results: Sequence[Estimate],
    *,
    reading: Mapping[str, str],
    language: str = "en",
    checked: Checks | None = None,
    trials: Sequence[Trial] = (),
    strata: Mapping[Stratum, Sequence[Estimate]] | None = None,
    on: date | None = None,
) -> str:
    """The whole page in English, French or Arabic; `on` is the day that it shows."""
    told = say("page-title").text(language)
    sections = (
        _section("page-reading", f"<p>{escape(reading[language])}</p>", language),
        _methods(table, results, language),
        _warnings(results, language),
        *_strata(strata or {}, language),
        _checks(table, checked or checks.check(table), results, trials, language),
        _overlaps(table, language),
        *_stabilities(results, language),
        _assumptions(results, language),
        _section("page-again", page_table.provenance(table, results, on, language), language),
    )
    intro = say("page-intro", lists=len(table.lists), observed=table.observed).text(language)
    return (
        f'<!doctype html>\n<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">\n<head>'
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(told)}</title><style>{_STYLE}</style></head>\n<body><main><h1>{escape(told)}</h1>"
        f'<p class="lead">{escape(intro)}</p>\n{"".join(sections)}</main></body></html>\n'
    )


def svg(spec: dict[str, Any]) -> str:
    """The Vega-Lite picture drawn."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(spec))


def _section(heading: str, body: str, language: str) -> str:
    return f"<section><h2>{page_table.escaped(say(heading), language)}</h2>{body}</section>\n"


def _methods(table: Overlap, results: Sequence[Estimate], language: str) -> str:
    others = published.of(table)
    rows = [*(one.row() for one in results), *(one.row(language) for one in others)]
    specs = [
        picture.estimates(rows, language=language, observed=table.observed, width=width)
        for width in (WIDE, NARROW)
    ]
    told = say("page-methods-text" if others else "page-plain-text")
    body = (
        f"<p>{page_table.escaped(told, language)}</p>{_figure(specs, say('picture-estimates'), language)}"
        f"{page_table.answers(results, language)}"
    )
    if others:
        body += page_table.figures(others, language)
    return _section("page-methods", body, language)


def _warnings(results: Sequence[Estimate], language: str) -> str:
    told = {one.method: (*one.warnings, *one.cautions) for one in results}
    body = "".join(
        f"<h3>{escape(title(name, language))}</h3>{_list(said, language)}"
        for name, said in told.items()
        if said
    )
    return _section("page-warnings", body, language)


def _strata(strata: Mapping[Stratum, Sequence[Estimate]], language: str) -> Iterable[str]:
    """The answers of each stratum, alone and as a model of all strata has it."""
    body = "".join(_stratum(values, results, language) for values, results in strata.items())
    if body:
        yield _section(
            "page-strata", f"<p>{page_table.escaped(say('page-strata-text'), language)}</p>{body}", language
        )


def _stratum(values: Stratum, results: Sequence[Estimate], language: str) -> str:
    """One stratum: its people, its answers, and why methods refuse it."""
    named = ", ".join(f"<bdi>{escape(value) or page_table.NOTHING}</bdi>" for value in values)
    refused = [one for one in results if not one.estimable]
    reasons = _once(((why, one.method) for one in refused for why in one.warnings), of=len(results))
    known = say("page-known", observed=results[0].observed)
    return (
        f"<h3>{named}</h3><p>{page_table.escaped(known, language)}</p>"
        f"{page_table.answers(results, language)}{_list(reasons, language)}"
    )


def _checks(
    table: Overlap,
    checked: Checks,
    results: Sequence[Estimate],
    trials: Sequence[Trial],
    language: str,
) -> str:
    chao = checked.chao
    bound = page_table.span(chao.interval.low, chao.interval.high)
    under = [method(one.method) for one in results if one.total is not None and one.total < chao.total]
    alone = [] if checked.alone > checks.MANY_ALONE else [say("page-alone", share=checked.alone)]
    said = [
        *alone,
        say("page-chao", total=chao.total, span=bound),
        *([say("page-under-chao", methods=tuple(under))] if under else []),
        *checked.warnings,
        *(problem.said for problem in checked.problems),
    ]
    body = (
        f"{_list(said, language)}{page_table.sizes(checked, language)}"
        f"{page_table.pairs(table, checked, language)}"
    )
    return _section("page-checks", body + "".join(_trial(one, language) for one in trials), language)


def _trial(one: Trial, language: str) -> str:
    told = [] if one.consistency is None else [say("page-consistency", share=one.consistency)]
    return (
        f"<h3>{escape(title(one.method, language))}</h3>{page_table.without(one, language)}"
        f"{page_table.found_again(one, language)}{_list(told, language)}"
    )


def _overlaps(table: Overlap, language: str) -> str:
    specs = [picture.overlaps(table, language=language, width=width) for width in (460, 150)]
    body = _figure(specs, say("picture-overlaps"), language) + page_table.cells(table, language)
    return _section("page-overlaps", body, language)


def _stabilities(results: Sequence[Estimate], language: str) -> Iterable[str]:
    curves = [(one, one.details.get("curve")) for one in results if one.estimable]
    body = "".join(_stability(one, curve, language) for one, curve in curves if curve and len(curve) > 1)
    if body:
        yield _section("page-stability", body, language)


def _stability(one: Estimate, curve: Sequence[Mapping[str, Any]], language: str) -> str:
    caption = say("page-stability-of", method=method(one.method))
    specs = [picture.stability(curve, over="top", language=language, width=width) for width in (560, 250)]
    return _figure(specs, caption, language) + page_table.curve(caption, curve, language)


def _assumptions(results: Sequence[Estimate], language: str) -> str:
    """Every assumption once; one that only some methods make names them."""
    said = _once(((told, one.method) for one in results for told in one.assumptions), of=len(results))
    return _section("page-assumptions", _list(said, language), language)


def _once(said: Iterable[tuple[Saying, str]], *, of: int) -> list[Saying]:
    """Each saying once; one that not all methods say, of so many, names those that do."""
    texts: dict[str, Saying] = {}
    speakers: dict[str, list[str]] = {}
    for one, name in said:
        texts[str(one)] = one
        speakers.setdefault(str(one), []).append(name)
    return [
        texts[told]
        if len(names) == of
        else say("page-only", text=texts[told], methods=tuple(map(method, names)))
        for told, names in speakers.items()
    ]


def _figure(specs: Sequence[dict[str, Any]], caption: Saying, language: str) -> str:
    """The same picture wide and narrow, of which a screen shows one."""
    told = page_table.escaped(caption, language)
    drawn = "".join(
        f'<div class="{name}">{_labelled(svg(_untitled(spec)), told)}</div>'
        for name, spec in zip(("wide", "narrow"), specs, strict=True)
    )
    return f"<figure><figcaption>{told}</figcaption>{drawn}</figure>"


def _untitled(spec: dict[str, Any]) -> dict[str, Any]:
    """The page names a picture in its own type."""
    return {name: part for name, part in spec.items() if name != "title"}


def _labelled(drawing: str, told: str) -> str:
    """For a reader that does not see it a picture is its caption; the figures stand in the table."""
    return drawing.replace("<svg ", f'<svg role="img" aria-label="{told}" ', 1)


def _list(sayings: Iterable[Saying], language: str) -> str:
    lines = "".join(f"<li>{page_table.escaped(one, language)}</li>" for one in sayings)
    return f"<ul>{lines}</ul>" if lines else ""


_STYLE = (
    ":root{color-scheme:light}*{box-sizing:border-box}"
    "body{font:1rem/1.5 system-ui,'Noto Sans','Noto Sans Arabic',sans-serif;color:#17262d;background:#fff;"
    "margin:0}main{max-width:46rem;margin:0 auto;padding:1.5rem 1rem 3rem}"
    "h1{font-size:1.75rem;line-height:1.2;margin:0 0 .5rem}h2{font-size:1.3rem;margin:2.2rem 0 .5rem;"
    "padding-top:.6rem;border-top:2px solid #0f6073}h3{font-size:1.05rem;margin:1.2rem 0 .3rem}"
    ".lead{font-size:1.1rem;color:#4a5960}ul{margin:.3rem 0;padding-inline-start:1.2rem}li{margin:.3rem 0}"
    "figure{margin:1rem 0}figcaption,caption{font-weight:600;text-align:start;padding:.3rem 0}"
    "svg{display:block;max-width:100%;height:auto;direction:ltr}.narrow{display:none}"
    ".scroll{overflow-x:auto;margin:1rem 0}table{border-collapse:collapse;min-width:16rem;font-size:.94rem}"
    "th,td{border-bottom:1px solid #d3d9db;padding:.35rem .6rem;text-align:start;vertical-align:top}"
    "thead th{border-bottom:2px solid #8a979c}.n{text-align:end;white-space:nowrap;"
    "font-variant-numeric:tabular-nums}code{overflow-wrap:anywhere;font-size:.9em}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{font-weight:600}dd{margin:0}"
    "@media(max-width:44rem){.wide{display:none}.narrow{display:block}h1{font-size:1.4rem}"
    "th,td{padding:.3rem .4rem}dl{grid-template-columns:1fr}dd{margin-bottom:.5rem}}"
    "@media print{main{max-width:none;padding:0}.wide{display:block}.narrow{display:none}"
    ".scroll{overflow:visible}figure,tr{break-inside:avoid}h2,h3,caption{break-after:avoid}}"
)
