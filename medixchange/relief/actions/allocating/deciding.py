"""The decisions about a run: approving, issuing its documents, discarding."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from medixchange.core import audit
from medixchange.network.models import Member
from medixchange.relief import rules, states
from medixchange.relief.actions import consignments
from medixchange.relief.actions.allocating.boxing import boxes_of
from medixchange.relief.actions.allocating.checking import still_good
from medixchange.relief.actions.allocating.holding import locked
from medixchange.relief.actions.retrying import retrying
from medixchange.relief.actions.stock import day_at
from medixchange.relief.models import AllocationLine, AllocationRun, Balance, Consignment, Place
from medixchange.relief.refusals import Problem, Refused
from medixchange.relief.states import RunState


@retrying
@transaction.atomic
def approve(*, run: AllocationRun, by: Member) -> AllocationRun:
    """Somebody else than its maker has looked at it and stands for it.

    Raises:
        NotAllowed: the member does not share out the store's goods, or made the run.
        Refused: the stock or the needs have changed so that it cannot stand; it names what.
    """
    row = locked(run)
    if not rules.may_allocate(by, row.store):
        raise rules.NotAllowed
    if row.made_by_id == by.pk:
        raise rules.NotAllowed(
            _("You made this plan or changed it last. Another person has to look at it.")
        )
    states.require(row.state, RunState.APPROVED)
    Refused.if_any(still_good(row))
    row.state, row.approved_by, row.approved_at = RunState.APPROVED, by, timezone.now()
    try:
        with transaction.atomic():
            row.save(update_fields=["state", "approved_by", "approved_at"])
    except IntegrityError as error:
        raise rules.NotAllowed from error
    audit.record("run.approved", row, by=by, reference=row.reference)
    return row


@retrying
@transaction.atomic
def issue(*, run: AllocationRun, by: Member) -> list[Consignment]:
    """Make the documents: a consignment for each facility, packed, first expiry first.

    Pressed twice, it makes them once.

    Raises:
        NotAllowed; TransitionRefused: it is not approved; Refused: the stock or the needs have
        changed so that it cannot stand; it names what.
    """
    row = locked(run)
    if not rules.may_allocate(by, row.store):
        raise rules.NotAllowed
    if row.state == RunState.ISSUED:
        return list(Consignment.objects.filter(run=row).order_by("pk"))
    states.require(row.state, RunState.ISSUED)
    # Nobody moves these goods, and no other run promises them, until this one is done.
    Place.objects.select_for_update(of=("self",)).get(pk=row.store_id)
    lines = list(
        AllocationLine.objects.filter(run=row, quantity__gt=0).select_related("facility", "item")
    )
    held = Balance.objects.filter(
        place=row.store, lot__item__in={line.item_id for line in lines}
    ).order_by("place_id", "lot_id")
    list(held.select_for_update(of=("self",)))
    Refused.if_any(still_good(row))
    made = [
        _consignment(row, facility, boxes, by)
        for facility, boxes in boxes_of(row, lines, on=day_at(row.store, timezone.now()))
    ]
    row.state = RunState.ISSUED
    row.save(update_fields=["state"])
    audit.record(
        "run.issued",
        row,
        by=by,
        reference=row.reference,
        consignments=[consignment.reference for consignment in made],
    )
    return made


def _consignment(
    run: AllocationRun, facility: Place, boxes: list[consignments.Contents], by: Member
) -> Consignment:
    made = consignments.add_consignment(origin=run.store, destination=facility, run=run, by=by)
    consignments.pack(consignment=made, boxes=boxes, by=by)
    return made


@retrying
@transaction.atomic
def discard(*, run: AllocationRun, reason: str, by: Member) -> AllocationRun:
    """Give a run up before its documents are issued.

    Raises:
        NotAllowed, Refused: no reason is given; TransitionRefused: it was issued.
    """
    row = locked(run)
    if not rules.may_allocate(by, row.store):
        raise rules.NotAllowed
    if not reason.strip():
        raise Refused(Problem(_("Say why it is discarded."), "reason", "reason_missing"))
    states.move_on(row, RunState.DISCARDED)
    audit.record("run.discarded", row, by=by, reason=reason.strip())
    return row
