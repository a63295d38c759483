"""What a reader of the public figures asks for."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from medixchange.relief.models import MAY_GO_BELOW, Consignment, Item, Place, PlaceKind, Pledge
from medixchange.relief.queries.figures import monday


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the public pages.

    Attributes:
        country: ISO 3166-1 alpha-2; empty for all.
        since, until: whole weeks, from a Monday to a Sunday; the ledger's sums are kept by week.
        example: examples alone. Without it, what happened alone: the two are never one number.
        examples: keys of the accounts whose goods are made-up examples.
    """

    donor: Place | None = None
    country: str = ""
    item: Item | None = None
    since: date | None = None
    until: date | None = None
    example: bool = False
    examples: tuple[int, ...] = ()

    def of(self, item: Item | None) -> "Asked":
        """The same, asked of one item."""
        return replace(self, item=item)

    @property
    def is_part_of_time(self) -> bool:
        """Whether it leaves out the beginning, so that figures are what was added meanwhile."""
        return self.since is not None

    def parameters(self) -> dict[str, str]:
        """The query string that asks the same, for links."""
        given = {
            "donor": self.donor.code if self.donor else "",
            "country": self.country,
            "item": self.item.code if self.item else "",
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "example": "1" if self.example else "",
        }
        return {name: value for name, value in given.items() if value}

    def days(self, field: str) -> dict[str, Any]:
        """Lookups that keep the days asked for."""
        given = {f"{field}__gte": self.since, f"{field}__lte": self.until}
        return {name: value for name, value in given.items() if value is not None}


def week_of(day: date) -> tuple[date, date]:
    """The Monday and the Sunday of a day's week."""
    first = monday(day)
    return first, first + timedelta(days=6)


def givers() -> list[Place]:
    """Donor accounts that promised or sent something, and those of examples, by name. Others are of
    places that entered the stock they had; restricted ones are not named. One query."""
    return list(
        Place.objects.filter(
            Exists(Pledge.objects.filter(donor=OuterRef("pk")))
            | Exists(Consignment.objects.filter(origin=OuterRef("pk")))
            | Q(is_example=True),
            kind=PlaceKind.DONOR,
            is_restricted=False,
        ).order_by("name", "pk")
    )


def example_accounts() -> tuple[int, ...]:
    """Keys of the accounts of examples that lots come from: donors, and what a store of an example
    had not counted. One query."""
    return tuple(
        Place.objects.filter(kind__in=MAY_GO_BELOW, is_example=True).values_list("pk", flat=True)
    )
