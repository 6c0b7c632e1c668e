"""The risk report on a release, which stays inside the node, and who has read it."""

from typing import Self

from django.db import models

from .release import Release


class RiskState(models.TextChoices):
    """How far a report has come."""

    WAITING = "waiting", "waiting"
    RUNNING = "running", "running"
    DONE = "done", "done"
    FAILED = "failed", "failed"


class RiskReportQuerySet(models.QuerySet["RiskReport"]):
    """Reads of reports; who may see them is asked before."""

    def open(self) -> Self:
        """Those that a worker has still to make."""
        return self.filter(state__in=(RiskState.WAITING, RiskState.RUNNING))

    def unread(self) -> Self:
        """Those that nobody has signed, of releases that were not withdrawn."""
        return self.filter(state=RiskState.DONE, read_at=None, release__withdrawn_at=None)


class RiskReport(models.Model):
    """Worked out from the real records: no part of it goes into a pack. Once signed, it stays as it is."""

    release = models.OneToOneField(
        Release, on_delete=models.PROTECT, primary_key=True, related_name="risk_report"
    )
    state = models.CharField(max_length=10, choices=RiskState.choices, default=RiskState.WAITING)
    fault = models.TextField(blank=True)
    progress = models.FloatField(default=0)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    version = models.CharField(max_length=20, blank=True, help_text="The palermo that worked it out.")
    same_table = models.BooleanField(default=True, help_text="Whether the cases are those of the release.")
    found = models.JSONField(null=True, blank=True, help_text="As `risk_document` reads it.")
    read_by = models.CharField(max_length=120, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = RiskReportQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-release_id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=RiskState.values), name="risk_report_state_is_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="done") | models.Q(found__isnull=False, finished_at__isnull=False),
                name="risk_report_that_is_done_has_its_findings",
            ),
            models.CheckConstraint(
                condition=models.Q(read_by="", read_at__isnull=True)
                | (~models.Q(read_by="") & models.Q(read_at__isnull=False, state="done")),
                name="risk_report_signature_has_its_person_and_moment",
            ),
        ]

    def __str__(self) -> str:
        return str(self.release_id)
