"""What a receiver has before them: what should be there, and what was found."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django.db.models import Sum
from django.utils.translation import gettext as _

from medixchange.network.models import Member
from medixchange.relief import rules
from medixchange.relief.actions.counting import Left, OpenLine
from medixchange.relief.models import (
    Balance,
    Case,
    CaseKind,
    Consignment,
    Count,
    Document,
    DocumentKind,
    Item,
    Lot,
    Outcome,
    Pack,
    Packed,
    PlaceKind,
)
from medixchange.relief.models.places import OF_CONSIGNMENT
from medixchange.relief.queries import names
from medixchange.relief.states import CaseState, ConsignmentState
from medixchange.translation.queries import Shown

#: Outcomes that take goods off the packing list.
_TAKES = (Outcome.ACCEPTED, Outcome.DAMAGED, Outcome.QUARANTINED)
#: The order in which a packing list is counted.
_IN_BOXES = ("box__number", "lot__item__code", "lot__expires_on", "pk")
_UNSETTLED = (CaseState.OPEN, CaseState.ANSWERED)


class _Row(Protocol):
    """A line of a packing list, as an object or as a bare row of the database."""

    @property
    def box_id(self) -> int: ...
    @property
    def lot_id(self) -> int: ...
    @property
    def quantity(self) -> int: ...


def packing_list(consignment: Consignment) -> list[Packed]:
    """Its lines in the order of the boxes."""
    return list(
        Packed.objects.filter(box__consignment=consignment)
        .select_related("box", "lot__item__name")
        .order_by(*_IN_BOXES)
    )


def left_of(consignment: Consignment, packed: Iterable[_Row]) -> dict[int, Left]:
    """By lot of the packing list: what is still in the consignment's accounts, and how much of
    that an open case has down as missing."""
    open_ = dict(
        Balance.objects.filter(
            place__consignment=consignment, place__kind__in=OF_CONSIGNMENT, quantity__gt=0
        )
        .values_list("lot")
        .annotate(total=Sum("quantity"))
        .order_by()
    )
    missing = dict(
        Case.objects.filter(consignment=consignment, kind=CaseKind.MISSING, state__in=_UNSETTLED)
        .values_list("lot")
        .annotate(total=Sum("quantity"))
        .order_by()
    )
    return {
        row.lot_id: Left(open_.get(row.lot_id, 0), missing.get(row.lot_id, 0)) for row in packed
    }


def open_lines(
    consignment: Consignment, packed: Iterable[Packed], left: dict[int, Left]
) -> list[OpenLine]:
    """Every line of the packing list with what is still to be counted of it, and what is said to be
    missing."""
    packed = list(packed)
    return [
        OpenLine(row.box, row.lot, row.quantity, part, gone)
        for row, (part, gone) in zip(packed, _open(consignment, packed, left), strict=True)
    ]


def _open(
    consignment: Consignment, packed: Iterable[_Row], left: dict[int, Left]
) -> list[tuple[int, int]]:
    """Of each line how much is still to be counted, and how much is said to be missing.

    The ledger knows lots, not boxes. Where a box was counted with more or less than it lists, or
    goods were counted without a box, what is open of a lot is taken off its last boxes.
    """
    counted = {
        (box, lot): total
        for box, lot, total in Count.objects.filter(
            document__consignment=consignment,
            document__reversed_by__isnull=True,
            box__isnull=False,
            outcome__in=_TAKES,
        )
        .values_list("box", "lot")
        .annotate(total=Sum("quantity"))
        .order_by()
    }
    rest = {pk: lot.quantity - lot.missing for pk, lot in left.items()}
    cased = {pk: lot.missing for pk, lot in left.items()}
    found = []
    for row in packed:
        own = max(0, row.quantity - counted.get((row.box_id, row.lot_id), 0))
        part = min(own, rest[row.lot_id])
        gone = min(own - part, cased[row.lot_id])
        rest[row.lot_id] -= part
        cased[row.lot_id] -= gone
        found.append((part, gone))
    return found


def missing_cases(consignment: Consignment) -> dict[int, list[Case]]:
    """Open cases of missing goods by lot, the oldest first."""
    found: dict[int, list[Case]] = defaultdict(list)
    for case in Case.objects.filter(
        consignment=consignment, kind=CaseKind.MISSING, state__in=_UNSETTLED
    ).order_by("pk"):
        found[case.lot_id].append(case)
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a packing list as a counter sees it."""

    #: Ids of the box and the lot.
    box: int
    lot: int
    #: The box's number and code, and the lot's.
    number: int
    sscc: str
    lot_number: str
    expires_on: date | None
    recalled_at: datetime | None
    #: The item's code, name and unit.
    item: str
    name: Shown
    unit: str
    listed: int
    open: int
    #: Down as missing in an open case; it may still come.
    missing: int

    @property
    def key(self) -> str:
        """What its fields are called by."""
        return f"{self.box}-{self.lot}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What to count a consignment against."""

    consignment: Consignment
    lines: list[Line]

    @property
    def open_lines(self) -> list[Line]:
        return [line for line in self.lines if line.open or line.missing]


def sheet(consignment: Consignment, language: str) -> Sheet:
    """The packing list for a reader of ``language``, with what is still open of each line.

    Asks the database the same few times however long the list is.
    """
    of = Packed.objects.filter(box__consignment=consignment)
    # Bare rows: of a thousand lines, most of the time would go into making objects.
    rows = of.order_by(*_IN_BOXES).values_list(
        "box_id", "lot_id", "quantity", "box__number", "box__sscc", "lot__number",
        "lot__expires_on", "lot__recalled_at", "lot__item_id", named=True,
    )  # fmt: skip
    packed = list(rows)
    items = {
        item.pk: item
        for item in Item.objects.filter(pk__in=of.values("lot__item")).select_related("name")
    }
    called = names.of(items.values(), language)
    units = names.units()
    return Sheet(
        consignment,
        [
            Line(
                box=row.box_id,
                lot=row.lot_id,
                number=row.box__number,
                sscc=row.box__sscc,
                lot_number=row.lot__number,
                expires_on=row.lot__expires_on,
                recalled_at=row.lot__recalled_at,
                item=items[row.lot__item_id].code,
                name=called[row.lot__item_id],
                unit=units[items[row.lot__item_id].unit],
                listed=row.quantity,
                open=part,
                missing=gone,
            )
            for row, (part, gone) in zip(
                packed, _open(consignment, packed, left_of(consignment, packed)), strict=True
            )
        ],
    )


def sheet_as_json(of: Sheet) -> dict[str, Any]:
    """The same for the counting page's script, which keeps it on the phone."""
    consignment = of.consignment
    return {
        "reference": consignment.reference,
        "from": consignment.origin.name,
        "to": consignment.destination.name,
        "is_delivery": consignment.destination.kind == PlaceKind.FACILITY,
        "transport": consignment.transport_reference,
        "expected_on": consignment.expected_on.isoformat() if consignment.expected_on else "",
        "lines": [
            {
                "key": line.key,
                "box": line.box,
                "number": line.number,
                "sscc": line.sscc,
                "lot": line.lot,
                "lot_number": line.lot_number,
                "expires_on": line.expires_on.isoformat() if line.expires_on else "",
                "item": line.item,
                "listed": line.listed,
                "open": line.open,
                "missing": line.missing,
            }
            for line in of.lines
        ],
    }


def catalogue(language: str) -> list[dict[str, Any]]:
    """Every current item, for the counting page's script: to name goods that are on no list, and
    to know goods by what a scanner reads."""
    items = list(Item.objects.filter(is_current=True).select_related("name"))
    called = names.of(items, language)
    units = names.units()
    packs: dict[int, list[str]] = defaultdict(list)
    for item_id, gtin in (
        Pack.objects.filter(item__is_current=True)
        .exclude(gtin="")
        .order_by("units")
        .values_list("item_id", "gtin")
    ):
        packs[item_id].append(gtin)
    return [
        {
            "code": item.code,
            "name": called[item.pk].text,
            "lang": called[item.pk].language.tag,
            "dir": called[item.pk].language.direction,
            "unit": units[item.unit],
            "expires": item.expires,
            "gtins": [code for code in (item.gtin, *packs[item.pk]) if code],
        }
        for item in sorted(items, key=lambda item: called[item.pk].text.casefold())
    ]


def receipts(consignment: Consignment) -> list[Document]:
    """What was counted of it before, the newest first."""
    return list(
        consignment.documents.filter(kind__in=(DocumentKind.RECEIPT, DocumentKind.DELIVERY))
        .select_related("posted_by", "reversed_by")
        .order_by("-pk")
    )


#: States in which goods can be counted.
TO_COUNT = (
    ConsignmentState.DEPARTED,
    ConsignmentState.ARRIVED,
    ConsignmentState.RELEASED,
    ConsignmentState.PART_RECEIVED,
)


def to_count(who: Member) -> list[Consignment]:
    """Consignments on their way to where a member receives, those expected first first."""
    organisations = {
        held.organisation_id
        for held in who.current_memberships
        if held.role in rules.NEEDING and held.organisation.is_verified
    }
    return list(
        Consignment.objects.filter(destination__organisation__in=organisations, state__in=TO_COUNT)
        .select_related("origin", "destination")
        .order_by("expected_on", "pk")
    )


def told(document: Document) -> list[str]:
    """Where a receipt differs from what was said when it was counted, in sentences."""
    rows = document.details.get("told", [])
    lots = Lot.objects.select_related("item").in_bulk([row["lot"] for row in rows])
    return [_sentence(row, lots[row["lot"]]) for row in rows]


def reasons(document: Document, lot: Lot) -> list[str]:
    """The same for one lot."""
    return [_sentence(row, lot) for row in document.details.get("told", []) if row["lot"] == lot.pk]


def _sentence(row: dict[str, Any], lot: Lot) -> str:
    words = {
        "expired": _("%(lot)s has expired: %(quantity)d went into quarantine."),
        "recalled": _("%(lot)s is recalled: %(quantity)d went into quarantine."),
        "too_warm": _("%(lot)s was too warm on the way: %(quantity)d went into quarantine."),
        "more_than_listed": _(
            "%(quantity)d of %(lot)s are more than listed: they went into quarantine."
        ),
        "not_listed": _("%(lot)s is not on the list: %(quantity)d went into quarantine."),
        "listed": _("%(quantity)d of %(lot)s are on the list after all and were accepted."),
    }
    return words[row["why"]] % {"lot": lot, "quantity": row["quantity"]}
