"""Whether a document can be posted: its lines, its clock, and what the places hold."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from graphlib import CycleError, TopologicalSorter

from django.utils import timezone
from django.utils.translation import gettext as _

from medixchange.relief.models import MAY_GO_BELOW, Balance, DocumentKind, Lot, Place
from medixchange.relief.refusals import Problem, Refused

#: A document may be said to have happened so much later than the server's clock says it is.
AHEAD = timedelta(minutes=15)
#: Nothing is entered as older than this: a device that says so has lost its clock.
BEGINS = datetime(2020, 1, 1, tzinfo=UTC)
#: The largest quantity of a line, in base units; more is a slip of the keyboard.
LARGEST = 10_000_000_000
#: Documents that nobody posts without saying why; the database holds to it too.
NEEDS_REASON = (DocumentKind.WRITE_OFF, DocumentKind.COUNT, DocumentKind.REVERSAL)


@dataclass(frozen=True, slots=True)
class Line:
    """So much of a lot from one place to another, to be posted. ``where`` names the line of the
    form or file it came from, for refusals."""

    lot: Lot
    quantity: int
    from_place: Place
    to_place: Place
    where: str = ""


def in_order(lines: Sequence[Line]) -> list[Line]:
    """The lines so that what comes to a place is posted before what leaves it: SQLite looks at a
    place after each movement and not at the end of all.

    Raises:
        Refused: the same goods would go in a circle.
    """
    ways: dict[int, TopologicalSorter[int]] = defaultdict(TopologicalSorter)
    for line in lines:
        ways[line.lot.pk].add(line.to_place.pk, line.from_place.pk)
    turn: dict[tuple[int, int], int] = {}
    for lot, way in ways.items():
        try:
            turn |= {(lot, place): number for number, place in enumerate(way.static_order())}
        except CycleError:
            where = next(line.where for line in lines if line.lot.pk == lot)
            raise Refused(
                Problem(
                    _("The same goods would come back to where they left. Post it as two."),
                    where,
                    "circle",
                )
            ) from None
    return sorted(
        lines,
        key=lambda line: (line.lot.pk, turn[line.lot.pk, line.from_place.pk], line.to_place.pk),
    )


def of_the_document(kind: DocumentKind, key: str, note: str) -> list[Problem]:
    """Problems of what is no line: its key, and a reason where one is needed."""
    problems = []
    if not 0 < len(key) <= 80:
        problems.append(
            Problem(_("The key of a document has 1 to 80 characters."), "key", "key_length")
        )
    if kind in NEEDS_REASON and not note.strip():
        problems.append(
            Problem(_("Say why. The reason stays on record."), "note", "reason_missing")
        )
    return problems


def of_the_clock(happened_at: datetime) -> list[Problem]:
    """A problem where the time given cannot be right by the server's clock."""
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


def of_lines(lines: Sequence[Line]) -> list[Problem]:
    """Problems of lines looked at one by one."""
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


def of_stock(lines: Sequence[Line]) -> list[Problem]:
    """A problem for each lot that a place does not hold enough of."""
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
