"""Reads of pledges: what was promised, and what the ledger says of it."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Sum

from medixchange.core.models import AuditEntry
from medixchange.network.models import Member
from medixchange.relief.models import (
    Consignment,
    Item,
    Movement,
    Place,
    PlaceKind,
    Pledge,
    PledgeLine,
    PledgeSplit,
)
from medixchange.relief.models.places import WITH_A_DOOR
from medixchange.relief.rules import HANDLING
from medixchange.relief.states import ConsignmentState

_ROAD = (PlaceKind.TRANSIT, PlaceKind.TRANSPORT)
_TAKEN_IN = (PlaceKind.STORE, PlaceKind.FACILITY, PlaceKind.QUARANTINE)


@dataclass(slots=True)
class Moved:
    """What the ledger says of one item sent for a pledge to one country, in base units.

    Attributes:
        shipped: left the donor.
        arrived: landed, or was counted where it was to go.
        received: taken into a store or facility, quarantine included.
        damaged: counted as damaged on receipt.
        lost: given up on the way.
    """

    item: Item
    country: str
    shipped: int = 0
    arrived: int = 0
    received: int = 0
    damaged: int = 0
    lost: int = 0


def moved(pledges: Sequence[Pledge]) -> dict[int, list[Moved]]:
    """For each pledge, by id, what moved on its consignments from the donor, by item and country.

    Only the donor's own consignments count: goods that travel on from a store are the same goods.
    One query for the sums and one for the items, however many pledges there are.
    """
    rows = (
        Movement.objects.filter(
            document__consignment__pledge__in=[pledge.pk for pledge in pledges],
            document__consignment__origin__kind=PlaceKind.DONOR,
        )
        .values_list(
            "document__consignment__pledge",
            "lot__item",
            "document__consignment__destination__country",
            "from_place__kind",
            "to_place__kind",
            "document__reverses",
        )
        .annotate(total=Sum("quantity"))
        .order_by()
    )
    found: dict[int, dict[tuple[int, str], Counter[str]]] = {pledge.pk: {} for pledge in pledges}
    for pledge, item, country, origin, target, reverses, total in rows:
        sums = found[pledge].setdefault((item, country), Counter())
        for figure, sign in _figures(origin, target, reverses):
            sums[figure] += sign * total
    items = Item.objects.select_related("name").in_bulk(
        {item for sums in found.values() for item, _country in sums}
    )
    return {
        pledge: [
            Moved(items[item], country, **counts)
            for (item, country), counts in sorted(
                sums.items(), key=lambda row: (items[row[0][0]].code, row[0][1])
            )
        ]
        for pledge, sums in found.items()
    }


@dataclass(slots=True)
class Carried(Moved):
    """As ``Moved``, of one consignment, wherever it began."""

    consignment: int = 0


def moved_by_consignment(consignments: Sequence[Consignment]) -> list[Carried]:
    """What moved on each of these consignments, by item. Two queries however many they are."""
    rows = (
        Movement.objects.filter(document__consignment__in=[row.pk for row in consignments])
        .values_list(
            "document__consignment",
            "lot__item",
            "document__consignment__destination__country",
            "from_place__kind",
            "to_place__kind",
            "document__reverses",
        )
        .annotate(total=Sum("quantity"))
        .order_by()
    )
    sums: dict[tuple[int, int, str], Counter[str]] = {}
    for consignment, item, country, origin, target, reverses, total in rows:
        counts = sums.setdefault((consignment, item, country), Counter())
        for figure, sign in _figures(origin, target, reverses, leaving=WITH_A_DOOR):
            counts[figure] += sign * total
    items = Item.objects.select_related("name").in_bulk({item for _c, item, _country in sums})
    return [
        Carried(items[item], country, consignment=consignment, **counts)
        for (consignment, item, country), counts in sorted(sums.items())
    ]


def _figures(
    origin: str,
    target: str,
    reverses: int | None,
    leaving: Sequence[PlaceKind] = (PlaceKind.DONOR,),
) -> list[tuple[str, int]]:
    """The figures that a movement between two kinds of place adds to, or takes from where it is
    of a reversal; ``leaving`` are the kinds that goods are shipped from."""
    if reverses is not None:
        return [(figure, -1) for figure in _steps(target, origin, leaving)]
    return [(figure, 1) for figure in _steps(origin, target, leaving)]


def _steps(origin: str, target: str, leaving: Sequence[PlaceKind]) -> list[str]:
    steps = []
    if origin in leaving and target in _ROAD:
        steps.append("shipped")
    if origin in _ROAD and target in (PlaceKind.CUSTOMS, PlaceKind.DAMAGED, *_TAKEN_IN):
        steps.append("arrived")
    if origin in (*_ROAD, PlaceKind.CUSTOMS):
        if target in _TAKEN_IN:
            steps.append("received")
        elif target == PlaceKind.DAMAGED:
            steps.append("damaged")
        elif target == PlaceKind.LOST:
            steps.append("lost")
    return steps


def is_all_sent(pledge: Pledge) -> bool:
    """Whether what was shipped reaches every line: of each item as much as all its lines promise,
    to each country at least its settled part, and to each line's countries at least the line."""
    shipped: dict[int, Counter[str]] = defaultdict(Counter)
    for row in moved([pledge])[pledge.pk]:
        shipped[row.item.pk][row.country] += row.shipped
    promised: Counter[int] = Counter()
    settled: Counter[tuple[int, str]] = Counter()
    lines = list(PledgeLine.objects.filter(pledge=pledge).prefetch_related("splits"))
    for line in lines:
        sent = shipped[line.item_id]
        splits = list(line.splits.all())
        promised[line.item_id] += line.quantity
        for split in splits:
            settled[line.item_id, split.country] += split.quantity or 0
        if splits and sum(sent[split.country] for split in splits) < line.quantity:
            return False
    return (
        bool(lines)
        and all(shipped[item].total() >= quantity for item, quantity in promised.items())
        and all(shipped[item][country] >= part for (item, country), part in settled.items())
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """Of one item of a pledge: what was promised, and what the ledger says of it."""

    item: Item
    pledged: int
    shipped: int
    arrived: int
    received: int
    damaged: int
    lost: int

    @property
    def beyond(self) -> bool:
        """Whether more was shipped than promised."""
        return self.shipped > self.pledged


@dataclass(frozen=True, slots=True)
class Standing:
    """A pledge, its lines, and how far each item of it has come."""

    pledge: Pledge
    lines: list[PledgeLine]
    progress: list[Progress]
    moved: list[Moved] = field(default_factory=list)

    @property
    def countries(self) -> list[str]:
        """ISO codes of the countries it names, in the order of the lines."""
        return list(
            dict.fromkeys(split.country for line in self.lines for split in line.splits.all())
        )

    @property
    def regions(self) -> list[str]:
        """Regions that the publication names in the place of countries."""
        return list(dict.fromkeys(line.region for line in self.lines if line.region))


def listed(*, donor: str = "", country: str = "", item: str = "") -> QuerySet[Pledge]:
    """Pledges, the newest first, of a donor (by code), naming a country (ISO 3166-1 alpha-2), of
    an item (by code); for pages, since it is the caller that cuts it."""
    rows = Pledge.objects.select_related("donor__parent").order_by("-announced_on", "-pk")
    if donor:
        rows = rows.filter(donor__code=donor)
    lines = PledgeLine.objects.filter(pledge=OuterRef("pk"))
    if country:
        rows = rows.filter(Exists(lines.filter(splits__country=country)))
    if item:
        rows = rows.filter(Exists(lines.filter(item__code=item)))
    return rows


def standing(pledges: Sequence[Pledge]) -> list[Standing]:
    """How far these pledges have come, in their order. Five queries however many there are."""
    lines: dict[int, list[PledgeLine]] = defaultdict(list)
    for line in (
        PledgeLine.objects.filter(pledge__in=pledges)
        .select_related("item__name")
        .prefetch_related("splits")
    ):
        lines[line.pledge_id].append(line)
    ledger = moved(pledges)
    return [
        Standing(
            pledge,
            lines[pledge.pk],
            _progress(lines[pledge.pk], ledger[pledge.pk]),
            ledger[pledge.pk],
        )
        for pledge in pledges
    ]


def _progress(lines: Sequence[PledgeLine], ledger: Sequence[Moved]) -> list[Progress]:
    """Promised and moved by item: first the items promised, then what was sent beside them."""
    items: dict[int, Item] = {}
    pledged: Counter[int] = Counter()
    sums: dict[int, Counter[str]] = defaultdict(Counter)
    for line in lines:
        items[line.item_id] = line.item
        pledged[line.item_id] += line.quantity
    for row in ledger:
        items.setdefault(row.item.pk, row.item)
        for figure in ("shipped", "arrived", "received", "damaged", "lost"):
            sums[row.item.pk][figure] += getattr(row, figure)
    return [
        Progress(
            item,
            pledged[pk],
            *(sums[pk][f] for f in ("shipped", "arrived", "received", "damaged", "lost")),
        )
        for pk, item in items.items()
    ]


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a pledge's history. Who did it is not told, for whom is on the pledge."""

    at: datetime
    action: str
    details: dict[str, Any]


def history(pledge: Pledge) -> list[Change]:
    """What was done to a pledge, the first first, from the audit trail."""
    rows = AuditEntry.objects.filter(subject=f"relief.pledge:{pledge.pk}").order_by("sequence")
    return [Change(row.at, row.action, row.details) for row in rows]


def donors() -> QuerySet[Place]:
    """Donor accounts that have promised something, but for those whose names are not public."""
    return Place.objects.filter(
        Exists(Pledge.objects.filter(donor=OuterRef("pk"))),
        kind=PlaceKind.DONOR,
        is_restricted=False,
    ).order_by("name")


def countries_named() -> list[str]:
    """ISO codes of all countries that a pledge names."""
    return sorted(PledgeSplit.objects.order_by().values_list("country", flat=True).distinct())


def items_named() -> QuerySet[PledgeLine, int]:
    """Keys of all items that a pledge names."""
    return PledgeLine.objects.order_by().values_list("item", flat=True).distinct()


def consignments_of(pledge: Pledge) -> list[Consignment]:
    """What left the donor for a pledge, the newest first, with where it went. What is still being
    packed is nobody's business but the sender's."""
    return list(
        Consignment.objects.filter(pledge=pledge, origin__kind=PlaceKind.DONOR)
        .exclude(state__in=[ConsignmentState.DRAFT, ConsignmentState.CANCELLED])
        .select_related("destination__parent")
    )


def donor_overview(member: Member, *, limit: int = 20) -> list[Standing]:
    """The newest pledges of the donors a member handles goods for, with how far they have come."""
    organisations = {
        held.organisation_id
        for held in member.current_memberships
        if held.role in HANDLING and held.organisation.is_verified
    }
    if not organisations:
        return []
    rows = (
        Pledge.objects.filter(donor__organisation__in=organisations)
        .select_related("donor")
        .order_by("-announced_on", "-pk")[:limit]
    )
    return standing(list(rows))
