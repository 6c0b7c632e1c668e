"""What a set of estimates says in plain words: a range, its width, its refusals; in every language."""

from collections.abc import Iterable, Sequence

from palermo.prevention.estimate import Estimate
from palermo.prevention.saying import LANGUAGES, Saying, say
from palermo.prevention.words import method, span

CLOSE = 1.25
"""Methods whose totals differ by less than this factor agree for practical purposes."""


def reading(results: Sequence[Estimate], *, observed: int, lists: int) -> dict[str, str]:
    """The reading of one table's results by language code."""
    told = sayings(results, observed=observed, lists=lists)
    return {language: " ".join(one.text(language) for one in told) for language in LANGUAGES}


def sayings(results: Sequence[Estimate], *, observed: int, lists: int) -> tuple[Saying, ...]:
    """The reading sentence by sentence."""
    return tuple(_sentences(results, observed=observed, lists=lists))


def _sentences(results: Sequence[Estimate], *, observed: int, lists: int) -> Iterable[Saying]:
    yield say("reading-observed", observed=observed, lists=lists)
    answers = sorted((one.total, one.method) for one in results if one.total is not None)
    if not answers:
        yield say("reading-none")
    elif len(answers) == 1:
        yield say("reading-one", method=method(answers[0][1]), low=_about(answers[0][0]))
    else:
        yield from _spread(answers)
    yield from _intervals(results)
    if refusals := [method(one.method) for one in results if not one.estimable]:
        yield say("reading-refused", methods=tuple(refusals))
    if answers:
        yield say("reading-assume")


def _spread(answers: Sequence[tuple[float, str]]) -> Iterable[Saying]:
    (low, lowest), (high, highest) = answers[0], answers[-1]
    yield say(
        "reading-range",
        low=_about(low),
        high=_about(high),
        lowest=method(lowest),
        highest=method(highest),
    )
    yield say("reading-agree") if high < CLOSE * low else say("reading-differ", factor=high / low)


def _intervals(results: Sequence[Estimate]) -> Iterable[Saying]:
    intervals = [one.interval for one in results if one.estimable and one.interval]
    if intervals:
        low, high = min(one.low for one in intervals), max(one.high for one in intervals)
        yield say("reading-intervals", span=span(_about(low), _about(high)))


def _about(value: float) -> float:
    """Three figures are as much as any of these methods knows."""
    return float(f"{value:.3g}")
