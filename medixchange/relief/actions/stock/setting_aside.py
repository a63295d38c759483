"""Goods that nobody may use: quarantine and release from it, and writing off."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from medixchange.network.models import Member
from medixchange.relief import rules
from medixchange.relief.actions import ledger
from medixchange.relief.actions.ledger import Posted
from medixchange.relief.actions.places import account_of
from medixchange.relief.actions.postable import Line, of_the_clock
from medixchange.relief.actions.retrying import retrying
from medixchange.relief.actions.stock.shared import (
    asked_of,
    begin,
    day_at,
    held_at,
    may_use,
    require,
    require_fit,
    require_quantity,
    require_reason,
)
from medixchange.relief.models import DocumentKind, Lot, Place, PlaceKind
from medixchange.relief.queries import places as place_queries
from medixchange.relief.refusals import Problem, Refused

#: What a write-off may say became of the goods.
FATES = (PlaceKind.DAMAGED, PlaceKind.LOST)


@retrying
@transaction.atomic
def write_off(
    *,
    place: Place,
    lot: Lot,
    quantity: int,
    fate: PlaceKind,
    reason: str,
    reason_language: str,
    key: str,
    by: Member | None,
    from_quarantine: bool = False,
    happened_at: datetime | None = None,
) -> Posted:
    """Post that goods are no more: damaged (also: expired and destroyed), or lost.

    Raises:
        NotAllowed, Refused: no reason, not so much there, or a case is open about it.
    """
    require(rules.may_handle(by, place), by)
    if fate not in FATES:
        raise Refused(Problem(_("Say whether it is damaged or lost."), "fate", "fate"))
    asked = asked_of(place, lot, quantity, reason, happened_at)
    asked |= {"fate": fate.value, "from_quarantine": from_quarantine}
    earlier = begin(place, key, DocumentKind.WRITE_OFF, asked)
    if earlier is not None:
        return earlier
    require_quantity(quantity)
    require_reason(reason, _("Say why it is written off."))
    source = account_of(place, PlaceKind.QUARANTINE) if from_quarantine else place
    if from_quarantine:
        _require_free(place, lot, quantity)
    return ledger.post(
        kind=DocumentKind.WRITE_OFF,
        key=key,
        happened_at=happened_at or timezone.now(),
        lines=[Line(lot, quantity, source, account_of(place, fate), "quantity")],
        by=by,
        organisation=place.organisation,
        note=reason,
        note_language=reason_language,
        details={"asked": asked},
    )


@retrying
@transaction.atomic
def quarantine(
    *,
    place: Place,
    lot: Lot,
    quantity: int,
    reason: str,
    reason_language: str,
    key: str,
    by: Member | None,
    happened_at: datetime | None = None,
) -> Posted:
    """Set goods aside so that nobody uses them until somebody has decided.

    Raises:
        NotAllowed, Refused: no reason, or not so much there.
    """
    require(may_use(by, place), by)
    return _aside(
        DocumentKind.QUARANTINE, place, lot, quantity, reason, reason_language, key, by, happened_at
    )


@retrying
@transaction.atomic
def release(
    *,
    place: Place,
    lot: Lot,
    quantity: int,
    reason: str,
    reason_language: str,
    key: str,
    by: Member | None,
    happened_at: datetime | None = None,
) -> Posted:
    """Take goods out of quarantine back into stock.

    Raises:
        NotAllowed: the member does not handle the place's goods.
        Refused: the lot is recalled or has expired, a case is open about it, no reason is given,
            or there is not so much of it.
    """
    require(rules.may_handle(by, place), by)
    return _aside(
        DocumentKind.RELEASE, place, lot, quantity, reason, reason_language, key, by, happened_at
    )


def _aside(
    kind: DocumentKind,
    place: Place,
    lot: Lot,
    quantity: int,
    reason: str,
    reason_language: str,
    key: str,
    by: Member | None,
    happened_at: datetime | None,
) -> Posted:
    asked = asked_of(place, lot, quantity, reason, happened_at)
    earlier = begin(place, key, kind, asked)
    if earlier is not None:
        return earlier
    require_quantity(quantity)
    at = happened_at or timezone.now()
    Refused.if_any(of_the_clock(at))
    account = account_of(place, PlaceKind.QUARANTINE)
    if kind == DocumentKind.RELEASE:
        require_reason(reason, _("Say why it may be used again."))
        require_fit(lot, day_at(place, at))
        _require_free(place, lot, quantity)
        line = Line(lot, quantity, account, place, "quantity")
    else:
        require_reason(reason, _("Say why it is set aside."))
        line = Line(lot, quantity, place, account, "quantity")
    return ledger.post(
        kind=kind,
        key=key,
        happened_at=at,
        lines=[line],
        by=by,
        organisation=place.organisation,
        note=reason,
        note_language=reason_language,
        details={"asked": asked},
    )


def _require_free(place: Place, lot: Lot, quantity: int) -> None:
    """Refuse to touch goods in quarantine that a discrepancy case still has to settle."""
    held = held_at(account_of(place, PlaceKind.QUARANTINE), lot)
    bound = place_queries.bound_by_cases(place).get(lot.pk, 0)
    if bound and quantity > held - bound:
        raise Refused(
            Problem(
                _(
                    "%(bound)d of %(lot)s in quarantine belong to a discrepancy case that is "
                    "still open. Settle the case; that moves the goods."
                )
                % {"bound": bound, "lot": lot},
                "quantity",
                "case_open",
            )
        )
