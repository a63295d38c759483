"""Rows of relief as FHIR R5 resources.

What FHIR has no code for is said in words (``text``, ``display``), never by an invented code.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from medixchange.network.models import Organisation
from medixchange.relief.models import Consignment, Item, KitPart, Need, Place, Unit
from medixchange.relief.queries.catalogue import Named
from medixchange.relief.queries.giving import Carried
from medixchange.relief.queries.public.visible import is_hidden, place_name
from medixchange.relief.states import ConsignmentState, NeedState

Resource = dict[str, Any]

_UCUM = "http://unitsofmeasure.org"
#: UCUM codes of units that are measures; counted things are told in words.
_UNITS = {Unit.LITRE: "L", Unit.MILLILITRE: "mL", Unit.KILOGRAM: "kg", Unit.GRAM: "g"}
_NAME_TYPES = "http://hl7.org/fhir/inventoryitem-nametype"
#: Says of a resource that what it tells did not happen.
_TEST = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason",
    "code": "HTEST",
    "display": "test health data",
}
_DELIVERIES = {
    ConsignmentState.RECEIVED: "completed",
    ConsignmentState.CANCELLED: "abandoned",
}
_REQUESTS = {
    NeedState.OPEN: "active",
    NeedState.MET: "completed",
    NeedState.REPLACED: "cancelled",
    NeedState.WITHDRAWN: "cancelled",
}


def base() -> str:
    """The address that our FHIR resources have in common."""
    return f"{settings.ORIGIN}/relief/fhir"


def inventory_item(item: Item, names: Sequence[Named], parts: Sequence[KitPart]) -> Resource:
    """An item of the catalogue, with its names in all languages and, of a kit, what it holds."""
    characteristics = [
        *_measured("weight of one unit", item.weight_g, "g"),
        *_measured("volume of one unit", item.volume_ml, "mL"),
        *_measured("shelf life", item.shelf_life_days, "d"),
        *_stored(item),
        {"characteristicType": {"text": "has an expiry date"}, "valueBoolean": item.expires},
        *(
            {"characteristicType": {"text": name}, "valueString": code}
            for name, code in (("UNSPSC", item.unspsc), ("GMDN", item.gmdn))
            if code
        ),
    ]
    made: Resource = {
        "resourceType": "InventoryItem",
        "id": str(item.pk),
        "identifier": [
            {"system": f"{settings.ORIGIN}/relief/items", "value": item.code},
            *([{"system": "https://www.gs1.org/gtin", "value": item.gtin}] if item.gtin else []),
        ],
        "status": "active" if item.is_current else "inactive",
        "name": [
            {
                "nameType": {
                    "system": _NAME_TYPES,
                    "code": "preferred" if named.language.tag == item.name.language else "alias",
                },
                "language": named.language.tag,
                "name": named.shown.text,
            }
            for named in names
        ],
        "baseUnit": _unit_concept(item.unit),
        "characteristic": characteristics,
        "association": [
            {
                "associationType": {"text": "holds"},
                "relatedItem": _reference("InventoryItem", part.item_id, part.item.code),
                "quantity": {
                    "numerator": quantity(part.quantity, part.item.unit),
                    "denominator": quantity(1, item.unit),
                },
            }
            for part in parts
        ],
    }
    if item.category:
        made["category"] = [{"text": item.category}]
    return _without_empty(made)


def location(place: Place) -> Resource:
    """A donor account, store or facility that may be named."""
    made: Resource = {
        "resourceType": "Location",
        "id": str(place.pk),
        "identifier": [{"system": f"{settings.ORIGIN}/relief/places", "value": place.code}],
        "status": "active",
        "name": place.name,
        "mode": "instance",
        "type": [{"text": place.kind}],
        "address": {"country": place.country} | ({"state": place.region} if place.region else {}),
    }
    if place.latitude is not None and place.longitude is not None:
        made["position"] = {"longitude": place.longitude, "latitude": place.latitude}
    if place.organisation is not None:
        made["managingOrganization"] = organisation_reference(place.organisation)
    return _marked(made, place.is_example)


def organization(organisation: Organisation) -> Resource:
    """An organisation that answers for a place that may be named."""
    return {
        "resourceType": "Organization",
        "id": str(organisation.pk),
        "active": organisation.is_verified,
        "name": organisation.name,
        "type": [{"text": organisation.kind}],
        "contact": [{"address": {"country": organisation.country}}],
    }


def supply_request(need: Need) -> Resource:
    """What a facility needs of an item."""
    made: Resource = {
        "resourceType": "SupplyRequest",
        "id": str(need.pk),
        "status": _REQUESTS[NeedState(need.state)],
        "item": {"reference": _reference("InventoryItem", need.item_id, need.item.code)},
        "quantity": quantity(need.quantity, need.item.unit),
        "occurrencePeriod": {"end": need.by_when.isoformat()},
        "authoredOn": instant(need.stated_at),
        # Its own people see it, and who serves its country; to them it has its name.
        "deliverTo": _reference("Location", need.facility_id, need.facility.name)
        if not need.facility.is_restricted
        else {"display": need.facility.name},
    }
    if need.facility.organisation is not None:
        made["requester"] = organisation_reference(need.facility.organisation)
    return _marked(made, need.facility.is_example)


def supply_delivery(
    consignment: Consignment, carried: Sequence[Carried], departed: datetime | None
) -> Resource:
    """A consignment that has left, with what was shipped of each item."""
    made: Resource = {
        "resourceType": "SupplyDelivery",
        "id": str(consignment.pk),
        "identifier": [
            {"system": f"{settings.ORIGIN}/relief/consignments", "value": consignment.reference}
        ],
        "status": _DELIVERIES.get(ConsignmentState(consignment.state), "in-progress"),
        "suppliedItem": [
            {
                "quantity": quantity(row.shipped, row.item.unit),
                "itemReference": _reference("InventoryItem", row.item.pk, row.item.code),
            }
            for row in carried
            if row.shipped
        ],
        "destination": _end(consignment.destination),
    }
    if departed is not None:
        hidden = is_hidden(consignment.origin) or is_hidden(consignment.destination)
        made["occurrenceDateTime"] = (
            departed.astimezone(UTC).date().isoformat() if hidden else instant(departed)
        )
    if consignment.origin.organisation is not None and not is_hidden(consignment.origin):
        made["supplier"] = organisation_reference(consignment.origin.organisation)
    else:
        made["supplier"] = {"display": place_name(consignment.origin, "en")}
    return _marked(_without_empty(made), consignment.is_example)


def quantity(number: int, unit: str) -> Resource:
    """So many base units; with a UCUM code where the unit is a measure."""
    made: Resource = {"value": number, "unit": unit}
    if unit in _UNITS:
        made |= {"system": _UCUM, "code": _UNITS[Unit(unit)]}
    return made


def instant(moment: datetime) -> str:
    """A moment as FHIR writes it."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def organisation_reference(organisation: Organisation) -> Resource:
    return _reference("Organization", organisation.pk, organisation.name)


def _reference(kind: str, pk: int, display: str) -> Resource:
    return {"reference": f"{kind}/{pk}", "display": display}


def _end(place: Place) -> Resource:
    """An end of a way: by reference, or in words alone where its name is not public."""
    if is_hidden(place):
        return {"display": place_name(place, "en")}
    return _reference("Location", place.pk, place.name)


def _unit_concept(unit: str) -> Resource:
    if unit in _UNITS:
        return {"coding": [{"system": _UCUM, "code": _UNITS[Unit(unit)]}], "text": unit}
    return {"text": unit}


def _measured(name: str, value: Decimal | int | None, code: str) -> list[Resource]:
    if value is None:
        return []
    number = float(value) if isinstance(value, Decimal) else value
    return [
        {
            "characteristicType": {"text": name},
            "valueQuantity": {"value": number, "unit": code, "system": _UCUM, "code": code},
        }
    ]


def _stored(item: Item) -> list[Resource]:
    """The range of temperature it is kept in."""
    ends: Mapping[str, Decimal | None] = {"low": item.cold_min_c, "high": item.cold_max_c}
    told = {
        name: {"value": float(value), "unit": "Cel", "system": _UCUM, "code": "Cel"}
        for name, value in ends.items()
        if value is not None
    }
    return [{"characteristicType": {"text": "storage"}, "valueRange": told}] if told else []


def _without_empty(resource: Resource) -> Resource:
    """FHIR has no empty lists."""
    return {name: value for name, value in resource.items() if value != []}


def _marked(resource: Resource, is_example: bool) -> Resource:
    if is_example:
        resource["meta"] = {"tag": [_TEST]}
    return resource
