"""What the tests of agency and facility share."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from medixchange.relief.actions import consignments, receiving
from medixchange.relief.actions.consignments import Contents
from medixchange.relief.actions.counted import Counted
from medixchange.relief.models import Consignment, Lot, Outcome, Place
from tests.relief.agency.scarce import Scarce, make


@pytest.fixture
def today() -> date:
    return timezone.now().date()


@pytest.fixture
def in_days(today: date) -> Callable[[int], date]:
    """A day so many days from now."""
    return lambda days: today + timedelta(days=days)


@pytest.fixture
def sent(relief: SimpleNamespace) -> Callable[..., Consignment]:
    """A consignment that has left: ``sent(relief.store, relief.ward, lot, 100)``."""

    def make(
        origin: Place, destination: Place, lot: Lot, quantity: int, **fields: object
    ) -> Consignment:
        row = consignments.add_consignment(
            origin=origin, destination=destination, by=None, **fields
        )
        consignments.pack(consignment=row, boxes=[Contents(1, [(lot, quantity)])], by=None)
        consignments.dispatch(
            consignment=row, key=f"leave {row.pk}", happened_at=timezone.now(), by=None
        )
        return row

    return make


@pytest.fixture
def came() -> Callable[..., None]:
    """Receives so much of a lot: ``came(consignment, lot, 60)``; the rest stays open."""

    def make(
        row: Consignment,
        lot: Lot,
        quantity: int,
        outcome: Outcome = Outcome.ACCEPTED,
        *,
        complete: bool = False,
    ) -> None:
        receiving.receive(
            consignment=row,
            key=f"count {row.pk} {lot.pk} {quantity} {outcome}",
            happened_at=timezone.now(),
            counts=[Counted(lot, quantity, outcome)],
            complete=complete,
            by=None,
        )

    return make


@pytest.fixture
def scarce(
    relief: SimpleNamespace,
    lot_of: Callable[..., Lot],
    stock: Callable[..., None],
    in_days: Callable[[int], date],
) -> Scarce:
    """1000 masks in the store, and 1600 needed."""
    return make(relief, lot_of, stock, in_days)
