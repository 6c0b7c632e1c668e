"""What happened to a case, one line a step; the states of the case are a fold of these lines."""

from django.db import models

from .agency import Agency
from .case import Case


class Event(models.Model):
    """Append-only: the database itself refuses to change or delete a row."""

    case = models.ForeignKey(Case, on_delete=models.DO_NOTHING, related_name="events", db_constraint=False)
    agency = models.ForeignKey(Agency, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    number = models.PositiveIntegerField(help_text="1 for the first event of the case.")
    kind = models.CharField(max_length=40)
    payload = models.JSONField(default=dict, help_text="Codes only: tier T1.")
    by = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["case_id", "number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="event_number_is_used_once")]

    def __str__(self) -> str:
        return f"{self.case_id}#{self.number} {self.kind}"
