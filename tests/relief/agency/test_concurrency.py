"""Many presses at once, on a real database outside of any test transaction: one press counts, no
stock is promised or used twice, and nothing goes below zero."""

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
from datetime import timedelta
from django.db import connection
from django.utils import timezone
from medixchange.core.commands import ensure_database
from medixchange.network import actions as network
from medixchange.network.models import Role
from medixchange.relief.actions import allocating, ledger, needs, places, stock
from medixchange.relief.models import *
from medixchange.relief.queries.stock import quantity
from medixchange.relief.refusals import Refused
from medixchange.relief.sharing import Parameters
from medixchange.translation.actions import ensure_segments
from django.db import transaction

ensure_database()
mark = uuid.uuid4().hex[:12]
def organisation(name, kind):
    return network.add_organisation(
        name=f"{name} {mark}", kind=kind, country="ID", verified=True, by=None)
hospital, agency = organisation("Hospital", "hospital"), organisation("Agency", "agency")
def join(name, owner, role):
    member = network.add_member(
        email=f"{name}-{mark}@test.example", name=name, password=None, reads=["en"], by=None)
    network.give_role(member=member, organisation=owner, role=role, by=None)
    return member
nurses = [join(f"n{n}", hospital, Role.LOGISTICS) for n in range(6)]
agent = join("agent", agency, Role.LOGISTICS)
heads = [join(f"h{n}", agency, Role.COORDINATOR) for n in range(6)]
def place(name, kind, owner):
    return places.add_place(
        name=f"{name} {mark}", kind=kind, country="ID", organisation=owner, by=None)
donor = place("Donor", PlaceKind.DONOR, agency)
store = place("Store", PlaceKind.STORE, agency)
wards = [place(f"Ward {n}", PlaceKind.FACILITY, hospital) for n in range(3)]
with transaction.atomic():
    (name,) = ensure_segments(["Mask"], language="en")
mask = Item.objects.create(code=f"mask-{mark}", name=name)
lots = [Lot.objects.create(item=mask, number=f"M{n}", source=donor) for n in range(3)]
for where, lot, number in ((wards[0], lots[0], 7), (wards[0], lots[1], 8), (store, lots[2], 90)):
    ledger.post(
        kind=DocumentKind.OPENING,
        key=f"o {where.pk} {lot.pk} {mark}", happened_at=timezone.now(),
        lines=[ledger.Line(lot, number, donor, where)], by=None, organisation=None)
for ward in wards:
    needs.state_need(facility=ward, item=mask, quantity=60, by=None,
        by_when=timezone.now().date() + timedelta(days=9))
def draft():
    return allocating.draft(store=store, items=[mask], facilities=[w.code for w in wards],
        method="maxmin", parameters=Parameters(), by=agent)

def at_once(work):
    errors, done, start = [], [], threading.Barrier(6)
    def run(number):
        try:
            start.wait()
            done.append(work(number))
        except (Refused, ValueError) as refused:
            errors.append(type(refused).__name__)
        except Exception as error:
            errors.append(repr(error))
        finally:
            connection.close()
    threads = [threading.Thread(target=run, args=(n,)) for n in range(6)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    return done, errors

def use(key, number):
    posted = stock.use(place=wards[0], item=mask, quantity=5, key=key, by=nurses[0])
    return [posted.document.number, posted.new]
seen = {}
seen["one key"] = at_once(lambda n: use(f"same {mark}", n))
seen["left after one"] = quantity(wards[0], mask)
seen["many keys"] = at_once(lambda n: use(f"own {n} {mark}", n))
seen["left after many"] = quantity(wards[0], mask)
run = draft()
other = draft()
seen["approved"] = at_once(lambda n: allocating.approve(run=run, by=heads[n]).reference)
seen["issued"] = at_once(
    lambda n: sorted(c.reference for c in allocating.issue(run=run, by=heads[n])))
seen["consignments"] = Consignment.objects.filter(origin=store).count()
seen["second"] = at_once(lambda n: allocating.approve(run=other, by=heads[n]).reference)
seen["stated"] = at_once(lambda n: needs.state_need(
    facility=wards[1], item=mask, quantity=10 + n, by=nurses[n],
    by_when=timezone.now().date() + timedelta(days=9)).pk)
seen["open"] = Need.objects.filter(facility=wards[1], state="open").count()
seen["packed"] = sum(
    Packed.objects.filter(lot__item=mask).values_list("quantity", flat=True))
print(json.dumps(seen))
"""


@pytest.mark.postgres
def test_six_people_press_at_once(tmp_path):
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
    seen = json.loads(done.stdout)
    # One key: one document, six answers, one of them new.
    posted, errors = seen["one key"]
    assert errors == []
    assert len({number for number, _new in posted}) == 1
    assert sorted(new for _number, new in posted) == [False] * 5 + [True]
    assert seen["left after one"] == 10
    # Six ask for 5 of 10: two get it, four are refused, and nothing goes below zero.
    posted, errors = seen["many keys"]
    assert sorted(new for _number, new in posted) == [True, True]
    assert errors == ["Refused"] * 4
    assert seen["left after many"] == 0
    # One approves, the others find it approved.
    approved, errors = seen["approved"]
    assert len(approved) == 1
    assert errors == ["TransitionRefused"] * 5
    # All issue, and find the same documents.
    issued, errors = seen["issued"]
    assert errors == []
    assert len(issued) == 6
    assert all(listed == issued[0] for listed in issued)
    assert seen["consignments"] == 3
    assert seen["packed"] == 90
    # What the first run has packed, the second cannot give.
    assert seen["second"] == [[], ["Refused"] * 6]
    stated, errors = seen["stated"]
    assert errors == []
    assert len(set(stated)) == 6
    assert seen["open"] == 1
