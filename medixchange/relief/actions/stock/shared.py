"""What all changes of stock ask first."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from medixchange.network.models import Member
from medixchange.relief import rules
from medixchange.relief.actions import ledger
from medixchange.relief.actions.ledger import Posted
from medixchange.relief.models import Balance, DocumentKind, Lot, Place, PlaceKind
from medixchange.relief.refusals import Problem, Refused

#: Places whose goods these actions are about.
KEEPING = (PlaceKind.STORE, PlaceKind.FACILITY)


def may_use(member: Member | None, place: Place) -> bool:
    """Record use, and set goods aside: its own people, clinicians too."""
    return rules.holds_any(member, place.owner.organisation, rules.NEEDING)


def day_at(place: Place, at: datetime) -> date:
    """The day that the calendar at a place shows at a moment."""
    return at.astimezone(ZoneInfo(place.time_zone)).date()


def unfit(lot: Lot) -> Problem:
    """Why a lot that is recalled or has expired may not be used, and what to do with it."""
    if lot.recalled_at is not None:
        return Problem(
            _(
                "Lot %(lot)s is recalled and may not be used. "
                "Set it aside in quarantine until the recall is settled."
            )
            % {"lot": lot},
            "lot",
            "recalled",
        )
    return Problem(
        _("Lot %(lot)s expired on %(date)s and may not be used. Write it off.")
        % {"lot": lot, "date": lot.expires_on},
        "lot",
        "expired",
    )


def require_fit(lot: Lot, on: date) -> None:
    """Refuse a lot that is recalled or has expired."""
    if lot.is_unfit(on):
        raise Refused(unfit(lot))


def require(allowed: bool, by: Member | None) -> None:
    """The operator may do all; a member what the rule allows."""
    if by is not None and not allowed:
        raise rules.NotAllowed


def require_quantity(quantity: int, where: str = "quantity") -> None:
    """Refuse nothing, and less."""
    if quantity <= 0:
        raise Refused(
            Problem(
                _("The quantity must be more than nothing, and is %(quantity)d.")
                % {"quantity": quantity},
                where,
                "not_positive",
            )
        )


def require_reason(reason: str, what: str) -> None:
    """Refuse an empty reason, with these words."""
    if not reason.strip():
        raise Refused(Problem(what, "reason", "reason_missing"))


def lock(place: Place) -> None:
    """Hold the place until the end of the transaction."""
    Place.objects.select_for_update(of=("self",)).get(pk=place.pk)


def begin(place: Place, key: str, kind: DocumentKind, asked: Mapping[str, Any]) -> Posted | None:
    """Lock the place, and give the document that this very request has posted before.

    Raises:
        Refused: the place keeps no goods, or the key was used for something else.
    """
    if place.kind not in KEEPING:
        raise Refused(_("%(place)s is neither a store nor a facility.") % {"place": place})
    lock(place)
    earlier = ledger.posted_before(key, kind)
    if earlier is None:
        return None
    if earlier.details.get("asked") != asked:
        raise Refused(
            Problem(
                _(
                    "This form was sent before, and is %(number)s now. "
                    "To record something else, load the page again."
                )
                % {"number": earlier.number},
                "key",
                "key_used",
            )
        )
    return Posted(earlier, new=False)


def held_at(place: Place, lot: Lot) -> int:
    """Base units of a lot at a place."""
    found = Balance.objects.filter(place=place, lot=lot).first()
    return found.quantity if found else 0


def asked_of(
    place: Place, lot: Lot, quantity: int, reason: str, happened_at: datetime | None
) -> dict[str, Any]:
    """What was asked of one lot, to know the same request by."""
    return {
        "place": place.code,
        "lot": lot.pk,
        "quantity": quantity,
        "at": iso(happened_at),
        "note": reason.strip(),
    }


def iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def iso_day(day: date | None) -> str | None:
    return day.isoformat() if day else None
