"""Conditions on treaties: joined or not, by which register, how old, and who says otherwise."""

from collections.abc import Callable, Iterator, Sequence

from palermo.appraisal.condition.weighing import Condition, Firing, Weighing
from palermo.appraisal.evidence import distinct
from palermo.appraisal.obstacle import Reason
from palermo.appraisal.provision import instruments
from palermo.appraisal.question import old
from palermo.appraisal.reservation import Declared, Reservation
from palermo.appraisal.treaty import Standing
from palermo.appraisal.words import Text


def not_joined(weighing: Weighing, reason: Reason) -> Iterator[Firing]:
    """A register lists the State nowhere, or as not a party."""
    yield from _together(weighing, lambda one: one.party is False and not one.signed_only, newest=True)


def signed_only(weighing: Weighing, reason: Reason) -> Iterator[Firing]:
    """Signed, and nothing since."""
    yield from _together(weighing, lambda one: one.signed_only, newest=True)


def not_registered(weighing: Weighing, reason: Reason) -> Iterator[Firing]:
    """No table that was read speaks of the treaty."""
    yield from _together(weighing, lambda one: one.party is None, newest=True)


def register_old(weighing: Weighing, reason: Reason) -> Iterator[Firing]:
    """The newest table that speaks of the treaty is more than two years old."""
    today = weighing.question.today
    yield from _together(
        weighing, lambda one: one.known_on is not None and old(one.known_on, today), newest=False
    )


def registers_differ(weighing: Weighing, reason: Reason) -> Iterator[Firing]:
    """Two dated sources disagree on whether the State is a party."""
    for one in weighing.question.standings:
        if one.conflicting:
            loser = one.conflicting[0].as_of
            values = {"what": names([one]), "known_on": one.known_on, "loser_on": loser}
            yield Firing(about=(one.treaty,), evidence=one.evidence, values=values)


def reservation_open(weighing: Weighing, reason: Reason) -> Iterator[Firing]:
    """A party, with a reservation that no register shows as withdrawn; declarations are none."""
    question = weighing.question
    found = {
        one.treaty: [it for it in question.register.reservations(question.state, one.treaty) if _limits(it)]
        for one in question.standings
        if one.party
    }
    held = [one for one in question.standings if found.get(one.treaty)]
    if held:
        declared = [it for one in held for it in found[one.treaty]]
        values = {"treaties": names(held), "known_on": min(it.found.as_of for it in declared)}
        about = tuple(one.treaty for one in held)
        yield Firing(about=about, evidence=distinct(it.evidence for it in declared), values=values)


def _limits(one: Reservation) -> bool:
    return one.kind is Declared.RESERVATION


def names(standings: Sequence[Standing]) -> tuple[Text, ...]:
    return tuple(instruments()[one.treaty].short for one in standings)


def _together(weighing: Weighing, holds: Callable[[Standing], bool], *, newest: bool) -> Iterator[Firing]:
    """One firing for all treaties that it holds of, dated by the newest or the oldest of their registers."""
    found = [one for one in weighing.question.standings if holds(one)]
    if found:
        dates = [one.known_on for one in found if one.known_on]
        pick = max if newest else min
        values = {
            "treaties": names(found),
            "what": names(found),
            "known_on": pick(dates, default=weighing.question.today),
        }
        evidence = distinct(item for one in found for item in one.evidence)
        yield Firing(about=tuple(one.treaty for one in found), evidence=evidence, values=values)


CONDITIONS: dict[str, Condition] = {
    "treaty_not_joined": not_joined,
    "treaty_signed_only": signed_only,
    "treaty_with_reservation": reservation_open,
    "treaty_in_no_register": not_registered,
    "treaty_register_old": register_old,
    "treaty_registers_differ": registers_differ,
}
