"""Who stands in which relation to a case, beside the agency that owns it."""

from django.db import models

from .case import Case


class StandingKind(models.TextChoices):
    """The relations that are written down; the others are worked out (see `palermo.protection.access`)."""

    TEAM = "team", "member of the case's team"
    GUARDIAN = "guardian", "guardian or independent advocate"
    MANDATE = "mandate", "prosecutor or investigator with a mandate for this case"
    PERSON = "person", "the person whom the case is about"
    DECISION_BODY = "decision_body", "agency that decides on identification"
    CONFLICT = "conflict", "linked to a perpetrator of this case"


class Standing(models.Model):
    """`holder` is a member's sign-in name, or an agency's code for a decision body."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="standings")
    kind = models.CharField(max_length=20, choices=StandingKind.choices)
    holder = models.CharField(max_length=120)
    granted_by = models.CharField(max_length=120)
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "kind", "holder"], name="a_standing_is_held_once"),
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(kind="person"), name="a_case_is_about_one_person"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=StandingKind.values), name="standing_kind_is_known"
            ),
        ]
        indexes = [models.Index(fields=["holder", "kind", "case"], name="standings_of_a_holder")]

    def __str__(self) -> str:
        return f"{self.case_id}:{self.kind}"
