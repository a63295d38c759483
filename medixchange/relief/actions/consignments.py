"""Consignments on their way: making, packing, dispatch, arrival, and the stages between.

What the receiver counts is in ``receiving.py``.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from medixchange.core import audit
from medixchange.network.models import Member, Organisation
from medixchange.relief import rules, states, texts
from medixchange.relief.actions import giving, ledger
from medixchange.relief.actions.ledger import Line, Posted
from medixchange.relief.actions.numbering import next_reference
from medixchange.relief.actions.places import account_of_consignment
from medixchange.relief.models import (
    AllocationRun,
    Balance,
    Box,
    Consignment,
    DocumentKind,
    Lot,
    Packed,
    Place,
    PlaceKind,
    Pledge,
    Stage,
    StageKind,
)
from medixchange.relief.models.places import OF_CONSIGNMENT, WITH_A_DOOR
from medixchange.relief.refusals import Problem, Refused
from medixchange.relief.states import ConsignmentState

#: Stages that are recorded alone; the others come with a document.
_ALONE = {
    StageKind.HELD: ConsignmentState.HELD,
    StageKind.RELEASED: ConsignmentState.RELEASED,
    StageKind.IN_TRANSPORT: None,
    StageKind.HANDED_OVER: None,
}


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
    consignment = _locked(consignment)
    if by is not None and not rules.may_send(by, consignment):
        raise rules.NotAllowed
    if consignment.state != ConsignmentState.DRAFT:
        raise Refused(
            _("%(reference)s has left; its packing list cannot be changed any more.")
            % {"reference": consignment.reference}
        )
    Refused.if_any(_of_boxes(boxes))
    Refused.if_any(_of_examples(boxes))
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


def _of_examples(boxes: Sequence[Contents]) -> list[Problem]:
    if len({lot.source.is_example for box in boxes for lot, _quantity in box.lots}) < 2:
        return []
    return [
        Problem(
            _("Goods of an example and goods that are really there do not travel together."),
            code="example",
        )
    ]


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


@transaction.atomic
def dispatch(
    *,
    consignment: Consignment,
    key: str,
    happened_at: datetime,
    by: Member | None,
    location: str = "",
    source_url: str = "",
) -> Posted:
    """Post that it left with what its packing list says.

    Raises:
        NotAllowed, Refused: nothing is packed, the origin does not hold it, or a lot is recalled or
            has expired; TransitionRefused: it left before.
    """
    consignment = _locked(consignment)
    if by is not None and not rules.may_send(by, consignment):
        raise rules.NotAllowed
    totals: Counter[Lot] = Counter()
    for packed in Packed.objects.filter(box__consignment=consignment).select_related("lot__item"):
        totals[packed.lot] += packed.quantity
    if not totals:
        raise Refused(_("Nothing is packed yet. Put down the packing list first."))
    Refused.if_any(ledger.of_the_clock(happened_at))
    Refused.if_any(_unfit(lot) for lot in totals if lot.is_unfit(happened_at.date()))
    account = account_of_consignment(
        consignment,
        PlaceKind.TRANSIT if consignment.is_international else PlaceKind.TRANSPORT,
    )
    posted = ledger.post(
        kind=DocumentKind.DISPATCH,
        key=key,
        happened_at=happened_at,
        lines=[
            Line(lot, quantity, consignment.origin, account, str(lot))
            for lot, quantity in totals.items()
        ],
        by=by,
        organisation=consignment.origin.organisation,
        consignment=consignment,
    )
    if posted.new:
        _move_on(consignment, ConsignmentState.DEPARTED)
        Stage.objects.create(
            consignment=consignment,
            kind=StageKind.DEPARTED,
            happened_at=happened_at,
            location=location,
            source_url=source_url,
            document=posted.document,
            recorded_by=by,
        )
        if consignment.pledge is not None:
            giving.follow(pledge=consignment.pledge, by=by)
    return posted


def _unfit(lot: Lot) -> Problem:
    if lot.recalled_at is not None:
        return Problem(
            _("Lot %(lot)s is recalled. Take it out of the packing list.") % {"lot": lot},
            str(lot),
            "recalled",
        )
    return Problem(
        _("Lot %(lot)s expired on %(date)s. Take it out of the packing list.")
        % {"lot": lot, "date": lot.expires_on},
        str(lot),
        "expired",
    )


@transaction.atomic
def undo_dispatch(
    *, consignment: Consignment, key: str, note: str, note_language: str, by: Member | None
) -> Posted:
    """Reverse a dispatch that was posted by mistake: the goods are back, the list can be changed.

    Raises:
        NotAllowed, Refused: it was not dispatched, no reason, or it was counted already.
    """
    consignment = _locked(consignment)
    if by is not None and not rules.may_send(by, consignment):
        raise rules.NotAllowed
    document = consignment.documents.filter(
        kind=DocumentKind.DISPATCH, reversed_by__isnull=True
    ).first()
    if document is None:
        raise Refused(_("There is no dispatch to take back."))
    posted = ledger.reverse(
        document=document,
        key=key,
        note=note,
        note_language=note_language,
        by=by,
        organisation=consignment.origin.organisation,
    )
    if posted.new:
        _move_on(consignment, ConsignmentState.DRAFT)
        if consignment.pledge is not None:
            giving.follow(pledge=consignment.pledge, by=by)
    return posted


@transaction.atomic
def arrive(
    *,
    consignment: Consignment,
    key: str,
    happened_at: datetime,
    by: Member | None,
    location: str = "",
    source_url: str = "",
    temperature_c: Decimal | None = None,
) -> Posted:
    """Post that it landed: all of it goes from transit to the customs account.

    Raises:
        NotAllowed, Refused: it crosses no border; TransitionRefused: it is not on the way.
    """
    consignment = _locked(consignment)
    if by is not None and not rules.may_track(by, consignment):
        raise rules.NotAllowed
    earlier = ledger.posted_before(key, DocumentKind.ARRIVAL, consignment)
    if earlier is not None:
        return Posted(earlier, new=False)
    if not consignment.is_international:
        raise Refused(
            _("%(reference)s crosses no border. Its next step is to be received.")
            % {"reference": consignment.reference}
        )
    states.require(consignment.state, ConsignmentState.ARRIVED)
    Refused.if_any(before_it_left(consignment, happened_at))
    customs = account_of_consignment(consignment, PlaceKind.CUSTOMS)
    posted = ledger.post(
        kind=DocumentKind.ARRIVAL,
        key=key,
        happened_at=happened_at,
        lines=[Line(row.lot, row.quantity, row.place, customs) for row in on_the_way(consignment)],
        by=by,
        organisation=consignment.destination.organisation,
        consignment=consignment,
    )
    _move_on(consignment, ConsignmentState.ARRIVED)
    Stage.objects.create(
        consignment=consignment,
        kind=StageKind.ARRIVED,
        happened_at=happened_at,
        location=location,
        source_url=source_url,
        temperature_c=temperature_c,
        document=posted.document,
        recorded_by=by,
    )
    return posted


@transaction.atomic
def record_stage(
    *,
    consignment: Consignment,
    kind: StageKind,
    happened_at: datetime,
    by: Member | None,
    location: str = "",
    note: str = "",
    note_language: str = "",
    temperature_c: Decimal | None = None,
    source_url: str = "",
) -> Stage:
    """Record an event of the way that moves no account: customs hold and release, transport within
    the country, handing over.

    Raises:
        NotAllowed, Refused: the kind comes with a document, or the consignment has not left;
        TransitionRefused: the state does not allow it.
    """
    consignment = _locked(consignment)
    if by is not None and not rules.may_track(by, consignment):
        raise rules.NotAllowed
    if kind not in _ALONE:
        raise Refused(_("This stage is recorded by its document."))
    if consignment.state in (ConsignmentState.DRAFT, ConsignmentState.CANCELLED):
        raise Refused(_("%(reference)s has not left yet.") % {"reference": consignment.reference})
    Refused.if_any([*ledger.of_the_clock(happened_at), *before_it_left(consignment, happened_at)])
    after = _ALONE[kind]
    if after is not None:
        _move_on(consignment, after)
    stage = Stage.objects.create(
        consignment=consignment,
        kind=kind,
        happened_at=happened_at,
        location=location.strip(),
        note=note.strip(),
        note_language=note_language,
        temperature_c=temperature_c,
        source_url=source_url,
        recorded_by=by,
    )
    texts.keep(note.strip(), note_language)
    audit.record("consignment.stage", consignment, by=by, stage=kind.value)
    return stage


@transaction.atomic
def cancel(*, consignment: Consignment, reason: str, by: Member | None) -> None:
    """Give up a consignment that never left."""
    consignment = _locked(consignment)
    if by is not None and not rules.may_send(by, consignment):
        raise rules.NotAllowed
    if not reason.strip():
        raise Refused(Problem(_("Say why it is cancelled."), "reason", "reason_missing"))
    _move_on(consignment, ConsignmentState.CANCELLED)
    audit.record("consignment.cancelled", consignment, by=by, reason=reason.strip())


def before_it_left(consignment: Consignment, happened_at: datetime) -> list[Problem]:
    """A problem where a time lies before the last dispatch: a slip of the year, or a lost clock."""
    left = (
        consignment.documents.filter(kind=DocumentKind.DISPATCH, reversed_by__isnull=True)
        .values_list("happened_at", flat=True)
        .first()
    )
    if left is None or happened_at >= left - ledger.AHEAD:
        return []
    return [
        Problem(
            _("The time given is before %(reference)s left (%(left)s UTC). Check the date.")
            % {
                "reference": consignment.reference,
                "left": left.astimezone(UTC).strftime("%Y-%m-%d %H:%M"),
            },
            "happened_at",
            "clock",
        )
    ]


def on_the_way(consignment: Consignment) -> list[Balance]:
    """What of a consignment is still in its transit, customs and transport accounts, by lot."""
    return list(
        Balance.objects.filter(
            place__consignment=consignment, place__kind__in=OF_CONSIGNMENT, quantity__gt=0
        )
        .select_related("lot__item", "place")
        .order_by("lot__item__code", "lot__expires_on", "lot__number", "place_id")
    )


def _locked(consignment: Consignment) -> Consignment:
    """The row as it is now, held until the end of the transaction, so that two people who press a
    button at once go one after the other."""
    return (
        Consignment.objects.select_for_update(of=("self",))
        .select_related("origin__organisation", "destination__organisation", "carrier")
        .get(pk=consignment.pk)
    )


def _move_on(consignment: Consignment, state: ConsignmentState) -> None:
    states.require(consignment.state, state)
    consignment.state = state
    consignment.save(update_fields=["state"])
