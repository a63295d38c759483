"""A consignment that is packed and ready to leave."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from medixchange.relief.actions import consignments
from medixchange.relief.actions.consignments import Contents
from medixchange.relief.models import Consignment, Lot


@pytest.fixture
def packed(relief: SimpleNamespace, lot_of: Callable[..., Lot]) -> Consignment:
    """From the foundation to the agency: boxes 1 and 2 with 500 masks each, box 3 with 96 tests."""
    made = consignments.add_consignment(
        origin=relief.donor, destination=relief.store, by=relief.giver
    )
    masks, kits = lot_of(relief.mask, "M1"), lot_of(relief.kit, "K1")
    consignments.pack(
        consignment=made,
        boxes=[
            Contents(1, [(masks, 500)], gross_weight_g=4000),
            Contents(2, [(masks, 500)], gross_weight_g=4000),
            Contents(3, [(kits, 96)]),
        ],
        by=relief.giver,
    )
    return made
