"""The public figures: how far goods have come, as sums over the flows the database keeps.

A figure counts what crosses a line on the way, less what went back over it, so that figures add up
to what lies where:

====================  ============================================================================
shipped               left the donors: everything that is anywhere
arrived               of it, what came into the country: less what is on the way or was lost there
handed over           of it, what agency and facilities took: less what lies at customs, was lost
                      there, or was found damaged when it was counted
received              what facilities took into stock, less what they sent back or set aside
used, damaged, lost   what ended so, wherever it lay
====================  ============================================================================

and, whatever it is told by::

    shipped = on the way + at customs + in transport + in stores + at facilities + in quarantine
              + used + damaged + lost + counted off
    shipped - arrived = on the way + lost on the way
    arrived - handed over = at customs + lost at customs + damaged before
    received = at facilities + what facilities used, found damaged, lost and counted off

Goods that one country passes on to another leave the figures of the first and enter those of the
second. A reversal takes away in the week in which it was posted, so a figure of one week can be
below zero; over all time it cannot.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.db.models import QuerySet, Sum

from medixchange.relief import guards
from medixchange.relief.models import Flow, FlowTotal, Item, Place, PlaceKind
from medixchange.relief.models.ledger import ABROAD

Dimension = Literal["item", "country", "source", "week"]
#: From one kind of place to another: base units.
Ways = Mapping[tuple[str, str], int]

OUTSIDE = frozenset({PlaceKind.DONOR.value, ABROAD})
_NOT_LANDED = OUTSIDE | {PlaceKind.TRANSIT.value}
_NOT_HANDED_OVER = _NOT_LANDED | {PlaceKind.CUSTOMS.value}
_ENDS = frozenset({PlaceKind.USED.value, PlaceKind.DAMAGED.value, PlaceKind.LOST.value})
_OUT_OF_FACILITIES = _ENDS | {PlaceKind.CORRECTION.value}


@dataclass(frozen=True, slots=True)
class Figures:
    """Base units, net of reversals and returns. The module's text says what each counts."""

    shipped: int = 0
    arrived: int = 0
    handed_over: int = 0
    received: int = 0
    used: int = 0
    damaged: int = 0
    lost: int = 0
    #: What lies where now; of a range of weeks, what was added to it.
    on_the_way: int = 0
    at_customs: int = 0
    in_transport: int = 0
    in_stores: int = 0
    at_facilities: int = 0
    in_quarantine: int = 0
    #: Fewer (or, below zero, more) than the ledger said, by stock counts.
    counted_off: int = 0
    lost_on_the_way: int = 0
    lost_at_customs: int = 0
    #: Found damaged when it was counted on its way in.
    damaged_before: int = 0


def totals(
    *,
    source: Place | None = None,
    country: str | None = None,
    item: Item | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Figures:
    """The figures of all goods, or of those of a donor account, country or item, in one query.

    Args:
        country: ISO 3166-1 alpha-2.
        since, until: whole weeks: those of these days, both counted in.
    """
    return of_ways(ways(source=source, country=country, item=item, since=since, until=until))


def by(
    dimension: Dimension,
    *,
    source: Place | None = None,
    country: str | None = None,
    item: Item | None = None,
    since: date | None = None,
    until: date | None = None,
) -> list[tuple[Any, Figures]]:
    """The figures told by item (its key), country (code), donor account (its key) or week (its
    Monday), in order of these; in one query."""
    rows, name = _rows(dimension, source, country, item, since, until)
    sums: dict[Any, dict[tuple[str, str], int]] = defaultdict(dict)
    for key, start, end, quantity in rows.values_list(name, "from_kind", "to_kind").annotate(
        total=Sum("quantity")
    ):
        sums[key][start, end] = quantity
    return [(key, of_ways(sums[key])) for key in sorted(sums)]


def ways(
    *,
    source: Place | None = None,
    country: str | None = None,
    item: Item | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Ways:
    """How much went from one kind of place to another, for the picture of flows. What went back is
    a way of its own; reversals are taken off."""
    rows, _name = _rows(None, source, country, item, since, until)
    return {
        (start, end): quantity
        for start, end, quantity in rows.values_list("from_kind", "to_kind").annotate(
            total=Sum("quantity")
        )
        if quantity
    }


def _rows(
    dimension: Dimension | None,
    source: Place | None,
    country: str | None,
    item: Item | None,
    since: date | None,
    until: date | None,
) -> tuple[QuerySet[Any], str]:
    """The fewest rows that answer a question, and what the dimension is called there."""
    given: dict[str, Any] = {}
    asked: set[str] = {dimension} if dimension else set()
    if source is not None:
        given["source"] = source.pk
    if country is not None:
        given["country"] = country
    if item is not None:
        given["item"] = item.pk
    asked |= given.keys()
    if since is not None or until is not None:
        asked.add("week")
        if since is not None:
            given["week__gte"] = monday(since)
        if until is not None:
            given["week__lte"] = monday(until)
    name = dimension or ""
    for dimensions in guards.DIMENSIONS:
        if asked <= set(dimensions.split()):
            return FlowTotal.objects.filter(dimensions=dimensions, **given).order_by(), name
    return Flow.objects.filter(**given).order_by(), name


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return date.fromordinal(day.toordinal() - day.weekday())


def of_ways(ways: Ways) -> Figures:
    every = set().union(*ways) if ways else set()

    def over(before: Iterable[str], after: Iterable[str]) -> int:
        """What went from any of these to any of those, less what went back."""
        before, after = set(before), set(after)
        return sum(
            quantity
            if start in before and end in after
            else -quantity
            if start in after and end in before
            else 0
            for (start, end), quantity in ways.items()
        )

    def at(kind: PlaceKind) -> int:
        return over(every - {kind.value}, {kind.value})

    facility, lost, damaged = (
        PlaceKind.FACILITY.value,
        PlaceKind.LOST.value,
        PlaceKind.DAMAGED.value,
    )
    return Figures(
        shipped=over(OUTSIDE, every - OUTSIDE),
        arrived=over(_NOT_LANDED, every - _NOT_LANDED - {lost}),
        handed_over=over(_NOT_HANDED_OVER, every - _NOT_HANDED_OVER - {lost, damaged}),
        received=over(every - _OUT_OF_FACILITIES - {facility}, {facility}),
        used=at(PlaceKind.USED),
        damaged=at(PlaceKind.DAMAGED),
        lost=at(PlaceKind.LOST),
        on_the_way=at(PlaceKind.TRANSIT),
        at_customs=at(PlaceKind.CUSTOMS),
        in_transport=at(PlaceKind.TRANSPORT),
        in_stores=at(PlaceKind.STORE),
        at_facilities=at(PlaceKind.FACILITY),
        in_quarantine=at(PlaceKind.QUARANTINE),
        counted_off=at(PlaceKind.CORRECTION),
        lost_on_the_way=over(_NOT_LANDED, {lost}),
        lost_at_customs=over({PlaceKind.CUSTOMS.value}, {lost}),
        damaged_before=over(_NOT_HANDED_OVER, {damaged}),
    )
