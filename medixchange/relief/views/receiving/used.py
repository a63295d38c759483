"""What was used at a place, as a phone without a line has kept it: the stock it keeps, and what it
sends."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from medixchange.network.models import Member
from medixchange.relief import access
from medixchange.relief.actions import stock
from medixchange.relief.actions.ledger import Posted
from medixchange.relief.models import Item, Place, PlaceKind
from medixchange.relief.queries import names, places
from medixchange.relief.refusals import Problem, Refused
from medixchange.relief.views.receiving.said import Unreadable, moment_of, quantity_of, text_of


def kept(who: Member, language: str) -> list[dict[str, Any]]:
    """Facilities at which a member records use, each with what may be used there, as JSON."""
    own = access.places_of(who, PlaceKind.FACILITY)
    held = places.held(own, today=timezone.now().date())
    lines = {place.pk: [line for line in held.get(place.pk, []) if line.usable] for place in own}
    named = names.of([line.item for rows in lines.values() for line in rows], language)
    return [
        {
            "code": place.code,
            "name": place.name,
            "items": [
                {
                    "code": line.item.code,
                    "name": named[line.item.pk].text,
                    "lang": named[line.item.pk].language.tag,
                    "unit": line.item.get_unit_display(),
                    "usable": line.usable,
                }
                for line in lines[place.pk]
            ],
        }
        for place in own
    ]


def record(sent: Mapping[str, Any], *, who: Member, ahead: timedelta) -> Posted:
    """Read what a phone says was used, and post it.

    Args:
        sent: as ``use.js`` makes it.
        ahead: how much the server's clock is ahead of the phone's.

    Raises:
        Refused
    """
    key, at = text_of(sent, "key"), sent.get("happened_at")
    claimed, happened_at = moment_of(at, timedelta()), moment_of(at, ahead)
    if not 8 <= len(key) <= 80 or claimed is None or happened_at is None:
        raise Refused(_("What this phone sent cannot be read. Load the page again."))
    place = _place(text_of(sent, "place"), who)
    item = Item.objects.filter(code=text_of(sent, "item")).first()
    if item is None:
        raise Refused(
            Problem(_("These goods are in no list. Fetch the lists anew."), "item", "item_unknown")
        )
    try:
        quantity = quantity_of(sent, "quantity")
    except Unreadable as error:
        raise Refused(error.problem) from error
    return stock.use(
        place=place,
        item=item,
        quantity=quantity,
        key=key,
        by=who,
        happened_at=happened_at,
        claimed_at=claimed,
    )


def _place(code: str, who: Member) -> Place:
    """A place where the member may record use; others are as if they were not there."""
    found = Place.objects.filter(code=code, kind__in=stock.KEEPING).first()
    if found is None or not stock.may_use(who, found):
        raise Refused(
            Problem(
                _("You record no use at %(place)s. Sign in as who does.") % {"place": code[:80]},
                "place",
                "unknown",
            )
        )
    return found
