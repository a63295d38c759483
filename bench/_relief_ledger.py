"""One ledger of one size on one database: how fast it posts and answers. For ``relief.py``.

Reads where the database is from the environment, as the site does; prints one JSON document.
"""

# ruff: noqa: S608 - all text that is put together here is our own

import argparse
import json
import random
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import django

sys.path.insert(0, str(Path(__file__).parent))

#: Seconds that one query may be asked again and again.
PATIENCE = 15.0
SQL_RECALL = """SELECT place, sum(delta) FROM (
    SELECT to_place_id AS place, quantity AS delta FROM relief_movement WHERE lot_id IN ({lots})
    UNION ALL
    SELECT from_place_id, -quantity FROM relief_movement WHERE lot_id IN ({lots})
) s GROUP BY place HAVING sum(delta) <> 0"""
SQL_STOCK = """SELECT lot_id, sum(delta) FROM (
    SELECT lot_id, quantity AS delta FROM relief_movement WHERE to_place_id = {place}
    UNION ALL SELECT lot_id, -quantity FROM relief_movement WHERE from_place_id = {place}
) s GROUP BY lot_id HAVING sum(delta) > 0"""


def told(milliseconds: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile."""
    ordered = sorted(milliseconds)
    return {
        "median_ms": round(statistics.median(ordered), 3),
        "p95_ms": round(ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], 3),
        "asked": len(ordered),
    }


def timed(
    ask: Callable[[Any], Any], of: Sequence[Any], kept: Callable[[Any], Any]
) -> tuple[dict[str, float], list[Any]]:
    """Ask for each, at least three times and not longer than patience lasts, after one to warm.

    Of each answer only what is compared is kept: thousands of rows held on to would make every
    later question pay for the collection of garbage.
    """
    ask(of[0])
    began, took, answers, rows = time.perf_counter(), [], [], []
    for one in of:
        start = time.perf_counter()
        answer = ask(one)
        took.append(1000 * (time.perf_counter() - start))
        answers.append(kept(answer))
        rows.append(len(answer) if isinstance(answer, list) else 1)
        if len(took) >= 3 and time.perf_counter() - began > PATIENCE:
            break
    return told(took) | {"rows": round(statistics.median(rows))}, answers


def queries(size: int, *, asked: int, sums_to: int) -> dict[str, Any]:
    """Ours, and up to a size the same by adding up the movements; the answers must be the same."""
    import _relief_world as world
    from django.db import connection

    from medixchange.relief import guards
    from medixchange.relief.models import Lot, Place
    from medixchange.relief.queries import figures, stock

    chance = random.Random(size)
    blocks = min(world.blocks_of(size), size // world.PER_BLOCK + 1)
    numbers = [
        world.number_of(chance.randrange(blocks), chance.randrange(world.LOTS_IN_BLOCK))
        for _ in range(asked)
    ]
    # Of the first deliveries of a block, so that the smallest ledger has reached them too.
    keys = [world.facility_of(chance.randrange(blocks), chance.randrange(30)) for _ in range(asked)]
    known = Place.objects.in_bulk(keys)
    places = [known[key] for key in keys]
    lots = [list(Lot.objects.filter(number=number)) for number in numbers]
    ways = guards.ways(connection.vendor, "relief_movement")

    def rows(text: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(text)
            return cursor.fetchall()

    def added(*, by_item: bool) -> Any:
        sums: dict[Any, dict[tuple[str, str], int]] = {}
        what = "item_id" if by_item else "0"
        for key, start, end, quantity in rows(
            f"SELECT {what}, from_kind, to_kind, sum(quantity) FROM {ways} w "
            f"GROUP BY {'item_id, ' if by_item else ''}from_kind, to_kind"
        ):
            sums.setdefault(key, {})[start, end] = int(quantity)
        told_by = [(key, figures.of_ways(sums[key])) for key in sorted(sums)]
        return told_by if by_item else told_by[0][1]

    def recall_sums(lots: list[Lot]) -> Any:
        return rows(SQL_RECALL.format(lots=", ".join(str(lot.pk) for lot in lots)))

    few = range(min(asked, 25))
    # Ours, by adding up, of what, and what of either answer is compared.
    kinds: dict[str, tuple[Any, Any, Sequence[Any], Any, Any]] = {
        "recall trace": (
            stock.whereabouts,
            recall_sums,
            lots,
            lambda rows: sorted((one.place.pk, one.now) for one in rows if one.now),
            # Donors and what was used are not among the whereabouts.
            lambda rows: sorted((int(pk), int(n)) for pk, n in rows if _is_there(pk)),
        ),
        "facility stock": (
            lambda place: list(stock.at_place(place)),
            lambda place: rows(SQL_STOCK.format(place=place.pk)),
            places,
            lambda rows: sorted((one.lot_id, one.quantity) for one in rows),
            lambda rows: sorted((int(pk), int(n)) for pk, n in rows),
        ),
        "public totals": (
            lambda _: figures.totals(),
            lambda _: added(by_item=False),
            few,
            lambda one: one,
            lambda one: one,
        ),
        "public totals by item": (
            lambda _: figures.by("item"),
            lambda _: added(by_item=True),
            few,
            lambda one: one,
            lambda one: one,
        ),
    }
    result: dict[str, Any] = {}
    for name, (ours, sums, of, mine, theirs) in kinds.items():
        took, answers = timed(ours, of, mine)
        result[name] = {"ours": took}
        if size > sums_to:
            continue
        result[name]["sums over the movements"], others = timed(sums, of, theirs)
        if any(a != b for a, b in zip(answers, others, strict=False)):
            raise SystemExit(f"{name}: the answers differ")
    return result


def _is_there(place: int) -> bool:
    import _relief_world as world

    return place >= world.FIRST_STORE and not world.FIRST_USED <= place < world.FIRST_ACCOUNT


def posting(*, runs: int, documents: dict[int, int]) -> dict[str, Any]:
    """Documents a second by their number of lines, and a bare bulk insert of the same movements,
    triggers on, one transaction for each document too."""
    from django.db import transaction
    from django.utils import timezone

    from medixchange.relief.actions import ledger
    from medixchange.relief.models import DocumentKind, Item, Lot, Movement, Place

    donor, store, facility = (
        Place.objects.filter(kind=kind).order_by("pk")[0] for kind in ("donor", "store", "facility")
    )
    lots = [
        Lot(item=item, number=f"posting {n}", source=donor)
        for n, item in enumerate(Item.objects.order_by("pk")[:100])
    ]
    Lot.objects.bulk_create(lots)

    def post(kind: DocumentKind, count: int, quantity: int, a: Place, b: Place) -> ledger.Posted:
        return ledger.post(
            kind=kind,
            key=str(uuid.uuid4()),
            happened_at=timezone.now(),
            lines=[ledger.Line(lot, quantity, a, b) for lot in lots[:count]],
            by=None,
            organisation=None,
        )

    opening = post(DocumentKind.OPENING, 100, 10**9, donor, store).document

    def bare(count: int) -> None:
        with transaction.atomic():
            Movement.objects.bulk_create(
                [
                    Movement(
                        document=opening, lot=lot, quantity=1, from_place=store, to_place=facility
                    )
                    for lot in lots[:count]
                ]
            )

    result: dict[str, Any] = {}
    for lines, times in documents.items():
        seen: dict[str, list[float]] = {"ours": [], "bare": []}
        for run in range(runs + 1):
            for name in seen:
                start = time.perf_counter()
                for _ in range(times if run else 2):
                    if name == "ours":
                        post(DocumentKind.DELIVERY, lines, 1, store, facility)
                    else:
                        bare(lines)
                if run:  # the first only warms up
                    seen[name].append(times / (time.perf_counter() - start))
        ours, theirs = (statistics.median(seen[name]) for name in ("ours", "bare"))
        result[str(lines)] = {
            "documents_a_second": round(ours, 1),
            "bare_bulk_insert_a_second": round(theirs, 1),
            "ratio": round(theirs / ours, 2),
        }
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--asked", type=int, default=101)
    parser.add_argument("--sums-to", type=int, default=1_000_000)
    parser.add_argument("--faults-to", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--posting", action="store_true")
    parser.add_argument("--pages", type=int, default=0, help="lines of a consignment to open")
    options = parser.parse_args()
    django.setup()
    import _relief_world as world
    from django.db import connection

    from medixchange.core import audit
    from medixchange.relief.queries import stock

    began = time.perf_counter()
    world.fill(options.size)
    result: dict[str, Any] = {
        "database": connection.vendor,
        "movements": options.size,
        "load_seconds": round(time.perf_counter() - began, 1),
        "queries": queries(options.size, asked=options.asked, sums_to=options.sums_to),
    }
    if options.size <= options.faults_to:
        if wrong := list(stock.faults()):
            raise SystemExit(f"sums are not what the movements say: {wrong[:3]}")
        result["faults"] = 0
    with audit.origin("bench"):
        if options.posting:
            result["posting"] = posting(
                runs=options.runs,
                documents={1: 100, 10: 40, 100: 10} if options.runs > 2 else {1: 10, 10: 5, 100: 2},
            )
            if wrong := list(stock.faults()):
                raise SystemExit(f"sums are not what the movements say: {wrong[:3]}")
        if options.pages:
            import _relief_pages as pages

            result["pages"] = pages.measure(options.pages)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
