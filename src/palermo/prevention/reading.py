"""What a set of estimates says in plain words, in English and French: a range, its width, its refusals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from palermo.prevention.estimate import Estimate

CLOSE = 1.25
"""Methods whose totals differ by less than this factor agree for practical purposes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The sentences of one language."""

    observed: str
    none: str
    one: str
    range: str
    intervals: str
    agree: str
    differ: str
    refused: str
    assume: str
    thousands: str


ENGLISH = Words(
    observed="{observed} people are known to at least one of {lists} lists.",
    none="No method can say from this table how many there are in all.",
    one="One method answers: {method} puts the total at about {low}. Ask others before citing it.",
    range="Methods put the total between about {low} ({lowest}) and {high} ({highest}).",
    intervals="With their uncertainty the range is {low} to {high}.",
    agree="The methods agree closely; report the range of their intervals.",
    differ="The methods differ by a factor of {factor}: the overlaps alone do not settle the number. Report "
    "the range and say why; never one number alone.",
    refused="Refused: {methods}.",
    assume="All of it assumes a closed population, exact matching of people across lists, and that nobody "
    "was beyond the reach of every list.",
    thousands=",",
)
FRENCH = Words(
    observed="{observed} personnes sont connues d'au moins une des {lists} listes.",
    none="Aucune méthode ne peut dire, d'après ce tableau, combien elles sont en tout.",
    one="Une seule méthode répond : {method} situe le total vers {low}. Consultez-en d'autres.",
    range="Les méthodes situent le total entre environ {low} ({lowest}) et {high} ({highest}).",
    intervals="Avec leur incertitude, l'intervalle va de {low} à {high}.",
    agree="Les méthodes concordent ; publiez l'étendue de leurs intervalles.",
    differ="Les méthodes diffèrent d'un facteur {factor} : les recoupements seuls ne fixent pas le nombre. "
    "Publiez l'étendue et dites pourquoi ; jamais un nombre seul.",
    refused="Réponse refusée : {methods}.",
    assume="Tout cela suppose une population fermée, un rapprochement exact des personnes entre listes, et "
    "que personne n'était hors de portée de toutes les listes.",
    thousands="\u202f",
)
LANGUAGES = {"en": ENGLISH, "fr": FRENCH}


def reading(results: Sequence[Estimate], *, observed: int, lists: int) -> dict[str, str]:
    """The reading of one table's results by language code."""
    return {
        language: " ".join(_sentences(results, words, observed=observed, lists=lists))
        for language, words in LANGUAGES.items()
    }


def _sentences(results: Sequence[Estimate], words: Words, *, observed: int, lists: int) -> Iterable[str]:
    yield words.observed.format(observed=_number(observed, words), lists=lists)
    answers = sorted((one.total, one.method) for one in results if one.total is not None)
    if not answers:
        yield words.none
    elif len(answers) == 1:
        yield words.one.format(method=answers[0][1], low=_number(answers[0][0], words))
    else:
        yield from _spread(answers, words)
    yield from _intervals(results, words)
    if refusals := [one.method for one in results if not one.estimable]:
        yield words.refused.format(methods=", ".join(refusals))
    if answers:
        yield words.assume


def _spread(answers: Sequence[tuple[float, str]], words: Words) -> Iterable[str]:
    (low, lowest), (high, highest) = answers[0], answers[-1]
    yield words.range.format(
        low=_number(low, words), high=_number(high, words), lowest=lowest, highest=highest
    )
    factor = f"{high / low:.1f}" if words is ENGLISH else f"{high / low:.1f}".replace(".", ",")
    yield words.agree if high < CLOSE * low else words.differ.format(factor=factor)


def _intervals(results: Sequence[Estimate], words: Words) -> Iterable[str]:
    intervals = [one.interval for one in results if one.estimable and one.interval]
    if intervals:
        low, high = min(one.low for one in intervals), max(one.high for one in intervals)
        yield words.intervals.format(low=_number(low, words), high=_number(high, words))


def _number(value: float, words: Words) -> str:
    """Three figures are as much as any of these methods knows; a count of people observed stays whole."""
    whole = value if isinstance(value, int) else float(f"{value:.3g}")
    return f"{whole:,.0f}".replace(",", words.thousands)
