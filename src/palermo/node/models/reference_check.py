"""Paragraph numbers of the framework that a person of this node compared with the official text."""

from django.db import models


class ReferenceCheck(models.Model):
    """One check; rows are only ever added, and the newest of a provision counts."""

    provision = models.CharField(max_length=20)
    paragraph = models.CharField(max_length=40, blank=True, help_text="As the official text has it.")
    note = models.CharField(max_length=400, blank=True)
    by = models.CharField(max_length=120, help_text="The member's name.")
    named = models.CharField(max_length=120, help_text="How reports name the person.")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["provision", "at"], name="check_of_a_provision")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(provision="") & ~models.Q(by="") & ~models.Q(named=""),
                name="reference_check_names_its_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.provision} by {self.by}"
