"""Who else acts in the tests of giving, and pledges and consignments in one line."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from django.utils import timezone

from medixchange.network import actions as network
from medixchange.network.models import Kind, Role
from medixchange.relief.actions import consignments, giving
from medixchange.relief.actions.giving import Promised
from medixchange.relief.models import Consignment, Item, Pledge


@pytest.fixture
def relief(relief: SimpleNamespace, join: Callable) -> SimpleNamespace:
    """The cast of relief, and ``nurse_both``, a clinician who reads Indonesian and English;
    ``giver_mate``, a second officer of the foundation; ``far_agent``, of an agency elsewhere."""
    relief.nurse_both = join("nurse_both", relief.hospital, Role.CLINICIAN, reads=["id", "en"])
    relief.giver_mate = join("giver_mate", relief.foundation, Role.COORDINATOR)
    relief.clinician_of_donor = join("donor_clinician", relief.foundation, Role.CLINICIAN)
    far = network.add_organisation(
        name="Far agency", kind=Kind.AGENCY, country="KE", verified=True, by=None
    )
    relief.far_agent = join("far_agent", far, Role.LOGISTICS)
    return relief


@pytest.fixture
def promise(relief: SimpleNamespace) -> Callable[..., Pledge]:
    """Makes a pledge of one line: ``promise(relief.mask, 1000, {"ID": None, "MY": None})``."""

    def make(
        item: Item, quantity: int, countries: dict[str, int | None] | None = None, **more: object
    ) -> Pledge:
        line = Promised(item, quantity, countries or {"ID": None})
        return giving.add_pledge(
            **{
                "donor": relief.donor,
                "announced_on": date(2020, 3, 19),
                "lines": [line],
                "by": relief.giver,
            }
            | more
        )

    return make


@pytest.fixture
def send(relief: SimpleNamespace, lot_of: Callable) -> Callable[..., Consignment]:
    """Packs and dispatches goods for a pledge: ``send(pledge, relief.mask, 400)``."""
    made = iter(range(1, 1000))

    def dispatch(pledge: Pledge, item: Item, quantity: int, to: object = None) -> Consignment:
        number = next(made)
        consignment = consignments.add_consignment(
            origin=relief.donor, destination=to or relief.store, pledge=pledge, by=relief.giver
        )
        consignments.pack(
            consignment=consignment,
            boxes=[consignments.Contents(1, [(lot_of(item, f"L{number}"), quantity)])],
            by=relief.giver,
        )
        consignments.dispatch(
            consignment=consignment,
            key=f"dispatch {number}",
            happened_at=timezone.now(),
            by=relief.giver,
        )
        return consignment

    return dispatch
