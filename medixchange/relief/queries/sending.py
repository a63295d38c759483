"""Reads for who sends: consignments of a member, and what is packed in one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from medixchange.network.models import Member
from medixchange.relief import rules
from medixchange.relief.models import Consignment, Lot, Packed
from medixchange.relief.states import ConsignmentState

#: States in which goods are under way or about to be.
UNDER_WAY = (
    ConsignmentState.DEPARTED,
    ConsignmentState.ARRIVED,
    ConsignmentState.HELD,
    ConsignmentState.RELEASED,
    ConsignmentState.PART_RECEIVED,
)


def visible_to(member: Member) -> QuerySet[Consignment]:
    """Consignments whose papers the member may see: of both ends and the carrier; staff see all."""
    rows = Consignment.objects.select_related("origin", "destination", "carrier")
    if rules.is_staff(member):
        return rows
    own = [
        held.organisation_id for held in member.current_memberships if held.organisation.is_verified
    ]
    return rows.filter(
        Q(origin__organisation__in=own) | Q(destination__organisation__in=own) | Q(carrier__in=own)
    )


def is_late(consignment: Consignment) -> bool:
    """Whether it was expected before today and is not all received."""
    return (
        consignment.expected_on is not None
        and consignment.state in UNDER_WAY
        and consignment.expected_on < timezone.now().date()
    )


@dataclass(frozen=True, slots=True)
class PackedLot:
    """One lot of a packing list: how much of it, in how many boxes."""

    lot: Lot
    quantity: int
    boxes: int


def by_lot(consignment: Consignment) -> list[PackedLot]:
    """The packing list summed by lot. Two queries."""
    sums = {
        row["lot"]: row
        for row in Packed.objects.filter(box__consignment=consignment)
        .values("lot")
        .annotate(total=Sum("quantity"), boxes=Count("box"))
        .order_by()
    }
    lots = Lot.objects.filter(pk__in=sums).select_related("item__name")
    return [
        PackedLot(lot, sums[lot.pk]["total"], sums[lot.pk]["boxes"])
        for lot in sorted(
            lots, key=lambda lot: (lot.item.code, lot.expires_on or date.max, lot.number)
        )
    ]


@dataclass(frozen=True, slots=True)
class Run:
    """Boxes that follow each other and hold the same."""

    first: int
    last: int
    contents: Sequence[tuple[Lot, int]]
    gross_weight_g: int | None
    #: SSCC of the first and the last box.
    codes: tuple[str, str]

    @property
    def boxes(self) -> int:
        return self.last - self.first + 1

    @property
    def weight_kg(self) -> float | None:
        """Gross weight of one box, in kilograms."""
        return self.gross_weight_g / 1000 if self.gross_weight_g is not None else None


def runs(consignment: Consignment) -> list[Run]:
    """The packing list as people write it: boxes 1 to 40 each with the same. One query."""
    boxes: dict[int, tuple[list[tuple[Lot, int]], int | None, str]] = {}
    for row in (
        Packed.objects.filter(box__consignment=consignment)
        .select_related("box", "lot__item__name")
        .order_by("box__number", "lot_id")
    ):
        held = boxes.setdefault(row.box.number, ([], row.box.gross_weight_g, row.box.sscc))
        held[0].append((row.lot, row.quantity))
    found: list[Run] = []
    for number, (contents, weight, sscc) in boxes.items():
        before = found[-1] if found else None
        if (
            before is not None
            and before.last == number - 1
            and before.gross_weight_g == weight
            and list(before.contents) == contents
            and bool(before.codes[0]) == bool(sscc)
        ):
            found[-1] = Run(before.first, number, contents, weight, (before.codes[0], sscc))
        else:
            found.append(Run(number, number, contents, weight, (sscc, sscc)))
    return found
