"""What facilities need, and how far each need is covered.

A need says what must come from now on, on top of what lies at the facility. So whatever arrives
after the statement counts towards it, and so does what is on the way or packed for it, whenever
that left. Opening stock, stock counts and returns do not count: nothing came.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import BigIntegerField, Count, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from medixchange.network.models import Member
from medixchange.relief import rules
from medixchange.relief.models import (
    Balance,
    Case,
    CaseKind,
    DocumentKind,
    Item,
    Movement,
    Need,
    Packed,
    Place,
    PlaceKind,
)
from medixchange.relief.models.places import OF_CONSIGNMENT
from medixchange.relief.states import CaseState, ConsignmentState, NeedState

#: Documents by which goods come to a facility from outside.
BRINGING = (DocumentKind.RECEIPT, DocumentKind.DELIVERY, DocumentKind.SETTLEMENT)
#: By the facility and the item, both by id.
Sums = dict[tuple[int, int], int]


def countries_of(member: Member) -> set[str]:
    """ISO 3166-1 alpha-2 codes of the countries whose facilities' needs a member serves: those
    where they share out a store's goods."""
    organisations = [
        held.organisation_id
        for held in member.current_memberships
        if held.role in rules.HANDLING and held.organisation.is_verified
    ]
    return set(
        Place.objects.filter(kind=PlaceKind.STORE, organisation__in=organisations)
        .order_by()
        .values_list("country", flat=True)
        .distinct()
    )


def visible_to(member: Member) -> QuerySet[Need]:
    """Needs that a member may see: their own facilities', and every facility's in the countries
    whose stores they share out; platform staff see all."""
    rows = Need.objects.select_related("facility__organisation", "item__name")
    if rules.is_staff(member):
        return rows
    own = [
        held.organisation_id for held in member.current_memberships if held.organisation.is_verified
    ]
    return rows.filter(facility__organisation__in=own) | rows.filter(
        facility__country__in=countries_of(member)
    )


def received(needs: QuerySet[Need]) -> QuerySet:
    """The needs, each with ``came``: base units that have come to the facility since it was
    stated, by documents that were not reversed."""
    came = (
        Movement.objects.filter(
            to_place=OuterRef("facility"),
            lot__item=OuterRef("item"),
            document__kind__in=BRINGING,
            document__happened_at__gte=OuterRef("stated_at"),
            document__reversed_by__isnull=True,
        )
        .order_by()
        .values("to_place")
        .annotate(total=Sum("quantity"))
        .values("total")
    )
    return needs.annotate(came=Coalesce(Subquery(came, output_field=BigIntegerField()), 0))


@dataclass(frozen=True, slots=True)
class Standing:
    """A need and how far it is covered, in base units."""

    need: Need
    came: int
    #: In the accounts of consignments to the facility, beside what a case has down as missing.
    on_the_way: int
    #: On packing lists of consignments to the facility that have not left.
    packed: int

    @property
    def shipped(self) -> int:
        """What came, is on its way, or is packed."""
        return self.came + self.on_the_way + self.packed

    @property
    def open(self) -> int:
        """What is still to be found for it."""
        return max(self.need.quantity - self.shipped, 0)

    @property
    def share(self) -> float:
        """The part that is covered, from 0 to 1."""
        return min(self.shipped / self.need.quantity, 1.0)


def standing(needs: QuerySet[Need]) -> list[Standing]:
    """How far each need is covered. Four queries however many needs there are."""
    rows = list(received(needs))
    facilities = {need.facility_id for need in rows}
    items = {need.item_id for need in rows}
    coming, packed = on_the_way(facilities, items), packed_for(facilities, items)
    return [
        Standing(
            need,
            need.came,
            coming.get((need.facility_id, need.item_id), 0),
            packed.get((need.facility_id, need.item_id), 0),
        )
        for need in rows
    ]


def on_the_way(facilities: Iterable[int], items: Iterable[int]) -> Sums:
    """Goods in the accounts of consignments to these places, less what an open case has down as
    missing. Two queries."""
    held = _pairs(
        Balance.objects.filter(
            place__kind__in=OF_CONSIGNMENT,
            place__consignment__destination__in=facilities,
            lot__item__in=items,
            quantity__gt=0,
        ),
        "place__consignment__destination",
    )
    missing = _pairs(
        Case.objects.filter(
            kind=CaseKind.MISSING,
            state__in=(CaseState.OPEN, CaseState.ANSWERED),
            consignment__destination__in=facilities,
            lot__item__in=items,
        ),
        "consignment__destination",
    )
    return {at: max(quantity - missing.get(at, 0), 0) for at, quantity in held.items()}


def packed_for(facilities: Iterable[int], items: Iterable[int]) -> Sums:
    """Goods on packing lists of consignments to these places that have not left. One query."""
    return _pairs(
        Packed.objects.filter(
            box__consignment__state=ConsignmentState.DRAFT,
            box__consignment__destination__in=facilities,
            lot__item__in=items,
        ),
        "box__consignment__destination",
    )


def _pairs(rows: QuerySet, place: str) -> Sums:
    return {
        (pk, item): total
        for pk, item, total in rows.order_by()
        .values_list(place, "lot__item")
        .annotate(total=Sum("quantity"))
    }


def numbers(places: Iterable[Place]) -> dict[int, int]:
    """How many needs are open at each of these places. One query."""
    return dict(
        Need.objects.filter(facility__in=places, state=NeedState.OPEN)
        .order_by()
        .values_list("facility")
        .annotate(number=Count("pk"))
    )


def open_in(country: str, *, items: Iterable[Item] | None = None) -> QuerySet[Need]:
    """Open needs of all facilities of a country, the most pressing first."""
    rows = Need.objects.filter(
        state=NeedState.OPEN, facility__kind=PlaceKind.FACILITY, facility__country=country
    ).select_related("facility__organisation", "item__name")
    if items is not None:
        rows = rows.filter(item__in=list(items))
    return rows
