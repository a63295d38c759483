"""Pledges in words and pictures: what the templates show of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from medixchange.core import languages
from medixchange.core.templatetags.parts import grouped
from medixchange.relief.models import Item, Pledge, PledgeLine
from medixchange.relief.queries.giving import Change, Moved, Progress, Standing
from medixchange.relief.queries.names import of as names_of
from medixchange.relief.queries.public.visible import place_name
from medixchange.relief.views.giving.forms import named as country_name
from medixchange.translation.queries import Shown

#: Width of a bar in the units of its picture.
BAR = 1000


@dataclass(frozen=True, slots=True)
class Bar:
    """How far one item of a pledge has come; widths out of ``BAR``."""

    progress: Progress
    name: Shown
    shipped: int
    arrived: int
    received: int
    words: str


@dataclass(frozen=True, slots=True)
class Told:
    """A pledge as a list shows it."""

    pledge: Pledge
    donor: str
    #: Countries by name, then regions as published.
    recipients: list[str]
    bars: list[Bar]


@dataclass(frozen=True, slots=True)
class Part:
    """A country that a line is for, and its part in words."""

    country: str
    quantity: int | None


@dataclass(frozen=True, slots=True)
class ToldLine:
    """A line of a pledge as its page shows it."""

    row: PledgeLine
    name: Shown
    parts: list[Part]
    #: What is not said of the split, in words; empty where nothing is open.
    open: str


@dataclass(frozen=True, slots=True)
class ToldMoved:
    """What went to one country."""

    row: Moved
    name: Shown
    country: str


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a pledge's history, in words."""

    at: datetime
    what: str
    more: list[str]


def told(standing: Standing, named: Mapping[int, Shown]) -> Told:
    """A pledge with its bars; ``named`` holds the names of its items."""
    return Told(
        standing.pledge,
        place_name(standing.pledge.donor, languages.get(get_language() or "en").tag),
        [*map(country_name, standing.countries), *standing.regions],
        [_bar(progress, named[progress.item.pk]) for progress in standing.progress],
    )


def _bar(progress: Progress, name: Shown) -> Bar:
    # What was sent beyond the promise fills the bar, and the words tell the rest.
    whole = max(progress.pledged, progress.shipped, 1)
    words = _(
        "%(name)s: pledged %(pledged)s, shipped %(shipped)s, arrived %(arrived)s, "
        "received %(received)s"
    ) % {
        "name": name.text,
        "pledged": grouped(progress.pledged),
        "shipped": grouped(progress.shipped),
        "arrived": grouped(progress.arrived),
        "received": grouped(progress.received),
    }
    return Bar(
        progress,
        name,
        shipped=BAR * max(progress.shipped, 0) // whole,
        arrived=BAR * max(progress.arrived, 0) // whole,
        received=BAR * max(progress.received, 0) // whole,
        words=words,
    )


def line(row: PledgeLine, named: Mapping[int, Shown]) -> ToldLine:
    """A line, with what is known and what is open of its split."""
    parts = [Part(country_name(split.country), split.quantity) for split in row.splits.all()]
    unknown = [part.country for part in parts if part.quantity is None]
    if len(parts) < 2:
        said = ""
    elif len(unknown) == len(parts):
        said = _("How much is for which country was not published.")
    elif unknown:
        said = _("Not published yet: the part of %(countries)s.") % {
            "countries": ", ".join(unknown)
        }
    else:
        said = ""
    if not parts and row.region:
        said = _("Which countries get how much was not published.")
    return ToldLine(row, named[row.item_id], parts, said)


def by_country(standing: Standing, named: Mapping[int, Shown]) -> list[ToldMoved]:
    """What went to which country, where it went to more than one."""
    rows = [row for row in standing.moved if row.shipped]
    if len({row.country for row in rows}) < 2:
        return []
    return [ToldMoved(row, named[row.item.pk], country_name(row.country)) for row in rows]


def history(
    changes: Sequence[Change], items: Mapping[str, Item], named: Mapping[int, Shown]
) -> list[Event]:
    """What happened to a pledge, in the reader's words."""
    return [Event(change.at, *_event(change, items, named)) for change in changes]


def _event(
    change: Change, items: Mapping[str, Item], named: Mapping[int, Shown]
) -> tuple[str, list[str]]:
    details = change.details

    def item() -> str:
        found = items.get(details.get("item", ""))
        return named[found.pk].text if found else str(details.get("item", ""))

    reason = [details["reason"]] if details.get("reason") else []
    match change.action:
        case "pledge.added":
            number = len(details.get("lines", ()))
            return (
                ngettext(
                    "Put on record with %(number)d line.",
                    "Put on record with %(number)d lines.",
                    number,
                )
                % {"number": number},
                [],
            )
        case "pledge.line_added":
            return (
                _("Added: %(quantity)s %(item)s.")
                % {"quantity": grouped(details["quantity"]), "item": item()},
                [],
            )
        case "pledge.split_settled":
            said = _("Split of %(item)s:") % {"item": item()}
            return said, [*_split(details["before"], details["after"]), *reason]
        case "pledge.confirmed":
            return _("Confirmed by the receiving side."), []
        case "pledge.fulfilled":
            return _("Fulfilled: all of it was sent."), []
        case "pledge.reopened":
            return _("Open again: a dispatch was taken back."), []
        case "pledge.closed":
            return _("Closed short."), reason
        case "pledge.withdrawn":
            return _("Withdrawn."), reason
        case _:
            return change.action, reason


def _split(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """A sentence for each country whose part changed."""
    return [
        _("%(country)s: %(before)s → %(after)s")
        % {
            "country": country_name(code),
            "before": _part(before.get(code)),
            "after": _part(quantity),
        }
        for code, quantity in after.items()
        if before.get(code) != quantity or code not in before
    ]


def _part(quantity: int | None) -> str:
    return _("not known") if quantity is None else grouped(quantity)


def all_told(standings: Sequence[Standing], language: str) -> list[Told]:
    """Pledges with their bars for a reader of ``language``, in their order."""
    named = names_of(
        [progress.item for standing in standings for progress in standing.progress], language
    )
    return [told(standing, named) for standing in standings]
