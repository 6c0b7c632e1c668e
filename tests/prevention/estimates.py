"""Estimates for tests, made up."""

from palermo.prevention.estimate import Estimate, Interval, refused
from palermo.prevention.saying import say
from tests.prevention.tables import a_table

TABLE = a_table({"A": 40, "B": 30, "AB": 9})
REASON = say("same-list", other="<A>", first="B")
REFUSAL = refused("latent", TABLE, REASON, code=2, seed=7)


def an_estimate(method="stepwise", total=200.0, low=150.0, high=300.0, **known):
    return Estimate(
        **{
            "method": method,
            "lists": TABLE.lists,
            "observed": TABLE.observed,
            "table": TABLE.hash,
            "estimable": True,
            "total": total,
            "hidden": total - TABLE.observed,
            "interval": Interval(level=0.95, kind="bca", low=low, high=high),
            "model": (("A", "B"),),
            **known,
        }
    )
