"""National plans: a file that was given never changes, and a version before is only ever added."""

import django.db.models.deletion
import django.db.models.fields.json
from django.db import migrations, models

FILES, VERSIONS = "node_planfile", "node_planversion"

SQLITE_REFUSAL = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
POSTGRES_TRIGGER = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION palermo_append_only();
"""


def lock(apps, schema_editor):
    for table in (FILES, VERSIONS):
        if schema_editor.connection.vendor == "sqlite":
            for verb in ("UPDATE", "DELETE"):
                schema_editor.execute(SQLITE_REFUSAL.format(table=table, verb=verb))
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(POSTGRES_TRIGGER.format(table=table))


def unlock(apps, schema_editor):
    for table in (FILES, VERSIONS):
        if schema_editor.connection.vendor == "sqlite":
            for verb in ("UPDATE", "DELETE"):
                schema_editor.execute(f"DROP TRIGGER {table}_no_{verb}")
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {table}_append_only ON {table}")


class Migration(migrations.Migration):

    dependencies = [
        ("node", "0003_risk"),
    ]

    operations = [
        migrations.CreateModel(
            name='PlanFile',
            fields=[
                ('id', models.CharField(help_text='SHA-256 of the content.', max_length=64, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('content', models.BinaryField()),
                ('added_by', models.CharField(max_length=120)),
                ('added_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-added_at', 'name'],
            },
        ),
        migrations.CreateModel(
            name='NationalPlan',
            fields=[
                ('id', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('document', models.JSONField(help_text='As `appraisal.plan.stored.document` writes it.')),
                ('left', models.JSONField(default=list, help_text='What of a written plan was not used, with its place.')),
                ('version', models.PositiveIntegerField(default=1)),
                ('changed_by', models.CharField(max_length=120)),
                ('changed_at', models.DateTimeField()),
                ('withdrawn_by', models.CharField(blank=True, max_length=120)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_reason', models.TextField(blank=True)),
                ('state', models.GeneratedField(db_persist=True, expression=django.db.models.fields.json.KeyTextTransform('state', 'document'), output_field=models.CharField(max_length=120, null=True))),
                ('code', models.GeneratedField(db_persist=True, expression=django.db.models.fields.json.KeyTextTransform('id', 'document'), output_field=models.CharField(max_length=120, null=True))),
                ('starts_on', models.GeneratedField(db_persist=True, expression=django.db.models.fields.json.KeyTextTransform('starts_on', 'document'), output_field=models.CharField(max_length=120, null=True))),
                ('ends_on', models.GeneratedField(db_persist=True, expression=django.db.models.fields.json.KeyTextTransform('ends_on', 'document'), output_field=models.CharField(max_length=120, null=True))),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='node.planfile')),
            ],
            options={
                'ordering': ['state', '-ends_on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='PlanVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('document', models.JSONField()),
                ('by', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='node.nationalplan')),
            ],
            options={
                'ordering': ['plan', 'number'],
            },
        ),
        migrations.AddConstraint(
            model_name='nationalplan',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('state', 'code'), name='a_state_has_a_plan_once'),
        ),
        migrations.AddConstraint(
            model_name='nationalplan',
            constraint=models.CheckConstraint(condition=models.Q(('code__isnull', False), ('state__isnull', False)), name='plan_has_its_state_and_its_id'),
        ),
        migrations.AddConstraint(
            model_name='nationalplan',
            constraint=models.CheckConstraint(condition=models.Q(('starts_on__isnull', True), ('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='plan_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='nationalplan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by', '')), models.Q(models.Q(('withdrawn_by', ''), _negated=True), ('withdrawn_at__isnull', False)), _connector='OR'), name='plan_withdrawal_has_its_person_and_moment'),
        ),
        migrations.AddConstraint(
            model_name='planversion',
            constraint=models.UniqueConstraint(fields=('plan', 'number'), name='a_plan_has_each_version_once'),
        ),
        migrations.RunPython(lock, unlock),
    ]
