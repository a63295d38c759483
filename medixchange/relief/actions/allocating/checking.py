"""Whether a run can still stand: what it gives is there, and is needed."""

from collections import defaultdict
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from medixchange.relief.actions.stock import day_at
from medixchange.relief.models import AllocationLine, AllocationRun, Item, Need
from medixchange.relief.queries import allocating as queries
from medixchange.relief.queries import needs as need_queries
from medixchange.relief.refusals import Problem
from medixchange.relief.states import NeedState, RunState


def still_good(run: AllocationRun) -> list[Problem]:
    """What has changed since a run was computed so that it cannot stand: less in the store than it
    gives, or a need that has become smaller than what it gives."""
    lines = list(
        AllocationLine.objects.filter(run=run, quantity__gt=0).select_related("facility", "item")
    )
    wanted: dict[int, int] = defaultdict(int)
    items: dict[int, Item] = {}
    for line in lines:
        wanted[line.item_id] += line.quantity
        items[line.item_id] = line.item
    free = {
        supply.item.pk: supply.free
        for supply in queries.supplies(run.store, on=day_at(run.store, timezone.now()))
    }
    problems = [
        Problem(
            _(
                "%(store)s has %(free)d %(unit)s of %(item)s to give out now, and this plan gives "
                "%(wanted)d. %(remedy)s"
            )
            % {
                "remedy": remedy(run),
                "store": run.store,
                "free": free.get(pk, 0),
                "unit": items[pk].get_unit_display(),
                "item": items[pk],
                "wanted": total,
            },
            items[pk].code,
            "stock_changed",
        )
        for pk, total in wanted.items()
        if total > free.get(pk, 0)
    ]
    return problems + _needs_changed(run, lines)


def remedy(run: AllocationRun) -> str:
    """What to do with a run that cannot stand any more."""
    if run.state == RunState.DRAFT:
        return _("Plan again with the needs and the stock of now.")
    return _("Discard this plan and make a new one.")


def _needs_changed(run: AllocationRun, lines: Sequence[AllocationLine]) -> list[Problem]:
    now = {
        (row.need.facility_id, row.need.item_id): row
        for row in need_queries.standing(
            Need.objects.filter(
                state=NeedState.OPEN,
                facility__in={line.facility_id for line in lines},
                item__in={line.item_id for line in lines},
            )
        )
    }
    problems = []
    for line in lines:
        row = now.get((line.facility_id, line.item_id))
        still_open = row.open if row else 0
        # A need that was smaller than the share from the start was so by somebody's hand.
        if line.quantity > still_open and still_open < line.need:
            problems.append(
                Problem(
                    _(
                        "%(facility)s still needs %(now)d %(unit)s of %(item)s, no longer "
                        "%(then)d, and this plan gives %(quantity)d. %(remedy)s"
                    )
                    % {
                        "remedy": remedy(run),
                        "facility": line.facility,
                        "now": still_open,
                        "then": line.need,
                        "unit": line.item.get_unit_display(),
                        "item": line.item,
                        "quantity": line.quantity,
                    },
                    line.facility.code,
                    "need_changed",
                )
            )
    return problems
