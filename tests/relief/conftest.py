"""The cast and the goods of relief: a foundation gives, an agency hands out, wards receive."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.utils import timezone

from medixchange.network import actions as network
from medixchange.network.models import Kind, Organisation, Role
from medixchange.relief.actions import ledger, places
from medixchange.relief.models import DocumentKind, Item, Lot, Place, PlaceKind, Unit
from medixchange.translation.actions import ensure_segments


def make_item(code: str, name: str, *, unit: str = Unit.PIECE, **fields: object) -> Item:
    """An item with a name in English."""
    with transaction.atomic():
        (segment,) = ensure_segments([name], language="en")
        return Item.objects.create(code=code, name=segment, unit=unit, **fields)


@pytest.fixture
def relief(
    db: None, hospital: Organisation, elsewhere: Organisation, join: Callable
) -> SimpleNamespace:
    """Organisations, people, places and items.

    People: ``giver`` (the foundation's logistics), ``agent`` and ``agency_head`` (the agency's
    logistics and coordinator), ``carrier``, ``storekeeper`` and ``nurse`` (logistics and clinician
    of the hospital), ``outsider`` (logistics elsewhere), ``visitor`` (no role), ``staff``.
    Places: ``donor`` (CN), ``store`` (ID), ``ward`` (ID, of the hospital), ``other_ward`` (FR).
    """
    foundation = network.add_organisation(
        name="Foundation", kind=Kind.FOUNDATION, country="CN", verified=True, by=None
    )
    agency = network.add_organisation(
        name="Agency", kind=Kind.AGENCY, country="ID", verified=True, by=None
    )
    carrier = network.add_organisation(
        name="Carrier", kind=Kind.CARRIER, country="CN", verified=True, by=None
    )

    def place(name: str, kind: PlaceKind, owner: Organisation) -> Place:
        return places.add_place(
            name=name, kind=kind, country=owner.country, organisation=owner, by=None
        )

    return SimpleNamespace(
        foundation=foundation,
        agency=agency,
        carrier_organisation=carrier,
        hospital=hospital,
        elsewhere=elsewhere,
        giver=join("giver", foundation, Role.LOGISTICS, reads=["zh", "en"]),
        agent=join("agent", agency, Role.LOGISTICS, reads=["id", "en"]),
        agency_head=join("agency_head", agency, Role.COORDINATOR, reads=["id", "en"]),
        carrier=join("carrier", carrier, Role.LOGISTICS),
        storekeeper=join("storekeeper", hospital, Role.LOGISTICS, reads=["id"]),
        nurse=join("nurse", hospital, Role.CLINICIAN, reads=["id"]),
        outsider=join("outside_logistics", elsewhere, Role.LOGISTICS),
        visitor=join("visitor", None),
        staff=join("relief_staff", elsewhere, Role.STAFF),
        donor=place("Foundation", PlaceKind.DONOR, foundation),
        store=place("Agency store", PlaceKind.STORE, agency),
        ward=place("Ward", PlaceKind.FACILITY, hospital),
        other_ward=place("Other ward", PlaceKind.FACILITY, elsewhere),
        mask=make_item("mask", "Surgical mask"),
        kit=make_item("test-kit", "Test kit", unit=Unit.TEST, expires=True),
    )


@pytest.fixture
def lot_of(relief: SimpleNamespace) -> Callable[..., Lot]:
    """Makes a lot: ``lot_of(relief.mask, "M1")``."""

    def make(item: Item, number: str = "", *, expires_on: date | None = None) -> Lot:
        if item.expires and expires_on is None:
            expires_on = timezone.now().date() + timedelta(days=365)
        return Lot.objects.create(
            item=item, number=number, source=relief.donor, expires_on=expires_on
        )

    return make


@pytest.fixture
def stock(relief: SimpleNamespace) -> Callable[..., None]:
    """Puts goods somewhere, straight from the donor: ``stock(relief.store, lot, 1000)``."""

    def put(place: Place, lot: Lot, quantity: int) -> None:
        ledger.post(
            kind=DocumentKind.OPENING,
            key=f"opening {place.pk} {lot.pk} {timezone.now().timestamp()}",
            happened_at=timezone.now(),
            lines=[ledger.Line(lot, quantity, relief.donor, place)],
            by=None,
            organisation=None,
        )

    return put


@pytest.fixture
def long_ago() -> datetime:
    """A moment of another year, still within what may be posted."""
    return datetime(2025, 3, 27, 9, 0, tzinfo=UTC)
