"""The audit: who did what to which thing, chained by hash, written only by actions."""

from django.db import models


class AuditEvent(models.Model):
    """One link of the chain. References are text, so that nothing blocks an erasure.

    Append-only: the database itself refuses to change or delete a row.
    """

    number = models.BigIntegerField(primary_key=True, help_text="1, 2, 3 ... without a gap.")
    at = models.DateTimeField()
    actor = models.CharField(max_length=120)
    agency = models.CharField(max_length=40, blank=True)
    action = models.CharField(max_length=60)
    object = models.CharField(max_length=120, blank=True)
    purpose = models.CharField(max_length=40, blank=True)
    detail = models.JSONField(default=dict, help_text="Codes and counts only.")
    digest = models.BinaryField(max_length=32)

    class Meta:
        ordering = ["number"]
        indexes = [
            models.Index(fields=["object", "number"], name="audit_of_an_object"),
            models.Index(fields=["actor", "number"], name="audit_of_an_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.action}"


class AuditHead(models.Model):
    """Where the chain ends: one row, locked while a link is added, so that a cut tail is noticed."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    digest = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="audit_has_one_head")]

    def __str__(self) -> str:
        return str(self.number)
