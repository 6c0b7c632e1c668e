"""The chapters of a report, each written from an appraisal: what is shown, in which order."""

from collections.abc import Callable

from palermo.appraisal.assess import Appraisal
from palermo.appraisal.chapter.figures import goals, victims
from palermo.appraisal.chapter.overview import profile, summary
from palermo.appraisal.chapter.proof import cited_by, evidence_table, sources
from palermo.appraisal.chapter.provisions import linked, obstacles, provisions
from palermo.appraisal.chapter.treaties import treaties
from palermo.appraisal.report import Report, Section

CHAPTERS: tuple[Callable[[Appraisal], Section], ...] = (
    summary,
    profile,
    treaties,
    victims,
    goals,
    obstacles,
    provisions,
    linked,
)


def report(appraisal: Appraisal) -> Report:
    """The whole report of one appraisal, its evidence and sources last."""
    chapters = tuple(chapter(appraisal) for chapter in CHAPTERS)
    cited = cited_by(appraisal, chapters)
    return Report(
        state=appraisal.state,
        today=appraisal.today,
        cycle=appraisal.cycle,
        sections=(*chapters, evidence_table(cited), sources(appraisal, cited)),
        evidence=cited,
    )
