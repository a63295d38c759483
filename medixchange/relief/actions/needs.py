"""Needs: stating, replacing and withdrawing.

A need says what must come from now on, on top of what lies at the facility. It is met once so much
has come since it was stated (``queries.needs.received``); the ledger sees to that (``meeting``).
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from medixchange.core import audit
from medixchange.network.models import Member
from medixchange.relief import rules, states, texts
from medixchange.relief.actions import ledger
from medixchange.relief.actions.postable import LARGEST
from medixchange.relief.actions.retrying import retrying
from medixchange.relief.actions.stock import day_at
from medixchange.relief.models import Item, Need, Place, PlaceKind
from medixchange.relief.queries import needs as queries
from medixchange.relief.refusals import Problem, Refused
from medixchange.relief.states import NeedState

#: Nobody knows what they need on a day further ahead than this.
FAR = timedelta(days=3 * 365)


@retrying
@transaction.atomic
def state_need(
    *,
    facility: Place,
    item: Item,
    quantity: int,
    by_when: date,
    by: Member | None,
    daily_use: int | None = None,
    note: str = "",
    note_language: str = "",
    basis: Need.Basis = Need.Basis.STATED,
    working: Mapping[str, Any] | None = None,
) -> Need:
    """Say what a facility needs of an item. It takes the place of the open statement before.

    The same statement again, before anything has come, is the one that is there already.

    Args:
        quantity: base units that must come from now on, also what is on the way.
        daily_use: base units a day, where the facility knows.
        working: how a computed need was computed; JSON.

    Raises:
        NotAllowed: the member is not of the facility's people.
        Refused: the place is no facility, a number cannot be meant, or the day is past.
    """
    if by is not None and not rules.may_state_need(by, facility):
        raise rules.NotAllowed
    Refused.if_any(_of_statement(facility, quantity, by_when, daily_use))
    Place.objects.select_for_update(of=("self",)).get(pk=facility.pk)
    texts.keep(note.strip(), note_language)
    # A posting holds this and then the needs it meets; in another order the two would deadlock.
    ledger.take_turns()
    before: Any = queries.received(
        Need.objects.select_for_update(of=("self",)).filter(
            facility=facility, item=item, state=NeedState.OPEN
        )
    ).first()
    made = Need(
        facility=facility,
        item=item,
        quantity=quantity,
        by_when=by_when,
        basis=basis,
        working=dict(working or {}),
        daily_use=daily_use,
        note=note.strip(),
        note_language=note_language,
        stated_by=by,
    )
    if before is not None and before.came == 0 and _same(before, made):
        return before  # type: ignore[no-any-return]
    if before is not None:
        states.move_on(before, NeedState.REPLACED)
    made.save()
    if before is not None:
        before.replaced_by = made
        before.save(update_fields=["replaced_by"])
    audit.record(
        "need.stated",
        made,
        by=by,
        facility=facility.code,
        item=item.code,
        quantity=quantity,
        by_when=by_when.isoformat(),
        basis=str(basis),
        replaces=before.pk if before else None,
    )
    return made


def _same(one: Need, other: Need) -> bool:
    fields = (
        "quantity",
        "by_when",
        "basis",
        "working",
        "daily_use",
        "note",
        "note_language",
        "stated_by_id",
    )
    return all(getattr(one, name) == getattr(other, name) for name in fields)


def _of_statement(
    facility: Place, quantity: int, by_when: date, daily_use: int | None
) -> list[Problem]:
    problems = []
    if facility.kind != PlaceKind.FACILITY:
        problems.append(
            Problem(
                _("%(place)s is no facility. Needs are those of facilities; a store passes on.")
                % {"place": facility},
                "facility",
                "place",
            )
        )
    if quantity <= 0:
        problems.append(
            Problem(
                _("The quantity must be more than nothing, and is %(quantity)d.")
                % {"quantity": quantity},
                "quantity",
                "not_positive",
            )
        )
    if quantity > LARGEST:
        problems.append(
            Problem(
                _("%(quantity)d is more than one line can hold. Check the number.")
                % {"quantity": quantity},
                "quantity",
                "too_large",
            )
        )
    if daily_use is not None and not 0 <= daily_use <= LARGEST:
        problems.append(
            Problem(
                _("Use a day is a number of 0 or more. Leave it empty if you do not know."),
                "daily_use",
                "not_positive",
            )
        )
    today = day_at(facility, timezone.now())
    if by_when < today:
        problems.append(
            Problem(
                _("%(date)s is past. Give the day by which you need it, today or later.")
                % {"date": by_when},
                "by_when",
                "past",
            )
        )
    if by_when > today + FAR:
        problems.append(
            Problem(
                _("%(date)s is more than three years ahead. Check the year.") % {"date": by_when},
                "by_when",
                "far",
            )
        )
    return problems


@transaction.atomic
def withdraw(*, need: Need, reason: str, by: Member | None) -> Need:
    """The facility needs it no more.

    Raises:
        NotAllowed, Refused: no reason is given; TransitionRefused: it is not open.
    """
    ledger.take_turns()
    row = Need.objects.select_for_update(of=("self",)).select_related("facility").get(pk=need.pk)
    if by is not None and not rules.may_state_need(by, row.facility):
        raise rules.NotAllowed
    if not reason.strip():
        raise Refused(Problem(_("Say why it is not needed any more."), "reason", "reason_missing"))
    states.move_on(row, NeedState.WITHDRAWN)
    audit.record("need.withdrawn", row, by=by, reason=reason.strip())
    return row
