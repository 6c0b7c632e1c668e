"""A break-glass opening: one member, one reason, and a second person who confirms or refuses it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .case import Case


class EmergencyReason(models.TextChoices):
    """Why a part is opened without consent; a code, so that no one is described in clear."""

    LIFE_IN_DANGER = "life_in_danger", _("A life is in danger")
    CHILD_IN_DANGER = "child_in_danger", _("A child is in danger")
    MISSING = "missing", _("The person is missing")
    MEDICAL = "medical", _("Medical emergency")
    CANNOT_CONSENT = "cannot_consent", _("The person cannot speak for themselves now")


class EmergencyOpening(models.Model):
    """Lapses by itself unless another member confirms it in time (`palermo.protection.access`)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="emergencies")
    member = models.CharField(max_length=120)
    tiers = models.JSONField(default=list)
    reason = models.CharField(max_length=60, choices=EmergencyReason.choices)
    opened_at = models.DateTimeField()
    second = models.CharField(max_length=120, blank=True)
    second_at = models.DateTimeField(null=True, blank=True)
    refused = models.BooleanField(default=False)

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reason__in=EmergencyReason.values), name="emergency_reason_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(second="", second_at__isnull=True)
                | (~models.Q(second="") & models.Q(second_at__isnull=False)),
                name="second_person_and_moment_go_together",
            ),
            models.CheckConstraint(
                condition=~models.Q(second=models.F("member")), name="second_person_is_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}:{self.member}"
