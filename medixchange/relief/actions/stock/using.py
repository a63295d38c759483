"""Recording that goods were used."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from medixchange.network.models import Member
from medixchange.relief.actions import ledger
from medixchange.relief.actions.ledger import Posted
from medixchange.relief.actions.places import account_of
from medixchange.relief.actions.postable import Line, of_the_clock
from medixchange.relief.actions.retrying import retrying
from medixchange.relief.actions.stock.shared import (
    begin,
    day_at,
    held_at,
    iso,
    may_use,
    require,
    require_fit,
    require_quantity,
    unfit,
)
from medixchange.relief.models import DocumentKind, Item, Lot, Place, PlaceKind
from medixchange.relief.queries import stock as stock_queries
from medixchange.relief.queries.stock import Taken
from medixchange.relief.refusals import Problem, Refused


@retrying
@transaction.atomic
def use(
    *,
    place: Place,
    item: Item,
    quantity: int,
    key: str,
    by: Member | None,
    happened_at: datetime | None = None,
    lot: Lot | None = None,
    note: str = "",
    note_language: str = "",
    claimed_at: datetime | None = None,
) -> Posted:
    """Post that goods were used: first expiry first, or of one lot if ``lot`` names it.

    Args:
        quantity: base units.
        happened_at: None for now.
        claimed_at: when it was by the clock of the device that says so, where ``happened_at`` is
            put right by that clock's error. The error is reckoned anew each time the device sends
            it, so the same request is known by this.

    Raises:
        NotAllowed: the member is not of the place's people.
        Refused: the place does not hold so much that is neither expired nor recalled.
    """
    require(may_use(by, place), by)
    asked = {
        "place": place.code,
        "item": item.code,
        "quantity": quantity,
        "lot": lot.pk if lot else None,
        "at": iso(claimed_at or happened_at),
        "note": note.strip(),
    }
    earlier = begin(place, key, DocumentKind.USE, asked)
    if earlier is not None:
        return earlier
    require_quantity(quantity)
    at = happened_at or timezone.now()
    Refused.if_any(of_the_clock(at))
    taken = _lots_to_use(place, item, quantity, day_at(place, at), lot)
    account = account_of(place, PlaceKind.USED)
    return ledger.post(
        kind=DocumentKind.USE,
        key=key,
        happened_at=at,
        lines=[Line(part.lot, part.quantity, place, account, "quantity") for part in taken],
        by=by,
        organisation=place.organisation,
        note=note,
        note_language=note_language,
        details={"asked": asked},
    )


def _lots_to_use(
    place: Place, item: Item, quantity: int, on: date, lot: Lot | None
) -> Sequence[Taken]:
    if lot is not None:
        require_fit(lot, on)
        held = held_at(place, lot)
        if held < quantity:
            raise Refused(_too_much(place, str(lot), held, quantity, item))
        return [Taken(lot, quantity)]
    taken = stock_queries.first_expiry_first(place, item, quantity, on=on)
    usable = sum(part.quantity for part in taken)
    if usable == quantity:
        return taken
    problems = [_too_much(place, str(item), usable, quantity, item)]
    problems += [
        unfit(row.lot) for row in stock_queries.at_place(place, item=item) if row.lot.is_unfit(on)
    ]
    raise Refused(*problems)


def _too_much(place: Place, what: str, held: int, wanted: int, item: Item) -> Problem:
    return Problem(
        _(
            "%(place)s holds %(held)d %(unit)s of %(what)s that may be used, and this takes "
            "%(wanted)d. Check the number; if more is there than this, record a stock count."
        )
        % {
            "place": place,
            "held": held,
            "unit": item.get_unit_display(),
            "what": what,
            "wanted": wanted,
        },
        "quantity",
        "below_zero",
    )
