"""A history made by hand, of which every figure is known."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction

from medixchange.relief.actions import consignments, giving, ledger, places
from medixchange.relief.models import (
    Consignment,
    Document,
    DocumentKind,
    Item,
    Lot,
    Place,
    PlaceKind,
    Signature,
    StageKind,
)

#: A Monday.
BEGAN = date(2025, 3, 3)

#: What must be in no public page or file.
SECRETS = (
    "Hidden clinic",
    "hidden-clinic",
    "Hidden region",
    "Hidden donor",
    "Signer Name",
    "Witness Name",
    "Giver",
    "Storekeeper",
    "a secret reason",
    "a secret note",
    "a secret remark",
    "B 1234 PLATE",
    "LOT-ONE",
    "at the gate of Mr Somebody",
)


def at(day: int, hour: int = 9) -> datetime:
    """A moment so many days after the beginning."""
    return datetime.combine(BEGAN, datetime.min.time(), UTC) + timedelta(days=day, hours=hour)


@pytest.fixture
def books(relief: SimpleNamespace) -> SimpleNamespace:
    """Posting made short: ``send``, ``arrive``, ``post``, ``account``, ``of``."""
    keys = iter(range(1, 100_000))

    def send(
        origin: Place, destination: Place, lots: list[tuple[Lot, int]], day: int, **more: object
    ) -> Consignment:
        made = consignments.add_consignment(origin=origin, destination=destination, by=None, **more)
        consignments.pack(
            consignment=made, boxes=[consignments.Contents(1, lots, gross_weight_g=424242)], by=None
        )
        consignments.dispatch(consignment=made, key=f"k{next(keys)}", happened_at=at(day), by=None)
        return Consignment.objects.get(pk=made.pk)

    def arrive(consignment: Consignment, day: int) -> None:
        consignments.arrive(
            consignment=consignment, key=f"k{next(keys)}", happened_at=at(day), by=None,
            location="An airport", source_url="https://news.example/landed",
        )  # fmt: skip

    def post(
        kind: DocumentKind,
        day: int,
        *lines: tuple[Lot, int, Place, Place],
        consignment: Consignment | None = None,
        note: str = "",
    ) -> Document:
        return ledger.post(
            kind=kind,
            key=f"k{next(keys)}",
            happened_at=at(day),
            lines=[ledger.Line(*line) for line in lines],
            by=relief.staff,
            organisation=None,
            consignment=consignment,
            note=note,
            note_language="en" if note else "",
        ).document

    def account(place: Place, kind: PlaceKind) -> Place:
        with transaction.atomic():
            return places.account_of(place, kind)

    def of(consignment: Consignment, kind: PlaceKind) -> Place:
        return Place.objects.get(consignment=consignment, kind=kind)

    def lot(item: Item, number: str, source: Place) -> Lot:
        expires_on = date(2030, 1, 1) if item.expires else None
        return Lot.objects.create(item=item, number=number, source=source, expires_on=expires_on)

    def take_back(document: Document, day: int) -> Document:
        return ledger.reverse(
            document=document, key=f"k{next(keys)}", note="a secret reason", note_language="en",
            by=None, organisation=None, happened_at=at(day),
        ).document  # fmt: skip

    return SimpleNamespace(
        send=send, arrive=arrive, post=post, account=account, of=of, lot=lot, take_back=take_back
    )


@pytest.fixture
def history(relief: SimpleNamespace, books: SimpleNamespace) -> SimpleNamespace:
    """From a pledge to use, with all that can go wrong. Of masks, by its end:

    1,300 pledged (1,000 to Indonesia and Malaysia together, 300 to France); 1,000 shipped (800 to
    Indonesia, 200 to France, still on the way); 800 arrived; 700 handed over (30 damaged, 60 lost,
    10 at customs); 485 received (450 by the ward, of which 25 came back, and 60 by the clinic; of
    the rest 160 in the store, 40 in transport, 5 in quarantine, 10 damaged); 120 used; 367 at
    facilities, since a count found 2 more. Beside them 5 test kits that nobody listed.
    """
    mask, kit = relief.mask, relief.kit
    clinic = places.add_place(
        name="Hidden clinic", kind=PlaceKind.FACILITY, country="ID", region="Hidden region",
        latitude=-2.5, longitude=140.5, is_restricted=True, by=None,
        organisation=relief.hospital,
    )  # fmt: skip
    Place.objects.filter(pk=relief.store.pk).update(latitude=-6.2, longitude=106.8)
    Place.objects.filter(pk=relief.donor.pk).update(latitude=30.0, longitude=120.0)
    promised = giving.add_pledge(
        donor=relief.donor, announced_on=BEGAN, source_url="https://news.example/pledge",
        note="a secret note", note_language="en", by=None,
        lines=[giving.Promised(item=mask, quantity=1000, countries={"ID": None, "MY": None})],
    )  # fmt: skip
    giving.add_pledge(
        donor=relief.donor, announced_on=BEGAN + timedelta(days=10), by=None,
        lines=[giving.Promised(item=mask, quantity=300, countries={"FR": None})],
    )  # fmt: skip
    lot = books.lot(mask, "LOT-ONE", relief.donor)
    stray = books.lot(kit, "LOT-ONE", relief.donor)
    store, ward, damaged = relief.store, relief.ward, PlaceKind.DAMAGED

    first = books.send(relief.donor, store, [(lot, 800)], 0, pledge=promised)
    books.arrive(first, 8)
    customs, transit = (
        books.of(first, PlaceKind.CUSTOMS),
        books.of(first, PlaceKind.TRANSIT),
    )
    aside = books.account(store, PlaceKind.QUARANTINE)
    receipt = books.post(
        DocumentKind.RECEIPT,
        9,
        (lot, 700, customs, store),
        (lot, 30, customs, books.account(store, damaged)),
        (stray, 5, relief.donor, transit),
        (stray, 5, transit, customs),
        (stray, 5, customs, aside),
        consignment=first,
    )
    for side, name in (("giver", "Signer Name"), ("witness", "Witness Name")):
        Signature.objects.create(
            document=receipt, side=side, name=name, signed_at=at(9), latitude=-6.25
        )
    receipt.counts.create(lot=lot, outcome="accepted", quantity=700, remark="a secret remark")
    receipt.counts.create(lot=lot, outcome="damaged", quantity=30)
    receipt.counts.create(lot=lot, outcome="missing", quantity=70)
    books.post(
        DocumentKind.SETTLEMENT,
        16,
        (lot, 60, customs, books.account(store, PlaceKind.LOST)),
        consignment=first,
        note="a secret reason",
    )
    second = books.send(
        store, ward, [(lot, 500)], 17, transport_reference="B 1234 PLATE", note="a secret note",
        note_language="en",
    )  # fmt: skip
    consignments.record_stage(
        consignment=second, kind=StageKind.HANDED_OVER, happened_at=at(17, 12), by=None,
        location="at the gate of Mr Somebody",
    )  # fmt: skip
    road = books.of(second, PlaceKind.TRANSPORT)
    books.post(
        DocumentKind.DELIVERY,
        18,
        (lot, 450, road, ward),
        (lot, 10, road, books.account(ward, damaged)),
        consignment=second,
    )
    back = books.send(ward, store, [(lot, 25)], 19)
    road = books.of(back, PlaceKind.TRANSPORT)
    books.post(DocumentKind.RECEIPT, 20, (lot, 25, road, store), consignment=back)
    used = books.account(ward, PlaceKind.USED)
    books.post(DocumentKind.USE, 21, (lot, 100, ward, used))
    mistake = books.post(DocumentKind.USE, 22, (lot, 7, ward, used))
    reversal = books.take_back(mistake, 29)
    books.post(DocumentKind.QUARANTINE, 23, (lot, 5, store, aside))
    books.post(
        DocumentKind.COUNT, 24, (lot, 2, books.account(ward, PlaceKind.CORRECTION), ward),
        note="a secret reason",
    )  # fmt: skip
    books.send(relief.donor, relief.other_ward, [(lot, 200)], 25)
    third = books.send(store, clinic, [(lot, 60)], 26, carrier=relief.carrier_organisation)
    road = books.of(third, PlaceKind.TRANSPORT)
    books.post(DocumentKind.DELIVERY, 27, (lot, 60, road, clinic), consignment=third)
    books.post(DocumentKind.USE, 28, (lot, 20, clinic, books.account(clinic, PlaceKind.USED)))
    return SimpleNamespace(
        **relief.__dict__,
        clinic=clinic,
        pledge=promised,
        first=first,
        second=second,
        to_clinic=third,
        receipt=receipt,
        mistake=mistake,
        reversal=reversal,
        lot=lot,
    )


@pytest.fixture
def example(history: SimpleNamespace, books: SimpleNamespace) -> Place:
    """A made-up donor who gave 77 masks to the store, and pledged 99."""
    donor = places.add_place(
        name="Example giver", kind=PlaceKind.DONOR, country="CN", is_example=True, by=None
    )
    giving.add_pledge(
        donor=donor, announced_on=BEGAN, by=None, is_example=True,
        lines=[giving.Promised(item=history.mask, quantity=99, countries={"ID": None})],
    )  # fmt: skip
    lot = books.lot(history.mask, "E", donor)
    books.post(DocumentKind.OPENING, 1, (lot, 77, donor, history.store))
    return donor


@pytest.fixture
def allocate(history: SimpleNamespace) -> Callable[[str, int], None]:
    """Makes a run of the store in a state that gives the ward so many masks."""
    from medixchange.relief.models import AllocationLine, AllocationRun

    def make(state: str, quantity: int) -> None:
        run = AllocationRun.objects.create(
            reference=f"A-{state}", store=history.store, method="maxmin", state=state,
            approved_at=at(15),
        )  # fmt: skip
        AllocationLine.objects.create(
            run=run, facility=history.ward, item=history.mask, need=999, computed=quantity,
            quantity=quantity,
        )  # fmt: skip

    return make
