"""A second person's approval of one step: on one case, or on the list of one agency."""

from django.db import models

from .agency import Agency
from .case import Case


class Approval(models.Model):
    """Given for one action of the access matrix; used up when the step is taken.

    A step that is not done to one case (taking out a list) has no case; the agency is then what it is about.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="approvals", null=True, blank=True)
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="approvals")
    step = models.CharField(max_length=40)
    by = models.CharField(max_length=120)
    at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "step", "by"],
                condition=models.Q(used_at__isnull=True),
                name="an_open_approval_is_given_once",
            ),
            models.UniqueConstraint(
                fields=["agency", "step", "by"],
                condition=models.Q(used_at__isnull=True, case__isnull=True),
                name="an_open_list_approval_is_given_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id or self.agency_id}:{self.step}"
