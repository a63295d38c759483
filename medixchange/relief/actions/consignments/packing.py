"""Making a consignment, and putting down what is in its boxes, until it leaves."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from medixchange.core import audit
from medixchange.network.models import Member, Organisation
from medixchange.relief import rules, texts
from medixchange.relief.actions.consignments.holding import locked
from medixchange.relief.actions.numbering import next_reference
from medixchange.relief.models import (
    AllocationRun,
    Box,
    Consignment,
    Lot,
    Packed,
    Place,
    PlaceKind,
    Pledge,
)
from medixchange.relief.models.places import WITH_A_DOOR
from medixchange.relief.refusals import Problem, Refused
from medixchange.relief.states import ConsignmentState


@dataclass(frozen=True, slots=True)
class Contents:
    """One box as it is packed. ``gross_weight_g`` is in grams."""

    number: int
    lots: Sequence[tuple[Lot, int]] = field(default_factory=list)
    sscc: str = ""
    gross_weight_g: int | None = None


@transaction.atomic
def add_consignment(
    *,
    origin: Place,
    destination: Place,
    by: Member | None,
    pledge: Pledge | None = None,
    run: AllocationRun | None = None,
    carrier: Organisation | None = None,
    transport_reference: str = "",
    expected_on: date | None = None,
    note: str = "",
    note_language: str = "",
    is_example: bool = False,
) -> Consignment:
    """Begin a consignment, to be packed. ``by=None`` is the operator.

    Raises:
        NotAllowed: the member does not handle goods at the origin.
        Refused: an end is no place with a door, or both are the same.
    """
    if by is not None and not rules.may_handle(by, origin):
        raise rules.NotAllowed
    if origin.kind not in WITH_A_DOOR or destination.kind not in (
        PlaceKind.STORE,
        PlaceKind.FACILITY,
    ):
        raise Refused(_("Goods go from a donor, store or facility to a store or facility."))
    if origin == destination:
        raise Refused(_("Origin and destination are the same place. Choose another destination."))
    consignment = Consignment.objects.create(
        reference=next_reference("C"),
        origin=origin,
        destination=destination,
        pledge=pledge,
        run=run,
        carrier=carrier,
        transport_reference=transport_reference.strip(),
        expected_on=expected_on,
        note=note.strip(),
        note_language=note_language,
        is_example=is_example,
        created_by=by,
    )
    texts.keep(note.strip(), note_language)
    audit.record("consignment.added", consignment, by=by, reference=consignment.reference)
    return consignment


@transaction.atomic
def pack(*, consignment: Consignment, boxes: Sequence[Contents], by: Member | None) -> None:
    """Put down the whole packing list in place of what was there.

    Raises:
        NotAllowed, Refused: it has left already, a box number or SSCC occurs twice, a box is empty,
            or a quantity is not positive.
    """
    consignment = locked(consignment)
    if by is not None and not rules.may_send(by, consignment):
        raise rules.NotAllowed
    if consignment.state != ConsignmentState.DRAFT:
        raise Refused(
            _("%(reference)s has left; its packing list cannot be changed any more.")
            % {"reference": consignment.reference}
        )
    Refused.if_any(_of_boxes(boxes))
    Refused.if_any(_of_examples(boxes, consignment.destination))
    Box.objects.filter(consignment=consignment).delete()
    rows = Box.objects.bulk_create(
        [
            Box(
                consignment=consignment,
                number=box.number,
                sscc=box.sscc,
                gross_weight_g=box.gross_weight_g,
            )
            for box in boxes
        ],
        batch_size=1000,
    )
    Packed.objects.bulk_create(
        [
            Packed(box=row, lot=lot, quantity=quantity)
            for row, box in zip(rows, boxes, strict=True)
            for lot, quantity in box.lots
        ],
        batch_size=1000,
    )
    # What carries made-up goods is itself an example, and says so on every page.
    if boxes and consignment.is_example != _carries_examples(boxes):
        consignment.is_example = not consignment.is_example
        consignment.save(update_fields=["is_example"])
    audit.record("consignment.packed", consignment, by=by, boxes=len(rows))


def _carries_examples(boxes: Sequence[Contents]) -> bool:
    return any(lot.source.is_example for box in boxes for lot, _quantity in box.lots)


def _of_examples(boxes: Sequence[Contents], destination: Place) -> list[Problem]:
    kinds = {lot.source.is_example for box in boxes for lot, _quantity in box.lots}
    if len(kinds) > 1:
        what = _("Goods of an example and goods that are really there do not travel together.")
    elif destination.is_example and False in kinds:
        what = _("%(place)s is an example. Goods that are really there cannot be sent to it.") % {
            "place": destination
        }
    else:
        return []
    return [Problem(what, code="example")]


def _of_boxes(boxes: Sequence[Contents]) -> list[Problem]:
    problems = []
    numbers = Counter(box.number for box in boxes)
    codes = Counter(box.sscc for box in boxes if box.sscc)
    for box in boxes:
        where = f"boxes.{box.number}"
        if numbers[box.number] > 1:
            problems.append(
                Problem(
                    _("Box %(number)d is listed twice.") % {"number": box.number}, where, "twice"
                )
            )
        if box.sscc and codes[box.sscc] > 1:
            problems.append(
                Problem(_("SSCC %(sscc)s is on two boxes.") % {"sscc": box.sscc}, where, "twice")
            )
        if not box.lots:
            problems.append(
                Problem(_("Box %(number)d is empty.") % {"number": box.number}, where, "empty")
            )
        problems += [
            Problem(
                _("Box %(number)d: the quantity of %(lot)s must be more than nothing.")
                % {"number": box.number, "lot": lot},
                where,
                "not_positive",
            )
            for lot, quantity in box.lots
            if quantity <= 0
        ]
    return problems
