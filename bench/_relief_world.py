"""Fills an empty database with a ledger of a given size, made up but of a realistic shape.

60 donors, 40 stores and 5,000 facilities in 20 countries, 300 items, two years. Goods go in blocks
of ten lots: donor, transit, store, then 110 deliveries, each over a transport account to another
facility, which uses all or half of it. So 10,000,000 movements are 30,130 lots, each of them at up
to 110 facilities, and one lot number stands on the goods of up to three donors. Rows are in order
of time, as a ledger's are, and a smaller ledger is the same one with fewer blocks.

Movements are written with the triggers off; the sums are then made by the statements that the
triggers and ``medixchange relief ledger rebuild`` are made of, and the triggers put back.
"""

# ruff: noqa: S608 - all text that is put together here is our own

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from medixchange.relief import guards

DONORS, STORES, FACILITIES, ITEMS, DELIVERIES, LOTS_IN_BLOCK = 60, 40, 125, 300, 110, 10
PER_BLOCK = LOTS_IN_BLOCK * (2 + 3 * DELIVERIES)
BEGIN, DAYS = date(2024, 1, 1), 728
COUNTRIES = tuple(
    "ID FR CN KE NG IN PK BD PE CO UA TR EG MA SN GH PH VN MM NP".split()  # noqa: SIM905
)
FIRST_STORE = DONORS + 1
FIRST_FACILITY = FIRST_STORE + STORES
FIRST_USED = FIRST_FACILITY + STORES * FACILITIES
FIRST_ACCOUNT = FIRST_USED + STORES * FACILITIES
FLUSH = 200_000
NOW = "2026-01-01 00:00:00"

COLUMNS = {
    "relief_item": "id code name_id unit category expires unspsc gmdn gtin essential is_current "
    "created_at",
    "relief_place": "id code name kind parent_id consignment_id country region time_zone "
    "gs1_prefix is_restricted is_example created_at",
    "relief_lot": "id item_id number source_id expires_on created_at",
    "relief_consignment": "id reference origin_id destination_id transport_reference state note "
    "note_language is_example created_at",
    "relief_document": "id key number kind fingerprint happened_at day posted_at consignment_id "
    "note note_language details",
    "relief_movement": "id document_id lot_id quantity from_place_id to_place_id",
}
SUMS = ("relief_balance", "relief_flow", "relief_flowtotal")
Rows = dict[str, list[tuple[Any, ...]]]


def blocks_of(size: int) -> int:
    """Blocks of ten lots that a ledger of so many movements has."""
    return -(-size // PER_BLOCK)


def number_of(block: int, which: int) -> str:
    """The lot number printed on one of a block's ten lots."""
    return f"L{block // 3}-{which}"


def facility_of(block: int, turn: int) -> int:
    """Key of the facility that a block's delivery number ``turn`` goes to."""
    at = block % STORES * FACILITIES + (turn * 3 + block // STORES * 7) % FACILITIES
    return FIRST_FACILITY + at


def fill(size: int) -> None:
    """Write a ledger of exactly so many movements into the database, which has none."""
    with _without_guards():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM relief_place")
            if cursor.fetchone() != (0,):
                raise SystemExit("the database has places already; give an empty one")
        put = _putter()
        with transaction.atomic():
            put({"relief_item": _items(), "relief_place": list(_places())})
        for rows in _ledger(size):
            with transaction.atomic():
                put(rows)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(guards.balances())
            cursor.execute(guards.flows(guards.ways(connection.vendor, "relief_movement")))
            cursor.execute(guards.totals(connection.vendor, "relief_flow"))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in COLUMNS:
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
                )
            # What autovacuum does by itself within minutes.
            cursor.execute("VACUUM ANALYZE")


def _items() -> list[tuple[Any, ...]]:
    from medixchange.translation.actions import ensure_segments

    with transaction.atomic():
        names = ensure_segments([f"Made-up item {n}" for n in range(ITEMS)], language="en")
    return [
        (n + 1, f"item-{n}", name.pk, "piece", "", 0, "", "", "", "", 1, NOW)
        for n, name in enumerate(names)
    ]


def _places() -> Iterator[tuple[Any, ...]]:
    def place(pk: int, kind: str, country: int, parent: int | None = None) -> tuple[Any, ...]:
        code = f"{kind}-{pk}"
        return (pk, code, code, kind, parent, None, COUNTRIES[country], "", "UTC", "", 0, 0, NOW)

    for n in range(DONORS):
        yield place(n + 1, "donor", n % len(COUNTRIES))
    for n in range(STORES):
        yield place(FIRST_STORE + n, "store", n // 2)
    for n in range(STORES * FACILITIES):
        yield place(FIRST_FACILITY + n, "facility", n // FACILITIES // 2)
    for n in range(STORES * FACILITIES):
        yield place(FIRST_USED + n, "used", n // FACILITIES // 2, FIRST_FACILITY + n)


def _ledger(size: int) -> Iterator[Rows]:
    """Lots, consignments, their accounts, documents and movements, some ten thousand at a time."""
    blocks = blocks_of(size)
    last = (blocks - 1) // STORES + DELIVERIES
    rows: Rows = {name: [] for name in COLUMNS}
    lots, consignments, places = (
        rows["relief_lot"],
        rows["relief_consignment"],
        rows["relief_place"],
    )
    documents, movements = rows["relief_document"], rows["relief_movement"]
    made = papers = sent = 0

    def send(origin: int, destination: int, kind: str, country: str) -> int:
        """A consignment and its account."""
        nonlocal sent
        sent += 1
        consignments.append(
            (sent, f"C-{sent:07}", origin, destination, "", "received", "", "", 0, NOW)
        )
        account = FIRST_ACCOUNT + sent
        code = f"c{sent}--{kind}"
        places.append((account, code, code, kind, None, sent, country, "", "UTC", "", 0, 0, NOW))
        return account

    def post(
        kind: str, prefix: str, day: date, lines: list[tuple[int, int]], a: int, b: int
    ) -> None:
        nonlocal made, papers
        lines = lines[: size - made]
        if not lines:
            return
        papers += 1
        documents.append(
            (
                papers, f"made up {papers}", f"{prefix}-{day.year}-{papers:08}", kind, "0" * 64,
                f"{day} 12:00:00", str(day), f"{day} 12:00:00", sent, "", "", "{}",
            )
        )  # fmt: skip
        for lot, quantity in lines:
            made += 1
            movements.append((made, papers, lot, quantity, a, b))

    for tick in range(last + 1):
        day = BEGIN + timedelta(days=tick * DAYS // last)
        for row in range(max(0, tick - DELIVERIES), min(tick, (blocks - 1) // STORES) + 1):
            turn = tick - row - 1
            for block in range(row * STORES, min((row + 1) * STORES, blocks)):
                if made >= size:
                    break
                of_country = COUNTRIES[block % STORES // 2]
                store, first = FIRST_STORE + block % STORES, block * LOTS_IN_BLOCK + 1
                inside = [(first + n, 100 + 10 * (n + block % 7)) for n in range(LOTS_IN_BLOCK)]
                if turn < 0:
                    donor = block // 3 % (DONORS // 3) * 3 + block % 3 + 1
                    of_items = block // 3 % (ITEMS // LOTS_IN_BLOCK) * LOTS_IN_BLOCK + 1
                    until = str(day + timedelta(days=900))
                    lots += [
                        (first + n, of_items + n, number_of(block, n), donor, until, NOW)
                        for n in range(LOTS_IN_BLOCK)
                    ]
                    brought = [(lot, quantity * (DELIVERIES + 5)) for lot, quantity in inside]
                    transit = send(donor, store, "transit", of_country)
                    post("dispatch", "DN", day, brought, donor, transit)
                    post("receipt", "GRN", day, brought, transit, store)
                    continue
                facility = facility_of(block, turn)
                used = [(lot, n if (turn + lot) % 3 else n // 2) for lot, n in inside]
                transport = send(store, facility, "transport", of_country)
                post("dispatch", "DN", day, inside, store, transport)
                post("delivery", "POD", day, inside, transport, facility)
                post("use", "USE", day, used, facility, facility + STORES * FACILITIES)
            if len(movements) >= FLUSH:
                yield rows
                for filled in rows.values():
                    filled.clear()
    yield rows


def _putter() -> Callable[[Rows], None]:
    """Writes rows the fast way of the database."""

    def on_sqlite(rows: Rows) -> None:
        with connection.cursor() as cursor:
            for table, values in rows.items():
                names = COLUMNS[table].split()
                marks = ", ".join(["%s"] * len(names))
                cursor.executemany(
                    f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", values
                )

    def on_postgresql(rows: Rows) -> None:
        with connection.cursor() as cursor:
            for table, values in rows.items():
                with cursor.copy(
                    f"COPY {table} ({', '.join(COLUMNS[table].split())}) FROM STDIN"
                ) as to:
                    for at in range(0, len(values), 5000):
                        to.write(
                            "".join(
                                "\t".join("\\N" if one is None else str(one) for one in row) + "\n"
                                for row in values[at : at + 5000]
                            )
                        )

    return on_postgresql if connection.vendor == "postgresql" else on_sqlite


@contextmanager
def _without_guards() -> Iterator[None]:
    """No triggers, no foreign keys, no indexes of the large tables meanwhile."""
    postgresql = connection.vendor == "postgresql"
    quick = (*COLUMNS, *SUMS)
    named = ", ".join(f"'{table}'" for table in quick)
    with connection.cursor() as cursor:
        if postgresql:
            for text in (
                "SET session_replication_role = replica",
                "SET maintenance_work_mem = '512MB'",
                "SET work_mem = '256MB'",
            ):
                cursor.execute(text)
            cursor.execute(
                f"""SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename IN ({named})
                    AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)"""
            )
        else:
            cursor.execute("PRAGMA foreign_keys = OFF")
            cursor.execute("PRAGMA cache_size = -400000")
            for name in guards.names("sqlite"):
                cursor.execute(f"DROP TRIGGER {name}")
            cursor.execute(
                f"""SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL
                    AND tbl_name IN ({named})"""
            )
        indexes = cursor.fetchall()
        # Of PostgreSQL: those that ON CONFLICT looks at are constraints and stay.
        for name, _text in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    yield
    with connection.cursor() as cursor:
        for _name, text in indexes:
            cursor.execute(text)
        if postgresql:
            cursor.execute("RESET ALL")
        else:
            cursor.execute("PRAGMA foreign_keys = ON")
            cursor.execute("PRAGMA cache_size = -2000")
        guards.put(connection.vendor, cursor.execute)
    connection.close()  # A new one has the settings of the site.
    if missing := guards.missing(connection):
        raise SystemExit(f"guards are missing: {missing}")
