"""Opening a large consignment: its working page and the page on which it is counted."""

import statistics
import time
from secrets import token_urlsafe
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from medixchange.network import actions as network
from medixchange.network.models import Kind, Role
from medixchange.relief.actions import consignments, places
from medixchange.relief.actions.consignments import Contents
from medixchange.relief.models import Item, Lot, PlaceKind
from medixchange.translation.actions import ensure_segments

ITEMS, IN_BOX = 300, 5


def _landed(lines: int) -> tuple[Any, Any]:
    """A consignment with so many lots that has landed, and who is to receive it."""
    ends = {}
    for kind, of, country in (("giver", Kind.FOUNDATION, "CN"), ("taker", Kind.AGENCY, "ID")):
        ends[kind] = network.add_organisation(
            name=f"Made-up {kind}", kind=of, country=country, verified=True, by=None
        )
    member = network.add_member(
        email="bench@test.example", name="Bench", password=token_urlsafe(), reads=["en"], by=None

    )  # fmt: skip
    network.confirm_address(member=member)
    network.give_role(member=member, organisation=ends["taker"], role=Role.LOGISTICS, by=None)
    donor, store = (
        places.add_place(
            name=f"Made-up {kind}", kind=kind, country=owner.country, organisation=owner, by=None
        )
        for kind, owner in ((PlaceKind.DONOR, ends["giver"]), (PlaceKind.STORE, ends["taker"]))
    )
    with transaction.atomic():
        names = ensure_segments([f"Opened item {n}" for n in range(ITEMS)], language="en")
        items = [Item(code=f"opened-{n}", name=name) for n, name in enumerate(names)]
        Item.objects.bulk_create(items)
        lots = [Lot(item=items[n % ITEMS], number=f"P{n}", source=donor) for n in range(lines)]
        Lot.objects.bulk_create(lots)
    row = consignments.add_consignment(origin=donor, destination=store, by=None)
    consignments.pack(
        consignment=row,
        boxes=[
            Contents(number=at // IN_BOX + 1, lots=[(lot, 100) for lot in lots[at : at + IN_BOX]])
            for at in range(0, lines, IN_BOX)
        ],
        by=None,
    )
    consignments.dispatch(consignment=row, key="d", happened_at=timezone.now(), by=None)
    row.refresh_from_db()
    consignments.arrive(consignment=row, key="a", happened_at=timezone.now(), by=None)
    return row, member


def measure(lines: int) -> dict[str, Any]:
    """Milliseconds of the server for each page, in all and of the processor, its queries and its
    bytes."""
    row, member = _landed(lines)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(member)
    result: dict[str, Any] = {"lines": lines}
    for name, address in (
        ("working page", f"/relief/consignments/{row.reference}/"),
        ("counting page", f"/relief/consignments/{row.reference}/receive/"),
    ):
        with CaptureQueriesContext(connection) as seen:
            answer = client.get(address)
        queries = len(seen)  # Now: the next request clears the log.
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")
        took, worked = [], []
        for _ in range(15):
            start, work = time.perf_counter(), time.process_time()
            client.get(address)
            took.append(1000 * (time.perf_counter() - start))
            worked.append(1000 * (time.process_time() - work))
        result[name] = {
            "median_ms": round(statistics.median(took), 1),
            "slowest_ms": round(max(took), 1),
            "processor_ms": round(statistics.median(worked), 1),
            "queries": queries,
            "bytes": len(answer.content),
        }
    return result
