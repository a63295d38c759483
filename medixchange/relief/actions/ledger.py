"""Posting to the ledger: the one door through which goods move."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from medixchange.core import audit
from medixchange.network.models import Member, Organisation
from medixchange.relief import texts
from medixchange.relief.models import (
    MAY_GO_BELOW,
    Balance,
    Consignment,
    Document,
    DocumentKind,
    Lot,
    Movement,
    Numbering,
    Place,
)
from medixchange.relief.models.ledger import PREFIXES
from medixchange.relief.refusals import Problem, Refused

#: A document may be said to have happened so much later than the server's clock says it is.
AHEAD = timedelta(minutes=15)
#: Nothing is entered as older than this: a device that says so has lost its clock.
BEGINS = datetime(2020, 1, 1, tzinfo=UTC)
#: The largest quantity of a line, in base units; more is a slip of the keyboard.
LARGEST = 10_000_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """So much of a lot from one place to another, to be posted. ``where`` names the line of the
    form or file it came from, for refusals."""

    lot: Lot
    quantity: int
    from_place: Place
    to_place: Place
    where: str = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """A document in the ledger, and whether this call put it there or an earlier one did."""

    document: Document
    new: bool


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
    # The numbering row is the first lock of every posting: two that use one key cannot both begin.
    series = f"{PREFIXES[kind]}-{happened_at.astimezone(UTC).year}"
    Numbering.objects.get_or_create(series=series)
    numbering = Numbering.objects.select_for_update().get(series=series)
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
    Refused.if_any([*of_the_clock(happened_at), *_of_lines(lines)])
    Refused.if_any(_of_stock(lines))
    numbering.last += 1
    numbering.save(update_fields=["last"])
    document = Document(
        key=key,
        number=f"{series}-{numbering.last:05}",
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
    if note.strip():
        texts.keep(note.strip(), note_language)
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
                    for line in sorted(lines, key=_locking_order)
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
    return Posted(document, new=True)


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
    body = [
        str(kind),
        happened_at.astimezone(UTC).isoformat(timespec="milliseconds"),
        consignment.pk if consignment else None,
        reverses.pk if reverses else None,
        note.strip(),
        sorted(
            [line.lot.pk, line.quantity, line.from_place.pk, line.to_place.pk] for line in lines
        ),
    ]
    return hashlib.sha256(json.dumps(body, ensure_ascii=False).encode()).hexdigest()


def _locking_order(line: Line) -> tuple[int, int, int]:
    return line.lot.pk, line.from_place.pk, line.to_place.pk


def of_the_clock(happened_at: datetime) -> list[Problem]:
    now = timezone.now()
    if happened_at > now + AHEAD:
        return [
            Problem(
                _(
                    "The time given, %(time)s UTC, is in the future. "
                    "Set the clock of this device right and send it again."
                )
                % {"time": happened_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M")},
                "happened_at",
                "clock",
            )
        ]
    if happened_at < BEGINS:
        return [
            Problem(
                _(
                    "The time given, %(time)s UTC, is before 2020. Check the year and the clock "
                    "of this device."
                )
                % {"time": happened_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M")},
                "happened_at",
                "clock",
            )
        ]
    return []


def _of_lines(lines: Sequence[Line]) -> list[Problem]:
    problems = []
    for line in lines:
        if line.quantity <= 0:
            problems.append(
                Problem(
                    _("The quantity must be more than nothing, and is %(quantity)d.")
                    % {"quantity": line.quantity},
                    line.where,
                    "not_positive",
                )
            )
        elif line.quantity > LARGEST:
            problems.append(
                Problem(
                    _("%(quantity)d is more than one line can hold. Check the number.")
                    % {"quantity": line.quantity},
                    line.where,
                    "too_large",
                )
            )
        elif line.from_place == line.to_place:
            problems.append(
                Problem(_("The goods would stay where they are."), line.where, "no_move")
            )
    return problems


def _of_stock(lines: Sequence[Line]) -> list[Problem]:
    """A problem for each lot that a place does not hold enough of. Locks the sums it looks at."""
    net: dict[tuple[int, int], int] = defaultdict(int)
    first: dict[tuple[int, int], Line] = {}
    for line in lines:
        net[line.from_place.pk, line.lot.pk] -= line.quantity
        net[line.to_place.pk, line.lot.pk] += line.quantity
        if line.from_place.kind not in MAY_GO_BELOW:
            first.setdefault((line.from_place.pk, line.lot.pk), line)
    held = {
        (row.place_id, row.lot_id): row.quantity
        for row in Balance.objects.filter(
            place__in={place for place, _lot in first}, lot__in={lot for _place, lot in first}
        )
        .order_by("place_id", "lot_id")
        .select_for_update(of=("self",))
    }
    return [
        Problem(
            _(
                "%(place)s holds %(held)d of %(lot)s, and this takes %(taken)d. "
                "Count again, or correct the stock first."
            )
            % {
                "place": line.from_place,
                "held": held.get(at, 0),
                "lot": line.lot,
                "taken": -net[at],
            },
            line.where,
            "below_zero",
        )
        for at, line in first.items()
        if held.get(at, 0) + net[at] < 0
    ]
