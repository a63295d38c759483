"""The rows of relief: catalogue, places, ledger, giving, allocation, consignments and cases."""

from medixchange.relief.models.allocating import AllocationLine, AllocationRun
from medixchange.relief.models.cases import Case, CaseEvent, CaseKind, Remedy
from medixchange.relief.models.catalogue import Item, KitPart, Pack, Unit
from medixchange.relief.models.consignments import Box, Consignment, Packed, Stage, StageKind
from medixchange.relief.models.giving import Need, Pledge, PledgeLine, PledgeSplit, ToSettle
from medixchange.relief.models.ledger import (
    Balance,
    Document,
    DocumentKind,
    Flow,
    FlowTotal,
    Lot,
    Movement,
    Numbering,
)
from medixchange.relief.models.places import MAY_GO_BELOW, Place, PlaceKind
from medixchange.relief.models.receipts import Count, Outcome, Photo, Signature

__all__ = [
    "MAY_GO_BELOW",
    "AllocationLine",
    "AllocationRun",
    "Balance",
    "Box",
    "Case",
    "CaseEvent",
    "CaseKind",
    "Consignment",
    "Count",
    "Document",
    "DocumentKind",
    "Flow",
    "FlowTotal",
    "Item",
    "KitPart",
    "Lot",
    "Movement",
    "Need",
    "Numbering",
    "Outcome",
    "Pack",
    "Packed",
    "Photo",
    "Place",
    "PlaceKind",
    "Pledge",
    "PledgeLine",
    "PledgeSplit",
    "Remedy",
    "Signature",
    "Stage",
    "StageKind",
    "ToSettle",
    "Unit",
]
