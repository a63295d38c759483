"""The kinds of resources we give, each from a query that holds only what the asker may see."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from medixchange.network.models import Organisation
from medixchange.relief.exports import Asker
from medixchange.relief.fhir import resources
from medixchange.relief.fhir.resources import Resource
from medixchange.relief.models import (
    Consignment,
    Item,
    KitPart,
    Need,
    Place,
    StageKind,
)
from medixchange.relief.models.places import WITH_A_DOOR
from medixchange.relief.queries import catalogue, giving, needs
from medixchange.relief.states import ConsignmentState


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of resource: what somebody may see of it, and how rows of it are told."""

    name: str
    visible: Callable[[Asker], QuerySet[Any]]
    tell: Callable[[Sequence[Any]], list[Resource]]
    for_members: bool = False

    def is_open_to(self, asker: Asker) -> bool:
        return not self.for_members or asker.is_operator or asker.member is not None


def _items(_asker: Asker) -> QuerySet[Item]:
    return Item.objects.select_related("name").order_by("pk")


def _tell_items(rows: Sequence[Item]) -> list[Resource]:
    parts: dict[int, list[KitPart]] = defaultdict(list)
    for part in KitPart.objects.filter(kit__in=rows).select_related("item").order_by("pk"):
        parts[part.kit_id].append(part)
    named = catalogue.names_of_all(rows)
    return [resources.inventory_item(row, named[row.pk], parts[row.pk]) for row in rows]


def _places(_asker: Asker) -> QuerySet[Place]:
    return (
        Place.objects.filter(kind__in=WITH_A_DOOR, is_restricted=False)
        .select_related("organisation")
        .order_by("pk")
    )


def _organisations(_asker: Asker) -> QuerySet[Organisation]:
    named = Place.objects.filter(
        organisation=OuterRef("pk"), kind__in=WITH_A_DOOR, is_restricted=False
    )
    return Organisation.objects.filter(Exists(named)).order_by("pk")


def _needs(asker: Asker) -> QuerySet[Need]:
    if asker.is_operator:
        rows = Need.objects.select_related("facility__organisation", "item")
    elif asker.member is not None:
        rows = needs.visible_to(asker.member)
    else:
        rows = Need.objects.none()
    return rows.order_by("pk")


def _consignments(_asker: Asker) -> QuerySet[Consignment]:
    return (
        Consignment.objects.exclude(state__in=[ConsignmentState.DRAFT, ConsignmentState.CANCELLED])
        .select_related(
            "origin__organisation", "origin__parent", "destination__organisation",
            "destination__parent",
        )
        .annotate(
            departed=Min("stages__happened_at", filter=Q(stages__kind=StageKind.DEPARTED))
        )
        .order_by("pk")
    )  # fmt: skip


def _tell_consignments(rows: Sequence[Any]) -> list[Resource]:
    carried: dict[int, list[giving.Carried]] = defaultdict(list)
    for moved in giving.moved_by_consignment(rows):
        carried[moved.consignment].append(moved)
    return [resources.supply_delivery(row, carried[row.pk], row.departed) for row in rows]


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind("InventoryItem", _items, _tell_items),
            Kind("Location", _places, lambda rows: [resources.location(row) for row in rows]),
            Kind(
                "Organization",
                _organisations,
                lambda rows: [resources.organization(row) for row in rows],
            ),
            Kind(
                "SupplyRequest",
                _needs,
                lambda rows: [resources.supply_request(row) for row in rows],
                for_members=True,
            ),
            Kind("SupplyDelivery", _consignments, _tell_consignments),
        )
    }
)
