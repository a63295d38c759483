"""The way of a consignment: dispatch, arrival, and the stages between."""

from collections import Counter
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from medixchange.core import audit
from medixchange.network.models import Member
from medixchange.relief import rules, states, texts
from medixchange.relief.actions import giving, ledger
from medixchange.relief.actions.consignments.holding import before_it_left, locked, on_the_way
from medixchange.relief.actions.ledger import Line, Posted
from medixchange.relief.actions.places import account_of_consignment
from medixchange.relief.models import (
    Consignment,
    DocumentKind,
    Lot,
    Packed,
    PlaceKind,
    Stage,
    StageKind,
)
from medixchange.relief.refusals import Problem, Refused
from medixchange.relief.states import ConsignmentState

#: Stages that are recorded alone; the others come with a document.
_ALONE = {
    StageKind.HELD: ConsignmentState.HELD,
    StageKind.RELEASED: ConsignmentState.RELEASED,
    StageKind.IN_TRANSPORT: None,
    StageKind.HANDED_OVER: None,
}


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
    consignment = locked(consignment)
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
        states.move_on(consignment, ConsignmentState.DEPARTED)
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
    consignment = locked(consignment)
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
        states.move_on(consignment, ConsignmentState.DRAFT)
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
    consignment = locked(consignment)
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
    states.move_on(consignment, ConsignmentState.ARRIVED)
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
    consignment = locked(consignment)
    if by is not None and not rules.may_track(by, consignment):
        raise rules.NotAllowed
    if kind not in _ALONE:
        raise Refused(_("This stage is recorded by its document."))
    if consignment.state in (ConsignmentState.DRAFT, ConsignmentState.CANCELLED):
        raise Refused(_("%(reference)s has not left yet.") % {"reference": consignment.reference})
    Refused.if_any([*ledger.of_the_clock(happened_at), *before_it_left(consignment, happened_at)])
    after = _ALONE[kind]
    if after is not None:
        states.move_on(consignment, after)
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
    consignment = locked(consignment)
    if by is not None and not rules.may_send(by, consignment):
        raise rules.NotAllowed
    if not reason.strip():
        raise Refused(Problem(_("Say why it is cancelled."), "reason", "reason_missing"))
    states.move_on(consignment, ConsignmentState.CANCELLED)
    audit.record("consignment.cancelled", consignment, by=by, reason=reason.strip())
