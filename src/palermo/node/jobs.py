"""Background jobs, such as imports and releases, carried out by `palermo node work` beside the server."""

import logging
from datetime import UTC, datetime, timedelta

from django_tasks import task

from palermo.errors import PalermoError
from palermo.node import maintainer, sealed_upload, tenancy
from palermo.node.actions import estimation as estimations
from palermo.node.actions import import_run, risk, token
from palermo.node.actions import release as releases
from palermo.node.actions import statement as statements
from palermo.node.actor import Actor
from palermo.node.models import (
    Estimation,
    ImportRun,
    ImportState,
    Member,
    Release,
    ReleaseState,
    RiskReport,
    Statement,
)
from palermo.standards import read

log = logging.getLogger("palermo.jobs")

STALLED_AFTER = timedelta(minutes=2)
FORGOTTEN_AFTER = timedelta(days=1)


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def carry_out(run: ImportRun) -> None:
    """Put the run in the queue; whoever works on the queue goes on from its last committed row."""
    import_file.enqueue(run=run.pk)


@task()
def import_file(*, run: int) -> None:
    """Import the sealed upload of one run for whoever began it; what went wrong stands in the run."""
    with tenancy.scope(tenancy.EVERY_AGENCY):
        found = ImportRun.objects.filter(pk=run).exclude(state=ImportState.DONE).first()
    if found is None or not found.upload:
        return
    try:
        _import(found)
    except PalermoError as error:
        log.info("import ended", extra={"kind": type(error).__name__})


def _import(run: ImportRun) -> None:
    with (
        sealed_upload.opened(run.upload, agency=run.agency_id, name=run.file_name) as file,
        read.records(
            file, format=run.format or None, today=now().date(), limits=sealed_upload.LIMITS
        ) as reading,
    ):
        import_run.carry_out(run, reading, by=_actor(run), clock=now, position=file.tell)


def _actor(run: ImportRun) -> Actor:
    """The member or the token as it is now: a role taken away since, or a token revoked, stops the import."""
    member = Member.objects.filter(name=run.by, is_active=True).first()
    holder = member or token.named(run.by, agency=run.agency_id, now=now())
    return holder.actor if holder else Actor(name=run.by, agency=run.agency_id, roles=frozenset())


def put(one: Estimation) -> None:
    """Put the estimation in the queue; cut off at any moment, it is answered from the beginning again."""
    estimate.enqueue(estimation=one.pk)


@task()
def estimate(*, estimation: str) -> None:
    """Answer one estimation; what went wrong stands in it."""
    found = Estimation.objects.filter(pk=estimation).first()
    if found is not None:
        estimations.carry_out(found, clock=now)


def put_release(one: Release) -> None:
    """Put a started release in the queue; cut off once it has begun, it has failed."""
    release.enqueue(release=one.pk)


@task()
def release(*, release: str) -> None:
    """Make one release, and have its risk report worked out; what went wrong stands in it."""
    found = Release.objects.filter(pk=release).first()
    if found is None:
        return
    ended = releases.carry_out(found, clock=now)
    if ended.state == ReleaseState.DONE and (report := risk.put(ended, now=now())):
        put_risk(report)


def put_risk(one: RiskReport) -> None:
    """Put a risk report in the queue; cut off at any moment, it is worked out from the beginning again."""
    report_risk.enqueue(release=one.pk)


@task()
def report_risk(*, release: str) -> None:
    """Work out one risk report; what went wrong stands in it."""
    found = RiskReport.objects.select_related("release").filter(pk=release).first()
    if found is not None:
        risk.carry_out(found, clock=now)


def put_statement(one: Statement) -> None:
    """Put an added statement in the queue; cut off at any moment, it is read from the beginning again."""
    read_statement.enqueue(statement=one.pk)


@task()
def read_statement(*, statement: str) -> None:
    """Read one statement; what went wrong stands in it."""
    found = Statement.objects.filter(pk=statement).first()
    if found is not None:
        statements.propose(found, clock=now)


def stalled(run: ImportRun, *, at: datetime) -> bool:
    """Whether a running import has not moved for so long that its worker must be gone."""
    last = run.moved_at or run.created_at
    return run.state == ImportState.RUNNING and at - last > STALLED_AFTER


def resume() -> int:
    """Queue again what was cut off, before a worker starts; how many. A release that had begun has failed."""
    with tenancy.scope(tenancy.EVERY_AGENCY):
        cut_off = list(ImportRun.objects.filter(state=ImportState.RUNNING).exclude(upload=""))
    for run in cut_off:
        carry_out(run)
    unanswered = list(Estimation.objects.filter(state__in=estimations.OPEN))
    for one in unanswered:
        put(one)
    unread = list(Statement.objects.unproposed())
    for given in unread:
        put_statement(given)
    waiting = list(Release.objects.filter(state=ReleaseState.RUNNING))
    for made in waiting:
        if made.begun_at:
            releases.cut_off(made, now=now())
        else:
            put_release(made)
    for done in Release.objects.filter(state=ReleaseState.DONE, risk_report=None):
        risk.put(done, now=now())
    unreported = list(RiskReport.objects.open())
    for report in unreported:
        put_risk(report)
    return len(cut_off) + len(unanswered) + len(unread) + len(waiting) + len(unreported)


def sweep() -> int:
    """Delete uploads that nobody started within a day, and files no run knows of; how many there were."""
    before = now() - FORGOTTEN_AFTER
    with tenancy.scope(tenancy.EVERY_AGENCY):
        waiting = ImportRun.objects.exclude(upload="")
        left = list(waiting.filter(state=ImportState.READY, created_at__lt=before))
        known = set(waiting.values_list("upload", flat=True))
    swept = sum(import_run.sweep(run, by=maintainer.actor(), now=now()) for run in left)
    lost = sealed_upload.forgotten(known=known, before=before)
    for upload in lost:
        sealed_upload.delete(upload)
    return swept + len(lost)
