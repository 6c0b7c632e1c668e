"""The risk report on a release: a table of its own, as a published release stays as it is."""

import django.db.models.deletion
from django.db import migrations, models

# A report that an officer has signed stays as they read it.
SQLITE_READ = """
CREATE TRIGGER node_riskreport_read_no_{verb} BEFORE {verb} ON node_riskreport
WHEN OLD.read_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a signed risk report stays as it is'); END
"""
POSTGRES_READ = """
CREATE FUNCTION palermo_read_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a signed risk report stays as it is' USING ERRCODE = 'insufficient_privilege'; END $$;
"""
POSTGRES_READ_TRIGGERS = (
    """
CREATE TRIGGER node_riskreport_read BEFORE UPDATE OR DELETE ON node_riskreport
FOR EACH ROW WHEN (OLD.read_at IS NOT NULL) EXECUTE FUNCTION palermo_read_report();
""",
    """
CREATE TRIGGER node_riskreport_not_emptied BEFORE TRUNCATE ON node_riskreport
FOR EACH STATEMENT EXECUTE FUNCTION palermo_append_only();
""",
)


def lock(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            schema_editor.execute(SQLITE_READ.format(verb=verb))
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRES_READ, params=None)
        for trigger in POSTGRES_READ_TRIGGERS:
            schema_editor.execute(trigger)


def unlock(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            schema_editor.execute(f"DROP TRIGGER node_riskreport_read_no_{verb}")
    if schema_editor.connection.vendor == "postgresql":
        for trigger in ("node_riskreport_read", "node_riskreport_not_emptied"):
            schema_editor.execute(f"DROP TRIGGER {trigger} ON node_riskreport")
        schema_editor.execute("DROP FUNCTION palermo_read_report()")


class Migration(migrations.Migration):
    dependencies = [
        ("node", "0002_locks"),
    ]

    operations = [
        migrations.CreateModel(
            name="RiskReport",
            fields=[
                (
                    "release",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="risk_report",
                        serialize=False,
                        to="node.release",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("running", "running"),
                            ("done", "done"),
                            ("failed", "failed"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("fault", models.TextField(blank=True)),
                ("progress", models.FloatField(default=0)),
                ("asked_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                (
                    "version",
                    models.CharField(blank=True, help_text="The palermo that worked it out.", max_length=20),
                ),
                (
                    "same_table",
                    models.BooleanField(
                        default=True, help_text="Whether the cases are those of the release."
                    ),
                ),
                ("found", models.JSONField(blank=True, help_text="As `risk_document` reads it.", null=True)),
                ("read_by", models.CharField(blank=True, max_length=120)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-asked_at", "-release_id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "running", "done", "failed"])),
                        name="risk_report_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True),
                            models.Q(("finished_at__isnull", False), ("found__isnull", False)),
                            _connector="OR",
                        ),
                        name="risk_report_that_is_done_has_its_findings",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("read_at__isnull", True), ("read_by", "")),
                            models.Q(
                                models.Q(("read_by", ""), _negated=True),
                                ("read_at__isnull", False),
                                ("state", "done"),
                            ),
                            _connector="OR",
                        ),
                        name="risk_report_signature_has_its_person_and_moment",
                    ),
                ],
            },
        ),
        migrations.RunPython(lock, unlock),
    ]
