"""What methods and intervals are called, in the language of a reading, a picture or a page."""

from typing import Final

from palermo.prevention.saying import Saying, say

METHODS: Final = {
    "stepwise": say("method-stepwise"),
    "bic": say("method-bic"),
    "bic-average": say("method-bic-average"),
    "bayes-threshold": say("method-bayes-threshold"),
    "graphs": say("method-graphs"),
    "latent": say("method-latent"),
    "covariates": say("method-covariates"),
    "pooled": say("method-pooled"),
    "independence": say("method-independence"),
    "downhill": say("method-downhill"),
    "bic-pairs": say("method-bic-pairs"),
    "range": say("method-range"),
}
KINDS: Final = {
    "bca": say("kind-bca"),
    "percentile": say("kind-percentile"),
    "credible": say("kind-credible"),
    "log-normal": say("kind-log-normal"),
}

_PAIRS: Final = say("caution-pairs")
CAUTIONS: Final = {
    "stepwise": _PAIRS,
    "bic": _PAIRS,
    "bic-average": _PAIRS,
    "bayes-threshold": _PAIRS,
    "covariates": _PAIRS,
    "graphs": say("caution-graphs"),
    "latent": say("caution-latent"),
    "pooled": say("caution-pooled"),
}
"""How far the interval of each method held where the truth was known: stands beside every answer of it."""


def method(name: str) -> Saying | str:
    """A method by its name; one that is not ours keeps the name it has."""
    return METHODS.get(name, name)


def title(name: str, language: str) -> str:
    """A method as a line of its own begins with it."""
    told = method(name)
    text = told.text(language) if isinstance(told, Saying) else told
    return text[:1].upper() + text[1:]


def kind(name: str) -> Saying | str:
    """How an interval was made."""
    return KINDS.get(name, name)


def level(share: float) -> Saying:
    """The level of an interval: 95%, 99.9%."""
    return say("level", percent=round(100 * share, 6))


def span(low: float, high: float) -> Saying:
    """From one number of people to another."""
    return say("span", low=low, high=high)
