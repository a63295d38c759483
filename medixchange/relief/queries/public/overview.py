"""All that the public page shows: figures by item, and one item looked at closely."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate

from django.db.models import Avg, Case, F, Max, Min, When

from medixchange.relief.models import Document, Item, Place
from medixchange.relief.models.places import WITH_A_DOOR
from medixchange.relief.queries.figures import Figures
from medixchange.relief.queries.public import adding_up, flows, promised
from medixchange.relief.queries.public.adding_up import COUNTED, Between
from medixchange.relief.queries.public.asking import Asked
from medixchange.relief.queries.public.flows import Ways
from medixchange.relief.queries.public.promised import Open

#: What the time line draws.
DRAWN = ("shipped", "arrived", "received")


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one item, in its base unit.

    Attributes:
        allocated: None where a donor is asked for, since allocations do not tell it.
    """

    item: Item
    pledged: int
    allocated: int | None
    figures: Figures
    ways: Ways

    def value(self, figure: str) -> int | None:
        """A figure by its name."""
        if figure in COUNTED:
            return int(getattr(self.figures, figure))
        return self.pledged if figure == "pledged" else self.allocated

    @property
    def is_empty(self) -> bool:
        return not (self.pledged or self.allocated or self.ways)


@dataclass(frozen=True, slots=True)
class Share:
    """The figures of one item told by donor account and country; ``donor`` is a key, or
    ``flows.OTHER_GIVERS``."""

    donor: int
    country: str
    pledged: int
    figures: Figures


@dataclass(frozen=True, slots=True)
class Close:
    """One item looked at closely.

    Attributes:
        alone: one country is asked for, and pledges to it and others together are in no figure.
    """

    row: Row
    between: Sequence[Between]
    shares: Sequence[Share]
    open: Sequence[Open]
    allocated: dict[str, int]
    weeks: Sequence[tuple[date, dict[str, int]]]
    alone: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page shows. ``close`` is None where nothing was found at all."""

    rows: Sequence[Row]
    close: Close | None
    latest: datetime | None


def items() -> list[Item]:
    """The whole catalogue with names, retired items too: they may have moved. One query."""
    return list(Item.objects.select_related("name").order_by("code"))


def overview(asked: Asked, items: Sequence[Item], givers: Sequence[Place]) -> Overview:
    """The figures of all items, and a closer look at the one asked for, else at that of which most
    was shipped. As many queries, however many documents there are."""
    of_item = [asked.item] if asked.item else items
    moved = flows.by_item(asked, [item.pk for item in of_item])
    pledged = promised.pledged(asked)
    allocated = promised.allocated(asked)
    sums: Counter[int] = Counter()
    for (item, _country), quantity in allocated.items():
        sums[item] += quantity
    rows = [
        _row(item, asked, moved.get(item.pk, Counter()), pledged.total.get(item.pk, 0), sums)
        for item in of_item
    ]
    shown = [row for row in rows if not row.is_empty]
    shown.sort(key=lambda row: (-row.figures.shipped, -row.pledged, row.item.code))
    closer = shown[0] if shown else None
    return Overview(
        shown,
        _close(asked.of(closer.item), closer, givers, pledged, allocated) if closer else None,
        Document.objects.order_by("-pk").values_list("posted_at", flat=True).first(),
    )


def _row(item: Item, asked: Asked, ways: Ways, pledged: int, allocated: Counter[int]) -> Row:
    return Row(
        item,
        pledged,
        None if asked.donor else allocated[item.pk],
        flows.figures_of(ways),
        ways,
    )


def _close(
    asked: Asked,
    row: Row,
    givers: Sequence[Place],
    pledged: promised.Pledged,
    allocated: dict[tuple[int, str], int],
) -> Close:
    item = row.item.pk
    known = {giver.pk for giver in givers}
    told = flows.by_giver_and_country(asked, known)
    settled: Counter[tuple[int, str]] = Counter()
    for (of, donor, country), quantity in pledged.settled.items():
        if of == item:
            settled[donor if donor in known else flows.OTHER_GIVERS, country] += quantity
    shares = [
        Share(
            donor,
            country,
            settled[donor, country],
            flows.figures_of(told.get((donor, country), Counter())),
        )
        for donor, country in told.keys() | settled.keys()
    ]
    shares.sort(key=lambda share: (-share.figures.shipped, -share.pledged, share.country))
    undivided = [part for part in pledged.open if part.item == item]
    return Close(
        row,
        adding_up.parts(row.pledged, row.figures, row.ways),
        shares,
        undivided,
        {country: quantity for (of, country), quantity in allocated.items() if of == item},
        _weeks(asked),
        alone=bool(asked.country and undivided),
    )


def _weeks(asked: Asked) -> list[tuple[date, dict[str, int]]]:
    """For each week in which something moved, what had been drawn by its end. Where a part of the
    time is asked for, from its beginning."""
    weeks = sorted(flows.by_week(asked).items())
    sums = [flows.figures_of(ways) for _week, ways in weeks]
    lines = {name: list(accumulate(getattr(row, name) for row in sums)) for name in DRAWN}
    return [
        (week, {name: lines[name][at] for name in DRAWN}) for at, (week, _ways) in enumerate(weeks)
    ]


def positions(codes: Collection[str], *, example: bool) -> dict[str, tuple[float, float]]:
    """Where these countries lie: the mean latitude and longitude, in degrees, of the places we know
    there, made-up ones for examples alone. Restricted places count for nothing, or the mean would
    tell where they are. One query."""
    rows = (
        Place.objects.filter(
            country__in=codes,
            kind__in=WITH_A_DOOR,
            is_restricted=False,
            is_example=example,
            latitude__isnull=False,
            longitude__isnull=False,
        )
        .order_by()
        .values("country")
        .annotate(
            north=Avg("latitude"),
            east=Avg("longitude"),
            # Of countries on both sides of the date line the plain mean is on the wrong side.
            turned=Avg(
                Case(When(longitude__lt=0, then=F("longitude") + 360.0), default=F("longitude"))
            ),
            most=Max("longitude"),
            least=Min("longitude"),
        )
    )
    return {
        row["country"]: (
            row["north"],
            row["turned"] if row["most"] - row["least"] > 180 else row["east"],
        )
        for row in rows
    }
