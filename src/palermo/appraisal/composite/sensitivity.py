"""Which assumption moves the ranks most: Sobol indices of the mean rank shift, by SALib (extra `[index]`).

The design is that of the uncertainty run, its factors on the unit interval: each choice cut into equal parts,
the weights one of a fixed number of drawn sets. Saltelli et al. (2010), doi 10.1016/j.cpc.2009.09.018.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from palermo.appraisal.composite.building import Index
from palermo.appraisal.composite.cells import Values, Whole, frozen
from palermo.appraisal.composite.fault import fault
from palermo.appraisal.composite.ranks import competition
from palermo.appraisal.composite.uncertainty import EVERYTHING, Draws, rerun, weights_drawn
from palermo.appraisal.composite.variation import Variation, check
from palermo.errors import Unreachable

BASE = 512
SETS_OF_WEIGHTS = 512
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What one varied assumption decides: alone (first order), and with all it interacts with (total).

    Both as a share of the variance of the mean rank shift; the half-widths are those of 95 % intervals.
    """

    factor: str
    first: float
    first_half_width: float
    total: float
    total_half_width: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sensitivity:
    """The effects, the largest total first; `shift` is the mean rank shift of each run of the design."""

    effects: tuple[Effect, ...]
    runs: int
    seed: int
    shift: Values

    def document(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {
            "runs": self.runs,
            "seed": self.seed,
            "target": "mean absolute shift of rank",
            "effects": {
                one.factor: {
                    "first": one.first,
                    "first_half_width": one.first_half_width,
                    "total": one.total,
                    "total_half_width": one.total_half_width,
                }
                for one in self.effects
            },
        }


def sensitivity(
    index: Index, vary: Variation | None = None, *, base: int = BASE, seed: int = 1
) -> Sensitivity:
    """First and total order of each varied assumption, from base x (factors + 2) runs."""
    vary = vary or Variation.usual(index)
    check(index, vary)
    if len(vary.factors) < 2:
        raise fault("variation", "varies one assumption, so there is no share to tell.", "Vary two or more.")
    if base < 2 or base & (base - 1):
        raise fault("sensitivity", f"{base} is no power of two.", f"Give {BASE}.")
    sampler, analyser = _library()
    problem = {
        "num_vars": len(vary.factors),
        "names": list(vary.factors),
        "bounds": [[0.0, 1.0]] * len(vary.factors),
    }
    design = sampler.sample(problem, base, calc_second_order=False, seed=seed)
    ranks = competition(rerun(index, vary, _draws(index, vary, design, seed=seed)))
    shift = np.abs(ranks - index.ranks).mean(axis=1)
    if np.ptp(shift) == 0:
        raise fault("variation", "moves no rank, so there is nothing to share out.", "Vary more.")
    found = analyser.analyze(
        problem, shift, calc_second_order=False, conf_level=CONFIDENCE, seed=seed, print_to_console=False
    )
    effects = sorted(_effects(vary.factors, found), key=lambda one: (-one.total, one.factor))
    return Sensitivity(effects=tuple(effects), runs=len(design), seed=seed, shift=frozen(shift))


def _effects(factors: tuple[str, ...], found: Mapping[str, Values]) -> list[Effect]:
    return [
        Effect(
            factor=name,
            first=float(found["S1"][place]),
            first_half_width=float(found["S1_conf"][place]),
            total=float(found["ST"][place]),
            total_half_width=float(found["ST_conf"][place]),
        )
        for place, name in enumerate(factors)
    ]


def _draws(index: Index, vary: Variation, design: Values, *, seed: int) -> Draws:
    """The choices that each row of the design stands for."""
    columns = dict(zip(vary.factors, design.T, strict=True))
    nominal = index.steps.weigh(index.hierarchy)
    sets = weights_drawn(index, vary, nominal, draws=SETS_OF_WEIGHTS, random=np.random.default_rng(seed))
    weights = sets[_cut(columns["weigh"], SETS_OF_WEIGHTS)] if vary.weigh else sets[[0] * len(design)]
    out = np.full(len(design), EVERYTHING)
    if vary.leave_out:
        out = _cut(columns["leave_out"], len(index.hierarchy.ids) + 1) + EVERYTHING
    return Draws(
        choices={name: _cut(columns[name], len(given)) for name, given in vary.steps.items()},
        left_out=out,
        weights=weights,
        nodes=tuple(nominal),
    )


def _cut(unit: Values, parts: int) -> Whole:
    """Which of so many equal parts of the unit interval each number lies in."""
    cut: Whole = np.minimum((unit * parts).astype(np.int64), parts - 1)
    return cut


def _library() -> tuple[Any, Any]:
    try:
        from SALib.analyze import sobol as analyser  # type: ignore[import-untyped]  # it ships no types
        from SALib.sample import sobol as sampler  # type: ignore[import-untyped]  # it ships no types
    except ImportError as error:
        raise Unreachable(
            "SALib is not installed, and the shares of the assumptions need it. "
            "Install it with: pip install 'palermo[index]'"
        ) from error
    return sampler, analyser
