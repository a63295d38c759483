"""What the database itself holds of the ledger: sums kept by triggers, and rows that never change.

``relief_balance`` and ``relief_flow`` are written here and nowhere else. Its check then refuses any
movement that would bring a place below zero, whoever posts it and however many at once.
"""

from django.db import migrations

#: Rows that are never changed or deleted.
APPEND_ONLY = (
    "relief_document",
    "relief_movement",
    "relief_count",
    "relief_signature",
    "relief_stage",
    "relief_caseevent",
    "relief_photo",
)
#: Columns that are never changed, of rows of which others may.
FIXED = {
    "relief_place": ("kind", "parent_id", "consignment_id", "country"),
    "relief_lot": ("item_id", "source_id", "number"),
}
BELOW = "kind IN ('donor', 'correction')"

SQLITE_BALANCE = f"""
CREATE TRIGGER relief_movement_sums AFTER INSERT ON relief_movement
BEGIN
    INSERT INTO relief_balance (place_id, lot_id, quantity, may_go_below)
        SELECT id, NEW.lot_id, 0, {BELOW} FROM relief_place
        WHERE id IN (NEW.from_place_id, NEW.to_place_id)
        ON CONFLICT (place_id, lot_id) DO NOTHING;
    UPDATE relief_balance SET quantity = quantity + NEW.quantity
        WHERE place_id = NEW.to_place_id AND lot_id = NEW.lot_id;
    UPDATE relief_balance SET quantity = quantity - NEW.quantity
        WHERE place_id = NEW.from_place_id AND lot_id = NEW.lot_id;
    INSERT INTO relief_flow (item_id, source_id, country, from_kind, to_kind, week, quantity)
        SELECT l.item_id, l.source_id,
            CASE WHEN t.kind = 'donor' THEN f.country ELSE t.country END,
            f.kind, t.kind, date(d.day, '-6 days', 'weekday 1'), NEW.quantity
        FROM relief_lot l, relief_place f, relief_place t, relief_document d
        WHERE l.id = NEW.lot_id AND f.id = NEW.from_place_id AND t.id = NEW.to_place_id
            AND d.id = NEW.document_id
        ON CONFLICT (item_id, source_id, country, from_kind, to_kind, week)
        DO UPDATE SET quantity = quantity + excluded.quantity;
END"""

# For each statement and not each row: a document of a thousand lines locks and writes each sum
# once, and always in the same order, so that two documents cannot wait for each other.
POSTGRES_BALANCE = f"""
CREATE FUNCTION relief_movement_sums() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO relief_balance (place_id, lot_id, quantity, may_go_below)
        SELECT DISTINCT p.id, n.lot_id, 0, p.{BELOW}
        FROM fresh n JOIN relief_place p ON p.id IN (n.from_place_id, n.to_place_id)
        ORDER BY 1, 2
        ON CONFLICT (place_id, lot_id) DO NOTHING;
    PERFORM 1 FROM relief_balance b
        WHERE (b.place_id, b.lot_id) IN (
            SELECT to_place_id, lot_id FROM fresh UNION SELECT from_place_id, lot_id FROM fresh)
        ORDER BY b.place_id, b.lot_id FOR UPDATE;
    UPDATE relief_balance b SET quantity = b.quantity + s.delta
        FROM (
            SELECT place_id, lot_id, sum(delta) AS delta FROM (
                SELECT to_place_id AS place_id, lot_id, quantity AS delta FROM fresh
                UNION ALL SELECT from_place_id, lot_id, -quantity FROM fresh
            ) sides GROUP BY place_id, lot_id
        ) s WHERE b.place_id = s.place_id AND b.lot_id = s.lot_id;
    INSERT INTO relief_flow AS w
        (item_id, source_id, country, from_kind, to_kind, week, quantity)
        SELECT l.item_id, l.source_id,
            CASE WHEN t.kind = 'donor' THEN f.country ELSE t.country END AS country,
            f.kind, t.kind, date_trunc('week', d.day)::date AS week, sum(n.quantity)
        FROM fresh n JOIN relief_lot l ON l.id = n.lot_id
            JOIN relief_place f ON f.id = n.from_place_id
            JOIN relief_place t ON t.id = n.to_place_id
            JOIN relief_document d ON d.id = n.document_id
        GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
        ON CONFLICT (item_id, source_id, country, from_kind, to_kind, week)
        DO UPDATE SET quantity = w.quantity + excluded.quantity;
    RETURN NULL;
END $$;
CREATE TRIGGER relief_movement_sums AFTER INSERT ON relief_movement
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION relief_movement_sums()"""


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRES_BALANCE)
        schema_editor.execute(
            """CREATE FUNCTION relief_refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '% rows are never changed', TG_TABLE_NAME; END $$""",
            params=None,
        )
        for table in APPEND_ONLY:
            schema_editor.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION relief_refuse()"
            )
        for table, columns in FIXED.items():
            changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in columns)
            schema_editor.execute(
                f"CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} FOR EACH ROW "
                f"WHEN ({changed}) EXECUTE FUNCTION relief_refuse()"
            )
    else:
        schema_editor.execute(SQLITE_BALANCE)
        for table in APPEND_ONLY:
            for verb in ("UPDATE", "DELETE"):
                schema_editor.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} rows are never changed'); END"
                )
        for table, columns in FIXED.items():
            changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in columns)
            schema_editor.execute(
                f"CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} WHEN {changed} "
                f"BEGIN SELECT RAISE(ABORT, '{table} rows never change in that'); END"
            )


class Migration(migrations.Migration):
    dependencies = [("relief", "0001_initial")]
    operations = [migrations.RunPython(guard)]
