"""The rules that give a provision its status: treaties, statistics, plans; the table says which.

What stands in the way is found apart, by the table of obstacles (`condition`).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from palermo.appraisal import assessment
from palermo.appraisal.assessment import Assessment, Status, higher, lower
from palermo.appraisal.evidence import counted, distinct
from palermo.appraisal.plan.plan import Plan
from palermo.appraisal.publication import Publication
from palermo.appraisal.question import Question, old
from palermo.appraisal.statistic import Statistic, names, statistic
from palermo.appraisal.treaty import Standing
from palermo.appraisal.words import Phrase, Text, say


def assessed(question: Question) -> Assessment:
    """The answer of the rule that the table names; "not assessed" where it names none."""
    if not question.settings:
        return question.answer(Status.NOT_ASSESSED, at_most=Status.DONE)
    return RULES[question.settings["rule"]](question)


def treaties(question: Question) -> Assessment:
    """Party to how many of the listed treaties; known gaps and unknowns are told apart."""
    standings = question.standings
    joined = [one for one in standings if one.party]
    proof = distinct(item for one in joined for item in one.evidence)
    complete = len(joined) == len(standings) and not question.settings["asks_application"]
    wanted = Status.DONE if complete else Status.PARTLY if joined else Status.NO_EVIDENCE
    status = lower(wanted, assessment.highest(proof))
    return question.answer(
        status,
        at_most=higher(status, _treaties_at_most(standings, question.today)),
        evidence=distinct(item for one in standings for item in one.evidence),
        reasons=_treaty_reasons(question, joined=joined, standings=standings),
    )


def _treaties_at_most(standings: Sequence[Standing], today: date) -> Status:
    """A treaty is a known gap only while its register is fresh; an old "not a party" may have changed."""
    gaps = [one for one in standings if one.party is False and one.known_on and not old(one.known_on, today)]
    if not gaps:
        return Status.DONE
    return Status.PARTLY if len(gaps) < len(standings) else Status.NO_EVIDENCE


def _treaty_reasons(
    question: Question, *, joined: Sequence[Standing], standings: Sequence[Standing]
) -> tuple[Phrase, ...]:
    party = say(
        "reason.treaties",
        joined=counted(len(joined), opens="treaties"),
        listed=counted(len(standings), opens="treaties"),
    )
    return (party, say("reason.application")) if question.settings["asks_application"] else (party,)


def statistics(question: Question) -> Assessment:
    """Detected victims reported, how recently and how finely; their full extent needs an estimate as well."""
    found = statistic(question)
    if not found.newest:
        return _no_statistics(question, found)
    told = [parts[0] for parts in found.parts.values() if parts]
    weighed = [one.evidence for one in (*found.newest, *told, *found.extent)]
    proof = distinct([*weighed, *(one.evidence for one in found.published)])
    wanted = Status.PARTLY if found.missing or found.stale or not found.extent else Status.DONE
    status = lower(wanted, assessment.highest(proof))
    capped = found.missing and not found.stale
    return question.answer(
        status,
        at_most=higher(status, Status.PARTLY if capped else Status.DONE),
        evidence=proof,
        reasons=(*_statistic_reasons(found), *_published_reasons(found.published)),
    )


def _no_statistics(question: Question, found: Statistic) -> Assessment:
    """A data set that was published proves that data is collected, though its totals were not read."""
    absent = question.register.absences(question.state, *names(question))
    proof = distinct([*absent, *(one.evidence for one in found.published)])
    wanted = Status.PARTLY if found.published else Status.NO_EVIDENCE
    return question.answer(
        lower(wanted, assessment.highest(proof)),
        at_most=Status.DONE,
        evidence=proof,
        reasons=(say("reason.no_statistics"), *_published_reasons(found.published)),
    )


def _published_reasons(published: Sequence[Publication]) -> tuple[Phrase, ...]:
    return (say("reason.published", titles=tuple(one.title for one in published)),) if published else ()


def _statistic_reasons(found: Statistic) -> tuple[Phrase, ...]:
    newest = found.newest[0]
    present = tuple(say(f"by.{by}") for by in found.parts if by not in found.missing)
    reported = say("reason.statistics", value=newest.figure, year=str(newest.period))
    broken = (say("reason.breakdowns", which=present),) if present else ()
    return (reported, *broken) if found.extent else (reported, *broken, say("reason.extent"))


def plans(question: Question) -> Assessment:
    """A national plan in force, shown by its document; done where money stands behind its actions."""
    shown = [one for one in question.dossier.plans if assessment.highest((one.evidence,)) is Status.DONE]
    running = [one for one in shown if one.in_force(question.today)]
    funded = any(funds(one) for one in running)
    return question.answer(
        Status.DONE if funded else Status.PARTLY if running else Status.NO_EVIDENCE,
        at_most=Status.DONE,
        evidence=distinct(one.evidence for one in shown),
        reasons=_plan_reasons(running),
    )


def funds(plan: Plan) -> bool:
    """Whether any action of the plan has money set aside."""
    return any(line.planned and line.planned.high > 0 for one in plan.actions for line in one.budget)


def _plan_reasons(running: Sequence[Plan]) -> tuple[Phrase, ...]:
    if not running:
        return (say("reason.no_plan"),)
    titles = tuple(Text(en=f"{one.title} ({one.years})", fr=f"{one.title} ({one.years})") for one in running)
    return (say("reason.plan", titles=titles),)


RULES: Mapping[str, Callable[[Question], Assessment]] = {
    "treaties": treaties,
    "statistics": statistics,
    "plans": plans,
}
