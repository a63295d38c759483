"""Needs in step with what has come: met once so much has, open again where that was reversed."""

from collections.abc import Iterable
from typing import Any

from medixchange.core import audit
from medixchange.network.models import Member
from medixchange.relief import states
from medixchange.relief.models import Need, Place
from medixchange.relief.queries import needs as queries
from medixchange.relief.states import NeedState


def follow(*, facility: Place, items: Iterable[int], by: Member | None) -> list[Need]:
    """Put the states of a facility's needs of these items (keys) in step with what has come.

    ``ledger.post`` calls it in its transaction for every document that brings goods to a facility
    or takes such a document back; nobody else needs to.

    An open need is met once as much has come since it was stated. A met one is open again where a
    receipt was reversed, unless the facility has said something newer of that item meanwhile.

    Returns:
        The needs whose state has changed.
    """
    # The place itself is not locked: who posts holds locks that others take after it.
    rows = queries.received(
        Need.objects.select_for_update(of=("self",))
        .filter(facility=facility, item__in=items)
        .exclude(state=NeedState.REPLACED)
    ).order_by("-pk")
    newest: dict[int, Any] = {}
    for need in rows:
        newest.setdefault(need.item_id, need)
    changed = []
    for need in newest.values():
        if need.state == NeedState.WITHDRAWN:
            continue
        wanted = NeedState.MET if need.came >= need.quantity else NeedState.OPEN
        if need.state == wanted:
            continue
        states.move_on(need, wanted)
        audit.record(f"need.{'met' if wanted == NeedState.MET else 'reopened'}", need, by=by)
        changed.append(need)
    return changed
