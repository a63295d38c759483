"""Receiving: what was counted becomes a goods received note or a proof of delivery.

One document takes goods out of the consignment's accounts to where they lie now: accepted ones into
stock, damaged ones onto the damaged account, those nobody may use into quarantine. What is missing
stays where it was, on the way, until a case ends it.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from medixchange.core import audit
from medixchange.network.models import Member
from medixchange.relief import rules, texts
from medixchange.relief.actions import cases, consignments, counted, ledger
from medixchange.relief.actions.counted import Counted, Signed, Unlisted
from medixchange.relief.actions.counting import Finding, sort_out
from medixchange.relief.actions.ledger import Posted
from medixchange.relief.actions.lots import lot_of
from medixchange.relief.actions.places import account_of
from medixchange.relief.actions.postable import Line
from medixchange.relief.actions.retrying import retrying
from medixchange.relief.models import (
    Balance,
    Consignment,
    Count,
    Document,
    DocumentKind,
    Item,
    Lot,
    Outcome,
    Packed,
    Place,
    PlaceKind,
    Signature,
    Stage,
    StageKind,
)
from medixchange.relief.models.places import OF_CONSIGNMENT
from medixchange.relief.queries import receiving as queries
from medixchange.relief.refusals import Problem, Refused

__all__ = ["Counted", "Signed", "Unlisted", "receive", "unfit_at", "way_in"]

#: Where goods lie after they were found so; missing ones stay, and those on no list come another
#: way.
_GOES_TO = {Outcome.DAMAGED: PlaceKind.DAMAGED, Outcome.QUARANTINED: PlaceKind.QUARANTINE}
_NOBODY_LISTED = (Outcome.EXCESS, Outcome.WRONG)
#: Goods in customs are taken before those said to be on the way still.
_FIRST = {PlaceKind.CUSTOMS: 0, PlaceKind.TRANSPORT: 1, PlaceKind.TRANSIT: 2}


@retrying
@transaction.atomic
def receive(
    *,
    consignment: Consignment,
    key: str,
    happened_at: datetime,
    counts: Sequence[Counted],
    by: Member | None,
    complete: bool,
    signatures: Sequence[Signed] = (),
    note: str = "",
    note_language: str = "",
    clock_off_seconds: int = 0,
) -> Posted:
    """Post what was counted of a consignment; the rest stays open unless this is all that came.

    The server has the last word on what may be used: goods that expired before that day, are
    recalled or were too warm go into quarantine whatever was said, and so does what is more than
    listed or not listed at all. ``queries.receiving.told`` says where it differs from what was
    said.

    Args:
        key: made where it was counted. Sent again with the same content it gives the document of
            the first time.
        happened_at: aware, put right already by ``clock_off_seconds``, which is how much the
            server's clock was ahead of the device's at the moment of sending.
        complete: this is all that came. What is still open is then missing.
        note, note_language: of the document; remarks of lines are in the same language.

    Raises:
        NotAllowed: the member does not receive for the destination.
        Refused: with a problem for each line that cannot be. Nothing is kept.
    """
    consignment = consignments.locked(consignment)
    if by is not None and not rules.may_receive(by, consignment):
        raise rules.NotAllowed
    kind = (
        DocumentKind.DELIVERY
        if consignment.destination.kind == PlaceKind.FACILITY
        else DocumentKind.RECEIPT
    )
    sent = counted.mark(counts, signatures, note, complete=complete)
    earlier = ledger.posted_before(key, kind, consignment)
    if earlier is not None:
        if earlier.details.get("sent") != sent:
            raise Refused(
                Problem(
                    _(
                        "This count was posted before as %(number)s, with other figures. "
                        "To correct it, reverse %(number)s and count anew."
                    )
                    % {"number": earlier.number},
                    "key",
                    "key_used",
                )
            )
        return Posted(earlier, new=False)
    Refused.if_any(counted.of_state(consignment))
    Refused.if_any(counted.of_counts(consignment, counts, complete=complete))
    packed = queries.packing_list(consignment)
    known = _known(consignment, counts, packed)
    left = queries.left_of(consignment, packed)
    found, problems = sort_out(
        known,
        left=left,
        unfit=unfit_at(consignment, happened_at),
        lines=queries.open_lines(consignment, packed, left),
        complete=complete,
    )
    Refused.if_any([*problems, *counted.of_signatures(signatures)])
    # Texts before the posting, as everywhere: whoever writes both takes them in this order.
    for remark in {row.remark for row in found if row.remark}:
        texts.keep(remark, note_language)
    posted = ledger.post(
        kind=kind,
        key=key,
        happened_at=happened_at,
        lines=_lines(consignment, found),
        by=by,
        organisation=consignment.destination.organisation,
        consignment=consignment,
        note=note,
        note_language=note_language,
        details={
            "sent": sent,
            "complete": complete,
            "clock_off_seconds": clock_off_seconds,
            "claimed_at": (happened_at - timedelta(seconds=clock_off_seconds)).isoformat(),
            "told": _told(found),
        },
    )
    document = posted.document
    _keep_counts(document, found, note_language)
    _keep_signatures(document, signatures, by)
    _keep_stages(document, consignment, signatures, by)
    for pk, lot_left in left.items():
        taken = sum(
            row.quantity
            for row in found
            if row.lot.pk == pk and row.outcome not in (Outcome.MISSING, *_NOBODY_LISTED)
        )
        came_after_all = taken - (lot_left.quantity - lot_left.missing)
        if came_after_all > 0:
            cases.found(consignment, pk, came_after_all, document=document, by=by)
    opened = cases.open_for(consignment, document, found, language=note_language, by=by)
    cases.reckon(consignment)
    audit.record(
        "consignment.counted",
        consignment,
        by=by,
        number=document.number,
        complete=complete,
        state=str(consignment.state),
        cases=[case.reference for case in opened],
    )
    return posted


def unfit_at(consignment: Consignment, at: datetime) -> Callable[[Lot], str]:
    """Asks of a lot why it may not be accepted at this moment: ``recalled``, ``expired``,
    ``too_warm``, or nothing."""
    day = at.astimezone(ZoneInfo(consignment.destination.time_zone)).date()
    warmest = consignment.stages.aggregate(warmest=Max("temperature_c"))["warmest"]

    def why(lot: Lot) -> str:
        if lot.recalled_at is not None:
            return "recalled"
        if lot.has_expired(day):
            return "expired"
        limit = lot.item.cold_max_c
        if warmest is not None and limit is not None and warmest > limit:
            return "too_warm"
        return ""

    return why


def _known(
    consignment: Consignment, counts: Sequence[Counted], packed: Sequence[Packed]
) -> list[Finding]:
    """The counts, each with its lot: the listed one where item and number are those of the list,
    else one that is made."""
    # As they are now: a lot that the caller read earlier may have been recalled since.
    fresh = {row.lot_id: row.lot for row in packed}
    listed: dict[tuple[int, str], Lot] = {}
    for row in packed:
        listed.setdefault((row.lot.item_id, row.lot.number), row.lot)
    out: list[Finding] = []
    problems: list[Problem] = []
    for count in counts:
        lot = count.lot
        if isinstance(lot, Unlisted):
            number = " ".join(lot.number.split()).upper()
            known = listed.get((lot.item.pk, number)) or _handled(consignment, lot.item, number)
            try:
                lot = lot_of(
                    item=lot.item,
                    source=known.source if known else _giver(consignment),
                    number=number,
                    expires_on=lot.expires_on or (known.expires_on if known else None),
                    where=count.where,
                )
            except Refused as refusal:
                problems += refusal.problems
                continue
        out.append(
            Finding(
                fresh.get(lot.pk, lot),
                count.quantity,
                count.outcome,
                count.box,
                count.remark.strip(),
                count.where,
            )
        )
    Refused.if_any(problems)
    return out


def _handled(consignment: Consignment, item: Item, number: str) -> Lot | None:
    """The lot of this number that the origin is known to have had, where it is only one."""
    lots = list(
        Lot.objects.filter(
            item=item, number=number, balances__place=consignment.origin
        ).select_related("item", "source")[:2]
    )
    return lots[0] if len(lots) == 1 else None


def _giver(consignment: Consignment) -> Place:
    """The account that goods nobody listed are told as coming from: the donor who sent them, else
    the one whose promise this is; where neither is known, what the origin has not counted."""
    if consignment.origin.kind == PlaceKind.DONOR:
        return consignment.origin
    if consignment.pledge is not None:
        return consignment.pledge.donor
    return account_of(consignment.origin, PlaceKind.CORRECTION)


def way_in(consignment: Consignment) -> list[Place]:
    """The accounts through which goods that nobody listed come to the destination's quarantine.

    A donor who sent more than the list says has given more: the goods take the whole way of the
    consignment, so that what was given, shipped and landed adds up. A store's or facility's books
    are another matter: they say those goods are still there, and only its own count can take them
    off. So they come from its correction account, and the difference its next count finds puts
    that account back to zero.
    """
    origin = consignment.origin
    if origin.kind != PlaceKind.DONOR:
        return [account_of(origin, PlaceKind.CORRECTION)]
    accounts = {
        place.kind: place
        for place in Place.objects.filter(consignment=consignment, kind__in=OF_CONSIGNMENT)
    }
    return [origin, *(accounts[kind] for kind in OF_CONSIGNMENT if kind in accounts)]


def _lines(consignment: Consignment, found: Sequence[Finding]) -> list[Line]:
    """The movements: one for each lot and way, whatever number of boxes it was counted in."""
    destination = consignment.destination
    balances: dict[int, list[Balance]] = defaultdict(list)
    for balance in consignments.on_the_way(consignment):
        balances[balance.lot_id].append(balance)
    for held in balances.values():
        held.sort(key=lambda balance: _FIRST[PlaceKind(balance.place.kind)])
    moves: dict[tuple[int, int, int], Line] = {}

    def move(row: Finding, quantity: int, start: Place, end: Place) -> None:
        at = row.lot.pk, start.pk, end.pk
        before = moves[at].quantity if at in moves else 0
        moves[at] = Line(row.lot, quantity + before, start, end, row.where)

    entry: list[Place] = []
    for row in found:
        if row.outcome == Outcome.MISSING:
            continue
        if row.outcome in _NOBODY_LISTED:
            entry = entry or [*way_in(consignment), account_of(destination, PlaceKind.QUARANTINE)]
            for start, end in pairwise(entry):
                move(row, row.quantity, start, end)
            continue
        kind = _GOES_TO.get(row.outcome)
        end = account_of(destination, kind) if kind else destination
        wanted = row.quantity
        for balance in balances[row.lot.pk]:
            part = min(wanted, balance.quantity)
            if part:
                move(row, part, balance.place, end)
                balance.quantity -= part
                wanted -= part
    return list(moves.values())


def _told(found: Sequence[Finding]) -> list[dict[str, Any]]:
    """Where the document differs from what was said, for ``queries.receiving.told``."""
    return [
        {
            "lot": row.lot.pk,
            "box": row.box.pk if row.box else None,
            "quantity": row.quantity,
            "outcome": row.outcome.value,
            "why": row.why,
        }
        for row in found
        if row.why and row.why != "uncounted"
    ]


def _keep_counts(document: Document, found: Sequence[Finding], language: str) -> None:
    Count.objects.bulk_create(
        [
            Count(
                document=document,
                lot=row.lot,
                box=row.box,
                outcome=row.outcome,
                quantity=row.quantity,
                remark=row.remark,
                remark_language=language if row.remark else "",
            )
            for row in found
        ],
        batch_size=1000,
    )


def _keep_signatures(document: Document, signatures: Sequence[Signed], by: Member | None) -> None:
    for signed in signatures:
        Signature.objects.create(
            document=document,
            side=signed.side,
            name=signed.name.strip(),
            function=signed.function.strip(),
            organisation=signed.organisation,
            strokes=[[list(point) for point in stroke] for stroke in signed.strokes],
            latitude=signed.latitude,
            longitude=signed.longitude,
            signed_at=signed.signed_at or document.happened_at,
            recorded_by=by,
        )


def _keep_stages(
    document: Document,
    consignment: Consignment,
    signatures: Sequence[Signed],
    by: Member | None,
) -> None:
    """Received; and handed over, where the other side has signed that it did."""
    kinds = [StageKind.RECEIVED]
    if any(signed.side == Signature.Side.GIVER for signed in signatures):
        kinds.insert(0, StageKind.HANDED_OVER)
    for kind in kinds:
        Stage.objects.create(
            consignment=consignment,
            kind=kind,
            happened_at=document.happened_at,
            location=consignment.destination.name,
            document=document,
            recorded_by=by,
        )
