"""What people of this node made of a provision of a State: given by one, agreed by another, published."""

from typing import Self

from django.db import models

from palermo.appraisal.assessment import Status


class JudgementQuerySet(models.QuerySet["Judgement"]):
    """Reads of judgements; they hold published facts and the words of officials, and no case."""

    def published(self, state: str) -> Self:
        """Those that reports use."""
        return self.filter(state=state, published_at__isnull=False)

    def open(self) -> Self:
        """Those on the way: neither published nor sent back."""
        return self.filter(published_at=None, returned_at=None)


class Judgement(models.Model):
    """`assessed`, then `reviewed` by another, then answered by the State where it wishes, then `published`.

    Once reviewed, the database refuses to change what was judged.
    """

    state = models.CharField(max_length=3)
    provision = models.CharField(max_length=20)
    cycle = models.CharField(max_length=20)
    status = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Status])
    reason = models.TextField()
    codes = models.JSONField(default=list, help_text="Reason codes of what stands in the way.")
    evidence_ids = models.JSONField(default=list)
    brought = models.JSONField(default=list, help_text="Documents: title, place, as_of, grade.")
    assessor = models.CharField(max_length=120)
    assessor_named = models.CharField(max_length=120)
    assessed_at = models.DateTimeField()
    reviewer = models.CharField(max_length=120, blank=True)
    reviewer_named = models.CharField(max_length=120, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.CharField(max_length=120, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_reason = models.TextField(blank=True)
    reply = models.TextField(blank=True, help_text="What the State answered before publication.")
    reply_by = models.CharField(max_length=120, blank=True, help_text="Who answered for the State.")
    reply_recorded_by = models.CharField(max_length=120, blank=True)
    reply_at = models.DateTimeField(null=True, blank=True)
    published_by = models.CharField(max_length=120, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = JudgementQuerySet.as_manager()

    class Meta:
        ordering = ["assessed_at", "id"]
        indexes = [models.Index(fields=["state", "provision", "cycle"], name="judgements_of_a_provision")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=[one.value for one in Status]), name="judgement_status_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(reviewer="", reviewed_at__isnull=True)
                | (
                    ~models.Q(reviewer="")
                    & ~models.Q(reviewer=models.F("assessor"))
                    & models.Q(reviewed_at__isnull=False)
                ),
                name="judgement_reviewer_is_another",
            ),
            models.CheckConstraint(
                condition=models.Q(returned_by="", returned_at__isnull=True)
                | (
                    ~models.Q(returned_by="")
                    & ~models.Q(returned_reason="")
                    & models.Q(returned_at__isnull=False, reviewed_at__isnull=True)
                ),
                name="judgement_sent_back_with_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(reply="", reply_at__isnull=True)
                | (
                    ~models.Q(reply="")
                    & ~models.Q(reply_by="")
                    & models.Q(reply_at__isnull=False, reviewed_at__isnull=False)
                ),
                name="judgement_reply_has_its_speaker_and_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(published_by="", published_at__isnull=True)
                | (
                    ~models.Q(published_by="")
                    & models.Q(published_at__isnull=False, reviewed_at__isnull=False)
                ),
                name="judgement_published_after_its_review",
            ),
            models.UniqueConstraint(
                fields=["state", "provision", "cycle"],
                condition=models.Q(published_at__isnull=True, returned_at__isnull=True),
                name="one_open_judgement_of_a_provision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.provision} {self.cycle}"
