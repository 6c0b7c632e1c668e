"""The chapters of a report, each written from an appraisal: what is shown, in which order."""

from collections.abc import Callable

from palermo.appraisal.assess import Appraisal
from palermo.appraisal.beside import NOTHING, Beside
from palermo.appraisal.chapter import outside
from palermo.appraisal.chapter.cycles import cycles
from palermo.appraisal.chapter.figures import goals, victims
from palermo.appraisal.chapter.judgements import judgements
from palermo.appraisal.chapter.overview import profile, summary
from palermo.appraisal.chapter.plans import plans
from palermo.appraisal.chapter.proof import cited_by, evidence_table, sources
from palermo.appraisal.chapter.provisions import linked, obstacles, provisions
from palermo.appraisal.chapter.statements import statements
from palermo.appraisal.chapter.treaties import treaties
from palermo.appraisal.report import Report, Section
from palermo.appraisal.words import say

CHAPTERS: tuple[Callable[[Appraisal], Section], ...] = (
    summary,
    profile,
    treaties,
    statements,
    plans,
    victims,
    goals,
    obstacles,
    provisions,
    judgements,
    cycles,
    linked,
)
ASIDES: tuple[Callable[[Beside], Section], ...] = (outside.context, outside.causes)


def report(appraisal: Appraisal, beside: Beside = NOTHING) -> Report:
    """The whole report of one appraisal, what stands beside it after it, its evidence and sources last."""
    own = tuple(chapter(appraisal) for chapter in CHAPTERS)
    chapters = (*own, *(chapter(beside) for chapter in ASIDES))
    cited = cited_by(appraisal, chapters, beside)
    names = appraisal.state.names
    return Report(
        state=appraisal.state,
        code=appraisal.state.code,
        subject=names,
        heading=say("report.heading", state=names),
        today=appraisal.today,
        cycle=appraisal.cycle,
        sections=(*chapters, evidence_table(cited), sources(appraisal, cited, beside)),
        evidence=cited,
    )
