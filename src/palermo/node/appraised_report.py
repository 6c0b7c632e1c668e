"""Reports of the node with the rows behind them: of one State, of a pillar, of all States of this node."""

from datetime import date
from pathlib import Path

from palermo.appraisal import dataset
from palermo.appraisal.chapter import several
from palermo.appraisal.output import Package
from palermo.appraisal.provision import Pillar
from palermo.appraisal.report import Report
from palermo.node import appraised

FONTS = Path(__file__).parent / "static" / "palermo" / "built" / "fonts"


def of_state(code: str, *, today: date) -> Package:
    """The report of one State with its rows."""
    found = appraised.appraisal(code, today=today)
    return Package(report=appraised.report(code, today=today), data=dataset.of([found]), fonts=FONTS)


def of_pillar(pillar: Pillar, *, today: date) -> Package:
    """One pillar over the States of this node."""
    ours = appraised.everyone(today=today)
    return Package(report=several.pillar_report(pillar, ours), data=dataset.of(ours), fonts=FONTS)


def of_all(*, today: date) -> Package:
    """The Plan over the States of this node."""
    ours = appraised.everyone(today=today)
    return Package(report=global_report(today=today), data=dataset.of(ours), fonts=FONTS)


def pillar_report(pillar: Pillar, *, today: date) -> Report:
    """The report of a pillar alone, for its page."""
    return several.pillar_report(pillar, appraised.everyone(today=today))


def global_report(*, today: date) -> Report:
    """The report of all States alone, for its page."""
    return several.global_report(appraised.everyone(today=today), appraised.tables(today=today))
