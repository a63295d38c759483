"""Posting to the ledger: the one door through which goods move."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from medixchange.core import audit
from medixchange.core.models import AuditHead
from medixchange.network.models import Member, Organisation
from medixchange.relief import fingerprints, texts
from medixchange.relief.actions import meeting, postable
from medixchange.relief.actions.numbering import next_in
from medixchange.relief.actions.postable import AHEAD, LARGEST, Line, of_the_clock
from medixchange.relief.actions.retrying import retrying
from medixchange.relief.models import (
    Consignment,
    Document,
    DocumentKind,
    Movement,
    Place,
    PlaceKind,
)
from medixchange.relief.models.ledger import PREFIXES
from medixchange.relief.queries.needs import BRINGING
from medixchange.relief.refusals import Problem, Refused

__all__ = [
    "AHEAD",
    "LARGEST",
    "Line",
    "Posted",
    "fingerprint",
    "of_the_clock",
    "post",
    "posted_before",
    "reverse",
    "take_turns",
]


@dataclass(frozen=True, slots=True)
class Posted:
    """A document in the ledger, and whether this call put it there or an earlier one did."""

    document: Document
    new: bool


@retrying
@transaction.atomic
def post(
    *,
    kind: DocumentKind,
    key: str,
    happened_at: datetime,
    lines: Sequence[Line],
    by: Member | None,
    organisation: Organisation | None,
    consignment: Consignment | None = None,
    reverses: Document | None = None,
    note: str = "",
    note_language: str = "",
    details: Mapping[str, Any] | None = None,
) -> Posted:
    """Post a document with its movements, or find that it was posted before.

    Who may post it is the caller's to ask (``rules.py``); what may move is decided here and, again,
    by the database.

    Args:
        key: chosen by who posts. The same key with the same content posts nothing and gives the
            document of the first time; with other content it is refused.
        happened_at: aware; not more than 15 minutes ahead of the clock, nor before 2020.
        lines: at least one unless the kind is a receipt or delivery that found nothing. Quantities
            are whole base units.

    Raises:
        Refused: with a problem for each line that cannot be posted. Nothing is kept.
    """
    mark = fingerprint(
        kind=kind,
        happened_at=happened_at,
        lines=lines,
        consignment=consignment,
        reverses=reverses,
        note=note,
    )
    if note.strip():
        texts.keep(note.strip(), note_language)
    take_turns()
    earlier = Document.objects.filter(key=key).first()
    if earlier is not None:
        if earlier.fingerprint != mark:
            raise Refused(
                Problem(
                    _(
                        "“%(key)s” was posted before as %(number)s, with other content. "
                        "To correct it, reverse %(number)s and post a new document."
                    )
                    % {"key": key, "number": earlier.number},
                    "key",
                    "key_used",
                )
            )
        return Posted(earlier, new=False)
    Refused.if_any(
        [
            *postable.of_the_document(kind, key, note),
            *of_the_clock(happened_at),
            *postable.of_lines(lines),
        ]
    )
    ordered = postable.in_order(lines)
    Refused.if_any(postable.of_stock(lines))
    series = f"{PREFIXES[kind]}-{happened_at.astimezone(UTC).year}"
    document = Document(
        key=key,
        number=f"{series}-{next_in(series):05}",
        kind=kind,
        fingerprint=mark,
        happened_at=happened_at,
        day=happened_at.astimezone(UTC).date(),
        posted_by=by,
        organisation=organisation,
        consignment=consignment,
        reverses=reverses,
        note=note.strip(),
        note_language=note_language,
        details=dict(details or {}),
    )
    try:
        with transaction.atomic():
            document.save(force_insert=True)
            Movement.objects.bulk_create(
                [
                    Movement(
                        document=document,
                        lot=line.lot,
                        quantity=line.quantity,
                        from_place=line.from_place,
                        to_place=line.to_place,
                    )
                    for line in ordered
                ],
                batch_size=1000,
            )
    except IntegrityError as error:
        raise Refused(
            Problem(
                _("The goods have moved meanwhile. Load the page again and look at what is there."),
                code="moved_meanwhile",
            )
        ) from error
    audit.record(
        f"{kind.value}.posted",
        document,
        by=by,
        number=document.number,
        lines=len(lines),
        units=sum(line.quantity for line in lines),
        organisation=organisation.pk if organisation else None,
    )
    if (reverses or document).kind in BRINGING:
        _follow_needs(ordered, by)
    return Posted(document, new=True)


def _follow_needs(lines: Sequence[Line], by: Member | None) -> None:
    """Needs of the facilities that goods were brought to, or taken back from."""
    items: dict[Place, set[int]] = defaultdict(set)
    for line in lines:
        for place in (line.from_place, line.to_place):
            if place.kind == PlaceKind.FACILITY:
                items[place].add(line.lot.item_id)
    for facility in sorted(items, key=lambda place: place.pk):
        meeting.follow(facility=facility, items=items[facility], by=by)


def posted_before(
    key: str, kind: DocumentKind, consignment: Consignment | None = None
) -> Document | None:
    """The document of this key, for callers whose lines follow from what is in the ledger and so
    cannot be the same a second time.

    Raises:
        Refused: the key was used for something else.
    """
    found = Document.objects.filter(key=key).first()
    if found is not None and (
        found.kind != kind or found.consignment_id != (consignment.pk if consignment else None)
    ):
        raise Refused(
            Problem(
                _("“%(key)s” was used for %(number)s already. Load the page again.")
                % {"key": key, "number": found.number},
                "key",
                "key_used",
            )
        )
    return found


@retrying
@transaction.atomic
def reverse(
    *,
    document: Document,
    key: str,
    note: str,
    note_language: str,
    by: Member | None,
    organisation: Organisation | None,
    happened_at: datetime | None = None,
) -> Posted:
    """Post the opposite of a document. Refused where the goods have moved on since.

    Raises:
        Refused: no reason is given, it was reversed before, it is a reversal itself, or what it
            brought is no longer all there.
    """
    if not note.strip():
        raise Refused(Problem(_("Say why it is reversed."), "note", "reason_missing"))
    if document.kind == DocumentKind.REVERSAL:
        raise Refused(
            _("%(number)s is a reversal itself. Post the document anew instead.")
            % {"number": document.number}
        )
    take_turns()
    earlier = Document.objects.filter(reverses=document).first()
    if earlier is not None and earlier.key != key:
        raise Refused(
            _("%(number)s was reversed before, by %(by)s.")
            % {"number": document.number, "by": earlier.number}
        )
    movements = document.movements.select_related("lot__item", "from_place", "to_place")
    return post(
        kind=DocumentKind.REVERSAL,
        key=key,
        happened_at=happened_at or (earlier.happened_at if earlier else timezone.now()),
        lines=[Line(move.lot, move.quantity, move.to_place, move.from_place) for move in movements],
        by=by,
        organisation=organisation,
        consignment=document.consignment,
        reverses=document,
        note=note,
        note_language=note_language,
    )


def fingerprint(
    *,
    kind: str,
    happened_at: datetime,
    lines: Sequence[Line],
    consignment: Consignment | None,
    reverses: Document | None,
    note: str,
) -> str:
    """SHA-256, in hex, of a document's content; the order of its lines does not matter."""
    return fingerprints.of_rows(
        kind=kind,
        happened_at=happened_at,
        rows=[(line.lot.pk, line.quantity, line.from_place.pk, line.to_place.pk) for line in lines],
        consignment_id=consignment.pk if consignment else None,
        reverses_id=reverses.pk if reverses else None,
        note=note,
    )


def take_turns() -> None:
    """Postings follow one another: each holds the head of the audit trail, which it writes to at
    its end anyway, from its beginning.

    So each sees all that was posted before (the same key, a reversal, the stock that is left)
    whatever the level of isolation, and no two can wait for each other. A text is kept before this,
    never after: those who write texts take the segment first and the trail last.
    """
    AuditHead.objects.select_for_update().get(pk=AuditHead.ONLY)
