"""An estimate of how many victims nobody has found: what was asked, what was answered, who signed it."""

from typing import Self

from django.db import models

from .agency import Agency


class EstimationState(models.TextChoices):
    """How far an estimation has come."""

    WAITING = "waiting", "waiting"
    RUNNING = "running", "running"
    DONE = "done", "done"
    FAILED = "failed", "failed"


class EstimationQuerySet(models.QuerySet["Estimation"]):
    """Reads of estimations; who may see them is asked before (`actions.estimation.visible`)."""

    def standing(self) -> Self:
        """Those that count: signed by two people and not withdrawn."""
        return self.filter(second_at__isnull=False, withdrawn_at__isnull=True)

    def waiting_for(self, member: str) -> Self:
        """Those that somebody else has signed, and that wait for a second person."""
        signed = self.filter(signed_at__isnull=False, second_at=None, withdrawn_at=None)
        return signed.exclude(signed_by=member)


class Estimation(models.Model):
    """`answer` holds exact numbers and never leaves the node; pages show `shown_table` and `shown_answer`.

    Once a second person has signed, the database refuses every change but a withdrawal.
    """

    id = models.CharField(primary_key=True, max_length=32)
    title = models.CharField(max_length=120)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="estimations")
    question = models.JSONField(help_text="As `node.question.Question` reads it.")
    state = models.CharField(max_length=10, choices=EstimationState.choices, default=EstimationState.WAITING)
    fault = models.TextField(blank=True)
    progress = models.FloatField(default=0, help_text="The share of the methods that have answered, 0 to 1.")
    table_hash = models.CharField(max_length=64, blank=True, help_text="A keyed digest; compare, never undo.")
    answer = models.JSONField(default=dict, help_text="Exact: `prevention.answer.Answer.document()`.")
    shown_table = models.JSONField(default=dict, help_text="Counts rounded to multiples of five.")
    shown_answer = models.JSONField(default=dict, help_text="The answer in rounded figures.")
    cases = models.PositiveIntegerField(default=0)
    unkeyed = models.PositiveIntegerField(default=0, help_text="Cases left out: too little identity.")
    seed = models.PositiveIntegerField(default=1)
    version = models.CharField(max_length=20, blank=True, help_text="The palermo that answered.")
    asked_by = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    moved_at = models.DateTimeField(null=True, blank=True, help_text="When it last got on.")
    finished_at = models.DateTimeField(null=True, blank=True)

    report_low = models.PositiveIntegerField(null=True, blank=True)
    report_high = models.PositiveIntegerField(null=True, blank=True)
    report_total = models.PositiveIntegerField(null=True, blank=True)
    report_method = models.CharField(max_length=40, blank=True, help_text="A method's name, or `range`.")
    statement = models.TextField(blank=True)
    signed_by = models.CharField(max_length=120, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    second_by = models.CharField(max_length=120, blank=True)
    second_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=120, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    objects = EstimationQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=EstimationState.values), name="estimation_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    signed_by="", signed_at__isnull=True, report_low__isnull=True, report_high__isnull=True
                )
                | (
                    ~models.Q(signed_by="")
                    & models.Q(
                        state="done",
                        signed_at__isnull=False,
                        report_low__isnull=False,
                        report_high__gte=models.F("report_low"),
                    )
                ),
                name="estimation_is_signed_with_its_report",
            ),
            models.CheckConstraint(
                condition=models.Q(second_by="", second_at__isnull=True)
                | (
                    ~models.Q(second_by="")
                    & ~models.Q(second_by=models.F("signed_by"))
                    & models.Q(second_at__isnull=False, signed_at__isnull=False)
                ),
                name="estimation_second_person_is_another",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_by="", withdrawn_at__isnull=True)
                | (~models.Q(withdrawn_by="") & models.Q(withdrawn_at__isnull=False)),
                name="estimation_withdrawal_has_its_person_and_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.id

    @property
    def standing(self) -> bool:
        """Whether it counts: signed by two people and not withdrawn."""
        return self.second_at is not None and self.withdrawn_at is None
