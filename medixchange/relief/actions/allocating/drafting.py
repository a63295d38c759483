"""Drafts of a run: making one, planning it again, and changing it by hand."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from medixchange.core import audit
from medixchange.network.models import Member
from medixchange.relief import rules, texts
from medixchange.relief.actions.allocating import mail
from medixchange.relief.actions.allocating.computing import by_hand, compute
from medixchange.relief.actions.allocating.holding import locked, require, require_draft
from medixchange.relief.actions.numbering import next_reference
from medixchange.relief.actions.retrying import retrying
from medixchange.relief.actions.stock import day_at
from medixchange.relief.models import AllocationLine, AllocationRun, Item, Place, PlaceKind
from medixchange.relief.queries import allocating as queries
from medixchange.relief.refusals import Problem, Refused
from medixchange.relief.sharing import Parameters


@retrying
@transaction.atomic
def draft(
    *,
    store: Place,
    items: Sequence[Item],
    facilities: Iterable[str],
    method: str,
    parameters: Parameters,
    by: Member | None,
) -> AllocationRun:
    """Share a store's goods out among facilities, as a draft for another person to approve.

    Args:
        facilities: codes of those who take part; those without an open need of an item get none.
        method: ``proportional``, ``maxmin``, ``population`` or ``utility``.

    Raises:
        NotAllowed: the member does not share out the store's goods.
        Refused: the place is no store, nothing is chosen, nobody needs an item, or the method asks
            for what is not known.
    """
    require(rules.may_allocate(by, store), by)
    if store.kind != PlaceKind.STORE:
        raise Refused(_("%(place)s is no store. Choose a store.") % {"place": store})
    if not items:
        raise Refused(Problem(_("Choose at least one item."), "items"))
    parameters.check()
    _require_packs(items, parameters)
    inputs = queries.inputs(store, items, facilities, on=day_at(store, timezone.now()))
    _require_rows(inputs)
    run = AllocationRun.objects.create(
        reference=next_reference("A"),
        store=store,
        method=method,
        parameters=parameters.as_json(),
        inputs=inputs,
        made_by=by,
    )
    compute(run, {})
    audit.record(
        "run.drafted",
        run,
        by=by,
        reference=run.reference,
        store=store.code,
        method=method,
        items=[item.code for item in items],
    )
    mail.tell_waiting(run)
    return run


@retrying
@transaction.atomic
def plan_again(
    *,
    run: AllocationRun,
    by: Member | None,
    method: str | None = None,
    parameters: Parameters | None = None,
    refresh: bool = False,
) -> AllocationRun:
    """Compute a draft anew: by another method, with other parameters, or from the needs and the
    stock as they are now. Changes by hand stay; who was shipped something keeps it.

    Who plans anew becomes the run's maker, so that another person approves what is there then.

    Raises:
        NotAllowed, Refused: a change by hand cannot stand any more; TransitionRefused: it is no
        draft.
    """
    row = locked(run)
    require(rules.may_allocate(by, row.store), by)
    require_draft(row)
    if parameters is not None:
        parameters.check()
        row.parameters = parameters.as_json()
    row.method = method or row.method
    if refresh:
        items = [_item(kept) for kept in row.inputs["items"]]
        facilities = {one["facility"] for kept in row.inputs["items"] for one in kept["rows"]}
        row.inputs = queries.inputs(
            row.store, items, facilities, on=day_at(row.store, timezone.now())
        )
        _require_rows(row.inputs)
    maker, row.made_by = row.made_by_id, by
    row.save()
    compute(row, by_hand(row))
    audit.record(
        "run.planned_again",
        row,
        by=by,
        method=row.method,
        parameters=row.parameters,
        refreshed=refresh,
    )
    mail.tell_passed_on(row, maker)
    return row


@retrying
@transaction.atomic
def change_line(
    *,
    line: AllocationLine,
    quantity: int,
    reason: str,
    reason_language: str,
    by: Member,
) -> AllocationLine:
    """Fix what one facility gets of an item, with a reason; the others share what is left.

    Raises:
        NotAllowed, Refused: no reason, no whole packs, or more than there is; TransitionRefused:
        the run is no draft.
    """
    run = locked(line.run)
    require(rules.may_allocate(by, run.store), by)
    require_draft(run)
    if not reason.strip():
        raise Refused(
            Problem(
                _("Say why it is changed. The reason stays on record."), "reason", "reason_missing"
            )
        )
    changes = by_hand(run)
    row = _same(line)
    before = row.quantity
    changes[row.item.code, row.facility.code] = (
        quantity,
        reason.strip(),
        reason_language,
        by,
    )
    maker, run.made_by = run.made_by_id, by
    run.save(update_fields=["made_by"])
    compute(run, changes)
    texts.keep(reason.strip(), reason_language)
    audit.record(
        "run.changed",
        run,
        by=by,
        facility=row.facility.code,
        item=row.item.code,
        before=before,
        after=quantity,
        reason=reason.strip(),
    )
    mail.tell_passed_on(run, maker)
    return _same(line)


@retrying
@transaction.atomic
def undo_change(*, line: AllocationLine, by: Member) -> AllocationLine:
    """Let the method decide again what a facility gets.

    Raises:
        NotAllowed; TransitionRefused: the run is no draft.
    """
    run = locked(line.run)
    require(rules.may_allocate(by, run.store), by)
    require_draft(run)
    row = _same(line)
    changes = by_hand(run)
    changes.pop((row.item.code, row.facility.code), None)
    maker, run.made_by = run.made_by_id, by
    run.save(update_fields=["made_by"])
    compute(run, changes)
    mail.tell_passed_on(run, maker)
    audit.record("run.change_undone", run, by=by, facility=row.facility.code, item=row.item.code)
    return _same(line)


def _same(line: AllocationLine) -> AllocationLine:
    """The line of this facility and item as it is now: planning anew writes all lines anew."""
    return AllocationLine.objects.select_related("facility", "item").get(
        run=line.run_id, facility=line.facility_id, item=line.item_id
    )


def _require_packs(items: Sequence[Item], parameters: Parameters) -> None:
    known = {item.code for item in items}
    for code, units in parameters.packs.items():
        if code in known and units < 1:
            raise Refused(Problem(_("A pack holds at least one unit."), f"pack-{code}"))


def _require_rows(inputs: Mapping[str, Any]) -> None:
    """Refuse items that nobody needs: there is nothing to share out of them."""
    Refused.if_any(
        Problem(
            _("None of these facilities has an open need of %(item)s. Leave it out.")
            % {"item": kept["item"]},
            "items",
            "nobody_needs",
        )
        for kept in inputs["items"]
        if not kept["rows"]
    )


def _item(kept: Mapping[str, Any]) -> Item:
    return Item.objects.get(code=kept["item"])
