"""Many phones at once, on a real database outside of any test transaction: what was counted once is
in the ledger once, however often and by however many it is sent."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import json, threading, uuid
import django
django.setup()
from django.db import connection, transaction
from django.utils import timezone
from medixchange.core import audit
from medixchange.core.commands import ensure_database
from medixchange.network import actions as network
from medixchange.relief.actions import consignments, places
from medixchange.relief.actions.consignments import Contents
from medixchange.relief.actions.counted import Counted
from medixchange.relief.actions.receiving import receive
from medixchange.relief.models import *
from medixchange.relief.queries import stock
from medixchange.relief.refusals import Refused
from medixchange.translation.actions import ensure_segments

ensure_database()
mark = uuid.uuid4().hex[:12]
def place(name, kind, country):
    owner = network.add_organisation(name=f"{name} {mark}", kind="agency", country=country,
        verified=True, by=None)
    return places.add_place(name=f"{name} {mark}", kind=kind, country=country,
        organisation=owner, by=None)
donor, store = place("Donor", PlaceKind.DONOR, "CN"), place("Store", PlaceKind.STORE, "ID")
with transaction.atomic():
    (name,) = ensure_segments([f"Mask {mark}"], language="en")
item = Item.objects.create(code=f"mask-{mark}", name=name)
lots = [Lot.objects.create(item=item, number=f"L{n}", source=donor) for n in range(5)]
row = consignments.add_consignment(origin=donor, destination=store, by=None)
consignments.pack(consignment=row, by=None,
    boxes=[Contents(number=n, lots=[(lot, 100)]) for n, lot in enumerate(lots, 1)])
consignments.dispatch(consignment=row, key=f"d {mark}", happened_at=timezone.now(), by=None)

# Eight phones: each sends five counts of its own, and all of them the same five twice over.
start, errors, posted, refused = threading.Barrier(8), [], [], []
at = timezone.now()
def send(key, lot, quantity, outcome=Outcome.ACCEPTED):
    try:
        posted.append((key, receive(consignment=row, key=key, happened_at=at, complete=False,
            counts=[Counted(lot, quantity, outcome)], by=None).document.number))
    except Refused as refusal:
        refused.append(refusal.problems[0].code)
def work(number):
    try:
        start.wait()
        for again in range(2):
            for n, lot in enumerate(lots):
                send(f"{mark} same {n}", lot, 20)
        for n, lot in enumerate(lots):
            send(f"{mark} own {number} {n}", lot, 7)
    except Exception as error:
        errors.append(repr(error))
    finally:
        connection.close()
threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
row.refresh_from_db()
print(json.dumps({
    "errors": errors,
    "refused": refused,
    "documents": row.documents.filter(kind="receipt").count(),
    "numbers": len({number for _key, number in posted}),
    "one number a key": all(
        len({number for each, number in posted if each == key}) == 1 for key, _n in posted),
    "counted": sum(row.documents.get(key=f"{mark} same {n}").counts.get().quantity
        for n in range(5)),
    "store": sorted(balance.quantity for balance in Balance.objects.filter(place=store)),
    "left": sorted(balance.quantity for balance in consignments.on_the_way(row)),
    "state": row.state,
    "faults": [str(fault) for fault in stock.faults()],
    "trail": [fault.as_json() for fault in audit.verify()],
}))
"""


@pytest.mark.postgres
def test_eight_phones_send_the_same_and_their_own_at_once(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={
            **os.environ,
            "MEDIXCHANGE_DATA": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "medixchange.settings",
        },
        cwd=Path(__file__).resolve().parents[3],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "errors": [],
        "refused": [],
        "documents": 45,
        "numbers": 45,
        "one number a key": True,
        "counted": 100,
        # 20 of the count that all sent, and 7 from each of eight.
        "store": [76] * 5,
        "left": [24] * 5,
        "state": "part_received",
        "faults": [],
        "trail": [],
    }
