"""Composite indices by the ten steps of the OECD and the JRC, with the uncertainty of every rank.

from palermo.appraisal import composite

made = composite.index(table, hierarchy, normalise=composite.Normalise(low=1, high=100))
composite.uncertainty(made, draws=2000)
"""

from palermo.appraisal.composite.aggregation import Aggregate
from palermo.appraisal.composite.building import Index, index
from palermo.appraisal.composite.cells import Table
from palermo.appraisal.composite.coverage import Coverage
from palermo.appraisal.composite.hierarchy import Group, Hierarchy, Indicator
from palermo.appraisal.composite.imputation import Impute
from palermo.appraisal.composite.normalisation import Normalise
from palermo.appraisal.composite.treatment import Treat
from palermo.appraisal.composite.uncertainty import Uncertainty, uncertainty
from palermo.appraisal.composite.variation import Variation
from palermo.appraisal.composite.weighting import Dirichlet, Noise, Weigh

__all__ = [
    "Aggregate",
    "Coverage",
    "Dirichlet",
    "Group",
    "Hierarchy",
    "Impute",
    "Index",
    "Indicator",
    "Noise",
    "Normalise",
    "Table",
    "Treat",
    "Uncertainty",
    "Variation",
    "Weigh",
    "index",
    "uncertainty",
]
