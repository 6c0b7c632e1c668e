"""One import of one file: where it stands, what it stored, and every row it could not read."""

from django.db import models

from .agency import Agency


class ImportState(models.TextChoices):
    """How far an import has come."""

    READY = "ready", "ready"
    RUNNING = "running", "running"
    DONE = "done", "done"
    FAILED = "failed", "failed"


class ImportRun(models.Model):
    """Resumable at `position`, the last row whose fate is committed; a file is known by its hash."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="imports")
    file_name = models.CharField(max_length=120, help_text="Never the name that was given.")
    file_hash = models.CharField(max_length=64)
    format = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.READY)
    upload = models.CharField(
        max_length=32, blank=True, help_text="The sealed file still to be read, if any."
    )
    position = models.BigIntegerField(default=0)
    stored = models.BigIntegerField(default=0)
    quarantined = models.BigIntegerField(default=0)
    bytes_total = models.BigIntegerField(default=0)
    bytes_read = models.BigIntegerField(default=0)
    report = models.JSONField(default=dict, help_text="Mapping, unknown columns and loss, by field path.")
    failure = models.TextField(blank=True)
    by = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    moved_at = models.DateTimeField(null=True, blank=True, help_text="When the last batch was committed.")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "file_hash"], name="a_file_is_imported_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=ImportState.values), name="import_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}:{self.file_hash[:12]}"

    @property
    def read(self) -> int:
        """Rows whose fate is known: stored, or kept out with a reason."""
        return self.stored + self.quarantined


class ImportFault(models.Model):
    """A row kept out, with every problem by field path; no identifying value is repeated."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="faults")
    row = models.BigIntegerField()
    problems = models.JSONField()

    class Meta:
        ordering = ["row"]
        constraints = [models.UniqueConstraint(fields=["run", "row"], name="a_row_fails_once")]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.row}"
