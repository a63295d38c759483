"""What the people of a store or facility ask of it: what is here and how long it lasts, what comes,
what expires, and what waits for them.

Every function takes many places and asks the database the same few times however many they are.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Min, Q, Sum

from medixchange.network.models import Member
from medixchange.relief import rules
from medixchange.relief.models import (
    AllocationRun,
    Balance,
    Case,
    CaseKind,
    Consignment,
    Document,
    DocumentKind,
    Item,
    Movement,
    Need,
    Packed,
    Place,
    PlaceKind,
)
from medixchange.relief.models.places import OF_CONSIGNMENT
from medixchange.relief.queries import needs as need_queries
from medixchange.relief.queries.sending import UNDER_WAY, is_late
from medixchange.relief.states import CaseState, ConsignmentState, NeedState, RunState

#: Use is averaged over so many days, or over those since the first use where they are fewer.
USE_DAYS = 28
#: Lots that expire within so many days are shown as expiring.
SOON_DAYS = 90
#: Movements looked at, each way, for the last documents of a place.
LOOKED_AT = 300
#: Cases about goods that lie in the receiver's quarantine.
_IN_QUARANTINE = (CaseKind.WRONG, CaseKind.EXCESS, CaseKind.QUARANTINED)
_UNSETTLED = (CaseState.OPEN, CaseState.ANSWERED)
#: Of consignments that cross a border: states in which the receiver can count.
_COUNTABLE = (ConsignmentState.ARRIVED, ConsignmentState.RELEASED, ConsignmentState.PART_RECEIVED)


@dataclass(slots=True)
class Held:
    """One item at one place: how much may be used, and how long that lasts."""

    item: Item
    usable: int = 0
    expired: int = 0
    recalled: int = 0
    #: On packing lists of consignments that have not left.
    packed: int = 0
    #: Units a day, and where that is known from: ``need`` (stated by the facility), ``use`` (the
    #: average of ``days_averaged`` days), or nothing.
    daily: float = 0.0
    daily_from: str = ""
    days_averaged: int = 0

    @property
    def days_left(self) -> int | None:
        """Whole days that the usable stock lasts; None where daily use is not known."""
        return int(self.usable / self.daily) if self.daily > 0 else None


def held(places: Sequence[Place], *, today: date) -> dict[int, list[Held]]:
    """By place: every item it holds, or has said it uses. Four queries.

    Daily use is what the facility's newest open or met need says, else the average of its use
    documents.
    """
    found: dict[int, dict[int, Held]] = defaultdict(dict)

    def at(place: int, item: Item) -> Held:
        return found[place].setdefault(item.pk, Held(item))

    for row in Balance.objects.filter(place__in=places, quantity__gt=0).select_related(
        "lot__item__name"
    ):
        line, lot = at(row.place_id, row.lot.item), row.lot
        if lot.recalled_at is not None:
            line.recalled += row.quantity
        elif lot.has_expired(today):
            line.expired += row.quantity
        else:
            line.usable += row.quantity
    stated = (
        Need.objects.filter(
            facility__in=places, state__in=(NeedState.OPEN, NeedState.MET), daily_use__gt=0
        )
        .select_related("item__name")
        .order_by("pk")
    )
    for need in stated:
        line = at(need.facility_id, need.item)
        line.daily, line.daily_from = float(need.daily_use or 0), "need"
    for place, item, total, first in _used(places, today):
        known = found[place].get(item)
        if known is not None and known.daily_from != "need" and total:
            known.days_averaged = min(USE_DAYS, (today - first).days + 1)
            known.daily, known.daily_from = total / known.days_averaged, "use"
    for place, item, total in (
        Packed.objects.filter(
            box__consignment__state=ConsignmentState.DRAFT, box__consignment__origin__in=places
        )
        .order_by()
        .values_list("box__consignment__origin", "lot__item")
        .annotate(total=Sum("quantity"))
    ):
        if item in found[place]:
            found[place][item].packed = total
    return {
        place: sorted(lines.values(), key=lambda line: line.item.code)
        for place, lines in found.items()
    }


def _used(places: Sequence[Place], today: date) -> Iterable[tuple[int, int, int | None, date]]:
    since = today - timedelta(days=USE_DAYS - 1)
    return (
        # By the account of what was used, which leads to these movements and no others.
        Movement.objects.filter(
            to_place__parent__in=places,
            to_place__kind=PlaceKind.USED,
            document__kind=DocumentKind.USE,
            document__reversed_by__isnull=True,
        )
        .order_by()
        .values_list("to_place__parent", "lot__item")
        .annotate(
            total=Sum("quantity", filter=Q(document__day__gte=since)), first=Min("document__day")
        )
    )


@dataclass(frozen=True, slots=True)
class Coming:
    """A consignment on its way to a place, and what of it is still in its accounts."""

    consignment: Consignment
    late: bool
    goods: list[tuple[Item, int]] = field(default_factory=list)


def coming(places: Sequence[Place]) -> dict[int, list[Coming]]:
    """By place: what is on its way to it, the first expected first. Two queries."""
    rows = {
        row.pk: Coming(row, is_late(row))
        for row in Consignment.objects.filter(destination__in=places, state__in=UNDER_WAY)
        .select_related("origin", "destination")
        .order_by("expected_on", "pk")
    }
    sums: dict[tuple[int, int], int] = defaultdict(int)
    items: dict[int, Item] = {}
    for balance in Balance.objects.filter(
        place__kind__in=OF_CONSIGNMENT, place__consignment__in=rows, quantity__gt=0
    ).select_related("place", "lot__item__name"):
        consignment = balance.place.consignment_id
        if consignment is not None:
            sums[consignment, balance.lot.item_id] += balance.quantity
            items[balance.lot.item_id] = balance.lot.item
    for (consignment, item), total in sorted(sums.items()):
        rows[consignment].goods.append((items[item], total))
    found: dict[int, list[Coming]] = defaultdict(list)
    for row in sorted(
        rows.values(), key=lambda row: (row.consignment.expected_on or date.max, row.consignment.pk)
    ):
        found[row.consignment.destination_id].append(row)
    return found


def expiring(places: Sequence[Place], *, today: date) -> dict[int, list[Balance]]:
    """By place: lots that have expired or will within ``SOON_DAYS``, the first first. One query."""
    found: dict[int, list[Balance]] = defaultdict(list)
    for row in (
        Balance.objects.filter(
            place__in=places,
            quantity__gt=0,
            lot__expires_on__lte=today + timedelta(days=SOON_DAYS),
        )
        .select_related("lot__item__name")
        .order_by("lot__expires_on", "lot__item__code", "pk")
    ):
        found[row.place_id].append(row)
    return found


@dataclass(slots=True)
class Waiting:
    """What of a place waits for its people."""

    to_receive: list[Consignment] = field(default_factory=list)
    to_send: list[Consignment] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    needs: int = 0
    to_approve: list[AllocationRun] = field(default_factory=list)
    to_issue: list[AllocationRun] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether anything but goods to receive waits: those show with what is on its way."""
        return bool(self.to_send or self.cases or self.to_approve or self.to_issue)


def waiting(places: Sequence[Place], member: Member) -> dict[int, Waiting]:
    """By place: what waits for this member there. Four queries."""
    found: dict[int, Waiting] = defaultdict(Waiting)
    handled = [place for place in places if rules.may_handle(member, place)]
    own = {place.pk for place in places}
    for row in (
        Consignment.objects.filter(
            Q(destination__in=places, state__in=UNDER_WAY)
            | Q(origin__in=handled, state=ConsignmentState.DRAFT)
        )
        .select_related("origin", "destination")
        .order_by("pk")
    ):
        if row.state == ConsignmentState.DRAFT:
            found[row.origin_id].to_send.append(row)
        elif row.destination_id in own and (not row.is_international or row.state in _COUNTABLE):
            found[row.destination_id].to_receive.append(row)
    for case in (
        Case.objects.filter(consignment__destination__in=places, state__in=_UNSETTLED)
        .select_related("consignment", "lot__item__name")
        .order_by("pk")
    ):
        found[case.consignment.destination_id].cases.append(case)
    for facility, number in need_queries.numbers(places).items():
        found[facility].needs = number
    for run in (
        AllocationRun.objects.filter(
            Q(state=RunState.DRAFT) & ~Q(made_by=member) | Q(state=RunState.APPROVED),
            store__in=handled,
        )
        .select_related("store", "made_by")
        .order_by("pk")
    ):
        row_of = found[run.store_id]
        (row_of.to_approve if run.state == RunState.DRAFT else row_of.to_issue).append(run)
    return found


def bound_by_cases(place: Place) -> dict[int, int]:
    """By lot: what in a place's quarantine belongs to discrepancy cases that are still open."""
    return dict(
        Case.objects.filter(
            consignment__destination=place, kind__in=_IN_QUARANTINE, state__in=_UNSETTLED
        )
        .order_by()
        .values_list("lot")
        .annotate(total=Sum("quantity"))
    )


def lots_at(place: Place) -> list[Balance]:
    """Lots in stock, by item and first expiry first; goods without a date last."""
    rows = Balance.objects.filter(place=place, quantity__gt=0).select_related(
        "lot__item__name", "lot__source"
    )
    return _first_expiry_first(rows)


def in_quarantine(place: Place) -> list[Balance]:
    """Lots in a place's quarantine, by item and first expiry first."""
    rows = Balance.objects.filter(
        place__parent=place, place__kind=PlaceKind.QUARANTINE, quantity__gt=0
    ).select_related("lot__item__name", "lot__source")
    return _first_expiry_first(rows)


def _first_expiry_first(rows: Iterable[Balance]) -> list[Balance]:
    return sorted(
        rows, key=lambda row: (row.lot.item.code, row.lot.expires_on or date.max, row.lot.pk)
    )


def documents_at(place: Place, *, limit: int) -> list[Document]:
    """The last documents that moved goods into, out of or within a place; fewer where they have
    very many lines. Six queries, each of which reads the end of an index only."""
    accounts = [
        place.pk,
        *Place.objects.filter(parent=place, kind=PlaceKind.QUARANTINE).values_list("pk", flat=True),
    ]
    newest: set[int] = set()
    # What goes to or comes from the other accounts of a place passes one of these two.
    for account in accounts:
        for side in ("from_place", "to_place"):
            newest.update(
                Movement.objects.filter(**{side: account})
                .order_by("-pk")
                .values_list("document", flat=True)[:LOOKED_AT]
            )
    return list(
        Document.objects.filter(pk__in=sorted(newest)[-limit:])
        .select_related("posted_by", "reverses", "reversed_by")
        .order_by("-pk")
    )
