"""Lots: finding or making them, putting an expiry date right, and naming a lot as recalled."""

from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from medixchange.core import audit
from medixchange.network.models import Member
from medixchange.relief import rules
from medixchange.relief.models import Item, Lot, Place
from medixchange.relief.refusals import Problem, Refused


@transaction.atomic
def lot_of(
    *, item: Item, source: Place, number: str, expires_on: date | None, where: str = ""
) -> Lot:
    """The lot of this number that came from this donor account, made where it is new.

    Raises:
        Refused: the item needs an expiry date and has none, or the lot is known with another.
    """
    number = " ".join(number.split()).upper()
    if item.expires and expires_on is None:
        raise Refused(_expiry_missing(item, where))
    if len(number) > 40:
        raise Refused(Problem(_("A lot number has at most 40 characters."), where, "lot_number"))
    lot, _new = Lot.objects.get_or_create(
        item=item, source=source, number=number, defaults={"expires_on": expires_on}
    )
    if lot.expires_on != expires_on and expires_on is not None:
        raise Refused(
            Problem(
                _(
                    "Lot %(lot)s is known to expire on %(known)s, not on %(given)s. Look at the "
                    "box; if the known date is wrong, have it corrected on the page of the lot."
                )
                % {"lot": lot, "known": lot.expires_on or _("no date"), "given": expires_on},
                where,
                "expiry_differs",
                reverse("relief_lot", args=[lot.pk]),
            )
        )
    return lot


def _expiry_missing(item: Item, where: str) -> Problem:
    return Problem(
        _("%(item)s carries an expiry date. Give the one printed on the box.") % {"item": item},
        where,
        "expiry_missing",
    )


@transaction.atomic
def correct_expiry(*, lot: Lot, expires_on: date | None, reason: str, by: Member) -> Lot:
    """Put right an expiry date that was typed wrong; who, when, why and the old date are on record.

    Raises:
        NotAllowed: the member may not keep the catalogue, nor handles goods of the donor.
        Refused: no reason is given, or the item needs a date and none is.
    """
    lot = (
        Lot.objects.select_for_update(of=("self",)).select_related("item", "source").get(pk=lot.pk)
    )
    if not rules.may_correct_expiry(by, lot):
        raise rules.NotAllowed
    if lot.item.expires and expires_on is None:
        raise Refused(_expiry_missing(lot.item, "expires_on"))
    if not reason.strip():
        raise Refused(Problem(_("Say why the date is changed."), "reason", "reason_missing"))
    # Pressed twice, it is corrected once.
    if expires_on == lot.expires_on:
        return lot
    before, lot.expires_on = lot.expires_on, expires_on
    lot.save(update_fields=["expires_on"])
    audit.record(
        "lot.expiry_corrected",
        lot,
        by=by,
        before=before.isoformat() if before else None,
        after=expires_on.isoformat() if expires_on else None,
        reason=reason.strip(),
    )
    return lot


@transaction.atomic
def recall(*, number: str, item: Item, reason: str, by: Member) -> list[Lot]:
    """Name every lot of this number and item as recalled, whoever gave it.

    From then on it cannot be given out; what is where is ``queries.stock.whereabouts``.

    Raises:
        NotAllowed, Refused: no such lot, or no reason.
    """
    if not rules.may_recall(by):
        raise rules.NotAllowed
    if not reason.strip():
        raise Refused(Problem(_("Say why the lot is recalled."), "reason", "reason_missing"))
    lots = list(
        Lot.objects.select_for_update(of=("self",)).filter(
            item=item, number=" ".join(number.split()).upper()
        )
    )
    if not lots:
        raise Refused(
            Problem(
                _("No lot “%(number)s” of %(item)s is known. Check the number on the box.")
                % {"number": number, "item": item},
                "number",
                "lot_unknown",
            )
        )
    for lot in lots:
        if lot.recalled_at is None:
            lot.recalled_at = timezone.now()
            lot.save(update_fields=["recalled_at"])
            audit.record("lot.recalled", lot, by=by, reason=reason.strip())
    return lots


@transaction.atomic
def lift_recall(*, lots: list[Lot], reason: str, by: Member) -> None:
    """Let lots be given out again."""
    if not rules.may_recall(by):
        raise rules.NotAllowed
    if not reason.strip():
        raise Refused(Problem(_("Say why the recall is lifted."), "reason", "reason_missing"))
    for lot in lots:
        lot.recalled_at = None
        lot.save(update_fields=["recalled_at"])
        audit.record("lot.recall_lifted", lot, by=by, reason=reason.strip())
