"""National plans of action: the plan of now, every version before it, and the files they came from."""

from typing import Self

from django.db import models
from django.db.models.fields.json import KT

MOST = 120


def _stated(path: str) -> models.GeneratedField:
    """What the document says at that place, as text."""
    return models.GeneratedField(
        expression=KT(f"document__{path}"),
        output_field=models.CharField(max_length=MOST, null=True),
        db_persist=True,
    )


class PlanFile(models.Model):
    """A public file: a plan as it was given, or the document of a progress report. It never changes."""

    id = models.CharField(primary_key=True, max_length=64, help_text="SHA-256 of the content.")
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    added_by = models.CharField(max_length=MOST)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["-added_at", "name"]

    def __str__(self) -> str:
        return self.id[:10]


class PlanQuerySet(models.QuerySet["NationalPlan"]):
    """Reads of plans; who may see them is asked before (`actions.plan.visible`)."""

    def standing(self) -> Self:
        """Those that count: not withdrawn."""
        return self.filter(withdrawn_at=None)

    def of(self, state: str) -> Self:
        """Those of a State that count, the oldest first."""
        return self.standing().filter(state=state).order_by("starts_on", "id")


class NationalPlan(models.Model):
    """A plan as it is now (`appraisal.plan.stored`); what it was before stands in its versions."""

    id = models.CharField(primary_key=True, max_length=32)
    file = models.ForeignKey(PlanFile, on_delete=models.PROTECT, related_name="plans")
    document = models.JSONField(help_text="As `appraisal.plan.stored.document` writes it.")
    left = models.JSONField(default=list, help_text="What of a written plan was not used, with its place.")
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=MOST)
    changed_at = models.DateTimeField()
    withdrawn_by = models.CharField(max_length=MOST, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    state = _stated("state")
    code = _stated("id")
    starts_on = _stated("starts_on")
    ends_on = _stated("ends_on")

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["state", "-ends_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["state", "code"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="a_state_has_a_plan_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state__isnull=False, code__isnull=False),
                name="plan_has_its_state_and_its_id",
            ),
            models.CheckConstraint(
                condition=models.Q(starts_on__isnull=True)
                | models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="plan_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_by="", withdrawn_at__isnull=True)
                | (~models.Q(withdrawn_by="") & models.Q(withdrawn_at__isnull=False)),
                name="plan_withdrawal_has_its_person_and_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.id


class PlanVersion(models.Model):
    """What a plan was before a change; rows are only ever added."""

    plan = models.ForeignKey(NationalPlan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    by = models.CharField(max_length=MOST)
    at = models.DateTimeField()

    class Meta:
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="a_plan_has_each_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.number}"
