"""The audit trail's guard in the database, and its one head row."""

from django.db import migrations

SQLITE = """CREATE TRIGGER core_auditentry_no_{verb} BEFORE {VERB} ON core_auditentry
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"""
POSTGRES = [
    """CREATE FUNCTION core_auditentry_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$""",
    """CREATE TRIGGER core_auditentry_append_only BEFORE UPDATE OR DELETE ON core_auditentry
    FOR EACH ROW EXECUTE FUNCTION core_auditentry_refuse()""",
]


def guard(apps, schema_editor):
    apps.get_model("core", "AuditHead").objects.create(pk=1)
    if schema_editor.connection.vendor == "postgresql":
        for statement in POSTGRES:
            schema_editor.execute(statement)
    else:
        for verb in ("update", "delete"):
            schema_editor.execute(SQLITE.format(verb=verb, VERB=verb.upper()))


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunPython(guard)]
