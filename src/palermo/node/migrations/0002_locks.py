"""The database's own locks: rows that are only ever added, and on PostgreSQL one agency's rows at a time."""

from django.db import migrations

APPEND_ONLY = ("node_auditevent", "node_event")

SQLITE_REFUSAL = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""

POSTGRES_REFUSAL = """
CREATE FUNCTION palermo_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege'; END $$;
"""
POSTGRES_TRIGGER = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION palermo_append_only();
"""

# `*` opens coded statistical rows to the counts of the whole node; sealed parts and look-up tokens never.
OWN = "agency_id = current_setting('palermo.agency', true)"
ALL = "current_setting('palermo.agency', true) = '*'"
STANDING = """EXISTS (
    SELECT 1 FROM node_standing AS s WHERE s.case_id = {case}
    AND s.holder IN (current_setting('palermo.agency', true), current_setting('palermo.member', true))
)"""
POLICIES = {
    "node_case": f"({OWN} OR {ALL} OR {STANDING.format(case='node_case.id')})",
    "node_sealedpart": f"({OWN} OR {STANDING.format(case='node_sealedpart.case_id')})",
    "node_blindtoken": f"({OWN})",
    "node_event": f"({OWN} OR {ALL} OR {STANDING.format(case='node_event.case_id')})",
    "node_importrun": f"({OWN} OR {ALL})",
}


def lock(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for table in APPEND_ONLY:
            for verb in ("UPDATE", "DELETE"):
                schema_editor.execute(SQLITE_REFUSAL.format(table=table, verb=verb))
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRES_REFUSAL, params=None)
        for table in APPEND_ONLY:
            schema_editor.execute(POSTGRES_TRIGGER.format(table=table))
        for table, rule in POLICIES.items():
            schema_editor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            schema_editor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            schema_editor.execute(
                f"CREATE POLICY {table}_agency ON {table} USING {rule} WITH CHECK ({OWN})"
            )


def unlock(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for table in APPEND_ONLY:
            for verb in ("UPDATE", "DELETE"):
                schema_editor.execute(f"DROP TRIGGER {table}_no_{verb}")
    if schema_editor.connection.vendor == "postgresql":
        for table in POLICIES:
            schema_editor.execute(f"DROP POLICY {table}_agency ON {table}")
            schema_editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        for table in APPEND_ONLY:
            schema_editor.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        schema_editor.execute("DROP FUNCTION palermo_append_only()")


class Migration(migrations.Migration):
    dependencies = [("node", "0001_initial")]

    operations = [migrations.RunPython(lock, unlock)]
