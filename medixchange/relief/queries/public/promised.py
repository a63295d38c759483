"""What was pledged and what was allocated, for the public figures.

A line that is for several countries together stays so: nothing is divided that nobody divided.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet, Sum

from medixchange.relief.models import AllocationLine, PledgeLine, PledgeSplit
from medixchange.relief.queries.public.asking import Asked
from medixchange.relief.states import PledgeState, RunState


@dataclass(frozen=True, slots=True)
class Open:
    """Part of a pledge's line whose split is not published.

    Attributes:
        countries: ISO codes it is for together; empty where only a region or nothing is named.
    """

    item: int
    donor: int
    quantity: int
    countries: tuple[str, ...]
    region: str
    pledge: str


@dataclass(slots=True)
class Pledged:
    """Sums of pledges.

    Attributes:
        total: by item, whatever the split. Where a country is asked for, its settled part.
        settled: by item, donor and country.
        open: what is promised to several countries together, or to none that is named. Where a
            country is asked for, only what names it, and it is in no sum.
    """

    total: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    settled: dict[tuple[int, int, str], int] = field(default_factory=lambda: defaultdict(int))
    open: list[Open] = field(default_factory=list)


def lines(asked: Asked) -> QuerySet[PledgeLine]:
    """Lines of pledges that stand. A pledge is an example if it or its donor's account is."""
    rows = PledgeLine.objects.exclude(pledge__state=PledgeState.WITHDRAWN).filter(
        **asked.days("pledge__announced_on")
    )
    example = Q(pledge__is_example=True) | Q(pledge__donor__is_example=True)
    rows = rows.filter(example) if asked.example else rows.exclude(example)
    if asked.donor is not None:
        rows = rows.filter(pledge__donor=asked.donor)
    if asked.item is not None:
        rows = rows.filter(item=asked.item)
    return rows


def pledged(asked: Asked) -> Pledged:
    """What was pledged. Two queries."""
    found = Pledged()
    rows = lines(asked).order_by("pledge__announced_on", "pk")
    splits: dict[int, list[tuple[str, int | None]]] = defaultdict(list)
    for line, country, quantity in PledgeSplit.objects.filter(
        line__in=rows.order_by().values("pk")
    ).values_list("line", "country", "quantity"):
        splits[line].append((country, quantity))
    for pk, item, donor, quantity, region, pledge in rows.values_list(
        "pk", "item", "pledge__donor", "quantity", "region", "pledge__reference"
    ):
        parts, left = divide(quantity, splits[pk])
        for country, part in parts.items():
            if asked.country in ("", country):
                found.settled[item, donor, country] += part
                found.total[item] += part
        together = tuple(sorted(code for code, part in splits[pk] if part is None))
        if left and (not asked.country or asked.country in together):
            found.open.append(Open(item, donor, left, together, region, pledge))
            if not asked.country:
                found.total[item] += left
    return found


def divide(quantity: int, splits: list[tuple[str, int | None]]) -> tuple[dict[str, int], int]:
    """What of a line is known to be for each country, and what is not. A line for one country is
    all for it."""
    if len(splits) == 1 and splits[0][1] is None:
        return {splits[0][0]: quantity}, 0
    parts = {country: part for country, part in splits if part}
    return parts, quantity - sum(parts.values())


def allocations(asked: Asked) -> QuerySet[AllocationLine]:
    """Lines of runs that were approved. Whose goods are shared out is not told, so there are none
    where a donor is asked for."""
    rows = AllocationLine.objects.filter(
        run__state__in=[RunState.APPROVED, RunState.ISSUED],
        run__store__is_example=asked.example,
        quantity__gt=0,
        **moments(asked, "run__approved_at"),
    )
    if asked.donor is not None:
        return rows.none()
    if asked.item is not None:
        rows = rows.filter(item=asked.item)
    return rows.filter(facility__country=asked.country) if asked.country else rows


def allocated(asked: Asked) -> dict[tuple[int, str], int]:
    """Base units allocated, by item and country. One query."""
    return {
        (item, country): quantity
        for item, country, quantity in allocations(asked)
        .order_by()
        .values_list("item", "facility__country")
        .annotate(total=Sum("quantity"))
    }


def moments(asked: Asked, name: str) -> dict[str, Any]:
    """Lookups that keep the moments of the days asked for, in UTC."""
    given = {}
    if asked.since is not None:
        given[f"{name}__gte"] = datetime.combine(asked.since, time.min, UTC)
    if asked.until is not None:
        given[f"{name}__lt"] = datetime.combine(asked.until + timedelta(days=1), time.min, UTC)
    return given
