"""Made-up goods on their way, for browser tests: run on the data of a served site.

``python -m tests.relief.receiving.seed make NAME`` prints the references of two consignments to
places of NAME's organisations; ``… ask REFERENCE`` prints what the ledger says of one;
``… stock NAME QUANTITY`` puts masks into NAME's ward, ``… used NAME`` prints what was used there.
"""

import json
import os
import sys
from typing import Any

import django


def make(name: str, password: str) -> dict[str, str]:
    """An agency's store and a hospital's ward, each with one person and one consignment."""
    from django.db import transaction
    from django.utils import timezone

    from medixchange.network import actions as network
    from medixchange.network.models import Kind, Role
    from medixchange.relief.actions import consignments, ledger, places
    from medixchange.relief.actions.consignments import Contents
    from medixchange.relief.models import DocumentKind, Item, Lot, PlaceKind
    from medixchange.translation.actions import ensure_segments

    def organisation(kind: Kind, country: str) -> Any:
        return network.add_organisation(
            name=f"Example {kind} {name}", kind=kind, country=country, verified=True, by=None
        )

    def person(role: Role, owner: Any) -> None:
        member = network.add_member(
            email=f"{role}.{name}@demo.example",
            name=f"{role.label} {name}",
            password=password,
            reads=["en"],
            by=None,
        )
        network.confirm_address(member=member)
        network.give_role(member=member, organisation=owner, role=role, by=None)

    foundation = organisation(Kind.FOUNDATION, "CN")
    agency, hospital = organisation(Kind.AGENCY, "ID"), organisation(Kind.HOSPITAL, "ID")
    person(Role.LOGISTICS, agency)
    person(Role.CLINICIAN, hospital)

    def place(kind: PlaceKind, owner: Any, words: str) -> Any:
        return places.add_place(
            name=words, kind=kind, country=owner.country, organisation=owner, by=None
        )

    donor = place(PlaceKind.DONOR, foundation, f"Example donor {name}")
    store = place(PlaceKind.STORE, agency, f"Example store {name}")
    ward = place(PlaceKind.FACILITY, hospital, f"Example ward {name}")
    with transaction.atomic():
        words = ensure_segments([f"Mask {name}", f"Suit {name}"], language="en")
    gtin_of_mask = _checked(f"0401234{Item.objects.count():06}")
    items = [
        Item.objects.create(code=f"{code}-{name}", name=segment, gtin=gtin)
        for code, segment, gtin in zip(("mask", "suit"), words, (gtin_of_mask, ""), strict=True)
    ]
    lots = [
        Lot.objects.create(item=item, number=number, source=donor)
        for item, number in zip(items, ("M1", "S1"), strict=True)
    ]

    def send(origin: Any, destination: Any, *boxes: list[tuple[Any, int]]) -> str:
        row = consignments.add_consignment(
            origin=origin, destination=destination, by=None, is_example=True
        )
        consignments.pack(
            consignment=row,
            boxes=[
                Contents(number=number, lots=inside, sscc=_sscc(row.pk, number))
                for number, inside in enumerate(boxes, start=1)
            ],
            by=None,
        )
        consignments.dispatch(
            consignment=row, key=f"seed {row.pk}", happened_at=timezone.now(), by=None
        )
        return str(row.reference)

    ledger.post(
        kind=DocumentKind.OPENING,
        key=f"seed {name}",
        happened_at=timezone.now(),
        lines=[ledger.Line(lots[0], 1000, donor, store)],
        by=None,
        organisation=None,
    )
    return {
        "store": send(donor, store, [(lots[0], 100)], [(lots[0], 100), (lots[1], 40)]),
        "ward": send(store, ward, [(lots[0], 60)]),
        "gtin": items[0].gtin,
    }


def _sscc(consignment: int, number: int) -> str:
    return _checked(f"0401234{consignment:05}{number:05}")


def _checked(digits: str) -> str:
    """With its check digit (GS1 General Specifications, section 7.9)."""
    total = sum(int(digit) * (1 if at % 2 else 3) for at, digit in enumerate(reversed(digits)))
    return f"{digits}{-total % 10}"


def ask(reference: str) -> dict[str, Any]:
    """Receipts of a consignment, what was counted, and what lies where of its goods."""
    from medixchange.relief.models import Box, Consignment, Count
    from medixchange.relief.queries import stock

    row = Consignment.objects.get(reference=reference)
    receipts = row.documents.filter(kind__in=["receipt", "delivery"]).order_by("pk")
    return {
        "state": row.state,
        "numbers": [document.number for document in receipts],
        "counts": sorted(
            [count.outcome, count.quantity, count.lot.number]
            for count in Count.objects.filter(document__in=receipts).select_related("lot")
        ),
        "cases": sorted([case.kind, case.quantity, case.state] for case in row.cases.all()),
        "drawn": [
            [signature.side, bool(signature.strokes)]
            for document in receipts
            for signature in document.signatures.order_by("side")
        ],
        "photos": sum(document.photos.count() for document in receipts),
        "clock_off_seconds": [document.details["clock_off_seconds"] for document in receipts],
        "sscc": list(
            Box.objects.filter(consignment=row).order_by("number").values_list("sscc", flat=True)
        ),
        "faults": [str(fault) for fault in stock.faults()],
    }


def stock(name: str, quantity: str) -> list[str]:
    """So many masks at the ward, as they were before the ledger began."""
    from django.utils import timezone

    from medixchange.relief.actions import ledger
    from medixchange.relief.models import DocumentKind, Lot, Place

    ward = Place.objects.get(name=f"Example ward {name}", kind="facility")
    lot = Lot.objects.get(item__code=f"mask-{name}")
    posted = ledger.post(
        kind=DocumentKind.OPENING,
        key=f"seed stock {name}",
        happened_at=timezone.now(),
        lines=[ledger.Line(lot, int(quantity), lot.source, ward)],
        by=None,
        organisation=None,
    )
    return [posted.document.number]


def used(name: str) -> dict[str, Any]:
    """What was used at the ward, by document, and what is left."""
    from medixchange.relief.models import Balance, DocumentKind, Movement, Place
    from medixchange.relief.queries import stock as queries

    ward = Place.objects.get(name=f"Example ward {name}", kind="facility")
    moves = Movement.objects.filter(from_place=ward, document__kind=DocumentKind.USE)
    return {
        "used": list(moves.order_by("pk").values_list("quantity", flat=True)),
        "left": sum(Balance.objects.filter(place=ward).values_list("quantity", flat=True)),
        "faults": [str(fault) for fault in queries.faults()],
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medixchange.settings")
    django.setup()
    chosen = {"make": make, "ask": ask, "stock": stock, "used": used}[sys.argv[1]]
    print(json.dumps(chosen(*sys.argv[2:])))  # noqa: T201
