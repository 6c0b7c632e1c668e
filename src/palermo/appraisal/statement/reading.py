"""What several people made of one passage, and what follows: two who agree confirm, nobody confirms twice.

A provision is confirmed where two people named it for the same actor and the same kind of claim. The first
person's refusal settles a passage; later disagreement is a conflict, which a third person's reading can end.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from palermo.appraisal.provision import provisions
from palermo.appraisal.statement.claim import Actor, Kind, Standing
from palermo.errors import Problem

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One person's reading; without provisions it says that none fits, and `because` says why."""

    by: str
    actor: Actor
    kind: Kind
    provisions: tuple[str, ...] = ()
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Where a passage stands after its readings."""

    standing: Standing
    provisions: tuple[str, ...] = ()
    actor: Actor | None = None
    kind: Kind | None = None
    confirmed_by: tuple[str, ...] = ()
    because: str = ""

    @property
    def settled(self) -> bool:
        """Whether nobody needs to read it any more."""
        return self.standing in {Standing.CONFIRMED, Standing.REFUSED}


def outcome(readings: Sequence[Reading]) -> Outcome:
    """What follows from the readings, in the order in which they were given."""
    if not readings:
        return Outcome(standing=Standing.PROPOSED)
    if agreed := _agreed(readings):
        return agreed
    refusals = [one for one in readings if not one.provisions]
    if len(refusals) == len(readings) or len(refusals) > 1:
        return Outcome(standing=Standing.REFUSED, because=refusals[0].because)
    if len(readings) > 1:
        return Outcome(standing=Standing.CONFLICT, confirmed_by=tuple(one.by for one in readings))
    first = readings[0]
    return Outcome(
        standing=Standing.ONCE,
        provisions=first.provisions,
        actor=first.actor,
        kind=first.kind,
        confirmed_by=(first.by,),
    )


def against(new: Reading, *, earlier: Sequence[Reading]) -> tuple[Problem, ...]:
    """Why this reading cannot be taken; an empty tuple means go."""
    unknown = [one for one in new.provisions if one not in provisions()]
    found = {
        _AGAIN: any(one.by == new.by for one in earlier),
        _SETTLED: outcome(earlier).settled,
        _UNKNOWN: bool(unknown),
        _NO_REASON: not new.provisions and not new.because.strip(),
        _TOO_LONG: len(new.because) > LONGEST_REASON,
    }
    return tuple(problem for problem, holds in found.items() if holds)


def _agreed(readings: Sequence[Reading]) -> Outcome | None:
    """The provisions that two people named for one actor and kind, and the first two who did."""
    for position, later in enumerate(readings):
        for earlier in readings[:position]:
            both = tuple(one for one in earlier.provisions if one in later.provisions)
            if both and (earlier.actor, earlier.kind) == (later.actor, later.kind) and earlier.by != later.by:
                return Outcome(
                    standing=Standing.CONFIRMED,
                    provisions=both,
                    actor=later.actor,
                    kind=later.kind,
                    confirmed_by=(earlier.by, later.by),
                )
    return None


def _problem(path: str, wrong: str, wrong_fr: str, remedy: str, remedy_fr: str) -> Problem:
    return Problem(
        rule="reading", path=path, wrong=wrong, wrong_fr=wrong_fr, remedy=remedy, remedy_fr=remedy_fr
    )


_AGAIN = _problem(
    "by",
    "you have read this passage already; nobody confirms their own reading.",
    "vous avez déjà lu ce passage ; personne ne confirme sa propre lecture.",
    "Another person must read it.",
    "Une autre personne doit le lire.",
)
_SETTLED = _problem(
    "passage",
    "is settled: two people have agreed on it, or it was refused.",
    "est tranché : deux personnes se sont accordées, ou il a été refusé.",
    "Go on with the next.",
    "Passez au suivant.",
)
_UNKNOWN = _problem(
    "provisions",
    "one of them is not a provision of the framework.",
    "l’une d’elles n’est pas une disposition du cadre.",
    "Choose from the list.",
    "Choisissez dans la liste.",
)
_NO_REASON = _problem(
    "because",
    "a refusal needs its reason.",
    "un refus doit être motivé.",
    "Say in a few words why none fits.",
    "Dites en quelques mots pourquoi aucune ne convient.",
)
_TOO_LONG = _problem(
    "because",
    f"is longer than {LONGEST_REASON} characters.",
    f"dépasse {LONGEST_REASON} caractères.",
    "Say it shorter.",
    "Abrégez.",
)
