"""Consignments that are on their way, and what was counted of them."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.utils import timezone

from medixchange.relief.actions import consignments
from medixchange.relief.actions.consignments import Contents
from medixchange.relief.actions.counted import Counted
from medixchange.relief.actions.ledger import Posted
from medixchange.relief.actions.receiving import receive
from medixchange.relief.models import (
    Balance,
    Consignment,
    Lot,
    Outcome,
    Place,
    Stage,
    StageKind,
)


def held(lot: Lot) -> dict[str, int]:
    """How much of a lot is where, by kind of account; accounts that are empty are left out."""
    return {
        row.place.kind: row.quantity
        for row in Balance.objects.filter(lot=lot).exclude(quantity=0).select_related("place")
    }


@pytest.fixture
def send(relief: SimpleNamespace) -> Callable[..., Consignment]:
    """Packs, dispatches and lands a consignment: ``send([(lot, 100)], [(other, 5)])``, a list of
    lots a box. From the donor to the store, unless other places are named."""

    def make(
        *boxes: list[tuple[Lot, int]],
        origin: Place | None = None,
        destination: Place | None = None,
        landed: bool = True,
        warmest: float | None = None,
        **more: object,
    ) -> Consignment:
        consignment = consignments.add_consignment(
            origin=origin or relief.donor, destination=destination or relief.store, by=None, **more
        )
        consignments.pack(
            consignment=consignment,
            boxes=[
                Contents(number=number, lots=lots, sscc=f"{consignment.pk:09}{number:09}")
                for number, lots in enumerate(boxes, start=1)
            ],
            by=None,
        )
        consignments.dispatch(
            consignment=consignment,
            key=f"dispatch {consignment.pk}",
            happened_at=timezone.now(),
            by=None,
        )
        consignment.refresh_from_db()
        if landed and consignment.is_international:
            consignments.arrive(
                consignment=consignment,
                key=f"arrival {consignment.pk}",
                happened_at=timezone.now(),
                by=None,
            )
            consignment.refresh_from_db()
        if warmest is not None:
            Stage.objects.create(
                consignment=consignment,
                kind=StageKind.IN_TRANSPORT,
                happened_at=timezone.now(),
                temperature_c=warmest,
            )
        return consignment

    return make


@pytest.fixture
def count(relief: SimpleNamespace) -> Callable[..., Posted]:
    """Receives what was counted:
    ``count(consignment, accepted=(lot, 90), damaged=(lot, 10), complete=True)``."""
    number = 0

    def make(
        consignment: Consignment,
        *counts: Counted,
        complete: bool = False,
        key: str = "",
        by: object = None,
        **outcomes: tuple[Lot, int],
    ) -> Posted:
        nonlocal number
        number += 1
        more = {
            name: outcomes.pop(name)
            for name in ("happened_at", "signatures", "note", "note_language", "clock_off_seconds")
            if name in outcomes
        }
        more.setdefault("happened_at", timezone.now())
        return receive(
            consignment=consignment,
            key=key or f"count {number}",
            counts=[
                *counts,
                *(
                    Counted(lot, quantity, Outcome(outcome), where=outcome)
                    for outcome, (lot, quantity) in outcomes.items()
                ),
            ],
            complete=complete,
            by=by,
            **more,
        )

    return make
