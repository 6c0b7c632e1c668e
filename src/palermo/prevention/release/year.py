"""What a year's budget buys: for one, two, four or twelve releases, the error of each before it is made."""

from collections.abc import Iterable
from dataclasses import dataclass

from palermo.prevention.release import budget
from palermo.prevention.release.ledger import Ledger, Limits
from palermo.prevention.release.plan import Plan, Prediction

TIMES = (1, 2, 4, 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """So many releases alike, each of so much rho; `predicted` is the error of one of them."""

    releases: int
    rho_micro: int
    epsilon: float
    predicted: tuple[Prediction, ...]


def plan_of_year(
    ledger: Ledger,
    *,
    limits: Limits,
    sizes: tuple[int, ...],
    delta: float,
    ways: int = 3,
    years: int = 1,
    cap: int | None = None,
    times: Iterable[int] = TIMES,
) -> tuple[Offer, ...]:
    """What is left, shared alike over the years to come, and what the share of this year buys.

    `sizes` are the numbers of codes of the columns, which are public; no data is touched. `cap` is a public
    guess of how many fields a case has recorded: without it each error is the one at most. What is too little
    to divide among the tables of a release is not offered.
    """
    share = ledger.left(limits, delta=delta) // years
    parts = ((count, share // count) for count in times)
    return tuple(
        offer
        for count, rho in parts
        if (offer := _offer(count, rho, sizes=sizes, delta=delta, ways=ways, cap=cap))
    )


def _offer(
    count: int, rho: int, *, sizes: tuple[int, ...], delta: float, ways: int, cap: int | None
) -> Offer | None:
    if rho < _LEAST:
        return None
    epsilon = budget.epsilon(rho, delta)
    plan = Plan(sizes=sizes, epsilon=epsilon, delta=delta, ways=ways)
    return Offer(releases=count, rho_micro=plan.rho, epsilon=epsilon, predicted=plan.predicted(cap))


# Under a thousandth of a rho noise drowns every table, and the parts of a plan come near to nothing.
_LEAST = 1_000
