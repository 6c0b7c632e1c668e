"""A break-glass opening: one member, one reason, and a second person who confirms or refuses it."""

from django.db import models

from .case import Case


class EmergencyOpening(models.Model):
    """Lapses by itself unless another member confirms it in time; the rule is in `palermo.protection.access`."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="emergencies")
    member = models.CharField(max_length=120)
    tiers = models.JSONField(default=list)
    reason = models.CharField(max_length=60, help_text="A code, so that no one is described in clear.")
    opened_at = models.DateTimeField()
    second = models.CharField(max_length=120, blank=True)
    second_at = models.DateTimeField(null=True, blank=True)
    refused = models.BooleanField(default=False)

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
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
