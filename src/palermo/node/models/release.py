"""A published data set in the making, and the ledger of what all of them have spent of a person's privacy."""

from typing import Self

from django.db import models

from .agency import Agency


class ReleaseState(models.TextChoices):
    """How far a release has come."""

    DRAFT = "draft", "draft"
    APPROVED = "approved", "approved"
    RUNNING = "running", "running"
    DONE = "done", "done"
    FAILED = "failed", "failed"
    PUBLISHED = "published", "published"
    WITHDRAWN = "withdrawn", "withdrawn"


class ReleaseQuerySet(models.QuerySet["Release"]):
    """Reads of releases; who may see those that are not published is asked before."""

    def public(self) -> Self:
        """Those that anybody may see: published, and published but withdrawn since, with the notice."""
        return self.filter(published_at__isnull=False)

    def standing(self) -> Self:
        """Those that count: published and not withdrawn."""
        return self.filter(state=ReleaseState.PUBLISHED)

    def waiting_for(self, member: str) -> Self:
        """Those that somebody else has approved, and that wait for a second person."""
        return self.filter(state=ReleaseState.DRAFT, approved_at__isnull=False).exclude(approved_by=member)


class Release(models.Model):
    """`predicted` is the error said before anything was spent; the pack lies in the node's home, not here.

    Once it is published, the database refuses every change but a withdrawal.
    """

    id = models.CharField(primary_key=True, max_length=32)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="releases")
    texts = models.JSONField(help_text="Title, population and purpose, each in English and French.")
    licence = models.CharField(max_length=200, blank=True)
    question = models.JSONField(help_text="As `node.release_question.ReleaseQuestion` reads it.")
    schema_hash = models.CharField(max_length=64, help_text="SHA-256 of the columns and their codes.")
    rho_micro = models.PositiveBigIntegerField()
    epsilon = models.FloatField()
    delta = models.FloatField()
    predicted = models.JSONField(help_text="For each number of columns its noise and mean error.")
    state = models.CharField(max_length=10, choices=ReleaseState.choices, default=ReleaseState.DRAFT)
    fault = models.TextField(blank=True)
    progress = models.FloatField(default=0)
    version = models.CharField(max_length=20, blank=True, help_text="The palermo that made it.")
    drafted_by = models.CharField(max_length=120)
    drafted_at = models.DateTimeField()
    approved_by = models.CharField(max_length=120, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    second_by = models.CharField(max_length=120, blank=True)
    second_at = models.DateTimeField(null=True, blank=True)
    started_by = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField(null=True, blank=True, help_text="When its budget was reserved.")
    begun_at = models.DateTimeField(null=True, blank=True, help_text="When a worker took it; once only.")
    finished_at = models.DateTimeField(null=True, blank=True)
    cap = models.PositiveSmallIntegerField(null=True, blank=True, help_text="The most fields of a person.")
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the pack's manifest.")
    published_by = models.CharField(max_length=120, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=120, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True, help_text="The notice that stands in its place.")

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-drafted_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=ReleaseState.values), name="release_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by="", approved_at__isnull=True)
                | (~models.Q(approved_by="") & models.Q(approved_at__isnull=False)),
                name="release_approval_has_its_person_and_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(second_by="", second_at__isnull=True)
                | (
                    ~models.Q(second_by="")
                    & ~models.Q(second_by=models.F("approved_by"))
                    & models.Q(second_at__isnull=False, approved_at__isnull=False)
                ),
                name="release_second_person_is_another",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "withdrawn"], started_at__isnull=True)
                | models.Q(second_at__isnull=False),
                name="release_is_approved_by_two",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "approved", "withdrawn"])
                | (~models.Q(started_by="") & models.Q(started_at__isnull=False)),
                name="release_has_reserved_its_budget",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["done", "published"])
                | (~models.Q(digest="") & models.Q(finished_at__isnull=False)),
                name="release_that_is_done_has_its_pack",
            ),
            models.CheckConstraint(
                condition=models.Q(published_by="", published_at__isnull=True)
                | (
                    ~models.Q(published_by="")
                    & models.Q(published_at__isnull=False, state__in=["published", "withdrawn"])
                ),
                name="release_publication_has_its_person_and_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_by="", withdrawn_at__isnull=True) & ~models.Q(state="withdrawn")
                | ~models.Q(withdrawn_by="") & models.Q(withdrawn_at__isnull=False, state="withdrawn"),
                name="release_withdrawal_has_its_person_and_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.id

    @property
    def approvers(self) -> tuple[str, ...]:
        """Who has approved it, in order."""
        return tuple(name for name in (self.approved_by, self.second_by) if name)

    def text(self, name: str, language: str) -> str:
        """The title, population or purpose in a language, else in English."""
        said: dict[str, str] = self.texts[name]
        return said.get(language) or said["en"]


class ReleaseEntry(models.Model):
    """One line of the ledger (`prevention.release.ledger.Entry`); the database only ever adds one."""

    number = models.PositiveBigIntegerField(primary_key=True, help_text="1, 2, 3 ... without a gap.")
    release = models.CharField(max_length=32, help_text="A reference, as text.")
    state = models.CharField(max_length=10)
    rho_micro = models.PositiveBigIntegerField(help_text="What this line adds.")
    delta = models.FloatField()
    epsilon = models.FloatField(help_text="As it is shown.")
    lifetime = models.FloatField(help_text="The limit it was reserved under, as epsilon.")
    purpose = models.TextField(blank=True)
    unit = models.CharField(max_length=20)
    version = models.CharField(max_length=20)
    schema_hash = models.CharField(max_length=64)
    cohort = models.CharField(max_length=60)
    approvers = models.JSONField(default=list)
    cap = models.PositiveSmallIntegerField(null=True, blank=True)
    table = models.CharField(max_length=64, blank=True, help_text="A keyed digest; compare, never undo.")
    at = models.CharField(max_length=40, help_text="The moment in UTC.")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["release", "state"], name="a_release_reserves_and_ends_once"),
            models.CheckConstraint(
                condition=models.Q(state="reserved", rho_micro__gt=0)
                | models.Q(state__in=["finished", "failed", "withdrawn"], rho_micro=0),
                name="only_a_reservation_charges",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"
