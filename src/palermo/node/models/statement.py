"""Public statements kept as evidence: the document, its passages, and what each reader made of them."""

from typing import Self

from django.db import models

from palermo.appraisal.statement.claim import Actor, Kind


class StatementState(models.TextChoices):
    """How far the reading of a document has come."""

    WAITING = "waiting", "waiting"
    OPENED = "opened", "opened"
    DONE = "done", "done"
    FAILED = "failed", "failed"


class StatementQuerySet(models.QuerySet["Statement"]):
    """Reads of statements; who may see them is asked before (`actions.statement.visible`)."""

    def standing(self) -> Self:
        """Those that count: read, and not withdrawn."""
        return self.filter(state=StatementState.DONE, withdrawn_at=None)

    def unproposed(self) -> Self:
        """Those whose passages the machine has not yet read."""
        return self.filter(state__in=[StatementState.WAITING, StatementState.OPENED], withdrawn_at=None)


class Statement(models.Model):
    """One document, kept as it was given: `content` has the hash that is its id, `text` was read from it.

    What its text alone told of language, speaker, state and date is named in `guessed`.
    """

    id = models.CharField(primary_key=True, max_length=64, help_text="SHA-256 of the content.")
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    text = models.TextField(blank=True)
    language = models.CharField(max_length=8, blank=True, help_text="Of most passages; und: not known.")
    speaker = models.CharField(max_length=200, blank=True)
    speaks_for = models.CharField(max_length=3, blank=True, help_text="The State that speaks of itself.")
    spoken_on = models.DateField(null=True, blank=True)
    guessed = models.JSONField(default=list, help_text="Which of language, speaker, state, spoken_on.")
    notes = models.JSONField(default=list, help_text="What could not be read, in English.")
    state = models.CharField(max_length=10, choices=StatementState.choices, default=StatementState.WAITING)
    fault = models.TextField(blank=True)
    progress = models.FloatField(default=0, help_text="The share of the passages that were read, 0 to 1.")
    matcher = models.CharField(max_length=60, blank=True, help_text="What proposed the provisions.")
    added_by = models.CharField(max_length=120)
    added_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=120, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["-added_at", "name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=StatementState.values), name="statement_state_is_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="done") | models.Q(read_at__isnull=False),
                name="statement_that_is_done_was_read",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_by="", withdrawn_at__isnull=True)
                | (~models.Q(withdrawn_by="") & models.Q(withdrawn_at__isnull=False)),
                name="statement_withdrawal_has_its_person_and_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.id[:10]


class PassageQuerySet(models.QuerySet["StatementPassage"]):
    """Reads of passages."""

    def queue(self, *, by: str) -> Self:
        """What a member can still read: in a language that is matched, not read by them, not yet settled.

        What somebody else has read comes first, then the passages most likely to fit a provision.
        """
        standing = self.filter(
            statement__state=StatementState.DONE, statement__withdrawn_at=None, language__in=["en", "fr"]
        )
        return standing.filter(settled=False).exclude(readings__by=by).order_by("-read_by", "-match", "id")


class StatementPassage(models.Model):
    """A passage by its offsets, with what the machine proposed; `settled` once nobody needs to read it."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="passages")
    number = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    language = models.CharField(max_length=8)
    actor = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    proposals = models.JSONField(default=list)
    match = models.FloatField(default=0)
    treaties = models.JSONField(default=list)
    plans = models.JSONField(default=list)
    support = models.JSONField(default=list)
    read_by = models.PositiveSmallIntegerField(default=0, help_text="How many people have read it.")
    settled = models.BooleanField(default=False)

    objects = PassageQuerySet.as_manager()

    class Meta:
        ordering = ["statement", "number"]
        indexes = [models.Index(fields=["settled", "-read_by", "-match"], name="passage_queue")]
        constraints = [
            models.UniqueConstraint(fields=["statement", "number"], name="a_passage_has_its_number"),
            models.CheckConstraint(
                condition=models.Q(end__gt=models.F("start")), name="a_passage_is_not_empty"
            ),
            models.CheckConstraint(
                condition=models.Q(actor__in=[one.value for one in Actor]), name="passage_actor_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=[one.value for one in Kind]), name="passage_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id[:10]}-{self.number}"


class PassageReading(models.Model):
    """What one person made of a passage; rows are only ever added, one a person and passage.

    Without provisions it is a refusal: none of them fits, and `because` says why.
    """

    passage = models.ForeignKey(StatementPassage, on_delete=models.CASCADE, related_name="readings")
    by = models.CharField(max_length=120)
    at = models.DateTimeField()
    provisions = models.JSONField(default=list)
    actor = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    because = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["passage", "by"], name="a_person_reads_a_passage_once"),
            models.CheckConstraint(
                condition=models.Q(actor__in=[one.value for one in Actor]), name="reading_actor_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=[one.value for one in Kind]), name="reading_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by}: {', '.join(self.provisions) or 'none'}"
