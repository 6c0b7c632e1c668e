"""An index from a table by the JRC steps: coverage, sizes, gaps, outliers, scale, weights, means."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from palermo.appraisal.composite import markup
from palermo.appraisal.composite.aggregation import Aggregate, scores
from palermo.appraisal.composite.cells import Mask, Table, Values, Whole, frozen
from palermo.appraisal.composite.coverage import Coverage
from palermo.appraisal.composite.denominate import denominated
from palermo.appraisal.composite.fault import fault
from palermo.appraisal.composite.hierarchy import Hierarchy
from palermo.appraisal.composite.imputation import Impute
from palermo.appraisal.composite.normalisation import Normalise
from palermo.appraisal.composite.ranks import competition
from palermo.appraisal.composite.treatment import Treat, Treatment, treated
from palermo.appraisal.composite.weighting import Weigh

EVERY_UNIT = Coverage()
GAPS_LEFT = Impute()
TO_A_HUNDRED = Normalise()
GIVEN_WEIGHTS = Weigh()
ARITHMETIC = Aggregate()


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """What is done, in the order it is done; `treat` None leaves outliers as they are."""

    coverage: Coverage = EVERY_UNIT
    impute: Impute = GAPS_LEFT
    treat: Treat | None = None
    normalise: Normalise = TO_A_HUNDRED
    weigh: Weigh = GIVEN_WEIGHTS
    aggregate: Aggregate = ARITHMETIC


@dataclass(frozen=True, kw_only=True, eq=False)
class Index:
    """Every step's table, the scores of every group, and what was filled in; nothing in it can be changed.

    A rank is worth little without its interval: `composite.uncertainty(index)` gives both.
    """

    table: Table
    hierarchy: Hierarchy
    steps: Steps
    left_out: tuple[str, ...]
    denominated: Values
    imputed: Values
    treated: Values
    treatments: tuple[Treatment, ...]
    normalised: Values
    scores: Mapping[str, Values]

    @property
    def units(self) -> tuple[str, ...]:
        return self.table.units

    @property
    def total(self) -> Values:
        """The index itself, in the order of the units."""
        return self.scores[self.hierarchy.top]

    @property
    def ranks(self) -> Whole:
        """1 for the highest; equal scores share a rank. To publish, give the interval too."""
        return competition(self.total)

    @property
    def filled(self) -> Mask:
        """Which cells were gaps and hold a number that was put in."""
        gaps: Mask = np.isnan(self.denominated) & ~np.isnan(self.imputed)
        return gaps

    @property
    def years(self) -> Whole:
        """The source year of each cell, 0 where none is known."""
        return self.table.of_hierarchy(self.hierarchy)[1]

    def place(self, unit: str) -> int:
        if unit not in self.units:
            gone = " It has too few indicators." if unit in self.left_out else ""
            raise fault(f"unit {unit}", f"is not in the index.{gone}", "Ask for one of its units.")
        return self.units.index(unit)

    def imputed_share(self, unit: str) -> float:
        """Which share of the unit's indicators was filled in."""
        return float(self.filled[self.place(unit)].mean())

    def cells(self, unit: str) -> tuple["Cell", ...]:
        """What the index knows of one unit, indicator by indicator."""
        at = self.place(unit)
        effect = self.effects()[at]
        return tuple(
            Cell(
                indicator=id,
                value=_known(self.denominated[at, place]),
                used=_known(self.treated[at, place]),
                year=int(self.years[at, place]) or None,
                filled=bool(self.filled[at, place]),
                normalised=_known(self.normalised[at, place]),
                effect=float(effect[place]),
            )
            for place, id in enumerate(self.hierarchy.ids)
        )

    def effects(self) -> Values:
        """How much each indicator lifts each unit above where the middle value of all units would put it."""
        weights = self.steps.weigh(self.hierarchy)
        found = np.zeros_like(self.normalised)
        for place in range(len(self.hierarchy.ids)):
            middle = self.normalised.copy()
            have = ~np.isnan(middle[:, place])
            middle[have, place] = np.median(middle[have, place])
            without = scores(middle, self.hierarchy, rule=self.steps.aggregate, weights=weights)
            found[:, place] = self.total - without[self.hierarchy.top]
        return found

    def document(self) -> dict[str, Any]:
        """Everything as JSON can hold it; units in the order of their codes."""
        return {
            "index": self.hierarchy.top,
            "table_sha256": self.table.sha256,
            "steps": asdict(self.steps),
            "left_out": list(self.left_out),
            "treatments": {one.indicator: str(one) for one in self.treatments},
            "imputed_share": float(self.filled.mean()),
            "units": {unit: self._unit(unit) for unit in sorted(self.units)},
        }

    def _unit(self, unit: str) -> dict[str, Any]:
        at = self.place(unit)
        return {
            "name": self.table.names[at],
            "scores": {id: _known(values[at]) for id, values in self.scores.items()},
            "imputed_share": self.imputed_share(unit),
            "cells": {
                id: {
                    "value": _known(self.denominated[at, place]),
                    "used": _known(self.treated[at, place]),
                    "year": int(self.years[at, place]) or None,
                    "imputed": bool(self.filled[at, place]),
                    "normalised": _known(self.normalised[at, place]),
                }
                for place, id in enumerate(self.hierarchy.ids)
            },
        }

    def by_name(self) -> list[int]:
        """The places of the units, in the order of their names."""
        return sorted(range(len(self.units)), key=lambda place: self.table.names[place])

    def _repr_html_(self) -> str:
        """Scores of the index and its groups, by name, with the share of cells that were filled in."""
        groups = self.hierarchy.ascending[::-1]
        lines = (
            [
                self.table.names[place],
                *(f"{self.scores[one][place]:.1f}" for one in groups),
                f"{self.filled[place].mean():.0%}",
            ]
            for place in self.by_name()
        )
        head = ["", *(self.hierarchy.name(one) for one in groups), "Imputed"]
        caption = f"{self.hierarchy.name(self.hierarchy.top)}. For ranks: composite.uncertainty(index)."
        return markup.table(head, lines, caption=caption)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One indicator of one unit: as read, as used, its year, whether it was filled in, and what it does."""

    indicator: str
    value: float | None
    used: float | None
    year: int | None
    filled: bool
    normalised: float | None
    effect: float


def index(
    table: Table,
    hierarchy: Hierarchy,
    *,
    coverage: Coverage = EVERY_UNIT,
    impute: Impute = GAPS_LEFT,
    treat: Treat | None = None,
    normalise: Normalise = TO_A_HUNDRED,
    weigh: Weigh = GIVEN_WEIGHTS,
    aggregate: Aggregate = ARITHMETIC,
) -> Index:
    """The index of a table by these steps; a table or step that makes no sense is refused with the reason."""
    steps = Steps(
        coverage=coverage, impute=impute, treat=treat, normalise=normalise, weigh=weigh, aggregate=aggregate
    )
    raw, _ = table.of_hierarchy(hierarchy)
    enough = coverage.enough(raw, hierarchy)
    kept = table.kept(enough)
    return made(kept, hierarchy, steps, left_out=tuple(np.array(table.units, dtype=object)[~enough]))


def made(table: Table, hierarchy: Hierarchy, steps: Steps, *, left_out: tuple[str, ...] = ()) -> Index:
    """The index of units that are all kept."""
    plain = denominated(table, hierarchy)
    imputed = steps.impute(plain, table.labels, hierarchy.ids)
    moved, done = treated(imputed, hierarchy.ids, steps.treat) if steps.treat else (imputed, ())
    scaled = steps.normalise(moved, hierarchy)
    found = scores(scaled, hierarchy, rule=steps.aggregate, weights=dict(steps.weigh(hierarchy)))
    for place in np.flatnonzero(np.isnan(found[hierarchy.top])):
        wrong = "has no score: too few of its indicators are known."
        raise fault(f"unit {table.units[place]}", wrong, "Fill gaps, or ask for more with `coverage`.")
    return Index(
        table=table,
        hierarchy=hierarchy,
        steps=steps,
        left_out=left_out,
        denominated=frozen(plain),
        imputed=frozen(imputed),
        treated=frozen(moved),
        treatments=done,
        normalised=frozen(scaled),
        scores={id: frozen(values) for id, values in found.items()},
    )


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
