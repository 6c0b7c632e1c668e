"""What a person agreed to, as codes: for which purpose, with whom, which tiers, from when until when."""

from django.db import models

from .case import Case


class Consent(models.Model):
    """Asked by the access decision; the words of the consent itself lie sealed in the record. Never edited:
    a withdrawal sets its moment, and a new agreement is a new row."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=40)
    recipient = models.CharField(max_length=120, help_text="An agency's code or a member's sign-in name.")
    tiers = models.JSONField(default=list)
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.CharField(max_length=120)

    class Meta:
        ordering = ["given_at"]

    def __str__(self) -> str:
        return f"{self.case_id}:{self.purpose}"
