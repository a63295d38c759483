"""A stock count, and stock that was there before the ledger began."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from medixchange.core import audit
from medixchange.network.models import Member
from medixchange.relief import rules
from medixchange.relief.actions import ledger
from medixchange.relief.actions.ledger import Posted
from medixchange.relief.actions.lots import lot_of
from medixchange.relief.actions.places import account_of, add_place
from medixchange.relief.actions.postable import Line
from medixchange.relief.actions.retrying import retrying
from medixchange.relief.actions.stock.shared import (
    begin,
    iso,
    iso_day,
    require,
    require_quantity,
    require_reason,
)
from medixchange.relief.models import Balance, DocumentKind, Item, Lot, Place, PlaceKind
from medixchange.relief.refusals import Problem, Refused


@dataclass(frozen=True, slots=True)
class Counted:
    """One lot as a stock count found it.

    Attributes:
        seen: what the ledger said when the count began.
        counted: what is there.
    """

    lot: Lot
    seen: int
    counted: int
    where: str = ""


@retrying
@transaction.atomic
def count(
    *,
    place: Place,
    rows: Sequence[Counted],
    reason: str,
    reason_language: str,
    key: str,
    by: Member | None,
    happened_at: datetime | None = None,
) -> Posted | None:
    """Post the differences a stock count found, against the place's correction account.

    Returns:
        None where everything was as in the ledger: there is nothing to post, and the audit trail
        keeps that it was counted.

    Raises:
        NotAllowed, Refused: goods moved while they were counted, a number is negative, or there
            are differences and no reason.
    """
    require(rules.may_handle(by, place), by)
    asked = {
        "place": place.code,
        "rows": [[row.lot.pk, row.seen, row.counted] for row in rows],
        "at": iso(happened_at),
        "note": reason.strip(),
    }
    earlier = begin(place, key, DocumentKind.COUNT, asked)
    if earlier is not None:
        return earlier
    held = {
        balance.lot_id: balance.quantity
        for balance in Balance.objects.filter(place=place, lot__in=[row.lot for row in rows])
    }
    Refused.if_any(_of_count(rows, held))
    account = account_of(place, PlaceKind.CORRECTION)
    lines = [
        Line(row.lot, row.counted - row.seen, account, place, row.where)
        if row.counted > row.seen
        else Line(row.lot, row.seen - row.counted, place, account, row.where)
        for row in rows
        if row.counted != row.seen
    ]
    if not lines:
        audit.record("stock.counted", place, by=by, lots=len(rows), differences=0)
        return None
    require_reason(reason, _("Say why the stock differs, or that you do not know."))
    return ledger.post(
        kind=DocumentKind.COUNT,
        key=key,
        happened_at=happened_at or timezone.now(),
        lines=lines,
        by=by,
        organisation=place.organisation,
        note=reason,
        note_language=reason_language,
        details={"asked": asked},
    )


def _of_count(rows: Sequence[Counted], held: Mapping[int, int]) -> list[Problem]:
    problems = []
    for row in rows:
        now = held.get(row.lot.pk, 0)
        if row.counted < 0:
            problems.append(
                Problem(
                    _("%(lot)s: a count is 0 or more, and this is %(counted)d.")
                    % {"lot": row.lot, "counted": row.counted},
                    row.where,
                    "not_positive",
                )
            )
        elif now != row.seen:
            problems.append(
                Problem(
                    _(
                        "%(lot)s moved while you counted: the ledger said %(seen)d, and says "
                        "%(now)d now. Load the page again and count this lot again."
                    )
                    % {"lot": row.lot, "seen": row.seen, "now": now},
                    row.where,
                    "moved_meanwhile",
                )
            )
    return problems


@dataclass(frozen=True, slots=True)
class Opening:
    """Goods of one lot that were there before the ledger began."""

    item: Item
    quantity: int
    number: str = ""
    expires_on: date | None = None
    where: str = ""


@retrying
@transaction.atomic
def opening(
    *,
    place: Place,
    rows: Sequence[Opening],
    key: str,
    by: Member | None,
    source: Place | None = None,
    happened_at: datetime | None = None,
    note: str = "",
    note_language: str = "",
) -> Posted:
    """Post stock that was there before the ledger began.

    Args:
        source: the donor account it counts under; None for one of the place's own organisation,
            made when it is first needed.

    Raises:
        NotAllowed: the member does not handle the place's goods, or those of ``source``.
        Refused: nothing is listed, a quantity is not positive, an expiry date is missing.
    """
    require(rules.may_handle(by, place), by)
    if source is not None:
        require(source.kind == PlaceKind.DONOR and rules.may_handle(by, source), by)
    asked = {
        "place": place.code,
        "rows": [
            [row.item.code, row.number, iso_day(row.expires_on), row.quantity] for row in rows
        ],
        "at": iso(happened_at),
        "note": note.strip(),
    }
    earlier = begin(place, key, DocumentKind.OPENING, asked)
    if earlier is not None:
        return earlier
    if not rows:
        raise Refused(_("Nothing is listed. Give at least one item with its quantity."))
    giver = source or own_account(place)
    for row in rows:
        require_quantity(row.quantity, row.where)
    return ledger.post(
        kind=DocumentKind.OPENING,
        key=key,
        happened_at=happened_at or timezone.now(),
        lines=[
            Line(
                lot_of(
                    item=row.item,
                    source=giver,
                    number=row.number,
                    expires_on=row.expires_on,
                    where=row.where,
                ),
                row.quantity,
                giver,
                place,
                row.where,
            )
            for row in rows
        ],
        by=by,
        organisation=place.organisation,
        note=note,
        note_language=note_language,
        details={"asked": asked},
    )


def own_account(place: Place) -> Place:
    """The donor account of the organisation that keeps a place. Call in a transaction.

    Raises:
        Refused: no organisation keeps it.
    """
    if place.organisation is None:
        raise Refused(
            _("No organisation answers for %(place)s yet, so nobody can enter stock for it.")
            % {"place": place}
        )
    found = Place.objects.filter(
        kind=PlaceKind.DONOR, organisation=place.organisation, is_example=place.is_example
    ).first()
    return found or add_place(
        name=place.organisation.name,
        kind=PlaceKind.DONOR,
        country=place.organisation.country,
        organisation=place.organisation,
        is_example=place.is_example,
        by=None,
    )
