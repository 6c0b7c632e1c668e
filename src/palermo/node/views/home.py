"""The first page after sign-in: what waits for this member, in each of their roles, and what to do next."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from palermo.node import permission, role_labels
from palermo.node.actions import emergency, estimation, release, risk, session
from palermo.node.actor import Actor
from palermo.node.models import Agency, Approval, Case, ImportRun, ImportState, StatementPassage
from palermo.protection.access import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One thing that waits or can be done: a number (or none), what it is, and where to go."""

    title: str
    text: str
    url: str
    number: int | None = None


def home(request: HttpRequest) -> HttpResponse:
    """What waits for the member; every role of theirs has its own cards, and sees nothing of the others."""
    member, now = session.member_of(request), timezone.now()
    by = member.actor
    cards = [card for role in _CARDS if role in by.roles for card in _CARDS[role](by, now) if card.url]
    context = {
        "cards": list({(card.title, card.url): card for card in cards}.values()),
        "emergencies": emergency.waiting(by=by, now=now),
        "roles": [role_labels.label(role) for role in Role if role in by.roles],
        "member": member,
    }
    return render(request, "home.html", context)


def _page(name: str, query: str = "") -> str:
    """The address of a page, empty where this node does not serve it."""
    try:
        return reverse(name) + (f"?{query}" if query else "")
    except NoReverseMatch:
        return ""


def _first_responder(by: Actor, now: datetime) -> Iterator[Card]:
    mine = Case.objects.of(by.agency).filter(created_by=by.name).count()
    yield Card(
        title=_("Cases you wrote down"),
        number=mine,
        text=_("Open them to add what you learn, or to see where they stand."),
        url=_page("case_list"),
    )
    yield Card(
        title=_("Bring in a file of cases"),
        text=_(
            "From a spreadsheet, a form server or another system. You see everything before it is stored."
        ),
        url=_page("import_list"),
    )


def _case_worker(by: Actor, now: datetime) -> Iterator[Card]:
    waiting = _waiting(by, now)
    yield Card(
        title=_("At risk"),
        number=waiting["at_risk"],
        text=_("Look at these first: the person is not safe."),
        url=_page("case_list", "safety=at_risk"),
    )
    yield Card(
        title=_("Missing"),
        number=waiting["missing"],
        text=_("Nobody knows where the person is. For a child, the guardian and the police must know."),
        url=_page("case_list", "safety=missing"),
    )
    yield Card(
        title=_("Reported, not presumed yet"),
        number=waiting["reported"],
        text=_("Someone waits to hear whether you presume them to be a victim."),
        url=_page("case_list", "identification=received"),
    )
    yield Card(
        title=_("Cases of your team"),
        number=waiting["all"],
        text=_("Search by reference, year, sex, age, form of exploitation or citizenship."),
        url=_page("case_list"),
    )


def _supervisor(by: Actor, now: datetime) -> Iterator[Card]:
    waiting = _waiting(by, now)
    yield Card(
        title=_("Ready to be closed"),
        number=waiting["follow_up"],
        text=_("Follow-up has begun. You decide whether support can end."),
        url=_page("case_list", "support=follow_up"),
    )
    yield Card(
        title=_("Imports that need a look"),
        number=ImportRun.objects.filter(agency=by.agency, state=ImportState.FAILED).count(),
        text=_("A file could not be read to its end."),
        url=_page("import_list"),
    )
    yield Card(
        title=_("What your team did"),
        text=_("Who looked at which case, why, and what they changed."),
        url=_page("audit_list"),
    )


def _waiting(by: Actor, now: datetime) -> dict[str, int]:
    """Counts of one walk through the cases of the member's agency that they may see."""
    cases = permission.near(Case.objects.all(), to=by, now=now).order_by()
    return cases.aggregate(
        all=Count("pk"),
        reported=Count("pk", filter=Q(identification="received")),
        at_risk=Count("pk", filter=Q(safety="at_risk")),
        missing=Count("pk", filter=Q(safety="missing")),
        follow_up=Count("pk", filter=Q(support="follow_up")),
    )


def _competent_authority(by: Actor, now: datetime) -> Iterator[Card]:
    cases = permission.visible(Case.objects.all(), to=by, now=now)
    yield Card(
        title=_("Waiting for your first decision"),
        number=cases.filter(identification="referred_to_authority").count(),
        text=_("Are there reasonable grounds? Two of you decide together."),
        url=_page("case_list", "identification=referred_to_authority"),
    )
    yield Card(
        title=_("Waiting for the final decision"),
        number=cases.filter(identification="final_pending").count(),
        text=_("The recovery period is over. Two of you decide together."),
        url=_page("case_list", "identification=final_pending"),
    )


def _service_provider(by: Actor, now: datetime) -> Iterator[Card]:
    yield from _own_trace(by, now)


def _guardian(by: Actor, now: datetime) -> Iterator[Card]:
    yield _seen(
        by, now, _("People you stand by"), _("What is planned for them, and who looked at their record.")
    )


def _prosecutor(by: Actor, now: datetime) -> Iterator[Card]:
    text = _("Only those where a mandate names you and the person has agreed.")
    yield _seen(by, now, _("Cases under your mandate"), text)
    yield from _own_trace(by, now)


def _seen(by: Actor, now: datetime, title: str, text: str) -> Card:
    number = permission.visible(Case.objects.all(), to=by, now=now).count()
    return Card(title=title, number=number, text=text, url=_page("case_list"))


def _own_trace(by: Actor, now: datetime) -> Iterator[Card]:
    yield Card(
        title=_("What you did here"),
        text=_("Your own steps, as the audit keeps them."),
        url=_page("audit_list"),
    )


def _survivor(by: Actor, now: datetime) -> Iterator[Card]:
    for own in permission.visible(Case.objects.all(), to=by, now=now)[:5]:
        yield Card(
            title=_("Your record"),
            text=_("What is written down about you, and who has looked at it."),
            url=reverse("case_page", args=[own.pk]),
        )


def _analyst(by: Actor, now: datetime) -> Iterator[Card]:
    if number := estimation.visible(by, now=now).waiting_for(by.name).count():
        yield Card(
            title=_("Estimations that wait for your signature"),
            number=number,
            text=_("Another analyst has signed a range. Look at the table, the spread and the assumptions."),
            url=_page("estimation_list", "standing=once"),
        )
    if number := release.visible(by, now=now).waiting_for(by.name).count():
        yield Card(
            title=_("Releases that wait for your approval"),
            number=number,
            text=_("Another analyst has approved it. Look at the question, the error and the budget."),
            url=_page("release_list", "standing=once"),
        )
    if number := StatementPassage.objects.queue(by=by.name).count():
        yield Card(
            title=_("Passages of statements that wait for you"),
            number=number,
            text=_("What a State said of itself counts when two people have read it alike."),
            url=_page("statement_list"),
        )
    yield Card(
        title=_("National figures"),
        text=_("Counts by year, form, sex, age and citizenship. Small numbers stay hidden."),
        url=_page("figures"),
    )
    yield Card(
        title=_("Estimation of the hidden number"),
        text=_("How many victims nobody has found, from how the agencies' lists overlap."),
        url=_page("estimation_list"),
    )
    yield Card(
        title=_("Safe releases"),
        text=_("Data that anyone may use and no one can be found in, within a budget of privacy."),
        url=_page("release_list"),
    )
    yield Card(
        title=_("Appraisal of a State"),
        text=_("What was done of the Plan, what stands in the way, and the evidence."),
        url=_page("appraisal_list"),
    )


def _officer(by: Actor, now: datetime) -> Iterator[Card]:
    erasures = Approval.objects.filter(agency=by.agency, step="erase", used_at=None).exclude(by=by.name)
    for approval in erasures.select_related("case")[:20]:
        yield Card(
            title=_("Erasure waits for a second person"),
            text=_("%(who)s proposed it.") % {"who": approval.by},
            url=reverse("case_page", args=[approval.case_id]),
        )
    if number := risk.unread(by, now=now):
        yield Card(
            title=_("Risk reports that wait for your signature"),
            number=number,
            text=_("What was tried to find a person in a release, what came of it, and what stays open."),
            url=_page("risk_list", "standing=unread"),
        )
    yield Card(
        title=_("Risk reports"),
        text=_("Who has looked for persons in the releases of this node, and what they found."),
        url=_page("risk_list"),
    )
    yield Card(
        title=_("The audit"),
        text=_("Everything that was done on this node. Verify that nothing was changed or cut out."),
        url=_page("audit_list"),
    )


def _administrator(by: Actor, now: datetime) -> Iterator[Card]:
    agencies = Agency.objects.filter(closed_on=None).count()
    yield Card(
        title=_("Administration"),
        text=ngettext("%(count)s agency is open.", "%(count)s agencies are open.", agencies)
        % {"count": agencies},
        url=_page("administration"),
    )
    yield Card(
        title=_("What happened on the node"),
        text=_("Sign-ins, members, tokens, imports; never a case."),
        url=_page("audit_list"),
    )


def _nothing(by: Actor, now: datetime) -> Iterator[Card]:
    return iter(())


# In the order of the page: what waits for a person in need before what one can do oneself.
_CARDS: Mapping[Role, Callable[[Actor, datetime], Iterator[Card]]] = {
    Role.CASE_WORKER: _case_worker,
    Role.SUPERVISOR: _supervisor,
    Role.FIRST_RESPONDER: _first_responder,
    Role.COMPETENT_AUTHORITY: _competent_authority,
    Role.SERVICE_PROVIDER: _service_provider,
    Role.GUARDIAN: _guardian,
    Role.PROSECUTOR: _prosecutor,
    Role.BORDER_OFFICER: _own_trace,
    Role.SURVIVOR: _survivor,
    Role.ANALYST: _analyst,
    Role.DATA_PROTECTION_OFFICER: _officer,
    Role.ADMINISTRATOR: _administrator,
    Role.PEER_NODE: _nothing,
}
