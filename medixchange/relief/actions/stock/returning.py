"""Sending goods back to a store."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from medixchange.network.models import Member
from medixchange.relief import rules
from medixchange.relief.actions import consignments
from medixchange.relief.actions.retrying import retrying
from medixchange.relief.actions.stock.shared import held_at, lock, require, require_quantity
from medixchange.relief.models import Consignment, Lot, Packed, Place, PlaceKind
from medixchange.relief.refusals import Problem, Refused
from medixchange.relief.states import ConsignmentState


@retrying
@transaction.atomic
def return_goods(
    *,
    place: Place,
    destination: Place,
    lots: Sequence[tuple[Lot, int]],
    by: Member | None,
    note: str = "",
    note_language: str = "",
) -> Consignment:
    """Make a consignment that takes goods back to a store, packed and ready to be dispatched.

    Pressed twice, it makes one: a return that says the same and has not left yet is that return.

    Raises:
        NotAllowed, Refused: the destination is no store, nothing is listed, or too much is.
    """
    require(rules.may_handle(by, place), by)
    if destination.kind != PlaceKind.STORE:
        raise Refused(Problem(_("Goods go back to a store. Choose one."), "destination", "place"))
    if not lots:
        raise Refused(_("Nothing is listed. Give the quantity of at least one lot."))
    lock(place)
    for lot, quantity in lots:
        require_quantity(quantity, f"lot-{lot.pk}")
        held = held_at(place, lot)
        if quantity > held:
            raise Refused(
                Problem(
                    _("%(place)s holds %(held)d of %(lot)s, and this takes %(quantity)d.")
                    % {"place": place, "held": held, "lot": lot, "quantity": quantity},
                    f"lot-{lot.pk}",
                    "below_zero",
                )
            )
    wanted = sorted((lot.pk, quantity) for lot, quantity in lots)
    for earlier in Consignment.objects.filter(
        origin=place, destination=destination, state=ConsignmentState.DRAFT, run=None, created_by=by
    ):
        packed = (
            Packed.objects.filter(box__consignment=earlier)
            .values_list("lot")
            .annotate(total=Sum("quantity"))
        )
        if sorted(packed) == wanted and earlier.note == note.strip():
            return earlier
    made = consignments.add_consignment(
        origin=place, destination=destination, by=by, note=note, note_language=note_language
    )
    boxes = [consignments.Contents(number, [one]) for number, one in enumerate(lots, 1)]
    consignments.pack(consignment=made, boxes=boxes, by=by)
    return made
