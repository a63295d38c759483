"""Sums over the ledger's flows for what a reader asks, examples and what happened kept apart.

The small table of totals answers where it can; it does not know donors beside items, so examples
are read from the flows themselves and taken off.
"""

from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Case, F, IntegerField, Q, QuerySet, Sum, Value, When

from medixchange.relief import guards
from medixchange.relief.models import Flow, FlowTotal
from medixchange.relief.queries import figures
from medixchange.relief.queries.figures import Figures
from medixchange.relief.queries.public.asking import Asked

#: Stands for all donor accounts that are not told one by one.
OTHER_GIVERS = 0
#: From one kind of place to another.
Way = tuple[str, str]
Ways = Counter[Way]


def figures_of(ways: Ways) -> Figures:
    """The figures that flows add up to."""
    return figures.of_ways(ways)


def by_item(asked: Asked, items: Collection[int]) -> dict[int, Ways]:
    """What moved of each of these items. Two queries at most."""
    if asked.donor is None and not asked.example:
        dimensions = {"item"}
        dimensions |= {"country"} if asked.country else set()
        dimensions |= {"week"} if asked.since or asked.until else set()
        for kept in guards.DIMENSIONS:
            if dimensions <= set(kept.split()):
                sums = _sums(_narrow(FlowTotal.objects.filter(dimensions=kept), asked), "item")
                if asked.examples:
                    examples = Flow.objects.filter(item__in=items, source__in=asked.examples)
                    for item, ways in _sums(_narrow(examples, asked), "item").items():
                        sums[item].subtract(ways)
                return _without_nothing(sums)
    return _without_nothing(_sums(_flows(asked, items), "item"))


def by_giver_and_country(asked: Asked, givers: Collection[int]) -> dict[tuple[int, str], Ways]:
    """What moved of the item asked for, by donor account and country; accounts that are not among
    ``givers`` together, as ``OTHER_GIVERS``. One query."""
    rows = _flows(asked).annotate(
        giver=Case(
            When(source__in=list(givers), then=F("source_id")),
            default=Value(OTHER_GIVERS),
            output_field=IntegerField(),
        )
    )
    return _without_nothing(_sums(rows, "giver", "country"))


def by_week(asked: Asked) -> dict[date, Ways]:
    """What moved of the item asked for in each week, by its Monday. One query."""
    return _without_nothing(_sums(_flows(asked), "week"))


def by_all(asked: Asked, items: Collection[int]) -> dict[tuple[int, int, str], Ways]:
    """What moved, by item, donor account and country; for files. One query."""
    return _without_nothing(_sums(_flows(asked, items), "item", "source", "country"))


def weeks_of(asked: Asked, ways: Q) -> set[date]:
    """The Mondays of weeks with flows of these ways; where neither item nor donor is asked for,
    some weeks of others too. One query."""
    rows: QuerySet[Any]
    if asked.item is not None:
        rows = _flows(asked)
    elif asked.donor is not None:
        rows = FlowTotal.objects.filter(dimensions="source week", source=asked.donor.pk)
        rows = rows.filter(**asked.days("week"))
    else:
        rows = _narrow(FlowTotal.objects.filter(dimensions="country week"), asked)
    return set(rows.filter(ways).order_by().values_list("week", flat=True).distinct())


def countries() -> list[str]:
    """Countries that goods went to. One query."""
    return list(
        FlowTotal.objects.filter(dimensions="source country")
        .order_by("country")
        .values_list("country", flat=True)
        .distinct()
    )


def _flows(asked: Asked, items: Collection[int] = ()) -> QuerySet[Flow]:
    """The flows asked for. Naming items and accounts lets the database find them by its index."""
    rows = _narrow(Flow.objects.all(), asked)
    rows = rows.filter(item=asked.item.pk) if asked.item else rows.filter(item__in=items)
    if asked.donor is not None:
        rows = rows.filter(source=asked.donor)
    if asked.example:
        return rows.filter(source__in=asked.examples)
    return rows.exclude(source__in=asked.examples) if asked.examples else rows


def _narrow(rows: QuerySet[Any], asked: Asked) -> QuerySet[Any]:
    given: dict[str, Any] = asked.days("week")
    if asked.country:
        given["country"] = asked.country
    return rows.filter(**given)


def _sums(rows: QuerySet[Any], *dimensions: str) -> dict[Any, Ways]:
    sums: dict[Any, Ways] = defaultdict(Counter)
    for *keys, start, end, quantity in (
        rows.order_by().values_list(*dimensions, "from_kind", "to_kind").annotate(q=Sum("quantity"))
    ):
        sums[keys[0] if len(keys) == 1 else tuple(keys)][start, end] += quantity
    return sums


def _without_nothing(sums: dict[Any, Ways]) -> dict[Any, Ways]:
    """Without flows that a reversal or an example took away whole."""
    found = {
        key: Counter({way: quantity for way, quantity in ways.items() if quantity})
        for key, ways in sums.items()
    }
    return {key: ways for key, ways in found.items() if ways}
