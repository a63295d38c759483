"""Reads for who sends: consignments of a member, and what is packed in one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
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
    """One lot of a packing list, by its id: how much of it, in how many boxes."""

    lot: int
    quantity: int
    boxes: int


@dataclass(frozen=True, slots=True)
class Run:
    """Boxes that follow each other and hold the same."""

    first: int
    last: int
    #: Ids of the lots, with the units of each in every box.
    contents: Sequence[tuple[int, int]]
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


@dataclass(frozen=True, slots=True)
class PackingList:
    """What is packed, in both orders in which people ask for it. Knows lots by their ids only: a
    page shows a part of it, and reads the lots of that part with ``lots_of``."""

    #: By item, what expires first before the rest.
    lots: list[PackedLot]
    #: As people write it: boxes 1 to 40 each with the same.
    runs: list[Run]


def packing_list(consignment: Consignment) -> PackingList:
    """The packing list of a consignment. One query of bare rows, however long it is."""
    boxes: dict[int, tuple[list[tuple[int, int]], int | None, str]] = {}
    sums: dict[int, tuple[tuple[str, date, str], int, int]] = {}
    for number, weight, sscc, lot, quantity, code, expires_on, lot_number in (
        Packed.objects.filter(box__consignment=consignment)
        .order_by("box__number", "lot_id")
        .values_list(
            "box__number", "box__gross_weight_g", "box__sscc", "lot_id", "quantity",
            "lot__item__code", "lot__expires_on", "lot__number",
        )
    ):  # fmt: skip
        boxes.setdefault(number, ([], weight, sscc))[0].append((lot, quantity))
        place, total, count = sums.get(lot) or ((code, expires_on or date.max, lot_number), 0, 0)
        sums[lot] = place, total + quantity, count + 1
    ordered = sorted(sums.items(), key=lambda each: each[1][0])
    return PackingList(
        [PackedLot(lot, total, count) for lot, (_place, total, count) in ordered], _runs(boxes)
    )


def _runs(boxes: dict[int, tuple[list[tuple[int, int]], int | None, str]]) -> list[Run]:
    found: list[Run] = []
    for number, (contents, weight, sscc) in boxes.items():
        before = found[-1] if found else None
        if (
            before is not None
            and before.last == number - 1
            and before.gross_weight_g == weight
            and before.contents == contents
            and bool(before.codes[0]) == bool(sscc)
        ):
            found[-1] = Run(before.first, number, contents, weight, (before.codes[0], sscc))
        else:
            found.append(Run(number, number, contents, weight, (sscc, sscc)))
    return found


def lots_of(ids: Iterable[int]) -> dict[int, Lot]:
    """Lots by id, with their items and the names of these. One query."""
    return Lot.objects.select_related("item__name").in_bulk(list(ids))
