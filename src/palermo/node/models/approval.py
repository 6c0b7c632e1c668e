"""A second person's approval of one step on one case."""

from django.db import models

from .case import Case


class Approval(models.Model):
    """Given for one action of the access matrix; used up when the step is taken."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="approvals")
    step = models.CharField(max_length=40)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "step", "by"],
                condition=models.Q(used_at__isnull=True),
                name="an_open_approval_is_given_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id}:{self.step}"
