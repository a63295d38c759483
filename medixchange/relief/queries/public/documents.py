"""The documents beneath a figure: which moved goods over the line that the figure counts."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from medixchange.relief.models import Consignment, Document, Item, Movement, Place, PlaceKind
from medixchange.relief.models.ledger import ABROAD
from medixchange.relief.models.places import OF_CONSIGNMENT
from medixchange.relief.queries.public import flows, visible
from medixchange.relief.queries.public.adding_up import COUNTED
from medixchange.relief.queries.public.asking import Asked, week_of

PAGE = 50
_DONOR = PlaceKind.DONOR.value
#: For each figure the kinds of place its line lies between; the others are on neither side.
_EVERY = frozenset(kind.value for kind in PlaceKind) | {ABROAD}
_OUTSIDE = frozenset({_DONOR, ABROAD})
_NOT_LANDED = _OUTSIDE | {PlaceKind.TRANSIT.value}
_NOT_HANDED_OVER = _NOT_LANDED | {PlaceKind.CUSTOMS.value}
_ENDS = frozenset({PlaceKind.USED.value, PlaceKind.DAMAGED.value, PlaceKind.LOST.value})
_FACILITY = frozenset({PlaceKind.FACILITY.value})
SIDES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "shipped": (_OUTSIDE, _EVERY - _OUTSIDE),
    "arrived": (_NOT_LANDED, _EVERY - _NOT_LANDED - {PlaceKind.LOST.value}),
    "handed_over": (
        _NOT_HANDED_OVER,
        _EVERY - _NOT_HANDED_OVER - {PlaceKind.LOST.value, PlaceKind.DAMAGED.value},
    ),
    "received": (_EVERY - _ENDS - _FACILITY - {PlaceKind.CORRECTION.value}, _FACILITY),
    **{
        kind.value: (_EVERY - {kind.value}, frozenset({kind.value}))
        for kind in (PlaceKind.USED, PlaceKind.DAMAGED, PlaceKind.LOST)
    },
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A document beneath a figure, and what it adds, by item key; below zero where it takes
    away."""

    document: Document
    adds: dict[int, int]


@dataclass(frozen=True, slots=True)
class Page:
    """Some documents, the newest first, and where the next page begins, if there is one."""

    listed: Sequence[Listed]
    after: str


def beneath(asked: Asked, figure: str, *, after: str = "", size: int = PAGE) -> Page:
    """The documents that a figure counts, the latest day first.

    The flows say in which weeks there are any, so that no other week is looked at. Three queries.

    Args:
        figure: one of ``COUNTED``.
        after: ``Page.after`` of the page before; what cannot be read begins at the first.
    """
    if figure not in COUNTED:
        raise ValueError(figure)
    within = _days(weeks(asked, figure))
    if not within:
        return Page([], "")
    rows = Document.objects.filter(within)
    if start := _start(after):
        day, pk = start
        rows = rows.filter(Q(day__lt=day) | Q(day=day, pk__lt=pk))
    rows = rows.filter(Exists(_movements(asked, figure).filter(document=OuterRef("pk"))))
    found = list(
        rows.select_related("consignment", "reverses", "reversed_by").order_by("-day", "-pk")[
            : size + 1
        ]
    )
    shown = found[:size]
    adds = _adds(asked, figure, shown)
    return Page(
        [Listed(document, adds[document.pk]) for document in shown if adds.get(document.pk)],
        f"{shown[-1].day.isoformat()}_{shown[-1].pk}" if len(found) > size else "",
    )


def weeks(asked: Asked, figure: str) -> list[date]:
    """The Mondays of weeks in which something crossed the figure's line. One query."""
    before, beyond = SIDES[figure]
    return sorted(
        flows.weeks_of(
            asked,
            Q(from_kind__in=before, to_kind__in=beyond)
            | Q(from_kind__in=beyond, to_kind__in=before),
        )
    )


def _days(mondays: Sequence[date]) -> Q:
    """The days of these weeks, weeks that follow each other as one range."""
    ranges: list[list[date]] = []
    for monday in mondays:
        first, last = week_of(monday)
        if ranges and (first - ranges[-1][1]).days == 1:
            ranges[-1][1] = last
        else:
            ranges.append([first, last])
    within = Q()
    for first, last in ranges:
        within |= Q(day__range=(first, last))
    return within


def _start(after: str) -> tuple[date, int] | None:
    day, _, pk = after.partition("_")
    try:
        return date.fromisoformat(day), int(pk)
    except ValueError:
        return None


def _movements(asked: Asked, figure: str) -> QuerySet[Movement]:
    """Movements over the figure's line, both ways."""
    before, beyond = SIDES[figure]

    def side(name: str, kinds: Collection[str]) -> Q:
        wanted = Q(**{f"{name}__kind__in": kinds})
        if not asked.country:
            return wanted
        # The country of goods that come from a donor, or go back, is that of their other end.
        return wanted & (Q(**{f"{name}__country": asked.country}) | Q(**{f"{name}__kind": _DONOR}))

    crossing = (side("from_place", before) & side("to_place", beyond)) | (
        side("from_place", beyond) & side("to_place", before)
    )
    if asked.country:
        # Out of the country, or into it, from or to another country's place.
        for here, there in (("from_place", "to_place"), ("to_place", "from_place")):
            crossing |= Q(**{f"{here}__country": asked.country, f"{here}__kind__in": beyond}) & ~Q(
                **{f"{there}__country": asked.country}
            )
    rows = Movement.objects.filter(crossing)
    if asked.item is not None:
        rows = rows.filter(lot__item=asked.item)
    if asked.donor is not None:
        rows = rows.filter(lot__source=asked.donor)
    return rows.filter(lot__source__is_example=asked.example)


def _adds(asked: Asked, figure: str, documents: Sequence[Document]) -> dict[int, dict[int, int]]:
    """What each of these documents adds to the figure, by document and item. One query."""
    before, beyond = SIDES[figure]
    sums: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    rows = (
        _movements(asked, figure)
        .filter(document__in=documents)
        .order_by()
        .values_list(
            "document",
            "lot__item",
            "document__reverses",
            "from_place__kind",
            "from_place__country",
            "to_place__kind",
            "to_place__country",
        )
        .annotate(total=Sum("quantity"))
    )
    for document, item, reverses, a_kind, a_country, b_kind, b_country, quantity in rows:
        for country, start, end, part in ways(
            a_kind, a_country, b_kind, b_country, quantity, is_reversal=reverses is not None
        ):
            if asked.country in ("", country):
                sign = (start in before and end in beyond) - (start in beyond and end in before)
                sums[document][item] += sign * part
    return {
        document: {item: quantity for item, quantity in adds.items() if quantity}
        for document, adds in sums.items()
    }


def ways(
    from_kind: str,
    from_country: str,
    to_kind: str,
    to_country: str,
    quantity: int,
    *,
    is_reversal: bool,
) -> list[tuple[str, str, str, int]]:
    """The flows that a movement adds to: country, both kinds, quantity. As the database's triggers
    reckon them (``guards.ways``)."""
    if is_reversal:
        from_kind, from_country, to_kind, to_country = to_kind, to_country, from_kind, from_country
        quantity = -quantity
    if _DONOR in (from_kind, to_kind):
        return [(from_country if to_kind == _DONOR else to_country, from_kind, to_kind, quantity)]
    if from_country == to_country:
        return [(to_country, from_kind, to_kind, quantity)]
    return [
        (from_country, from_kind, ABROAD, quantity),
        (to_country, ABROAD, to_kind, quantity),
    ]


@dataclass(frozen=True, slots=True)
class Moved:
    """So much of an item from a place to another, all lots together."""

    item: Item
    quantity: int
    from_place: Place
    to_place: Place


def moved(document: Document) -> list[Moved]:
    """What a document moved, in the order of the items. Three queries however many lines it has;
    places are joined as ``visible.place_name`` wants them."""
    sums = list(
        document.movements.order_by()
        .values_list("lot__item", "from_place", "to_place")
        .annotate(total=Sum("quantity"))
    )
    items = Item.objects.select_related("name").in_bulk({row[0] for row in sums})
    places = Place.objects.select_related(*visible.JOINED).in_bulk(
        {row[1] for row in sums} | {row[2] for row in sums}
    )
    lines = [
        Moved(items[item], quantity, places[start], places[end])
        for item, start, end, quantity in sums
    ]
    return sorted(lines, key=lambda line: (line.item.code, line.from_place.pk, line.to_place.pk))


def is_example(document: Document) -> bool:
    """Whether a document belongs to a made-up example: its goods come from an example's account,
    or it went with an example's consignment. One query at most."""
    consignment = document.consignment
    if consignment is not None and consignment.is_example:
        return True
    return document.movements.filter(lot__source__is_example=True).exists()


@dataclass(frozen=True, slots=True)
class Carried:
    """One item of a consignment: what was sent, what is still in its accounts, and what became of
    the rest, by kind of place."""

    item: Item
    sent: int
    still_on_the_way: int
    ends: dict[str, int]


def carried(consignment: Consignment) -> list[Carried]:
    """What a consignment carries and where it came to, less what was taken back. Two queries."""
    sums: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    rows = (
        Movement.objects.filter(document__consignment=consignment)
        .order_by()
        .values_list("lot__item", "from_place__kind", "to_place__kind", "from_place", "to_place")
        .annotate(total=Sum("quantity"))
    )
    for item, from_kind, to_kind, start, end, quantity in rows:
        if start == consignment.origin_id:
            sums[item]["sent"] += quantity
        if end == consignment.origin_id:
            sums[item]["sent"] -= quantity
        if from_kind in OF_CONSIGNMENT and to_kind not in OF_CONSIGNMENT:
            sums[item]["" if end == consignment.origin_id else to_kind] += quantity
        elif to_kind in OF_CONSIGNMENT and from_kind not in OF_CONSIGNMENT:
            sums[item]["" if start == consignment.origin_id else from_kind] -= quantity
    items = Item.objects.select_related("name").in_bulk(sums)
    found = []
    for pk in sorted(sums, key=lambda pk: items[pk].code):
        sent = sums[pk].pop("sent", 0)
        sums[pk].pop("", None)
        ends = {kind: quantity for kind, quantity in sums[pk].items() if quantity}
        found.append(Carried(items[pk], sent, sent - sum(ends.values()), ends))
    return found
