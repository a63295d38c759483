"""A member's places at a glance, and one place with what lies there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from medixchange.relief import access, rules
from medixchange.relief.actions.stock import KEEPING, day_at, may_use
from medixchange.relief.models import Balance, Item, Place, PlaceKind
from medixchange.relief.queries import giving, names, needs, places
from medixchange.relief.queries.places import SOON_DAYS, Held
from medixchange.translation.queries import Shown

#: Places on a page of the dashboard.
PAGE = 10
#: Rows of each list that the dashboard shows of a place, the most pressing ones.
FEW = 6
#: Expiring lots that the dashboard shows of a place.
FEW_LOTS = 5
#: Documents that the page of a place shows.
LAST = 15


@dataclass(frozen=True, slots=True)
class Line:
    """An item at a place as a table shows it."""

    held: Held
    name: Shown
    #: ``out`` (nothing left of what is used), ``low`` (a week or less), or nothing.
    urgency: str


@dataclass(frozen=True, slots=True)
class LotLine:
    """A lot at a place as a table shows it."""

    row: Balance
    name: Shown
    #: ``recalled``, ``expired``, ``soon``, or nothing; and the days until it expires.
    state: str
    days: int | None


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """Every store and facility of the member: what waits, what comes, what runs out."""
    who = access.signed_in(request)
    page = Paginator(access.places_of(who, *KEEPING), PAGE).get_page(request.GET.get("page"))
    shown: Sequence[Place] = list(page)
    today = timezone.now().date()
    held = places.held(shown, today=today)
    coming = places.coming(shown)
    expiring = places.expiring(shown, today=today)
    waiting = places.waiting(shown, who)
    items: list[Item] = [line.item for lines in held.values() for line in lines]
    items += [item for rows in coming.values() for row in rows for item, _number in row.goods]
    items += [row.lot.item for rows in expiring.values() for row in rows]
    items += [case.lot.item for row in waiting.values() for case in row.cases]
    named = names.of(items, access.reading(request))
    sections: list[dict[str, Any]] = [
        {
            "place": place,
            "lines": _most_pressing(held.get(place.pk, []), named),
            "items": len(held.get(place.pk, [])),
            "coming": [
                (
                    row,
                    [(named[item.pk], item, quantity) for item, quantity in row.goods],
                    row.consignment in waiting[place.pk].to_receive,
                )
                for row in coming.get(place.pk, [])[:FEW]
            ],
            "coming_more": max(len(coming.get(place.pk, [])) - FEW, 0),
            "expiring": _lots(expiring.get(place.pk, [])[:FEW_LOTS], named, today),
            "expiring_more": max(len(expiring.get(place.pk, [])) - FEW_LOTS, 0),
            "waiting": waiting[place.pk],
            "cases": [(case, named[case.lot.item_id]) for case in waiting[place.pk].cases[:FEW]],
            "cases_more": max(len(waiting[place.pk].cases) - FEW, 0),
            "to_send": waiting[place.pk].to_send[:FEW],
            "to_send_more": max(len(waiting[place.pk].to_send) - FEW, 0),
            "may_use": may_use(who, place),
            "may_need": rules.may_state_need(who, place),
        }
        for place in sorted(shown, key=lambda place: _urgent(place, held, coming))
    ]
    return render(
        request,
        "relief/agency/mine.html",
        {
            "sections": sections,
            "page": page,
            "soon_days": SOON_DAYS,
            "pledges": giving.donor_overview(who),
            "may_recall": rules.may_recall(who),
            "serves": bool(needs.countries_of(who)),
        },
    )


@require_safe
@login_required
def place(request: HttpRequest, code: str) -> HttpResponse:
    """One store or facility: its stock by item and lot, its quarantine, its last documents."""
    who, row = access.signed_in(request), keeping(request, code)
    today = day_at(row, timezone.now())
    stock, aside = places.lots_at(row), places.in_quarantine(row)
    held = places.held([row], today=today).get(row.pk, [])
    items = [balance.lot.item for balance in (*stock, *aside)] + [line.item for line in held]
    named = names.of(items, access.reading(request))
    lots = _lots(stock, named, today)
    return render(
        request,
        "relief/agency/place.html",
        {
            "place": row,
            "stock": [
                (line, [lot for lot in lots if lot.row.lot.item_id == line.held.item.pk])
                for line in _lines(held, named)
            ],
            "quarantine": _lots(aside, named, today),
            "bound": places.bound_by_cases(row),
            "documents": places.documents_at(row, limit=LAST),
            "needs": needs.numbers([row]).get(row.pk, 0),
            "may_use": may_use(who, row),
            "may_handle": rules.may_handle(who, row),
            "may_need": rules.may_state_need(who, row) and row.kind == PlaceKind.FACILITY,
        },
    )


def _urgent(
    place: Place, held: Mapping[int, list[Held]], coming: Mapping[int, list[places.Coming]]
) -> tuple[bool, float, str]:
    """A sort key: what is late and what runs out first comes first."""
    late = any(row.late for row in coming.get(place.pk, []))
    days = [line.days_left for line in held.get(place.pk, []) if line.days_left is not None]
    return not late, min(days, default=float("inf")), place.name


def keeping(request: HttpRequest, code: str) -> Place:
    """A store or facility for who may see its stock; 404 for anybody else."""
    row = access.place(request, code)
    if row.kind not in KEEPING:
        raise Http404
    return row


def _lines(held: Sequence[Held], named: Mapping[int, Shown]) -> list[Line]:
    return [Line(line, named[line.item.pk], _urgency(line)) for line in held]


def _urgency(line: Held) -> str:
    left = line.days_left
    if left is None or left > 7:
        return ""
    return "low" if line.usable else "out"


def _most_pressing(held: Sequence[Held], named: Mapping[int, Shown]) -> list[Line]:
    """The few items that last shortest, then those of which daily use is not known."""
    ordered = sorted(
        held,
        key=lambda line: (
            line.days_left if line.days_left is not None else float("inf"),
            line.item.code,
        ),
    )
    return _lines(ordered[:FEW], named)


def _lots(rows: Sequence[Balance], named: Mapping[int, Shown], today: date) -> list[LotLine]:
    found = []
    for row in rows:
        days = (row.lot.expires_on - today).days if row.lot.expires_on else None
        state = ""
        if row.lot.recalled_at is not None:
            state = "recalled"
        elif days is not None and days <= SOON_DAYS:
            state = "expired" if days < 0 else "soon"
        found.append(LotLine(row, named[row.lot.item_id], state, days))
    return found
