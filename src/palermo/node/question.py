"""What an estimation is asked: which agencies make which lists, which years, which strata, which methods."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from palermo.errors import InvalidRecord, Problem
from palermo.prevention import methods
from palermo.prevention.overlap import MOST_LISTS

STRATA = ("sex", "age_band", "form", "year")
FEWEST_LISTS = methods.FEWEST_LISTS
LONGEST_NAME = 60
YEARS = range(1900, 2200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`lists` gives each list its agencies; `since` and `until` are years of registration, both counted.

    Without `methods` all are asked. InvalidRecord names every fault at once.
    """

    lists: Mapping[str, tuple[str, ...]]
    since: int | None = None
    until: int | None = None
    strata: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    replicates: int = 1000
    level: float = 0.95
    seed: int = 1
    trials: bool = False

    def __post_init__(self) -> None:
        if problems := tuple(_against(self)):
            raise InvalidRecord("question", problems)

    @property
    def agencies(self) -> tuple[str, ...]:
        """Every agency of the lists."""
        return tuple(code for codes in self.lists.values() for code in codes)

    @property
    def options(self) -> dict[str, Any]:
        """What the methods are told."""
        year = "year" if "year" in self.strata else None
        return {name: getattr(self, name) for name in _TOLD} | {"names": self.methods, "year": year}

    def document(self) -> dict[str, Any]:
        """The question as it is stored."""
        return asdict(self) | {name: list(getattr(self, name)) for name in ("strata", "methods")}


def read(document: Mapping[str, Any]) -> Question:
    """The question of a stored document."""
    lists = {str(name): tuple(codes) for name, codes in document["lists"].items()}
    some = {name: tuple(document.get(name, ())) for name in ("strata", "methods")}
    told: dict[str, Any] = {name: document[name] for name in _PLAIN if name in document} | some
    return Question(lists=lists, **told)


_PLAIN = ("since", "until", "replicates", "level", "seed", "trials")
_TOLD = ("replicates", "level", "seed", "trials")


def _against(asked: Question) -> Iterator[Problem]:
    for rule, (holds, problem) in RULES.items():
        if not holds(asked):
            path, wrong, remedy, wrong_fr, remedy_fr = problem
            yield Problem(
                rule=rule, path=path, wrong=wrong, remedy=remedy, wrong_fr=wrong_fr, remedy_fr=remedy_fr
            )


def _named(asked: Question) -> bool:
    names = [name.strip() for name in asked.lists]
    return all(0 < len(name) <= LONGEST_NAME for name in names) and len(set(names)) == len(names)


# Each rule: what must hold of a question, and what is said where it does not.
RULES: Mapping[str, tuple[Callable[[Question], bool], tuple[str, str, str, str, str]]] = {
    "question-lists": (
        lambda asked: FEWEST_LISTS <= len(asked.lists) <= MOST_LISTS,
        (
            "lists",
            "There are too few or too many lists.",
            f"Make {FEWEST_LISTS} to {MOST_LISTS} lists of agencies.",
            "Il y a trop peu ou trop de listes.",
            f"Formez de {FEWEST_LISTS} à {MOST_LISTS} listes d'organismes.",
        ),
    ),
    "question-names": (
        _named,
        (
            "lists",
            "A list has no name, a long one, or one that another has.",
            f"Give each list a name of its own, {LONGEST_NAME} characters at most.",
            "Une liste n'a pas de nom, en a un trop long, ou le partage avec une autre.",
            f"Donnez à chaque liste un nom propre, de {LONGEST_NAME} caractères au plus.",
        ),
    ),
    "question-empty-list": (
        lambda asked: all(asked.lists.values()),
        (
            "lists",
            "A list has no agency.",
            "Give it one, or leave it out.",
            "Une liste n'a aucun organisme.",
            "Donnez-lui-en un, ou omettez-la.",
        ),
    ),
    "question-agency-twice": (
        lambda asked: len(set(asked.agencies)) == len(asked.agencies),
        (
            "lists",
            "An agency is in two lists.",
            "Put it in one.",
            "Un organisme figure dans deux listes.",
            "Mettez-le dans une seule.",
        ),
    ),
    "question-years": (
        lambda asked: (
            all(year is None or year in YEARS for year in (asked.since, asked.until))
            and (asked.since or YEARS.start) <= (asked.until or YEARS.stop)
        ),
        (
            "years",
            "The years are not years, or the last comes before the first.",
            "Give years such as 2021, the earlier one first.",
            "Les années n'en sont pas, ou la dernière précède la première.",
            "Donnez des années telles que 2021, la plus ancienne d'abord.",
        ),
    ),
    "question-strata": (
        lambda asked: set(asked.strata) <= set(STRATA) and len(set(asked.strata)) == len(asked.strata),
        (
            "strata",
            "People cannot be told apart by that.",
            f"Choose from {', '.join(STRATA)}, each once.",
            "Les personnes ne peuvent être distinguées ainsi.",
            f"Choisissez parmi {', '.join(STRATA)}, chacun une fois.",
        ),
    ),
    "question-methods": (
        lambda asked: set(asked.methods) <= {*methods.METHODS, *methods.JOINT},
        (
            "methods",
            "There is no method of that name.",
            f"Choose from {', '.join([*methods.METHODS, *methods.JOINT])}.",
            "Aucune méthode ne porte ce nom.",
            f"Choisissez parmi {', '.join([*methods.METHODS, *methods.JOINT])}.",
        ),
    ),
    "question-options": (
        lambda asked: (
            0 <= asked.replicates <= 10_000 and 0.5 <= asked.level <= 0.999 and 0 <= asked.seed < 2**31
        ),
        (
            "options",
            "Replicates, level or seed are out of range.",
            "Use up to 10,000 replicates, a level from 0.5 to 0.999 and a seed from 0.",
            "Répliques, niveau ou graine hors limites.",
            "Prenez au plus 10 000 répliques, un niveau de 0,5 à 0,999 et une graine à partir de 0.",
        ),
    ),
}
