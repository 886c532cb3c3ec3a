"""Triggers that refuse to change or delete what has happened, on SQLite and PostgreSQL alike."""

from django.db import migrations

_SQLITE = [
    """CREATE TRIGGER ledger_event_no_update BEFORE UPDATE ON ledger_event
       BEGIN SELECT RAISE(ABORT, 'ledger_event is append-only'); END""",
    """CREATE TRIGGER ledger_event_no_delete BEFORE DELETE ON ledger_event
       BEGIN SELECT RAISE(ABORT, 'ledger_event is append-only'); END""",
    """CREATE TRIGGER ledger_head_no_delete BEFORE DELETE ON ledger_streamhead
       BEGIN SELECT RAISE(ABORT, 'a stream head cannot be deleted'); END""",
    """CREATE TRIGGER ledger_head_forward BEFORE UPDATE ON ledger_streamhead
       WHEN NEW.sequence <= OLD.sequence OR NEW.stream_kind <> OLD.stream_kind OR NEW.stream_id <> OLD.stream_id
       BEGIN SELECT RAISE(ABORT, 'a stream head may only move forward'); END""",
]
_POSTGRESQL = [
    """CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$""",
    """CREATE FUNCTION ledger_forward() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN
         IF NEW.sequence <= OLD.sequence OR NEW.stream_kind <> OLD.stream_kind OR NEW.stream_id <> OLD.stream_id THEN
           RAISE EXCEPTION 'a stream head may only move forward';
         END IF;
         RETURN NEW;
       END $$""",
    "CREATE TRIGGER ledger_event_no_change BEFORE UPDATE OR DELETE ON ledger_event FOR EACH ROW EXECUTE FUNCTION ledger_refuse()",
    "CREATE TRIGGER ledger_event_no_truncate BEFORE TRUNCATE ON ledger_event FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()",
    "CREATE TRIGGER ledger_head_no_delete BEFORE DELETE ON ledger_streamhead FOR EACH ROW EXECUTE FUNCTION ledger_refuse()",
    "CREATE TRIGGER ledger_head_no_truncate BEFORE TRUNCATE ON ledger_streamhead FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()",
    "CREATE TRIGGER ledger_head_forward BEFORE UPDATE ON ledger_streamhead FOR EACH ROW EXECUTE FUNCTION ledger_forward()",
]


def refuse(apps, schema_editor):
    statements = _POSTGRESQL if schema_editor.connection.vendor == "postgresql" else _SQLITE
    for statement in statements:
        schema_editor.execute(statement, None)  # no values: a per cent sign stands for itself


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_first_tables")]
    operations = [migrations.RunPython(refuse)]
