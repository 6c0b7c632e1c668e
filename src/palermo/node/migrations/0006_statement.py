"""Statements as evidence: the file that was given never changes, and a reading is only ever added."""

import django.db.models.deletion
from django.db import migrations, models

READINGS, STATEMENTS = "node_passagereading", "node_statement"

SQLITE_REFUSAL = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
POSTGRES_TRIGGER = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION palermo_append_only();
"""
SQLITE_CONTENT = """
CREATE TRIGGER node_statement_keeps_its_file BEFORE UPDATE OF id, content ON node_statement
WHEN OLD.id IS NOT NEW.id OR OLD.content IS NOT NEW.content
BEGIN SELECT RAISE(ABORT, 'a statement keeps its file'); END
"""
POSTGRES_CONTENT = """
CREATE FUNCTION palermo_keeps_its_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a statement keeps its file' USING ERRCODE = 'insufficient_privilege'; END $$;
"""
POSTGRES_CONTENT_TRIGGER = """
CREATE TRIGGER node_statement_keeps_its_file BEFORE UPDATE OF id, content ON node_statement
FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id OR OLD.content IS DISTINCT FROM NEW.content)
EXECUTE FUNCTION palermo_keeps_its_file();
"""


def lock(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            schema_editor.execute(SQLITE_REFUSAL.format(table=READINGS, verb=verb))
        schema_editor.execute(SQLITE_CONTENT)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRES_CONTENT, params=None)
        schema_editor.execute(POSTGRES_TRIGGER.format(table=READINGS))
        schema_editor.execute(POSTGRES_CONTENT_TRIGGER)


def unlock(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            schema_editor.execute(f"DROP TRIGGER {READINGS}_no_{verb}")
        schema_editor.execute("DROP TRIGGER node_statement_keeps_its_file")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {READINGS}_append_only ON {READINGS}")
        schema_editor.execute(f"DROP TRIGGER node_statement_keeps_its_file ON {STATEMENTS}")
        schema_editor.execute("DROP FUNCTION palermo_keeps_its_file()")


class Migration(migrations.Migration):

    dependencies = [
        ("node", "0005_reference_check"),
    ]

    operations = [
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.CharField(help_text='SHA-256 of the content.', max_length=64, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('content', models.BinaryField()),
                ('text', models.TextField(blank=True)),
                ('language', models.CharField(blank=True, help_text='Of most passages; und: not known.', max_length=8)),
                ('speaker', models.CharField(blank=True, max_length=200)),
                ('speaks_for', models.CharField(blank=True, help_text='The State that speaks of itself.', max_length=3)),
                ('spoken_on', models.DateField(blank=True, null=True)),
                ('guessed', models.JSONField(default=list, help_text='Which of language, speaker, state, spoken_on.')),
                ('notes', models.JSONField(default=list, help_text='What could not be read, in English.')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('opened', 'opened'), ('done', 'done'), ('failed', 'failed')], default='waiting', max_length=10)),
                ('fault', models.TextField(blank=True)),
                ('progress', models.FloatField(default=0, help_text='The share of the passages that were read, 0 to 1.')),
                ('matcher', models.CharField(blank=True, help_text='What proposed the provisions.', max_length=60)),
                ('added_by', models.CharField(max_length=120)),
                ('added_at', models.DateTimeField()),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_by', models.CharField(blank=True, max_length=120)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_reason', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['-added_at', 'name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'opened', 'done', 'failed'])), name='statement_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('read_at__isnull', False), _connector='OR'), name='statement_that_is_done_was_read'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by', '')), models.Q(models.Q(('withdrawn_by', ''), _negated=True), ('withdrawn_at__isnull', False)), _connector='OR'), name='statement_withdrawal_has_its_person_and_moment')],
            },
        ),
        migrations.CreateModel(
            name='StatementPassage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('start', models.PositiveIntegerField()),
                ('end', models.PositiveIntegerField()),
                ('language', models.CharField(max_length=8)),
                ('actor', models.CharField(max_length=20)),
                ('kind', models.CharField(max_length=20)),
                ('proposals', models.JSONField(default=list)),
                ('match', models.FloatField(default=0)),
                ('treaties', models.JSONField(default=list)),
                ('plans', models.JSONField(default=list)),
                ('support', models.JSONField(default=list)),
                ('read_by', models.PositiveSmallIntegerField(default=0, help_text='How many people have read it.')),
                ('settled', models.BooleanField(default=False)),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='passages', to='node.statement')),
            ],
            options={
                'ordering': ['statement', 'number'],
            },
        ),
        migrations.CreateModel(
            name='PassageReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('provisions', models.JSONField(default=list)),
                ('actor', models.CharField(max_length=20)),
                ('kind', models.CharField(max_length=20)),
                ('because', models.CharField(blank=True, max_length=200)),
                ('passage', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readings', to='node.statementpassage')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.AddIndex(
            model_name='statementpassage',
            index=models.Index(fields=['settled', '-read_by', '-match'], name='passage_queue'),
        ),
        migrations.AddConstraint(
            model_name='statementpassage',
            constraint=models.UniqueConstraint(fields=('statement', 'number'), name='a_passage_has_its_number'),
        ),
        migrations.AddConstraint(
            model_name='statementpassage',
            constraint=models.CheckConstraint(condition=models.Q(('end__gt', models.F('start'))), name='a_passage_is_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='statementpassage',
            constraint=models.CheckConstraint(condition=models.Q(('actor__in', ['state', 'united nations', 'everyone', 'other'])), name='passage_actor_is_known'),
        ),
        migrations.AddConstraint(
            model_name='statementpassage',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['done', 'under way', 'promised', 'urged', 'described'])), name='passage_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='passagereading',
            constraint=models.UniqueConstraint(fields=('passage', 'by'), name='a_person_reads_a_passage_once'),
        ),
        migrations.AddConstraint(
            model_name='passagereading',
            constraint=models.CheckConstraint(condition=models.Q(('actor__in', ['state', 'united nations', 'everyone', 'other'])), name='reading_actor_is_known'),
        ),
        migrations.AddConstraint(
            model_name='passagereading',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['done', 'under way', 'promised', 'urged', 'described'])), name='reading_kind_is_known'),
        ),
        migrations.RunPython(lock, unlock),
    ]
