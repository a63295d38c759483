"""What an allocation run starts from: what a store can give, what is expected, who needs what."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet, Sum

from medixchange.network.models import Member
from medixchange.relief.models import (
    AllocationRun,
    Balance,
    Item,
    Lot,
    Need,
    Pack,
    Packed,
    Place,
    PlaceKind,
)
from medixchange.relief.models.places import OF_CONSIGNMENT
from medixchange.relief.queries import needs
from medixchange.relief.queries.sending import UNDER_WAY
from medixchange.relief.rules import HANDLING, is_staff
from medixchange.relief.states import ConsignmentState


@dataclass(frozen=True, slots=True)
class Supply:
    """One item in a store, and how much of it can be shared out."""

    item: Item
    usable: int
    promised: int

    @property
    def free(self) -> int:
        return max(self.usable - self.promised, 0)


def visible_to(member: Member) -> QuerySet[AllocationRun]:
    """Runs of the stores of a member's organisations; platform staff see all."""
    rows = AllocationRun.objects.select_related("store", "made_by", "approved_by")
    if is_staff(member):
        return rows
    own = [
        held.organisation_id for held in member.current_memberships if held.organisation.is_verified
    ]
    return rows.filter(store__organisation__in=own)


def stores_of(member: Member) -> list[Place]:
    """Stores whose goods a member shares out."""
    organisations = [
        held.organisation_id
        for held in member.current_memberships
        if held.role in HANDLING and held.organisation.is_verified
    ]
    return list(
        Place.objects.filter(kind=PlaceKind.STORE, organisation__in=organisations)
        .select_related("organisation")
        .order_by("name")
    )


@dataclass(frozen=True, slots=True)
class FreeLot:
    """So much of a lot that may be given out and is on no packing list."""

    lot: Lot
    quantity: int


def free_lots(store: Place, *, items: Iterable[int], on: date) -> dict[int, list[FreeLot]]:
    """By item: lots that may be given out, first expiry first, without what is packed already.
    Two queries."""
    promised = dict(_promised(store).filter(lot__item__in=items))
    found: dict[int, list[FreeLot]] = defaultdict(list)
    rows = _to_give_out(store).filter(lot__item__in=items)
    for row in sorted(rows, key=lambda row: (row.lot.expires_on or date.max, row.lot_id)):
        left = row.quantity - promised.get(row.lot_id, 0)
        if left > 0 and not row.lot.has_expired(on):
            found[row.lot.item_id].append(FreeLot(row.lot, left))
    return found


def supplies(store: Place, *, on: date) -> list[Supply]:
    """Each item of a store: what may be given out, and how much of that is packed already. Lots
    are told one by one, so that a packed lot that has expired meanwhile takes nothing from the
    others. Two queries."""
    promised = dict(_promised(store))
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    items: dict[int, Item] = {}
    for row in _to_give_out(store):
        lot = row.lot
        if not lot.has_expired(on):
            items[lot.item_id] = lot.item
            sums[lot.item_id][0] += row.quantity
            sums[lot.item_id][1] += min(promised.get(lot.pk, 0), row.quantity)
    return sorted(
        (Supply(items[pk], *held) for pk, held in sums.items()), key=lambda one: one.item.code
    )


def _promised(store: Place) -> QuerySet[Packed, tuple[int, int]]:
    """Lots of a store that are on packing lists which have not left, and how much of each."""
    return (
        Packed.objects.filter(
            box__consignment__state=ConsignmentState.DRAFT, box__consignment__origin=store
        )
        .order_by()
        .values_list("lot")
        .annotate(total=Sum("quantity"))
    )


def _to_give_out(store: Place) -> QuerySet[Balance]:
    """Lots in a store that are not recalled. A store that is an example shares out made-up goods
    and no others; what is really there is shared out by a store that is."""
    return Balance.objects.filter(
        place=store,
        quantity__gt=0,
        lot__recalled_at=None,
        lot__source__is_example=store.is_example,
    ).select_related("lot__item__name", "lot__source")


@dataclass(frozen=True, slots=True)
class Expected:
    """Goods of one item on their way to a store."""

    reference: str
    expected_on: date | None
    quantity: int


def expected(store: Place, *, items: Iterable[int]) -> dict[int, list[Expected]]:
    """By item: goods in the accounts of consignments to a store, the first expected first. One
    query."""
    found: dict[int, list[Expected]] = defaultdict(list)
    rows = (
        Balance.objects.filter(
            place__kind__in=OF_CONSIGNMENT,
            place__consignment__destination=store,
            place__consignment__state__in=UNDER_WAY,
            lot__source__is_example=store.is_example,
            lot__item__in=items,
            quantity__gt=0,
        )
        .order_by()
        .values_list(
            "lot__item", "place__consignment__reference", "place__consignment__expected_on"
        )
        .annotate(total=Sum("quantity"))
    )
    for item, reference, day, total in rows:
        found[item].append(Expected(reference, day, total))
    for listed in found.values():
        listed.sort(key=lambda one: (one.expected_on or date.max, one.reference))
    return found


def inputs(
    store: Place, items: Sequence[Item], facilities: Iterable[str], *, on: date
) -> dict[str, Any]:
    """Needs and supply as they are now, as ``sharing`` reads them and a run keeps them.

    Args:
        facilities: codes of those who take part.
    """
    chosen = [item.pk for item in items]
    stock = {row.item.pk: row for row in supplies(store, on=on)}
    coming = expected(store, items=chosen)
    standing: dict[int, list[needs.Standing]] = defaultdict(list)
    for row in needs.standing(_asked_of(store, items).filter(facility__code__in=list(facilities))):
        standing[row.need.item_id].append(row)
    packs: dict[int, int] = {}
    for pack in Pack.objects.filter(item__in=chosen).order_by("-units"):
        packs[pack.item_id] = pack.units
    return {
        "on": on.isoformat(),
        "items": [
            {
                "item": item.code,
                "unit": str(item.unit),
                "pack": packs.get(item.pk, 1),
                "usable": stock[item.pk].usable if item.pk in stock else 0,
                "promised": stock[item.pk].promised if item.pk in stock else 0,
                "arrivals": _arrivals(coming.get(item.pk, []), on),
                "rows": [_row(row) for row in standing.get(item.pk, [])],
            }
            for item in sorted(items, key=lambda one: one.code)
        ],
    }


def _asked_of(store: Place, items: Sequence[Item]) -> QuerySet[Need]:
    """Open needs that a store serves: those of its country, and of examples only as one itself."""
    rows = needs.open_in(store.country, items=items)
    return rows if store.is_example else rows.filter(facility__is_example=False)


def _arrivals(listed: Iterable[Expected], on: date) -> list[dict[str, Any]]:
    """What is expected on a known day; what is late counts as expected today."""
    return [
        {
            "consignment": one.reference,
            "expected_on": max(one.expected_on, on).isoformat(),
            "quantity": one.quantity,
        }
        for one in listed
        if one.expected_on is not None
    ]


def _row(row: needs.Standing) -> dict[str, Any]:
    need = row.need
    return {
        "facility": need.facility.code,
        "need": need.pk,
        "asked": need.quantity,
        "came": row.came,
        "on_the_way": row.on_the_way,
        "packed": row.packed,
        "population": need.facility.population,
        "by_when": need.by_when.isoformat(),
    }


def asking(store: Place, items: Sequence[Item]) -> list[tuple[Place, Mapping[int, needs.Standing]]]:
    """Facilities of a store's country with open needs of these items, each with how they stand by
    item."""
    found: dict[int, dict[int, needs.Standing]] = defaultdict(dict)
    facilities: dict[int, Place] = {}
    for row in needs.standing(_asked_of(store, items)):
        facilities[row.need.facility_id] = row.need.facility
        found[row.need.facility_id][row.need.item_id] = row
    return sorted(
        ((facilities[pk], held) for pk, held in found.items()), key=lambda pair: pair[0].name
    )
