"""The database's own locks: rows that are only ever added, and on PostgreSQL one agency's rows at a time."""

from django.db import migrations

APPEND_ONLY = ("node_auditevent", "node_event", "node_releaseentry")

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

# What is sealed is bound to its agency, and who may change a case of another agency (a decision body) must
# not be able to make it their own.
OWNED = ("node_case", "node_sealedpart", "node_blindtoken", "node_personkey", "node_importrun")

SQLITE_OWNER = """
CREATE TRIGGER {table}_keeps_its_agency BEFORE UPDATE OF agency_id ON {table}
WHEN OLD.agency_id IS NOT NEW.agency_id BEGIN SELECT RAISE(ABORT, 'a row keeps its agency'); END
"""
POSTGRES_OWNER = """
CREATE FUNCTION palermo_keeps_its_agency() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a row keeps its agency' USING ERRCODE = 'insufficient_privilege'; END $$;
"""
POSTGRES_OWNER_TRIGGER = """
CREATE TRIGGER {table}_keeps_its_agency BEFORE UPDATE OF agency_id ON {table}
FOR EACH ROW WHEN (OLD.agency_id IS DISTINCT FROM NEW.agency_id) EXECUTE FUNCTION palermo_keeps_its_agency();
"""

# An estimate that two people have signed stays as it is: the only thing that may still be said of it is that
# it was withdrawn, once.
WITHDRAWAL = ("withdrawn_by", "withdrawn_at", "withdrawn_reason")

SQLITE_SIGNED = """
CREATE TRIGGER node_estimation_signed_no_{verb} BEFORE {verb} ON node_estimation
WHEN OLD.second_at IS NOT NULL AND ({changed})
BEGIN SELECT RAISE(ABORT, 'a signed estimation stays as it is'); END
"""
POSTGRES_SIGNED = """
CREATE FUNCTION palermo_signed_estimation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.withdrawn_at IS NULL
    AND to_jsonb(NEW) - '{{{free}}}'::text[] = to_jsonb(OLD) - '{{{free}}}'::text[] THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'a signed estimation stays as it is' USING ERRCODE = 'insufficient_privilege';
END $$;
"""
POSTGRES_SIGNED_TRIGGERS = (
    """
CREATE TRIGGER node_estimation_signed BEFORE UPDATE OR DELETE ON node_estimation
FOR EACH ROW WHEN (OLD.second_at IS NOT NULL) EXECUTE FUNCTION palermo_signed_estimation();
""",
    """
CREATE TRIGGER node_estimation_not_emptied BEFORE TRUNCATE ON node_estimation
FOR EACH STATEMENT EXECUTE FUNCTION palermo_append_only();
""",
)

# A published release stays as it is: the only thing that may still be said of it is that it was withdrawn.
NOTICE = (*WITHDRAWAL, "state")

SQLITE_PUBLISHED = """
CREATE TRIGGER node_release_published_no_{verb} BEFORE {verb} ON node_release
WHEN OLD.published_at IS NOT NULL AND ({changed})
BEGIN SELECT RAISE(ABORT, 'a published release stays as it is'); END
"""
POSTGRES_PUBLISHED = """
CREATE FUNCTION palermo_published_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.withdrawn_at IS NULL
    AND to_jsonb(NEW) - '{{{free}}}'::text[] = to_jsonb(OLD) - '{{{free}}}'::text[] THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'a published release stays as it is' USING ERRCODE = 'insufficient_privilege';
END $$;
"""
POSTGRES_PUBLISHED_TRIGGERS = (
    """
CREATE TRIGGER node_release_published BEFORE UPDATE OR DELETE ON node_release
FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) EXECUTE FUNCTION palermo_published_release();
""",
    """
CREATE TRIGGER node_release_not_emptied BEFORE TRUNCATE ON node_release
FOR EACH STATEMENT EXECUTE FUNCTION palermo_append_only();
""",
)


def published_on_sqlite(columns):
    """The same for releases: every column but those of the notice."""
    moved = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in columns if name not in NOTICE)
    yield SQLITE_PUBLISHED.format(verb="UPDATE", changed=f"OLD.withdrawn_at IS NOT NULL OR {moved}")
    yield SQLITE_PUBLISHED.format(verb="DELETE", changed="TRUE")


def signed_on_sqlite(columns):
    """SQLite compares column by column, so each of the table is named; a new one needs a new trigger."""
    moved = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in columns if name not in WITHDRAWAL)
    yield SQLITE_SIGNED.format(verb="UPDATE", changed=f"OLD.withdrawn_at IS NOT NULL OR {moved}")
    yield SQLITE_SIGNED.format(verb="DELETE", changed="TRUE")


# -- row-level security: what a scope opens; docs/explanation/security.md tells it in a table ----------------

# The scope, read once a statement; a part of it that is not set is null and matches nothing.
AGENCY = "(SELECT NULLIF(current_setting('palermo.agency', true), ''))"
MEMBER = "(SELECT NULLIF(current_setting('palermo.member', true), ''))"
# Which part of the scope holds a standing; a place in a team and a conflict open nothing here.
HOLDERS = {"decision_body": AGENCY, "guardian": MEMBER, "mandate": MEMBER, "person": MEMBER}

OWN = f"agency_id = {AGENCY}"
# `*` is for reading only: coded rows and person keys for counts of the whole node, and imports for whoever
# queues them.
ALL = f"{AGENCY} = '*'"
AUTHOR = f"created_by = {MEMBER}"


def standing(case, *kinds):
    """The scope stands to this case in one of these kinds."""
    held = " OR ".join(f"(s.kind = '{kind}' AND s.holder = {HOLDERS[kind]})" for kind in kinds)
    return f"{case} IN (SELECT s.case_id FROM node_standing AS s WHERE {held})"  # noqa: S608  # constants


def of_case(table, *kinds):
    """The row is the agency's, or of a case the member wrote down or the scope stands to in these kinds."""
    return f"({OWN} OR {_joins(table, _related(*kinds))})"


def added_to_case(table, *kinds):
    """The same of a row to be added, which may only join a case of the agency it names."""
    return _joins(table, f"c.{OWN} OR {_related(*kinds)}")


def _related(*kinds):
    return f"c.{AUTHOR} OR {standing('c.id', *kinds)}"


def _joins(table, holds):
    same = f"c.id = {table}.case_id AND c.agency_id = {table}.agency_id"
    return f"EXISTS (SELECT 1 FROM node_case AS c WHERE {same} AND ({holds}))"  # noqa: S608  # constants


CASE_OPENED = f"({OWN} OR {AUTHOR} OR {standing('node_case.id', *HOLDERS)})"
CASE_WRITTEN = f"({OWN} OR {AUTHOR} OR {standing('node_case.id', 'decision_body', 'person')})"
PART_OPENED = of_case("node_sealedpart", *HOLDERS)
PART_WRITTEN = of_case("node_sealedpart", "person")
TOKEN_WRITTEN = of_case("node_blindtoken", "person")
KEY_WRITTEN = of_case("node_personkey", "person")
EVENT_OPENED = of_case("node_event", *HOLDERS)
SEE, ADD, CHANGE, REMOVE = "SELECT", "INSERT", "UPDATE", "DELETE"

# For each table and command the rows it reaches (USING) and how they may be left (WITH CHECK). Whoever a
# case is opened to may lock its row, as actions do before they ask; the check says who may change it.
POLICIES = {
    ("node_case", SEE): (f"({ALL} OR {CASE_OPENED})", ""),
    ("node_case", ADD): ("", OWN),
    ("node_case", CHANGE): (CASE_OPENED, CASE_WRITTEN),
    ("node_case", REMOVE): (OWN, ""),
    ("node_sealedpart", SEE): (PART_OPENED, ""),
    ("node_sealedpart", ADD): ("", added_to_case("node_sealedpart", "person")),
    ("node_sealedpart", CHANGE): (PART_WRITTEN, PART_WRITTEN),
    ("node_sealedpart", REMOVE): (PART_WRITTEN, ""),
    ("node_blindtoken", SEE): (TOKEN_WRITTEN, ""),
    ("node_blindtoken", ADD): ("", added_to_case("node_blindtoken", "person")),
    ("node_blindtoken", REMOVE): (TOKEN_WRITTEN, ""),
    ("node_personkey", SEE): (f"({ALL} OR {KEY_WRITTEN})", ""),
    ("node_personkey", ADD): ("", added_to_case("node_personkey", "person")),
    ("node_personkey", REMOVE): (KEY_WRITTEN, ""),
    ("node_event", SEE): (EVENT_OPENED, ""),
    ("node_event", ADD): ("", added_to_case("node_event", *HOLDERS)),
    ("node_importrun", SEE): (f"({ALL} OR {OWN})", ""),
    ("node_importrun", ADD): ("", OWN),
    ("node_importrun", CHANGE): (OWN, OWN),
    ("node_importrun", REMOVE): (OWN, ""),
}
SECURED = tuple(dict.fromkeys(table for table, _ in POLICIES))


def policies():
    """The statements that make every policy."""
    for (table, command), (using, check) in POLICIES.items():
        rows = f" USING ({using})" if using else ""
        after = f" WITH CHECK ({check})" if check else ""
        yield f"CREATE POLICY {table}_{command.lower()} ON {table} FOR {command}{rows}{after}"


def lock(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for table in APPEND_ONLY:
            for verb in ("UPDATE", "DELETE"):
                schema_editor.execute(SQLITE_REFUSAL.format(table=table, verb=verb))
        for table in OWNED:
            schema_editor.execute(SQLITE_OWNER.format(table=table))
        for name, triggers in (("Estimation", signed_on_sqlite), ("Release", published_on_sqlite)):
            columns = [field.column for field in apps.get_model("node", name)._meta.concrete_fields]
            for trigger in triggers(columns):
                schema_editor.execute(trigger)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRES_REFUSAL, params=None)
        schema_editor.execute(POSTGRES_OWNER, params=None)
        schema_editor.execute(POSTGRES_SIGNED.format(free=",".join(WITHDRAWAL)), params=None)
        schema_editor.execute(POSTGRES_PUBLISHED.format(free=",".join(NOTICE)), params=None)
        for table in APPEND_ONLY:
            schema_editor.execute(POSTGRES_TRIGGER.format(table=table))
        for table in OWNED:
            schema_editor.execute(POSTGRES_OWNER_TRIGGER.format(table=table))
        for trigger in (*POSTGRES_SIGNED_TRIGGERS, *POSTGRES_PUBLISHED_TRIGGERS):
            schema_editor.execute(trigger)
        for table in SECURED:
            schema_editor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            schema_editor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        for policy in policies():
            schema_editor.execute(policy)


def unlock(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for table in APPEND_ONLY:
            for verb in ("UPDATE", "DELETE"):
                schema_editor.execute(f"DROP TRIGGER {table}_no_{verb}")
        for table in OWNED:
            schema_editor.execute(f"DROP TRIGGER {table}_keeps_its_agency")
        for verb in ("UPDATE", "DELETE"):
            schema_editor.execute(f"DROP TRIGGER node_estimation_signed_no_{verb}")
            schema_editor.execute(f"DROP TRIGGER node_release_published_no_{verb}")
    if schema_editor.connection.vendor == "postgresql":
        for table, command in POLICIES:
            schema_editor.execute(f"DROP POLICY {table}_{command.lower()} ON {table}")
        for table in SECURED:
            schema_editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
            schema_editor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        for table in APPEND_ONLY:
            schema_editor.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        for table in OWNED:
            schema_editor.execute(f"DROP TRIGGER {table}_keeps_its_agency ON {table}")
        for trigger in ("node_estimation_signed", "node_estimation_not_emptied"):
            schema_editor.execute(f"DROP TRIGGER {trigger} ON node_estimation")
        for trigger in ("node_release_published", "node_release_not_emptied"):
            schema_editor.execute(f"DROP TRIGGER {trigger} ON node_release")
        schema_editor.execute("DROP FUNCTION palermo_append_only()")
        schema_editor.execute("DROP FUNCTION palermo_keeps_its_agency()")
        schema_editor.execute("DROP FUNCTION palermo_signed_estimation()")
        schema_editor.execute("DROP FUNCTION palermo_published_release()")


class Migration(migrations.Migration):
    dependencies = [("node", "0001_initial")]

    operations = [migrations.RunPython(lock, unlock)]
