"""References that people checked, and judgements: what two people agreed on stays as it is."""

from django.db import migrations, models

CHECKS, JUDGEMENTS = "node_referencecheck", "node_judgement"
FIXED = (
    "state",
    "provision",
    "cycle",
    "status",
    "reason",
    "codes",
    "evidence_ids",
    "brought",
    "assessor",
    "assessed_at",
    "reviewer",
    "reviewed_at",
)

SQLITE_REFUSAL = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
POSTGRES_TRIGGER = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION palermo_append_only();
"""
SQLITE_AGREED = """
CREATE TRIGGER node_judgement_agreed_no_{verb} BEFORE {verb} ON node_judgement
WHEN OLD.reviewed_at IS NOT NULL AND ({changed})
BEGIN SELECT RAISE(ABORT, 'an agreed judgement stays as it is'); END
"""
POSTGRES_AGREED = """
CREATE FUNCTION palermo_agreed_judgement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'an agreed judgement stays as it is' USING ERRCODE = 'insufficient_privilege'; END $$;
"""
POSTGRES_AGREED_TRIGGERS = (
    """
CREATE TRIGGER node_judgement_agreed_no_delete BEFORE DELETE ON node_judgement
FOR EACH ROW WHEN (OLD.reviewed_at IS NOT NULL) EXECUTE FUNCTION palermo_agreed_judgement();
""",
    """
CREATE TRIGGER node_judgement_agreed_no_update BEFORE UPDATE ON node_judgement
FOR EACH ROW WHEN (OLD.reviewed_at IS NOT NULL AND ({changed})) EXECUTE FUNCTION palermo_agreed_judgement();
""",
)


def lock(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            schema_editor.execute(SQLITE_REFUSAL.format(table=CHECKS, verb=verb))
        changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in FIXED)
        schema_editor.execute(SQLITE_AGREED.format(verb="UPDATE", changed=changed))
        schema_editor.execute(SQLITE_AGREED.format(verb="DELETE", changed="1"))
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRES_TRIGGER.format(table=CHECKS))
        schema_editor.execute(POSTGRES_AGREED, params=None)
        changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in FIXED)
        for trigger in POSTGRES_AGREED_TRIGGERS:
            schema_editor.execute(trigger.format(changed=changed), params=None)


def unlock(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            schema_editor.execute(f"DROP TRIGGER {CHECKS}_no_{verb}")
            schema_editor.execute(f"DROP TRIGGER node_judgement_agreed_no_{verb}")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {CHECKS}_append_only ON {CHECKS}")
        for verb in ("delete", "update"):
            schema_editor.execute(f"DROP TRIGGER node_judgement_agreed_no_{verb} ON {JUDGEMENTS}")
        schema_editor.execute("DROP FUNCTION palermo_agreed_judgement()")


class Migration(migrations.Migration):
    dependencies = [("node", "0004_plan")]

    operations = [
        migrations.CreateModel(
            name='Judgement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=3)),
                ('provision', models.CharField(max_length=20)),
                ('cycle', models.CharField(max_length=20)),
                ('status', models.CharField(choices=[('not assessed', 'not assessed'), ('no evidence', 'no evidence'), ('claimed', 'claimed'), ('partly', 'partly'), ('done', 'done'), ('not applicable', 'not applicable')], max_length=20)),
                ('reason', models.TextField()),
                ('codes', models.JSONField(default=list, help_text='Reason codes of what stands in the way.')),
                ('evidence_ids', models.JSONField(default=list)),
                ('brought', models.JSONField(default=list, help_text='Documents: title, place, as_of, grade.')),
                ('assessor', models.CharField(max_length=120)),
                ('assessor_named', models.CharField(max_length=120)),
                ('assessed_at', models.DateTimeField()),
                ('reviewer', models.CharField(blank=True, max_length=120)),
                ('reviewer_named', models.CharField(blank=True, max_length=120)),
                ('reviewed_at', models.DateTimeField(blank=True, null=True)),
                ('returned_by', models.CharField(blank=True, max_length=120)),
                ('returned_at', models.DateTimeField(blank=True, null=True)),
                ('returned_reason', models.TextField(blank=True)),
                ('reply', models.TextField(blank=True, help_text='What the State answered before publication.')),
                ('reply_by', models.CharField(blank=True, help_text='Who answered for the State.', max_length=120)),
                ('reply_recorded_by', models.CharField(blank=True, max_length=120)),
                ('reply_at', models.DateTimeField(blank=True, null=True)),
                ('published_by', models.CharField(blank=True, max_length=120)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['assessed_at', 'id'],
                'indexes': [models.Index(fields=['state', 'provision', 'cycle'], name='judgements_of_a_provision')],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['not assessed', 'no evidence', 'claimed', 'partly', 'done', 'not applicable'])), name='judgement_status_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('reviewed_at__isnull', True), ('reviewer', '')), models.Q(models.Q(('reviewer', ''), _negated=True), models.Q(('reviewer', models.F('assessor')), _negated=True), ('reviewed_at__isnull', False)), _connector='OR'), name='judgement_reviewer_is_another'), models.CheckConstraint(condition=models.Q(models.Q(('returned_at__isnull', True), ('returned_by', '')), models.Q(models.Q(('returned_by', ''), _negated=True), models.Q(('returned_reason', ''), _negated=True), ('returned_at__isnull', False), ('reviewed_at__isnull', True)), _connector='OR'), name='judgement_sent_back_with_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('reply', ''), ('reply_at__isnull', True)), models.Q(models.Q(('reply', ''), _negated=True), models.Q(('reply_by', ''), _negated=True), ('reply_at__isnull', False), ('reviewed_at__isnull', False)), _connector='OR'), name='judgement_reply_has_its_speaker_and_moment'), models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', True), ('published_by', '')), models.Q(models.Q(('published_by', ''), _negated=True), ('published_at__isnull', False), ('reviewed_at__isnull', False)), _connector='OR'), name='judgement_published_after_its_review'), models.UniqueConstraint(condition=models.Q(('published_at__isnull', True), ('returned_at__isnull', True)), fields=('state', 'provision', 'cycle'), name='one_open_judgement_of_a_provision')],
            },
        ),
        migrations.CreateModel(
            name='ReferenceCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provision', models.CharField(max_length=20)),
                ('paragraph', models.CharField(blank=True, help_text='As the official text has it.', max_length=40)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('by', models.CharField(help_text="The member's name.", max_length=120)),
                ('named', models.CharField(help_text='How reports name the person.', max_length=120)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['at', 'id'],
                'indexes': [models.Index(fields=['provision', 'at'], name='check_of_a_provision')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('provision', ''), _negated=True), models.Q(('by', ''), _negated=True), models.Q(('named', ''), _negated=True)), name='reference_check_names_its_person')],
            },
        ),
        migrations.RunPython(lock, unlock),
    ]
