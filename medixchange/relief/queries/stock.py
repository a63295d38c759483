"""What lies where: stock, the way of a lot, and whether the sums the database keeps are right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Coalesce

from medixchange.relief import guards
from medixchange.relief.models import Balance, Document, Item, Lot, Movement, Place, PlaceKind


def at_place(place: Place, *, item: Item | None = None) -> QuerySet[Balance]:
    """Lots at a place with something left of them, first expiry first."""
    rows = Balance.objects.filter(place=place, quantity__gt=0).select_related("lot__item")
    if item is not None:
        rows = rows.filter(lot__item=item)
    return rows.order_by("lot__item__code", "lot__expires_on", "lot__number")


def quantity(place: Place, item: Item) -> int:
    """Base units of an item at a place, all lots together."""
    total: int | None = Balance.objects.filter(place=place, lot__item=item).aggregate(
        total=Sum("quantity")
    )["total"]
    return total or 0


@dataclass(frozen=True, slots=True)
class Taken:
    """So much of a lot, chosen to be given out."""

    lot: Lot
    quantity: int


def first_expiry_first(place: Place, item: Item, wanted: int, *, on: date) -> list[Taken]:
    """Lots to give out ``wanted`` units from: first expiry first, goods without a date last.

    Gives less than wanted where there is not enough that is neither expired nor recalled.
    """
    left, taken = wanted, []
    rows = [row for row in at_place(place, item=item) if not row.lot.is_unfit(on)]
    rows.sort(key=lambda row: (row.lot.expires_on or date.max, row.lot.pk))
    for row in rows:
        if left <= 0:
            break
        part = min(left, row.quantity)
        taken.append(Taken(row.lot, part))
        left -= part
    return taken


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """How much of a recalled lot is at a place now, how much ever came to it from elsewhere (into
    its stock, its quarantine, or broken), and how much of that it used."""

    place: Place
    now: int
    came: int
    used: int


def whereabouts(lots: Sequence[Lot]) -> list[Whereabouts]:
    """Every store and facility a lot came to, and every other account it is in now. Goods that were
    used are told with the place that used them; what was taken back never came."""
    moved = Movement.objects.filter(lot__in=lots)
    arrivals = (
        moved.exclude(document__in=_taken_back(moved))
        .annotate(
            owner=Coalesce("to_place__parent", "to_place"),
            before=Coalesce("from_place__parent", "from_place"),
        )
        .exclude(owner=F("before"))
        .values_list("owner", "to_place__consignment")
        .annotate(total=Sum("quantity"))
        .order_by()
    )
    held = Balance.objects.filter(lot__in=lots).exclude(quantity=0).order_by()
    now = dict(
        held.exclude(place__kind__in=(PlaceKind.DONOR, PlaceKind.USED, PlaceKind.CORRECTION))
        .values_list("place")
        .annotate(total=Sum("quantity"))
    )
    used = dict(
        held.filter(place__kind=PlaceKind.USED)
        .values_list("place__parent")
        .annotate(total=Sum("quantity"))
    )
    # Of consignments only what is on its way now: most have come long since.
    came = {pk: total for pk, consignment, total in arrivals if consignment is None or pk in now}
    places = Place.objects.select_related("organisation", "parent", "consignment").in_bulk(
        came.keys() | now.keys() | used.keys()
    )
    rows = [
        Whereabouts(place, now.get(pk, 0), came.get(pk, 0), used.get(pk, 0))
        for pk, place in places.items()
        if place.kind != PlaceKind.DONOR
    ]
    return sorted(rows, key=lambda row: (row.place.country, row.place.kind, row.place.name))


def _taken_back(moved: QuerySet[Movement]) -> set[int]:
    """Documents of these movements that were reversed, and those that reverse them.

    All documents are asked for and looked through here: a condition on what they reverse leads
    SQLite to begin with every document there is.
    """
    out: set[int] = set()
    documents = Document.objects.filter(pk__in=moved.order_by().values("document"))
    for pk, reverses in documents.order_by().values_list("pk", "reverses"):
        if reverses is not None:
            out |= {pk, reverses}
    return out


@dataclass(frozen=True, slots=True)
class Fault:
    """A sum that is not what the movements say."""

    what: str
    kept: int
    counted: int


_WAY = ("item_id", "source_id", "country", "from_kind", "to_kind", "week")
_TOTAL = ("dimensions", "item", "source", "country", "from_kind", "to_kind", "week")


def faults() -> Iterator[Fault]:
    """Walk the whole ledger and yield every sum the database keeps that its movements do not bear
    out: balances, flows, and flows added up."""
    ways = guards.ways(connection.vendor, "relief_movement")
    apart = guards.told_apart(connection.vendor, "relief_flow")
    yield from _differing(
        "balance",
        ("place_id", "lot_id"),
        kept="relief_balance",
        counted="""(SELECT to_place_id AS place_id, lot_id, quantity FROM relief_movement
            UNION ALL SELECT from_place_id, lot_id, -quantity FROM relief_movement)""",
    )
    yield from _differing("flow", _WAY, kept="relief_flow", counted=ways)
    yield from _differing("total", _TOTAL, kept="relief_flowtotal", counted=f"({apart})")


def _differing(what: str, columns: Sequence[str], *, kept: str, counted: str) -> Iterator[Fault]:
    """Sums that are not the same in two relations; ``columns`` say which sum it is."""
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT {names}, sum(kept), sum(counted) FROM (
                SELECT {names}, quantity AS kept, 0 AS counted FROM {kept} k
                UNION ALL SELECT {names}, 0, quantity FROM {counted} c
            ) sides GROUP BY {names} HAVING sum(kept) <> sum(counted)"""  # noqa: S608
        )
        for *which, is_kept, is_counted in cursor.fetchall():
            told = ", ".join(
                f"{name.removesuffix('_id')} {value}"
                for name, value in zip(columns, which, strict=True)
            )
            yield Fault(f"{what} of {told}", int(is_kept), int(is_counted))
