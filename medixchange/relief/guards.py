"""What the database itself holds of the ledger: sums kept by triggers, and rows that never change.

``relief_balance``, ``relief_flow`` and ``relief_flowtotal`` are written here and nowhere else (and
made anew by ``medixchange relief ledger rebuild``). The check of ``relief_balance`` then refuses
any movement that would bring a place below zero, whoever posts it and however many at once.

Triggers, rebuilding and verifying are made of the same text, so that they cannot disagree.

SQLite drops the triggers of a table that a migration makes anew (a column that may not be null, a
changed field). Every migration that alters one of these tables therefore ends with
``migrations.RunPython(guards.install)``; a test looks for all of them after the last migration.
"""

# ruff: noqa: S608 - all text that is put together here is our own

from collections.abc import Callable, Iterator
from typing import Any

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
WEEK = {
    "sqlite": "date(d.day, '-6 days', 'weekday 1')",
    "postgresql": "date_trunc('week', d.day)::date",
}
#: Where goods go from one country to another and neither end is a donor.
CROSSES = "(a.kind <> 'donor' AND b.kind <> 'donor' AND a.country <> b.country)"


def ways(vendor: str, movements: str) -> str:
    """What each movement adds to the flows: one row, or two where it crosses a border.

    A reversal takes away from the flow that the reversed document added to: it is no flow the
    other way, which would be a return. Goods that cross a border leave one country and enter
    another, each told by itself, with ``abroad`` for the other end.
    """
    return f"""(SELECT l.item_id AS item_id, l.source_id AS source_id,
            CASE WHEN s.side = 1 THEN b.country
                WHEN b.kind = 'donor' OR {CROSSES} THEN a.country ELSE b.country END AS country,
            CASE WHEN s.side = 1 THEN 'abroad' ELSE a.kind END AS from_kind,
            CASE WHEN s.side = 0 AND {CROSSES} THEN 'abroad' ELSE b.kind END AS to_kind,
            {WEEK[vendor]} AS week,
            CASE WHEN d.reverses_id IS NULL THEN m.quantity ELSE -m.quantity END AS quantity
        FROM {movements} m
            JOIN relief_document d ON d.id = m.document_id
            JOIN relief_lot l ON l.id = m.lot_id
            JOIN relief_place a ON a.id =
                CASE WHEN d.reverses_id IS NULL THEN m.from_place_id ELSE m.to_place_id END
            JOIN relief_place b ON b.id =
                CASE WHEN d.reverses_id IS NULL THEN m.to_place_id ELSE m.from_place_id END
            JOIN (SELECT 0 AS side UNION ALL SELECT 1 AS side) s ON s.side = 0 OR {CROSSES})"""


def balances() -> str:
    """Writes all balances from the movements; the table is empty before."""
    return f"""INSERT INTO relief_balance (place_id, lot_id, quantity, may_go_below)
        SELECT s.place_id, s.lot_id, sum(s.delta), p.{BELOW} FROM (
            SELECT to_place_id AS place_id, lot_id, quantity AS delta FROM relief_movement
            UNION ALL SELECT from_place_id, lot_id, -quantity FROM relief_movement
        ) s JOIN relief_place p ON p.id = s.place_id
        GROUP BY s.place_id, s.lot_id, p.kind ORDER BY s.lot_id, s.place_id"""


def flows(ways: str) -> str:
    """Adds ways to ``relief_flow``. Rows are written in one order, as all that locks here is."""
    return f"""INSERT INTO relief_flow
            (item_id, source_id, country, from_kind, to_kind, week, quantity)
        SELECT item_id, source_id, country, from_kind, to_kind, week, sum(quantity)
        FROM {ways} w GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
        ON CONFLICT (item_id, source_id, country, from_kind, to_kind, week)
        DO UPDATE SET quantity = relief_flow.quantity + excluded.quantity"""


#: What ``relief_flowtotal`` adds up by; what is not named is added up over. Fewest rows first.
DIMENSIONS = ("source country", "item country", "country week", "source week", "item week")


def told_apart(vendor: str, ways: str) -> str:
    """Ways, or flows, once for each of ``DIMENSIONS``, with what is added up over left blank."""
    masks = " UNION ALL ".join(
        f"SELECT '{name}' AS dimensions, "
        + ", ".join(
            f"{int(part in name.split())} AS by_{part}"
            for part in ("item", "source", "country", "week")
        )
        for name in DIMENSIONS
    )
    never = "'0001-01-01'" if vendor == "sqlite" else "DATE '0001-01-01'"
    return f"""SELECT k.dimensions AS dimensions,
            w.item_id * k.by_item AS item, w.source_id * k.by_source AS source,
            CASE WHEN k.by_country = 1 THEN w.country ELSE '' END AS country,
            w.from_kind AS from_kind, w.to_kind AS to_kind,
            CASE WHEN k.by_week = 1 THEN w.week ELSE {never} END AS week, w.quantity AS quantity
        FROM {ways} w CROSS JOIN ({masks}) k"""


def totals(vendor: str, ways: str) -> str:
    """Adds ways, or flows, to ``relief_flowtotal``."""
    return f"""INSERT INTO relief_flowtotal
            (dimensions, item, source, country, from_kind, to_kind, week, quantity)
        SELECT dimensions, item, source, country, from_kind, to_kind, week, sum(quantity)
        FROM ({told_apart(vendor, ways)}) t
        GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 7, 2, 3, 4, 5, 6
        ON CONFLICT (dimensions, week, item, source, country, from_kind, to_kind)
        DO UPDATE SET quantity = relief_flowtotal.quantity + excluded.quantity"""


NEW = """(SELECT NEW.document_id AS document_id, NEW.lot_id AS lot_id, NEW.quantity AS quantity,
        NEW.from_place_id AS from_place_id, NEW.to_place_id AS to_place_id)"""
SQLITE_SUMS = f"""AFTER INSERT ON relief_movement
BEGIN
    INSERT INTO relief_balance (place_id, lot_id, quantity, may_go_below)
        SELECT id, NEW.lot_id, 0, {BELOW} FROM relief_place
        WHERE id IN (NEW.from_place_id, NEW.to_place_id)
        ON CONFLICT (place_id, lot_id) DO NOTHING;
    UPDATE relief_balance SET quantity = quantity + NEW.quantity
        WHERE place_id = NEW.to_place_id AND lot_id = NEW.lot_id;
    UPDATE relief_balance SET quantity = quantity - NEW.quantity
        WHERE place_id = NEW.from_place_id AND lot_id = NEW.lot_id;
    {flows(ways("sqlite", NEW))};
    {totals("sqlite", ways("sqlite", NEW))};
END"""

# For each statement and not each row: a document of a thousand lines locks and writes each sum
# once, and always in the same order, so that two documents cannot wait for each other.
POSTGRES_SUMS = f"""
CREATE OR REPLACE FUNCTION relief_movement_sums() RETURNS trigger LANGUAGE plpgsql AS $$
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
    {flows(ways("postgresql", "fresh"))};
    {totals("postgresql", ways("postgresql", "fresh"))};
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER relief_movement_sums AFTER INSERT ON relief_movement
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION relief_movement_sums()"""


def names(vendor: str) -> set[str]:
    """Of all triggers."""
    if vendor == "postgresql":
        return {
            "relief_movement_sums",
            *(f"{table}_append_only" for table in APPEND_ONLY),
            *(f"{table}_fixed" for table in FIXED),
        }
    return {
        "relief_movement_sums",
        *(f"{table}_no_{verb}" for table in APPEND_ONLY for verb in ("update", "delete")),
        *(f"{table}_fixed" for table in FIXED),
    }


def missing(connection: Any) -> list[str]:
    """Triggers that the database does not have, or has switched off."""
    there = (
        "SELECT tgname FROM pg_trigger WHERE tgenabled = 'O'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(there)
        return sorted(names(connection.vendor) - {name for (name,) in cursor.fetchall()})


def install(apps: Any, schema_editor: Any) -> None:
    """Put all triggers in place; for ``RunPython``."""
    put(schema_editor.connection.vendor, lambda text: schema_editor.execute(text, params=None))


def put(vendor: str, execute: Callable[[str], object]) -> None:
    """Put all triggers in place, those that are there already too."""
    for text in _on_postgresql() if vendor == "postgresql" else _on_sqlite():
        execute(text)


def _on_postgresql() -> Iterator[str]:
    yield POSTGRES_SUMS
    yield """CREATE OR REPLACE FUNCTION relief_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '% rows are never changed', TG_TABLE_NAME; END $$"""
    for table in APPEND_ONLY:
        yield (
            f"CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION relief_refuse()"
        )
    for table, columns in FIXED.items():
        changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in columns)
        yield (
            f"CREATE OR REPLACE TRIGGER {table}_fixed BEFORE UPDATE ON {table} FOR EACH ROW "
            f"WHEN ({changed}) EXECUTE FUNCTION relief_refuse()"
        )
    for name in sorted(names("postgresql")):
        yield f"ALTER TABLE {_table_of(name)} ENABLE TRIGGER {name}"


def _on_sqlite() -> Iterator[str]:
    texts = {"relief_movement_sums": SQLITE_SUMS}
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            texts[f"{table}_no_{verb.lower()}"] = (
                f"BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} rows are never changed'); END"
            )
    for table, columns in FIXED.items():
        changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in columns)
        texts[f"{table}_fixed"] = (
            f"BEFORE UPDATE ON {table} WHEN {changed} "
            f"BEGIN SELECT RAISE(ABORT, '{table} rows never change in that'); END"
        )
    for name, text in texts.items():
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield f"CREATE TRIGGER {name} {text}"


def _table_of(trigger: str) -> str:
    return "_".join(trigger.split("_")[:2])
