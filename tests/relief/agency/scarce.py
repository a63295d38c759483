"""Scarce goods: a store with 1000 masks, and three wards that ask for more than that."""

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace

from medixchange.relief.actions import allocating, places
from medixchange.relief.actions import needs as need_actions
from medixchange.relief.models import AllocationLine, AllocationRun, Lot, Pack, Place, PlaceKind
from medixchange.relief.sharing import Parameters


@dataclass
class Scarce:
    """Lots ``old`` (300, expires first) and ``young`` (700); wards ``ward``, ``b`` and ``c`` need
    800, 600 and 200; packs of 50 and cartons of 200."""

    old: Lot
    young: Lot
    ward: Place
    b: Place
    c: Place
    plan: Callable[..., AllocationRun]


def make(relief: SimpleNamespace, lot_of: Callable, stock: Callable, in_days: Callable) -> Scarce:
    old = lot_of(relief.mask, "OLD", expires_on=in_days(60))
    young = lot_of(relief.mask, "YOUNG", expires_on=in_days(600))
    stock(relief.store, young, 700)
    stock(relief.store, old, 300)
    Pack.objects.create(item=relief.mask, name="box", units=50)
    Pack.objects.create(item=relief.mask, name="carton", units=200, gross_weight_g=3000)
    b, c = (
        places.add_place(
            name=name,
            kind=PlaceKind.FACILITY,
            country="ID",
            organisation=relief.hospital,
            population=population,
            by=None,
        )
        for name, population in (("Ward B", 3000), ("Ward C", 1000))
    )
    Place.objects.filter(pk=relief.ward.pk).update(population=4000)
    for facility, quantity, days in ((relief.ward, 800, 9), (b, 600, 5), (c, 200, 7)):
        need_actions.state_need(
            facility=facility,
            item=relief.mask,
            quantity=quantity,
            by_when=in_days(days),
            by=None,
        )

    def plan(method: str = "proportional", **parameters: object) -> AllocationRun:
        return allocating.draft(
            store=relief.store,
            items=[relief.mask],
            facilities=["ward", "ward-b", "ward-c"],
            method=method,
            parameters=Parameters(**parameters),
            by=relief.agent,
        )

    return Scarce(old, young, relief.ward, b, c, plan)


def given(run: AllocationRun) -> dict[str, int]:
    """What each facility gets, by code."""
    return {
        line.facility.code: line.quantity
        for line in AllocationLine.objects.filter(run=run).select_related("facility")
    }
